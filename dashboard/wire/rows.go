package wire

// The row events of GET /api/v1/tables/{table}/events. What one revision changes may take several events: all but the
// last say more, and together they turn the rows of Base into those of Revision. Within them rows are removed first, by
// their positions in the base; then rows come in, and cells change, at positions in the result. A cell is written as in
// frames, except that an integer is a string only where a double would change that one.

// RowsSchema describes the columns of the rows that follow: first on a connection that does not resume, before a reset
// where columns came, went or changed their type, and alone where only what is said of them changed, such as a label.
type RowsSchema struct {
	Table    string        `json:"table"`
	Revision uint64        `json:"revision"`
	Columns  []TableColumn `json:"columns"`
	Key      []string      `json:"key"` // the columns whose values name a row, empty where there are none
}

// RowsReset says that the rows are to be read again from /rows?at=, and that the next event is based on them.
type RowsReset struct {
	Revision uint64 `json:"revision"`
	Rows     int64  `json:"rows"`
}

// RowsAppend holds rows that were added, columnar in the order of the schema: at the end, unless At says where.
type RowsAppend struct {
	Base     uint64  `json:"base"`
	Revision uint64  `json:"revision"`
	At       []int64 `json:"at,omitempty"` // positions in the result, ascending; left out: at the end
	Values   [][]any `json:"values"`
	More     bool    `json:"more,omitempty"` // a further event belongs to this revision
}

// RowsUpdate holds changed cells: one array per named column, equally long as At.
type RowsUpdate struct {
	Base     uint64   `json:"base"`
	Revision uint64   `json:"revision"`
	Keys     [][]any  `json:"keys,omitempty"` // one array per column of the key, as they were in the base
	At       []int64  `json:"at"`             // positions in the result, ascending
	Columns  []string `json:"columns"`
	Values   [][]any  `json:"values"`
	Old      [][]any  `json:"old"`
	More     bool     `json:"more,omitempty"` // a further event belongs to this revision
}

// RowsDelete holds rows that are gone.
type RowsDelete struct {
	Base     uint64  `json:"base"`
	Revision uint64  `json:"revision"`
	Keys     [][]any `json:"keys,omitempty"` // one array per column of the key
	At       []int64 `json:"at"`             // positions in the base, ascending
	More     bool    `json:"more,omitempty"` // a further event belongs to this revision
}
