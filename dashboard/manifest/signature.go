package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/dashira/dashira/table"
)

// settledRows is how many rows roles and panels are chosen from without a second look: below, the shares and counts
// that the rules go by swing with every row.
const settledRows = 50

// Signature names a schema with its roles: it is equal for equal names, types and roles in the same order, and for
// nothing else. Values, labels and counts have no part in it.
func Signature(fields []Field) string {
	h := sha256.New()
	for _, f := range fields {
		h.Write([]byte(strconv.Quote(f.Name) + " " + f.Type.String() + " " + string(f.Role) + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Stale says whether the panels must be chosen anew for a table of this schema and this many rows. A column that kept
// its name and its type keeps its role too, so values alone never move a panel, save once: when a proposal made from
// a handful of rows meets a table that has grown past it.
func (d *Dashboard) Stale(schema *table.Schema, rows int64) bool {
	if d.Basis < settledRows && rows >= settledRows {
		return true
	}
	if d.Derive != nil {
		// What is derived stays as it was written; what it is derived from may have moved.
		return !d.Derive.Source().Equal(schema)
	}
	type column struct {
		name string
		typ  table.Type
	}
	roles := make(map[column]Role, len(d.Fields))
	for _, f := range d.Fields {
		roles[column{f.Name, f.Type}] = f.Role
	}
	fields := make([]Field, schema.Len())
	for i := range fields {
		f := schema.Field(i)
		fields[i] = Field{Field: f, Role: roles[column{f.Name, f.Type}]}
	}
	return Signature(fields) != d.Signature
}
