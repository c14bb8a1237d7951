package manifest

import (
	"fmt"
	"math"
	"strings"

	"github.com/dashira/dashira/table/view"
)

// Reason is a clause of why something was chosen: a code, which stays, and the values that belong to it, which are labels
// of columns, numbers, or words of the vocabulary. A page in another language has a clause of its own for each code.
type Reason struct {
	Code   string
	Values map[string]any
}

// because makes the reason of a code; the values come in pairs of a name and what it stands for.
func because(code string, pairs ...any) Reason {
	r := Reason{Code: code}
	if len(pairs) > 0 {
		r.Values = make(map[string]any, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Values[pairs[i].(string)] = pairs[i+1]
	}
	return r
}

// String is the clause in English.
func (r Reason) String() string {
	text, ok := english[r.Code]
	if !ok {
		return r.Code
	}
	for name, value := range r.Values {
		var word string
		switch v := value.(type) {
		case string:
			word = v
			if of, ok := english[name+" "+v]; ok {
				word = of
			}
			text = strings.ReplaceAll(text, "{"+capitalise(name)+"}", word)
			word = within(word)
		case float64:
			word = fmt.Sprintf("%.2f", v)
		default:
			word = fmt.Sprint(v)
		}
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	return text
}

// clauses joins reasons to one sentence: with "and", unless one brings its own joint.
func clauses(all []Reason) string {
	var b strings.Builder
	for i, r := range all {
		text := r.String()
		if i > 0 && !strings.HasPrefix(text, ",") && !strings.HasPrefix(text, " ") {
			b.WriteString(" and ")
		}
		b.WriteString(text)
	}
	return capitalise(b.String()) + "."
}

// explain says why the panel stands where it stands.
func (p *Panel) explain(all ...Reason) {
	p.Reasons = all
	p.Why = clauses(all)
}

// chosen says by which rule, and for which reasons, a panel was chosen.
func (p *Panel) chosen(rule string, score float64, all ...Reason) {
	p.explain(append(all[:len(all):len(all)], because("rule", "rule", rule, "score", int(math.RoundToEven(score))))...)
}

// aggregateWord is what an aggregate does to the values, as a reason says it.
func aggregateWord(op view.Aggregate, last bool) string {
	switch {
	case last:
		return "last"
	case op == view.Sum:
		return "sum"
	case op == view.Median:
		return "median"
	case op == view.Distinct:
		return "distinct"
	case op == view.Min, op == view.Max, op == view.Quantile:
		return "end"
	}
	return "mean"
}

// english are the clauses of the codes. A label stands as it is where its name begins with a capital, else as it does
// inside a sentence; a value that is a word of the vocabulary has a line of its own, under its name and the word.
var english = map[string]string{
	"rule":                           " (rule {Rule}, score {score})",
	"written":                        "as written in dashira.yaml, line {line}",
	"rows":                           "every row counts as one",
	"data":                           "every figure above comes from these rows",
	"measured":                       "{Column} is {role} and {aggregate}",
	"varieties":                      "{Column} is a category and its different values are counted",
	"computed":                       "it is calculated as written in dashira.yaml",
	"along":                          "it is calculated along the axis as written in dashira.yaml",
	"axis":                           "{Column} orders the rows in time",
	"lines":                          ", with a line for each {column}",
	"minis":                          ", with a small chart for each {column}",
	"shares":                         ", and {column} parts it into {n} shares",
	"seasons":                        "{Column} spans enough time for its cycles to show",
	"values":                         "{column} has {n} values",
	"kind":                           "{column} is {role} with {n} values",
	"spread":                         "{Column} is {role} with {n} different values",
	"numbers":                        "{Column} and {other} are a number each",
	"correlated":                     "{Column} and {other} are correlated by rank at {rank}",
	"matrix":                         "{Column} has {n} values and {other} {m}",
	"boxes":                          "{Column} differs within and between the {n} values of {other}",
	"prices":                         "{Columns} are the prices of a time",
	"became":                         "{Column} is what became of {other}",
	"role " + string(RoleID):         "an identifier",
	"role " + string(RoleCurrency):   "money",
	"role " + string(RolePercentage): "a percentage",
	"role " + string(RoleDuration):   "a duration",
	"role " + string(RoleBytes):      "a size",
	"role " + string(RoleCount):      "a count",
	"role " + string(RoleOrdinal):    "a grade",
	"role " + string(RoleBoolean):    "yes or no",
	"role " + string(RoleNumber):     "a number",
	"role " + string(RoleNominal):    "a category",
	"role " + string(RoleEmpty):      "a column",
	"role " + string(RoleConstant):   "a column",
	"role " + string(RoleTime):       "a column",
	"role " + string(RoleCyclic):     "a column",
	"role " + string(RoleGeo):        "a column",
	"role " + string(RoleText):       "a column",
	"aggregate last":                 "counts as it stood at the end of each period",
	"aggregate sum":                  "adds up",
	"aggregate median":               "is uneven, so its median stands for it",
	"aggregate distinct":             "is counted by its different values",
	"aggregate end":                  "is measured at one end",
	"aggregate mean":                 "is averaged",

	"number":        "numbers that no other rule claims",
	"nested":        "lists or objects",
	"time-of-day":   "a time of day without a date",
	"long-text":     "text of {n} characters on the average",
	"categories":    "{n} different values in {rows} rows",
	"own-text":      "almost every row has a text of its own",
	"empty":         "no value in any row",
	"constant":      "the same value in all rows",
	"one-value":     "one value, in {n} of {rows} rows",
	"truths":        "true and false",
	"zero-one":      "0 and 1 under a name that asks a question",
	"two-words":     "the words {First} and {Second}",
	"dates":         "dates of one format",
	"moments":       "points in time of one format",
	"years":         "whole numbers from 1500 to 2100 under a name for years",
	"cycle":         "whole numbers from {from} to {to} under the name of a calendar cycle",
	"natural-order": "values with a natural order, from {First} to {Last}",
	"leading-zeros": "digits that begin with zeros",
	"many-digits":   "whole numbers of {n} digits",
	"id-name":       "the name ends in \"{Word}\"",
	"own-token":     "almost every row has a value of its own, all of about one length",
	"own-number":    "every row has a number of its own, evenly spaced",
	"latitude":      "a latitude by name and range",
	"longitude":     "a longitude by name and range",
	"percent":       "values in percent",
	"fractions":     "fractions of one under a name for shares",
	"to-hundred":    "values up to 100 under a name for shares",
	"money-unit":    "amounts in {Unit}",
	"money-name":    "a name for amounts of money",
	"durations":     "durations",
	"duration-unit": "a duration in {Unit}",
	"duration-name": "a name for durations",
	"bytes-name":    "a size in bytes by name",
	"count-name":    "whole numbers under a name for counts",
	"kind-name":     "{n} different whole numbers under the name \"{Word}\"",
	"few-numbers":   "{n} different whole numbers in {rows} rows",
	"said":          "as written in dashira.yaml",
	"said-order":    "its order is written in dashira.yaml",
}
