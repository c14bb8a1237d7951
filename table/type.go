// Package table is the noun everything else speaks: typed, immutable, columnar data.
//
// A [Table] is a [Schema] and a sequence of immutable [Chunk]s; a chunk is [Column]s of equal length, each an Arrow
// array. Nothing here is changed after it left its maker, so any number of goroutines may read a table without a lock.
// Two tables that share a chunk share its memory; that is what makes a revision cheap. The package knows no files, no
// JSON and no clock.
package table

import "fmt"

// Type is the type of a column; the words of [Type.String] are used everywhere a person or a program meets one.
type Type uint8

// The types. Percent, currencies and other units are a unit on a number and not a type.
const (
	Null      Type = iota // no value at all
	Bool                  // true, false
	Int                   // 64 bits, exact
	Float                 // 64 bits, IEEE 754, never NaN or infinite
	String                // text, byte for byte as found
	Date                  // a civil date: days since 1970-01-01
	Time                  // a time of day: microseconds since midnight
	Timestamp             // microseconds since 1970-01-01T00:00:00, in UTC for an instant, civil otherwise
	Duration              // microseconds
	Nested                // a JSON array or object, as JSON text
)

var typeNames = [...]string{"null", "bool", "int", "float", "string", "date", "time", "timestamp", "duration", "nested"}

// String returns the type's word.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

// ParseType returns the type of a word.
func ParseType(word string) (Type, error) {
	for i, name := range typeNames {
		if name == word {
			return Type(i), nil
		}
	}
	return Null, fmt.Errorf("%q is not a type; the types are bool, int, float, string, date, time, timestamp, duration, nested", word)
}

// Numeric says whether values of the type can be summed.
func (t Type) Numeric() bool { return t == Int || t == Float || t == Duration }

// Temporal says whether values of the type lie on a time axis.
func (t Type) Temporal() bool { return t == Date || t == Timestamp }

// Textual says whether values of the type are text.
func (t Type) Textual() bool { return t == String || t == Nested }

// integral says whether a chunk holds values of the type as int64.
func (t Type) integral() bool { return t == Int || t == Time || t == Timestamp || t == Duration }
