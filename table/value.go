package table

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Value is one cell. The zero Value is null.
type Value struct {
	typ Type
	n   int64 // Bool as 0 and 1, Int, Date, Time, Timestamp, Duration
	f   float64
	s   string
}

// BoolValue returns a cell of type Bool.
func BoolValue(b bool) Value {
	if b {
		return Value{typ: Bool, n: 1}
	}
	return Value{typ: Bool}
}

// IntValue returns a cell of an integral type: Int, Date (days), Time, Timestamp or Duration (microseconds).
func IntValue(t Type, n int64) Value { return Value{typ: t, n: n} }

// FloatValue returns a cell of type Float; NaN and infinities become null.
func FloatValue(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	return Value{typ: Float, f: f}
}

// TextValue returns a cell of type String or Nested.
func TextValue(t Type, s string) Value { return Value{typ: t, s: s} }

// Type returns the type of the cell, Null for the null cell.
func (v Value) Type() Type { return v.typ }

// IsNull says whether the cell is empty.
func (v Value) IsNull() bool { return v.typ == Null }

// Bool returns a Bool cell's value.
func (v Value) Bool() bool { return v.n != 0 }

// Int returns the number behind an integral cell: see [IntValue] for its unit.
func (v Value) Int() int64 { return v.n }

// Text returns a String or Nested cell's text.
func (v Value) Text() string { return v.s }

// Float returns the cell as a number: a Duration in seconds, a Bool as 0 or 1, other integral types as they are. It is
// NaN for null and for text.
func (v Value) Float() float64 {
	switch v.typ {
	case Float:
		return v.f
	case Duration:
		return float64(v.n) / 1e6
	case Null, String, Nested:
		return math.NaN()
	}
	return float64(v.n)
}

// Equal says whether two cells have one type and one value; null equals null.
func (v Value) Equal(w Value) bool { return v == w }

// Compare orders two cells of one column: null first, then by value; text by bytes.
func (v Value) Compare(w Value) int {
	if v.typ == Null || w.typ == Null {
		return cmp.Compare(b2i(v.typ != Null), b2i(w.typ != Null))
	}
	switch {
	case v.typ.Textual() && w.typ.Textual():
		return strings.Compare(v.s, w.s)
	case v.typ == Float || w.typ == Float:
		return cmp.Compare(v.Float(), w.Float())
	}
	return cmp.Compare(v.n, w.n)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

const (
	dayMicros    = 86_400_000_000
	civilLayout  = "2006-01-02T15:04:05.999999"
	dateLayout   = "2006-01-02"
	secondMicros = 1_000_000
)

// Format returns the text form of a cell of this field: what files, filters and addresses say. Null is "".
func (f Field) Format(v Value) string {
	switch v.typ {
	case Null:
		return ""
	case Bool:
		return strconv.FormatBool(v.n != 0)
	case Int:
		return strconv.FormatInt(v.n, 10)
	case Float:
		// As JSON writes it: digits as far as people read them, an exponent only beyond.
		form := byte('f')
		if a := math.Abs(v.f); a != 0 && (a < 1e-6 || a >= 1e21) {
			form = 'e'
		}
		return strconv.FormatFloat(v.f, form, -1, 64)
	case Date:
		return time.Unix(v.n*86_400, 0).UTC().Format(dateLayout)
	case Time:
		return time.UnixMicro(v.n).UTC().Format("15:04:05.999999")
	case Timestamp:
		text := time.UnixMicro(v.n).UTC().Format(civilLayout)
		if f.Instant {
			text += "Z"
		}
		return text
	case Duration:
		return strconv.FormatFloat(float64(v.n)/1e6, 'f', -1, 64)
	}
	return v.s
}

// Parse reads the text form of a cell of this field back; "" is null. Dates are accepted where a timestamp is asked
// for (midnight), RFC 3339 offsets for instants; durations are seconds.
func (f Field) Parse(text string) (Value, error) {
	if text == "" {
		return Value{}, nil
	}
	bad := func() (Value, error) { return Value{}, fmt.Errorf("%q is not a %s", text, f.Type) }
	switch f.Type {
	case Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return bad()
		}
		return BoolValue(b), nil
	case Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return bad()
		}
		return IntValue(Int, n), nil
	case Float, Duration:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return bad()
		}
		if f.Type == Duration {
			return IntValue(Duration, int64(math.Round(x*1e6))), nil
		}
		return FloatValue(x), nil
	case Date, Timestamp:
		micros, err := parseInstant(text)
		if err != nil {
			return bad()
		}
		if f.Type == Date {
			return IntValue(Date, floorDiv(micros, dayMicros)), nil
		}
		return IntValue(Timestamp, micros), nil
	case Time:
		for _, layout := range []string{"15:04:05.999999", "15:04"} {
			if t, err := time.Parse(layout, text); err == nil {
				midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
				return IntValue(Time, t.Sub(midnight).Microseconds()), nil
			}
		}
		return bad()
	}
	return TextValue(f.Type, text), nil
}

// parseInstant returns the microseconds of a date, a civil timestamp or an RFC 3339 instant.
func parseInstant(text string) (int64, error) {
	var err error
	for _, layout := range []string{dateLayout, time.RFC3339Nano, civilLayout, "2006-01-02T15:04", "2006-01-02 15:04:05.999999", "2006-01-02 15:04", "2006-01", "2006"} {
		var t time.Time
		if t, err = time.Parse(layout, text); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, err
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
