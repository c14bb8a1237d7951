package ingest

import (
	"regexp"
	"strings"
)

// truth is what a word says in which languages: bit i of the pair set is the i-th pair of [boolPairs].
type truth struct {
	pairs uint32
	value bool
}

// boolPairs are the words for true and false that belong together.
var boolPairs = [][2]string{
	{"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"}, {"on", "off"},
	{"ja", "nein"}, {"wahr", "falsch"}, {"an", "aus"}, {"j", "n"},
	{"oui", "non"}, {"vrai", "faux"}, {"o", "n"},
	{"sí", "no"}, {"si", "no"}, {"verdadero", "falso"}, {"s", "n"},
	{"sì", "no"}, {"vero", "falso"}, {"✓", "✗"}, {"✔", "✘"},
}

var boolWords = func() map[string]truth {
	m := map[string]truth{}
	for i, p := range boolPairs {
		for side, w := range p {
			t := m[w]
			t.pairs |= 1 << i
			t.value = side == 0
			m[w] = t
		}
	}
	return m
}()

// parseBool reads a word for true or false in any of the languages.
func parseBool(b []byte) (truth, bool) {
	if len(b) == 0 || len(b) > 9 {
		return truth{}, false
	}
	var buf [9]byte
	lower := buf[:0]
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	t, ok := boolWords[string(lower)]
	if !ok && lower[0] >= 0x80 || !ok && len(lower) > 1 && lower[1] >= 0x80 {
		t, ok = boolWords[strings.ToLower(string(b))]
	}
	return t, ok
}

// isNullSpelling says whether a text means "no value" in a column that is otherwise typed.
func isNullSpelling(b []byte) bool {
	if len(b) == 0 || len(b) > 13 {
		return len(b) == 0
	}
	if c := b[0]; c-'0' <= 9 {
		return false
	}
	switch string(b) {
	case "NA", "N/A", "n/a", "#N/A", "#NA", "null", "NULL", "Null", "None", "NaN", "nan", "NAN", "-", "–", "—", ".", `\N`, "?",
		"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return false
}

// isSign says whether a text is nothing but marks that stand where there is no value: .. or ***, a colon, a slash.
func isSign(b []byte) bool {
	if len(b) == 0 || len(b) > 8 {
		return false
	}
	for _, r := range string(b) {
		if !strings.ContainsRune(".:*-–—…/?_~", r) {
			return false
		}
	}
	return true
}

// Names that say something about their columns.
var (
	boolName     = regexp.MustCompile(`(?i)^(is|has|can|was)[_ A-Z]|(^|_)flag$|^(active|enabled|disabled|deleted|verified|aktiv)$`)
	epochName    = regexp.MustCompile(`(?i)^(ts|time|timestamp|date|datetime|epoch|when|created|updated|modified)$|_(at|ts|time|timestamp|date|epoch)$|[a-z](time|timestamp|date)$|time_?stamp|(?-i:[a-z]At$)`)
	dayName8     = regexp.MustCompile(`(?i)(^|[_ ./-])(date|datum|day|dt|ymd|yyyymmdd|fecha|stichtag)([_ ./-]|$)|(?-i:[a-z](Date|Day|Datum)$)|[a-z](date|datum)$`)
	monthName6   = regexp.MustCompile(`(?i)(^|[_ ./-])(month|monat|mes|mois|mese|ym|yyyymm|period|year_?month)([_ ./-]|$)|(?-i:[a-z](Month|Monat)$)`)
	durationName = regexp.MustCompile(`(?i)(^|_|\b)(elapsed|duration|dauer|durée|duree|took|uptime|runtime|lap)(_|\b|$)`)
	keyName      = regexp.MustCompile(`(?i)(^|[_ .-])(id|uuid|guid|key|code|sku|isbn|ean|iban|nr|no|number|ref|hash)$|[a-z](Id|ID|Key|Code|Nr)$`)
)
