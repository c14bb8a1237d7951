package ingest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dashira/dashira/table"
)

// The escapes that keep a stray cell from turning a column into text.
const (
	mostLearned  = 5
	mostBad      = 100
	badShare     = 0.01
	learnedShare = 1.0 / 3
)

// judge says whether the values that did not fit are few enough; if not, the column becomes text and true comes back.
func (c *column) judge() bool {
	c.learned = nil
	if c.rounded.whole && !c.verdict.forced && !c.overruled {
		// Whole numbers are never rounded: they are names of things as often as amounts.
		c.overruled, c.rejected = true, "text, as whole numbers would be rounded beside numbers with a fraction"
		c.verdict.notes, c.verdict.first = nil, place{}
		c.verdict.note(IntOverflow, Warning, place{known: true, run: c.roundedIn, line: int(c.rounded.first.line), value: Excerpt(c.rounded.first.value)},
			"a whole number has more digits than a number with a fraction can hold, so the column is text with every digit", "set the column's type to float if rounding does no harm")
		return true
	}
	if c.bad.n == 0 || c.verdict.forced || c.overruled || c.verdict.read == readText || c.verdict.read == readNothing {
		return false
	}
	total := c.values + int64(c.bad.n)
	learned, signs := 0, 0
	if len(c.bad.tokens) < keptTokens {
		for _, t := range slices.Sorted(maps.Keys(c.bad.tokens)) {
			sign := isSign([]byte(t))
			if n := c.bad.tokens[t]; sign || n > 1 && wordLike(t) {
				c.learned = append(c.learned, t)
				learned += n
				signs += n * b2i(sign)
			}
		}
	}
	// However many signs there are, they mean nothing else; words might.
	if len(c.learned) > mostLearned || float64(learned-signs) > learnedShare*float64(total) || c.values == 0 {
		c.learned, learned = nil, 0
	}
	bad := c.bad.n - learned
	if bad <= mostBad && float64(bad) <= badShare*float64(total) {
		return false
	}
	c.overruled = true
	field := table.Field{Type: c.verdict.typ, Unit: c.verdict.unit}
	c.rejected = fmt.Sprintf("text, as %d of %d are no %s", c.bad.n, total, nouns(&field))
	v := &c.verdict
	v.notes = nil
	if float64(c.bad.n) < 0.5*float64(total) {
		first := c.badRuns[0]
		v.first = place{}
		v.note(MixedTypes, Warning, place{known: true, run: first.run, line: int(first.bad[0].line), value: first.bad[0].value}, fmt.Sprintf("%d of %d values are %s and the others are not, %s for one, so the column is text", total-int64(c.bad.n), total, nouns(&field), QuoteValue(first.bad[0].value)),
			"correct the values, name the spelling of the empty cell, or set the column's type")
	}
	return true
}

// wordLike says whether a token may stand for "no value": it does not begin as a number does.
func wordLike(t string) bool {
	return len(t) <= 32 && t[0] != '-' && t[0] != '+' && t[0]-'0' > 9
}
