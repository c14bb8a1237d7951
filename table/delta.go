package table

// Delta is what turns one table into another. Rows that are in both, equal and in the same order, do not appear: take
// the rows at Removed out of From, put those at Added into their places, change the cells of Changes, and To is there.
type Delta struct {
	From, To *Table

	Removed []int64  // rows of From that are gone, ascending
	Added   []int64  // rows of To that are new, ascending
	Changes []Change // rows that were kept with other cells, ascending by To

	RemovedRows, AddedRows, ChangedRows int64 // exact, also where the lists are not kept

	// Replaced says that more rows changed than a list is worth ([DiffLimit]): only the counts stand.
	Replaced bool
	// Reshaped is not nil when the schemas differ; the lists are then empty, the counts zero, and the rows are to be read
	// again. Its lists are all empty where only labels or the order of the columns differ.
	Reshaped *Reshape
}

// Change is one kept row whose cells changed.
type Change struct {
	From, To int64
	Columns  []int // ascending, of the schema that both share
}

// Reshape says how the columns moved.
type Reshape struct {
	Added, Removed []string
	Renamed        []Rename
	Retyped        []string
}

// Rename is a column that probably has another name now.
type Rename struct {
	From, To   string
	Similarity float64 // 0 to 1
}

// Empty says whether nothing differs.
func (d *Delta) Empty() bool {
	return d.RemovedRows == 0 && d.AddedRows == 0 && d.ChangedRows == 0 && d.Reshaped == nil
}
