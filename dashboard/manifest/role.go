package manifest

import (
	"fmt"
	"math"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Classify says for every column which part it can play, with a label for people, the unit that its name carried and
// the reason. The rules are tried in a fixed order and the first that holds decides; see [Role]. Profiles of columns
// that disagree about the number of rows are taken as they are.
func Classify(profiles []view.ColumnProfile) []Field {
	fields := make([]Field, len(profiles))
	for i := range profiles {
		fields[i] = classify(&profiles[i])
		if fields[i].Label == "" {
			fields[i].Label = fmt.Sprintf("Column %d", i+1)
		}
	}
	return fields
}

// verdict is what a rule says of a column.
type verdict struct {
	role       Role
	confidence float64
	reason     Reason
	order      []string
}

func classify(p *view.ColumnProfile) Field {
	f := Field{Field: p.Field, Distinct: p.Distinct, Nulls: p.Nulls}
	f.Label = LabelOf(p.Field)
	if p.Field.Type.Numeric() && f.Unit == "" {
		_, f.Unit = splitUnit(p.Field.Name)
	}
	c := column{ColumnProfile: p, unit: f.Unit, words: words(p.Field.Name), filled: p.Rows - p.Nulls}
	v := c.verdict()
	if c.filled > 0 && c.filled < settledRows {
		// Few rows are weak evidence for whatever the rule was.
		v.confidence *= 0.7 + 0.3*float64(c.filled)/settledRows
	}
	f.Role, f.Confidence, f.Order = v.role, math.Round(v.confidence*100)/100, v.order
	f.because(v.reason)
	return f
}

// because says why the column has its role.
func (f *Field) because(r Reason) { f.Because, f.Reason = r, r.String() }

// column is a profile with what every rule asks of it.
type column struct {
	*view.ColumnProfile
	unit   string
	words  []string // of the name
	filled int64    // cells that are there
}

func (c *column) is(s map[string]bool) bool   { return has(s, c.words) }
func (c *column) ends(s map[string]bool) bool { return s[last(c.words)] }

// uniqueness is the share of the filled cells that are different.
func (c *column) uniqueness() float64 {
	if c.filled == 0 {
		return 0
	}
	return math.Min(1, float64(c.Distinct)/float64(c.filled))
}

func (c *column) verdict() verdict {
	for _, rule := range [...]func(*column) (verdict, bool){
		(*column).empty, (*column).boolean, (*column).temporal, (*column).cyclic, (*column).id, (*column).geo,
		(*column).percentage, (*column).money, (*column).amount, (*column).ordinal,
	} {
		if v, ok := rule(c); ok {
			return v
		}
	}
	switch {
	case c.Field.Type.Numeric():
		return verdict{RoleNumber, 0.9, because("number"), nil}
	case c.Field.Type == table.Nested:
		return verdict{RoleText, 0.9, because("nested"), nil}
	case c.Field.Type == table.Time:
		return verdict{RoleText, 0.7, because("time-of-day"), nil}
	case c.MeanLength > 50:
		return verdict{RoleText, 0.9, because("long-text", "n", int(math.Round(c.MeanLength))), nil}
	case c.uniqueness() <= 0.8 || c.Distinct <= 50 && c.uniqueness() < 1:
		return verdict{RoleNominal, 0.95 - 0.2*c.uniqueness(), because("categories", "n", c.Distinct, "rows", c.filled), nil}
	}
	return verdict{RoleText, 0.8, because("own-text"), nil}
}

func (c *column) empty() (verdict, bool) {
	switch {
	case c.filled <= 0:
		return verdict{RoleEmpty, 1, because("empty"), nil}, true
	case c.Distinct == 1 && c.filled > 1 && c.Nulls == 0:
		return verdict{RoleConstant, 1, because("constant"), nil}, true
	case c.Distinct == 1 && c.filled > 1 && c.Field.Type != table.Bool:
		return verdict{RoleConstant, 0.8, because("one-value", "n", c.filled, "rows", c.Rows), nil}, true
	}
	return verdict{}, false
}

func (c *column) boolean() (verdict, bool) {
	switch c.Field.Type {
	case table.Bool:
		return verdict{RoleBoolean, 1, because("truths"), nil}, true
	case table.Int:
		first := ""
		if len(c.words) > 1 {
			first = c.words[0]
		}
		named := first == "is" || first == "has" || first == "can" || first == "was" || c.ends(set("flag active enabled"))
		if named && c.Distinct <= 2 && c.Min.Int() >= 0 && c.Max.Int() <= 1 {
			return verdict{RoleBoolean, 0.9, because("zero-one"), nil}, true
		}
	case table.String:
		if c.Distinct != 2 || len(c.Top) < 2 {
			return verdict{}, false
		}
		a, b := strings.ToLower(c.Top[0].Value.Text()), strings.ToLower(c.Top[1].Value.Text())
		for _, pair := range truths {
			if pair == [2]string{a, b} || pair == [2]string{b, a} {
				return verdict{RoleBoolean, 0.95, because("two-words", "first", pair[0], "second", pair[1]), nil}, true
			}
		}
	}
	return verdict{}, false
}

func (c *column) temporal() (verdict, bool) {
	switch c.Field.Type {
	case table.Date:
		return verdict{RoleTime, 1, because("dates"), nil}, true
	case table.Timestamp:
		return verdict{RoleTime, 1, because("moments"), nil}, true
	case table.Int:
		if c.is(yearWords) && c.Min.Int() >= 1500 && c.Max.Int() <= 2100 {
			return verdict{RoleTime, 0.9, because("years"), nil}, true
		}
	}
	return verdict{}, false
}

func (c *column) cyclic() (verdict, bool) {
	switch c.Field.Type {
	case table.Int:
		ranges := map[string][2]int64{"month": {1, 12}, "monat": {1, 12}, "mois": {1, 12}, "quarter": {1, 4}, "weekday": {0, 7}, "dow": {0, 7}, "dayofweek": {0, 7}, "hour": {0, 23}, "week": {1, 53}}
		if r, ok := ranges[last(c.words)]; ok && c.Min.Int() >= r[0] && c.Max.Int() <= r[1] {
			return verdict{RoleCyclic, 0.9, because("cycle", "from", r[0], "to", r[1]), nil}, true
		}
	case table.String:
		if c.Distinct > int64(len(c.Top)) || c.Distinct > 31 {
			return verdict{}, false
		}
		values := make([]string, len(c.Top))
		for i, v := range c.Top {
			values[i] = v.Value.Text()
		}
		if order := naturalOrder(values); order != nil {
			return verdict{RoleCyclic, 0.95, because("natural-order", "first", order[0], "last", order[len(order)-1]), order}, true
		}
	}
	return verdict{}, false
}

func (c *column) id() (verdict, bool) {
	whole := c.Field.Type == table.Int
	text := c.Field.Type == table.String
	if !whole && !text {
		return verdict{}, false
	}
	few := c.Distinct <= 50 && c.uniqueness() < 0.2
	switch {
	case text && c.LeadingZeros > 0:
		return verdict{RoleID, 0.95, because("leading-zeros"), nil}, true
	case whole && c.MaxDigits > 15:
		return verdict{RoleID, 0.9, because("many-digits", "n", c.MaxDigits), nil}, true
	case c.ends(idWords) && !(few && c.ends(codeWords)) && !(last(c.words) == "number" && whole && few),
		len(c.words) > 1 && c.words[len(c.words)-2] == "postal" && last(c.words) == "code":
		return verdict{RoleID, 0.9, because("id-name", "word", last(c.words)), nil}, true
	case c.filled < 50 || c.uniqueness() < 0.98 || c.is(labelWords) || c.is(moneyWords) || c.is(countWords) || c.is(averageWords):
		return verdict{}, false
	case text && c.StdLength < 3 && c.MeanLength <= 50 && spaceless(c.Top):
		return verdict{RoleID, 0.8, because("own-token"), nil}, true
	case whole && c.EvenStep && c.unit == "":
		return verdict{RoleID, 0.8, because("own-number"), nil}, true
	}
	return verdict{}, false
}

// spaceless says whether the values are single tokens, as identifiers are and names of people are not.
func spaceless(top []view.ValueCount) bool {
	spaced := 0
	for _, v := range top {
		if strings.Contains(strings.TrimSpace(v.Value.Text()), " ") {
			spaced++
		}
	}
	return spaced*10 <= len(top)
}

func (c *column) geo() (verdict, bool) {
	if !c.Field.Type.Numeric() {
		return verdict{}, false
	}
	low, high := c.Min.Float(), c.Max.Float()
	switch {
	case c.ends(latWords) && low >= -90 && high <= 90:
		return verdict{RoleGeo, 0.95, because("latitude"), nil}, true
	case c.ends(lonWords) && low >= -180 && high <= 360 && c.Field.Type == table.Float:
		return verdict{RoleGeo, 0.95, because("longitude"), nil}, true
	}
	return verdict{}, false
}

func (c *column) percentage() (verdict, bool) {
	if !c.Field.Type.Numeric() || c.Field.Type == table.Duration {
		return verdict{}, false
	}
	if c.unit == "percent" || c.unit == "%" {
		return verdict{RolePercentage, 0.95, because("percent"), nil}, true
	}
	if currency(c.unit) {
		return verdict{}, false
	}
	named := c.ends(percentWords) || c.is(set("pct percent percentage"))
	low, high := c.Quantiles[0], c.Quantiles[4]
	switch {
	case named && low >= -1 && high <= 1 && c.Field.Type == table.Float:
		return verdict{RolePercentage, 0.85, because("fractions"), nil}, true
	case named && low >= -100 && high <= 100 && !c.ends(set("ratio")):
		return verdict{RolePercentage, 0.8, because("to-hundred"), nil}, true
	}
	return verdict{}, false
}

func (c *column) money() (verdict, bool) {
	switch {
	case !c.Field.Type.Numeric() || c.Field.Type == table.Duration:
		return verdict{}, false
	case currency(c.unit):
		return verdict{RoleCurrency, 0.95, because("money-unit", "unit", c.unit), nil}, true
	case c.unit == "" && c.is(moneyWords) && !c.ends(countWords):
		return verdict{RoleCurrency, 0.8, because("money-name"), nil}, true
	}
	return verdict{}, false
}

// amount finds durations, sizes and counts.
func (c *column) amount() (verdict, bool) {
	switch {
	case !c.Field.Type.Numeric():
		return verdict{}, false
	case c.Field.Type == table.Duration:
		return verdict{RoleDuration, 1, because("durations"), nil}, true
	case c.unit == "ms" || c.unit == "s" || c.unit == "µs" || c.unit == "min" || c.unit == "h":
		return verdict{RoleDuration, 0.9, because("duration-unit", "unit", c.unit), nil}, true
	case c.is(set("duration latency")):
		return verdict{RoleDuration, 0.8, because("duration-name"), nil}, true
	case c.is(byteWords), c.unit == "bytes", c.unit == "KB", c.unit == "MB", c.unit == "GB", c.unit == "TB", c.unit == "KiB", c.unit == "MiB", c.unit == "GiB":
		return verdict{RoleBytes, 0.85, because("bytes-name"), nil}, true
	case c.unit != "" || c.Negatives > 0 || !c.Integers || c.is(averageWords):
		return verdict{}, false
	case c.is(countWords), len(c.words) > 1 && c.words[0] == "num":
		return verdict{RoleCount, 0.85, because("count-name"), nil}, true
	}
	return verdict{}, false
}

func (c *column) ordinal() (verdict, bool) {
	if c.Field.Type != table.Int || c.unit != "" || c.MaxDigits > 4 {
		return verdict{}, false
	}
	switch {
	case c.ends(kindWords) && c.Distinct <= 50 && c.uniqueness() < 0.5:
		return verdict{RoleOrdinal, 0.75, because("kind-name", "n", c.Distinct, "word", last(c.words)), nil}, true
	case c.Distinct <= 20 && c.uniqueness() < 0.05:
		return verdict{RoleOrdinal, 0.8, because("few-numbers", "n", c.Distinct, "rows", c.filled), nil}, true
	}
	return verdict{}, false
}
