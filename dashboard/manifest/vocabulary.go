package manifest

import (
	"slices"
	"strconv"
	"strings"
)

// What column names and values mean, in the languages that files mostly speak. Every list is matched against whole
// lower-case words, never against parts of them: "country" holds no "count", "percentile" no "percent".

var (
	idWords      = set("id ids uuid guid key code sku ref hash isbn ean iban phone zip zipcode postcode plz number no nr identification identifier")
	codeWords    = set("code key ref") // an id only where it has many values: a status code groups rows
	labelWords   = set("name title label country city subject product company team player description model")
	timeWords    = set("date time timestamp datetime at on ts created ordered datum zeit day month year")
	notNowWords  = set("birth dob birthday birthdate born expiry expires expiration valid until updated deleted modified due end ended")
	yearWords    = set("year yr fy annee année jahr")
	percentWords = set("pct percent percentage rate ratio share")
	moneyWords   = set("price amount revenue cost costs sales income discount fee fees salary wage wages turnover gross budget spend spending expense expenses profit payment payments earnings tip tips tax receipts disbursements contributions donations loan loans debt debts cash capital balance umsatz betrag preis kosten")
	unitPrice    = set("price unit avg average mean median salary wage wages preis per")
	timeLong     = set("duration latency elapsed runtime uptime downtime delay wait")
	byteWords    = set("bytes filesize")
	countWords   = set("quantity qty count units visits visitors clicks impressions sessions views downloads orders users customers passengers people deaths injuries injured killed fatalities cases births arrivals departures votes goals wins losses errors requests signups registrations installs employees items pieces anzahl menge conversions leads deals calls transactions purchases bookings installs likes shares comments accidents generation production volume precipitation rainfall rain snowfall points population")
	averageWords = set("temperature temp score rating stars age index magnitude mag humidity pressure speed height width length depth weight mass altitude elevation horsepower mpg miles degrees hours years rank percentile quantile position high low open close adjusted yield rate")
	totalWords   = set("total sum hours spent worked watched downtime")
	stockWords   = set("balance stock inventory headcount backlog population hand")
	richWords    = set("revenue sales amount total profit users orders value turnover umsatz")
	planWords    = set("budget target plan planned forecast quota goal soll")
	actualWords  = set("actual actuals real ist")
	scoreWords   = set("score rating stars satisfaction grade nps csat ces")
	worseWords   = set("errors error defects defect churn complaints complaint latency delay failures failure incidents incident cancelled cancellations bounce refunds refund returns deaths injuries injured killed fatalities downtime wait damage damaged damages losses crashes")
	betterWords  = set("revenue sales profit users customers orders conversion conversions rating score stars signups downloads uptime umsatz turnover wins")
	latWords     = set("lat latitude")
	lonWords     = set("lon lng long longitude")
	kindWords    = set("code key district zone ward sector floor class type category cat group cluster segment sex gender version shift lane") // numbers that only name a kind
	rankWords    = set("rank ranking index position idx row line dir direction bearing heading azimuth angle")                                 // numbers that no aggregate of makes sense
)

// set makes a set of words.
func set(list string) map[string]bool {
	s := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		s[w] = true
	}
	return s
}

// has says whether any of the words is in the set.
func has(s map[string]bool, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return s[w] })
}

// last returns the last word, "" of none.
func last(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// truths are the pairs of words that a yes-or-no column holds.
var truths = [][2]string{{"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"}, {"on", "off"}, {"ja", "nein"}, {"oui", "non"}, {"sí", "no"}, {"si", "no"}, {"sì", "no"}, {"✓", "✗"}}

// cycles are values that have an order which is not that of their letters.
var cycles = [][]string{
	{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
	{"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
	{"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"},
	{"mo", "di", "mi", "do", "fr", "sa", "so"},
	{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
	{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
	{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
	{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
	{"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"},
	{"jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"},
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	{"q1", "q2", "q3", "q4"},
	{"spring", "summer", "autumn", "fall", "winter"},
	{"dawn", "day", "dusk", "night"},
	{"morning", "noon", "afternoon", "evening", "night"},
	{"xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"},
	{"tiny", "small", "medium", "large", "huge"},
	{"none", "very low", "low", "medium", "moderate", "high", "very high", "critical"},
	{"trivial", "minor", "major", "critical", "blocker"},
	{"debug", "info", "warning", "warn", "error", "fatal"},
	{"intern", "trainee", "junior", "mid", "senior", "lead", "principal"},
	{"bronze", "silver", "gold", "platinum", "diamond"},
	{"poor", "fair", "good", "very good", "excellent"},
	{"strongly disagree", "disagree", "neutral", "agree", "strongly agree"},
	{"never", "rarely", "sometimes", "often", "always"},
}

// naturalOrder returns the values in the order that people give them, or nil where they have none: the words of a
// cycle, or bands that begin with a number ("18-24", "25-34", "65+").
func naturalOrder(values []string) []string {
	if len(values) < 2 {
		return nil
	}
	for _, cycle := range cycles {
		at := make(map[string]int, len(values))
		for _, v := range values {
			i := slices.Index(cycle, strings.ToLower(strings.TrimSuffix(strings.TrimSpace(v), ".")))
			if i < 0 {
				break
			}
			at[v] = i
		}
		if len(at) == len(values) {
			ordered := slices.Clone(values)
			slices.SortStableFunc(ordered, func(a, b string) int { return at[a] - at[b] })
			return ordered
		}
	}
	if len(values) < 3 {
		return nil
	}
	from := make(map[string]float64, len(values))
	bands := 0
	for _, v := range values {
		n, rest, ok := leadingNumber(v)
		switch {
		case !ok:
			return nil
		case strings.ContainsAny(rest, "-–+") || strings.Contains(rest, "to "):
			bands++
		}
		if strings.HasPrefix(strings.TrimSpace(v), "<") {
			n -= 0.5
		}
		from[v] = n
	}
	if bands*2 < len(values) {
		return nil
	}
	ordered := slices.Clone(values)
	slices.SortStableFunc(ordered, func(a, b string) int {
		switch {
		case from[a] < from[b]:
			return -1
		case from[a] > from[b]:
			return 1
		}
		return strings.Compare(a, b)
	})
	return ordered
}

// leadingNumber reads the number that a band begins with, after "<", ">" or "$"; rest is what follows. A date or a
// number of a phone is no band: at most one separator may follow.
func leadingNumber(s string) (n float64, rest string, ok bool) {
	s = strings.TrimLeft(strings.TrimSpace(s), "<>≥≤=$€£ ")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	n, err := strconv.ParseFloat(s[:end], 64)
	if err != nil || len(s) > 20 || strings.Count(s[end:], "-") > 1 {
		return 0, "", false
	}
	return n, s[end:], true
}
