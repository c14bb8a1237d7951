package manifest

import (
	"slices"
	"strings"
	"unicode"

	"github.com/dashira/dashira/table"
)

// words splits a column's name into lower-case words: at anything that is neither letter nor digit, and where the
// case changes as in costTotal and HTTPCode.
func words(name string) []string {
	tokens := tokens(name)
	for i, t := range tokens {
		tokens[i] = strings.ToLower(t)
	}
	return tokens
}

// tokens is words in their own case.
func tokens(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if len(word) > 0 && unicode.IsUpper(r) {
			last := word[len(word)-1]
			nextLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if unicode.IsLower(last) || unicode.IsUpper(last) && nextLower {
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return out
}

// acronyms are words that are written in capitals wherever they stand.
const acronyms = " id url uri ip sku vat gdp us uk eu usa api cpu gpu ram imdb mpaa iso co2 dvd hr kpi roi ctr cpc cpm arpu mrr arr utm qr pdf tv ev nps sla iata icao isbn ean iban ias gps html http https sql csv json xml usd eur gbp uuid ph pm10 bmi "

// Label returns a name as a person would write it: "order_date", "orderDate" and "ORDER DATE" are "Order date", "id"
// is "ID". A name that already is written for people, in words with capitals, stays as it is.
func Label(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if strings.Contains(name, " ") && !strings.Contains(name, "_") && strings.ToLower(name) != name && strings.ToUpper(name) != name {
		return capitalise(name)
	}
	parts := tokens(name)
	if len(parts) == 0 {
		return name
	}
	shouting := strings.ToUpper(name) == name
	for i, p := range parts {
		low := strings.ToLower(p)
		capitals := len(p) > 1 && strings.ToUpper(p) == p && p != low
		switch {
		case strings.Contains(acronyms, " "+low+" "):
			p = strings.ToUpper(p)
		case capitals && (!shouting || !strings.ContainsAny(low, "aeiouy")):
			// "Speed_IAS", "MPG": letters that nobody reads as a word.
		default:
			p = low
			if i == 0 {
				p = capitalise(low)
			}
		}
		parts[i] = p
	}
	return strings.Join(parts, " ")
}

// LabelOf returns the label of a column: its own if it has one, else what its name says without the unit that a number's
// name may end with.
func LabelOf(f table.Field) string {
	if f.Label != "" {
		return f.Label
	}
	name := f.Name
	if f.Type.Numeric() {
		name, _ = splitUnit(name)
	}
	return Label(name)
}

func capitalise(s string) string {
	for i, r := range s {
		return s[:i] + string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// within returns a label as it stands inside a sentence: "Order date" is "order date"; "Wildlife Species" and "ID"
// keep their capitals.
func within(label string) string {
	parts := strings.Fields(label)
	if len(parts) == 0 || len(parts[0]) < 2 || strings.ToLower(parts[0][1:]) != parts[0][1:] {
		return label
	}
	for _, p := range parts[1:] {
		if first := []rune(p)[0]; unicode.IsUpper(first) && strings.ToUpper(p) != p {
			return label
		}
	}
	return strings.ToLower(parts[0]) + label[len(parts[0]):]
}

// plural returns the word for several of what an English label names; a label that is plural already stays.
func plural(label string) string {
	low := strings.ToLower(label)
	if head, tail, ok := strings.Cut(label, " of "); ok {
		return plural(head) + " of " + tail
	}
	switch {
	case label == "" || strings.HasSuffix(low, "s") && !strings.HasSuffix(low, "ss") && !strings.HasSuffix(low, "us"):
		return label
	case strings.HasSuffix(low, "person"):
		return label[:len(label)-len("person")] + "people"
	case strings.HasSuffix(low, "y") && len(low) > 1 && !strings.ContainsRune("aeiou", rune(low[len(low)-2])):
		return label[:len(label)-1] + "ies"
	case strings.HasSuffix(low, "ss"), strings.HasSuffix(low, "us"), strings.HasSuffix(low, "x"), strings.HasSuffix(low, "ch"), strings.HasSuffix(low, "sh"):
		return label + "es"
	}
	last := rune(low[len(low)-1])
	if last < 'a' || last > 'z' || slices.Contains([]string{"series", "data", "people", "children", "staff"}, low) {
		return label
	}
	return label + "s"
}

// noun returns what one calls the rows of a table of this name ("orders_2024": "Orders"), or "" where the name says
// no such thing.
func noun(table string) string {
	var kept []string
	for _, w := range tokens(table) {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		kept = append(kept, w)
	}
	if len(kept) == 0 || len(kept) > 2 {
		return ""
	}
	last := strings.ToLower(kept[len(kept)-1])
	switch {
	case len(last) < 4 || !strings.HasSuffix(last, "s") || strings.HasSuffix(last, "ss") || strings.HasSuffix(last, "us") || strings.HasSuffix(last, "is"):
		return ""
	case slices.Contains(notThings, last):
		return ""
	}
	return Label(strings.Join(kept, " "))
}

// notThings are words in the plural that do not say what a row is.
var notThings = []string{"sales", "stats", "statistics", "news", "metrics", "results", "analytics", "series", "economics", "finances", "values", "figures", "details", "logs", "files", "rows", "columns", "numbers", "rates", "prices", "stocks", "levels", "totals", "savings", "earnings", "expenses", "hours", "days", "weeks", "months", "years", "sheets", "tables", "reports", "vectors", "records", "lists", "towards", "contents"}
