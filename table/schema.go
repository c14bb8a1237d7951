package table

import "slices"

// Field describes one column: what it is called, what its values are.
type Field struct {
	Name    string // as the file says, trimmed and made unique; the name in the API, in YAML, in addresses
	Label   string // how it is displayed; empty: as Name
	Type    Type
	Unit    string // of a number: "percent" (0.125 is 12.5 %), an ISO 4217 code, or any other unit as found
	Instant bool   // of a Timestamp: a moment in UTC; false: a civil time, never shifted by a zone
}

// Schema is an ordered set of fields with different names. It is immutable.
type Schema struct {
	fields []Field
	index  map[string]int
}

// NewSchema returns the schema of the fields in this order. Of two fields with one name the first is found by it.
func NewSchema(fields ...Field) *Schema {
	s := &Schema{fields: slices.Clone(fields), index: make(map[string]int, len(fields))}
	for i, f := range fields {
		if _, taken := s.index[f.Name]; !taken {
			s.index[f.Name] = i
		}
	}
	return s
}

// Len returns the number of columns.
func (s *Schema) Len() int { return len(s.fields) }

// Field returns the description of column i.
func (s *Schema) Field(i int) Field { return s.fields[i] }

// Fields returns a copy of all descriptions in order.
func (s *Schema) Fields() []Field { return slices.Clone(s.fields) }

// Index returns the position of the named column, or -1.
func (s *Schema) Index(name string) int {
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}

// Equal says whether two schemas describe the same columns in the same order.
func (s *Schema) Equal(o *Schema) bool {
	return s == o || s != nil && o != nil && slices.Equal(s.fields, o.fields)
}
