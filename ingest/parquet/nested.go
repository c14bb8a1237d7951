package parquet

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// spread is the column, or the columns, of one field, whose leaves begin at a column of the file and which is defined
// when so many fields are: objects have dotted names, and whatever may come several times in a row is kept as JSON text,
// in one column.
func spread(f parquet.Field, path []string, defined, first int) (columns []leaf, next int) {
	path = append(path[:len(path):len(path)], f.Name())
	above := level{defined: defined}
	if !f.Leaf() && !f.Repeated() && len(path) <= flattenDepth && shapeOf(f) == object {
		if len(f.Fields()) == 0 {
			return nil, first
		}
		if f.Optional() {
			defined++
		}
		next = first
		for _, field := range f.Fields() {
			var more []leaf
			more, next = spread(field, path, defined, next)
			columns = append(columns, more...)
		}
		return columns, next
	}
	name := strings.Join(path, ".")
	if f.Leaf() && !f.Repeated() {
		l := leafOf(f.Type())
		l.field.Name, l.first, l.last = name, first, first+1
		return []leaf{l}, first + 1
	}
	n, next := branchOf(f, above, first)
	return []leaf{{field: table.Field{Name: name, Type: table.Nested}, kind: ingest.List, first: first, last: next, nested: n, defined: defined}}, next
}

// flattenDepth is how deep objects become columns; those below are JSON text.
const flattenDepth = 8

// shape is what a field is in JSON.
type shape uint8

const (
	scalar shape = iota
	object
	list   // a group around one that is repeated
	pairs  // a group around keys and values
	single // a repeated group around the one field that is meant
)

func shapeOf(n parquet.Node) shape {
	if n.Leaf() {
		return scalar
	}
	fields := n.Fields()
	if len(fields) != 1 || !fields[0].Repeated() {
		return object
	}
	isPairs := !fields[0].Leaf() && len(fields[0].Fields()) == 2
	if t := n.Type(); t != nil {
		if l := t.LogicalType(); l != nil {
			switch l.Value.(type) {
			case *format.ListType:
				return list
			case *format.MapType:
				if isPairs {
					return pairs
				}
			}
		}
		if c := t.ConvertedType(); c != nil {
			switch *c {
			case deprecated.List:
				return list
			case deprecated.Map, deprecated.MapKeyValue:
				if isPairs {
					return pairs
				}
			}
		}
	}
	return object
}

// level is how often a field may be repeated and missing, with all that it stands in: the levels of Dremel (Melnik et
// al. 2010), in which a value says which of them begins anew and how many of them are there.
type level struct{ repeated, defined int }

// branch is a field in a value that is kept as JSON text.
type branch struct {
	name        string
	shape       shape
	repeated    bool
	optional    bool
	level       level
	first, last int // the columns of its leaves, from the first of the whole value
	fields      []*branch
	leaf        leaf
}

// branchOf returns a field whose leaves begin at a column.
func branchOf(f parquet.Field, above level, first int) (*branch, int) {
	b := &branch{name: f.Name(), shape: shapeOf(f), repeated: f.Repeated(), optional: f.Optional(), level: above}
	if b.repeated {
		b.level.repeated++
	}
	if b.repeated || b.optional {
		b.level.defined++
	}
	b.first, b.last = first, first+1
	if f.Leaf() {
		b.leaf = leafOf(f.Type())
		return b, b.last
	}
	b.last = first
	for _, field := range f.Fields() {
		var below *branch
		below, b.last = branchOf(field, b.level, b.last)
		b.fields = append(b.fields, below)
	}
	if b.shape == list && wraps(b) {
		b.fields[0].shape = single
	}
	return b, b.last
}

// wraps says whether the repeated group of a list only holds its elements, by the rules for files of old writers
// (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#backward-compatibility-rules).
func wraps(b *branch) bool {
	inner := b.fields[0]
	return len(inner.fields) == 1 && inner.name != "array" && inner.name != b.name+"_tuple"
}

// write appends a field of one row as JSON. values are those of its leaves.
func (b *branch) write(buf []byte, values [][]parquet.Value) []byte {
	if !b.repeated {
		return b.element(buf, values)
	}
	buf = append(buf, '[')
	b.each(values, func(i int, one [][]parquet.Value) {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = b.element(buf, one)
	})
	return append(buf, ']')
}

// each calls f for each element of a repeated field.
func (b *branch) each(values [][]parquet.Value, f func(i int, one [][]parquet.Value)) {
	if len(values) == 0 || len(values[0]) == 0 || values[0][0].DefinitionLevel() < b.level.defined {
		return
	}
	rest := slices.Clone(values)
	one := make([][]parquet.Value, len(values))
	for i := 0; len(rest[0]) > 0; i++ {
		for c, v := range rest {
			n := min(1, len(v))
			for n < len(v) && v[n].RepetitionLevel() > b.level.repeated {
				n++
			}
			one[c], rest[c] = v[:n], v[n:]
		}
		f(i, one)
	}
}

// element appends one element of a field.
func (b *branch) element(buf []byte, values [][]parquet.Value) []byte {
	if len(values) == 0 || len(values[0]) == 0 || values[0][0].DefinitionLevel() < b.level.defined {
		return append(buf, "null"...)
	}
	below := func(f *branch) [][]parquet.Value { return values[f.first-b.first : f.last-b.first] }
	switch b.shape {
	case scalar:
		return b.leaf.json(buf, values[0][0])
	case list, single:
		return b.fields[0].write(buf, below(b.fields[0]))
	case pairs:
		return b.fields[0].object(buf, below(b.fields[0]))
	}
	buf = append(buf, '{')
	for i, f := range b.fields {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(ingest.AppendJSON(buf, f.name), ':')
		buf = f.write(buf, below(f))
	}
	return append(buf, '}')
}

// object appends keys and values, which are the two fields of a repeated group.
func (b *branch) object(buf []byte, values [][]parquet.Value) []byte {
	buf = append(buf, '{')
	b.each(values, func(i int, one [][]parquet.Value) {
		if i > 0 {
			buf = append(buf, ',')
		}
		key := b.fields[0].write(nil, one[b.fields[0].first-b.first:b.fields[0].last-b.first])
		if len(key) == 0 || key[0] != '"' {
			key = ingest.AppendJSON(nil, string(key))
		}
		buf = append(append(buf, key...), ':')
		buf = b.fields[1].write(buf, one[b.fields[1].first-b.first:b.fields[1].last-b.first])
	})
	return append(buf, '}')
}

// json appends a value as JSON.
func (l *leaf) json(buf []byte, v parquet.Value) []byte {
	if v.IsNull() {
		return append(buf, "null"...)
	}
	at := len(buf)
	text, ok := l.append(buf, v)
	return quoted(text, at, ok, l.kind)
}

// quoted makes JSON of the text behind an offset, which is a value of a kind; null when it is none.
func quoted(buf []byte, at int, ok bool, kind ingest.Kind) []byte {
	switch {
	case !ok:
		return append(buf[:at], "null"...)
	case kind == ingest.Number || kind == ingest.Truth || kind == ingest.List || kind == ingest.Lapse:
		return buf
	}
	return ingest.AppendJSON(buf[:at], string(buf[at:]))
}

// appendBytes appends bytes that are no text by a type's word: as text when they are one all the same, as old writers
// leave the word out, and else their hexadecimal digits.
func appendBytes(buf, b []byte) []byte {
	if ingest.InvalidUTF8(b) < 0 {
		return append(buf, b...)
	}
	buf = append(buf, "0x"...)
	for _, c := range b {
		buf = append(buf, hexDigits[c>>4], hexDigits[c&15])
	}
	return buf
}

const hexDigits = "0123456789abcdef"

// appendInterval appends months, days and seconds as ISO 8601 writes a duration.
func appendInterval(buf []byte, months, days int64, nanos int64) []byte {
	buf = append(buf, 'P')
	at := len(buf)
	if months != 0 {
		buf = append(strconv.AppendInt(buf, months, 10), 'M')
	}
	if days != 0 {
		buf = append(strconv.AppendInt(buf, days, 10), 'D')
	}
	if nanos != 0 || len(buf) == at {
		buf = append(buf, 'T')
		buf = append(strconv.AppendFloat(buf, float64(nanos)/1e9, 'f', -1, 64), 'S')
	}
	return buf
}
