package ingest

import (
	"context"
	"io"
	"slices"

	"github.com/dashira/dashira/table"
)

// Format reads one family of files. Formats are leaves: they import this package and nothing imports them but main.
type Format interface {
	// Name returns what a load calls the format while no more is known: "csv".
	Name() string
	// Extensions returns the endings of the names it reads, lower case with the dot.
	Extensions() []string
	// Compressed says whether files of the format are also read from inside .gz and .zst.
	Compressed() bool
	// Open finds out how the file is written. A fault of the file that leaves nothing to read is a *Damage.
	Open(ctx context.Context, in *Input) (*Book, error)
	// Whole returns nil when the file is complete as far as a cheap look can tell.
	Whole(r io.ReaderAt, size int64) error
}

// Input is a file to be opened.
type Input struct {
	io.ReaderAt
	Path      string // its name without a compression's ending
	Size      int64
	Options   Options
	Limits    Limits
	Locale    string
	Diagnoses *Diagnoses

	// MostRows is how many rows a run may have, 0: the usual number. A format sets it lower before it cuts where rows
	// have many cells, since those of a run are held at once.
	MostRows int

	// Before is what the format left at the last load of the same file, Leave what it leaves for the next: something that
	// follows from the text alone and saves a second look at it. It is held while the file is known, so it should be small.
	Before, Leave any

	known    *knownSpans
	progress *progress
	share    *share // of the memory; nil: without end
	workers  int
	block    int // bytes that are looked through at once
	careful  bool
	fallback int64  // offset of a byte that is no UTF-8, found by an earlier attempt; -1: none
	trust    *trust // nil: everything is read

	unverified bool // the known runs were taken on trust
}

// knownSpans are the runs of the last load.
type knownSpans struct {
	identity string
	spans    []Span
}

// Book is an opened file.
type Book struct {
	Format   string
	Encoding string
	Drafts   []Draft
	Empty    []string // sheets without a cell
}

// Draft is one sheet before its types are decided.
type Draft struct {
	Name    string
	Hidden  bool
	Header  Header
	Dialect *Dialect
	Records string
	Names   []string      // of the columns; nil where every grid brings its own
	Units   []string      // by column, "" or missing: none known
	Fields  []table.Field // the types by the file's own word; nil, or of type null: to be decided
	Comma   bool          // something suggests a decimal comma: a semicolon between the cells
	First   int           // the line at which the first run begins, 1-based
	Strict  bool          // the cells' kinds are the author's own words: several in one column make it text
	Rows    Rows

	// Identity is equal for two loads whose runs are cut and read in the same way.
	Identity string

	united bool // of several files, with a column that names them
}

// Rows gives the rows of a draft in runs that are cut by content, so that equal runs have equal hashes.
type Rows interface {
	// Spans returns the runs in order. Fetch and Parse may be called for different runs at once.
	Spans() []Span
	// Fetch puts what run i is made of into b, and its hash.
	Fetch(i int, b *Block) error
	// Parse reads the cells of what was fetched.
	Parse(i int, b *Block) error
}

// Span is a run of rows in a file.
type Span struct {
	Start, End int64    // bytes; zero where the run was read from memory
	Rows       int      // about how many
	Hash       [16]byte // where it is known already
	Even       bool     // found by counting quotation marks: Parse must look whether that was right
	closed     bool     // the run ends by its content, whatever follows
}

// Block holds one run while it is read; it is used again for the next one.
type Block struct {
	Hash  [16]byte
	Bytes []byte
	Grids []Grid
	refs  []Ref
}

// Grid is a rectangle of cells: the rows of one run that belong to one sheet.
type Grid struct {
	Sheet  string   // of a nested list; empty: the draft's own
	Names  []string // where the draft has none
	Text   []byte   // what the cells point into
	Rows   int
	Cells  [][]Ref // by column
	Lines  []int32 // of each row, counted from the run's first line; nil: one line per row
	Height int32   // lines of the run
	Notes  []Note  // what was noticed, lines counted from the run's first
	File   string  // the value of a column behind the last, [FileColumn]; empty: there is none
}

// column returns the cells of a column and a grid whose text they point into.
func (g *Grid) column(c int) (*Grid, []Ref) {
	if c < len(g.Cells) {
		return g, g.Cells[c]
	}
	own := *g
	own.Text = []byte(g.File)
	cells := make([]Ref, g.Rows)
	for r := range cells {
		cells[r] = At(Text, 0, len(g.File))
	}
	return &own, cells
}

// Line returns the line of a row, counted from the run's first line.
func (g *Grid) Line(row int) int {
	if g.Lines == nil {
		return row
	}
	return int(g.Lines[row])
}

// empty makes absent the cells whose text is one of the spellings. Cells may belong to whoever gave the grid, so columns
// that have such a cell are copied.
func (g *Grid) empty(spellings []string) {
	for c, cells := range g.Cells {
		owned := false
		for r, cell := range cells {
			if cell.Kind() == Absent || !slices.Contains(spellings, string(cell.In(g.Text))) {
				continue
			}
			if !owned {
				cells, owned = slices.Clone(cells), true
				g.Cells[c] = cells
			}
			cells[r] = Ref{}
		}
	}
}

// Columns returns cells for n columns of rows each, in memory that the block owns and hands out again after the next
// call of it.
func (b *Block) Columns(n, rows int) [][]Ref {
	// Columns of one power of two apart would fall into the same lines of the cache.
	stride := rows + 8 | 8
	if need := n * stride; cap(b.refs) < need {
		b.refs = make([]Ref, need)
	}
	cells := make([][]Ref, n)
	for c := range cells {
		cells[c] = b.refs[c*stride : c*stride+rows : c*stride+rows]
	}
	return cells
}

// Kind says what a format knows about a cell.
type Kind uint8

// The kinds.
const (
	Absent Kind = iota // no cell
	Raw                // text whose type is open
	Text               // text by the file's own word
	Number             // a number by the file's own word, in JSON's spelling
	Truth              // true or false
	List               // a JSON array or object
	Moment             // a date or timestamp in ISO 8601
	Clock              // a time of day, hh:mm:ss.fff
	Lapse              // a duration in seconds
	Fault              // an error cell
	kinds  = iota
)

// Ref is a cell: where its text stands, how long it is and its kind. The zero Ref is an absent cell.
type Ref struct {
	off uint32
	len uint32 // kind in the upper four bits
}

// MaxCell is the length in bytes of the longest cell.
const MaxCell = 1<<28 - 1

// At returns the cell of a kind whose text stands at this place.
func At(kind Kind, offset, length int) Ref {
	return Ref{off: uint32(offset), len: uint32(length) | uint32(kind)<<28}
}

// Kind returns the cell's kind.
func (r Ref) Kind() Kind { return Kind(r.len >> 28) }

// In returns the cell's text.
func (r Ref) In(text []byte) []byte {
	return text[r.off : uint64(r.off)+uint64(r.len&MaxCell)]
}

// Empty says whether the cell has no text.
func (r Ref) Empty() bool { return r.len&MaxCell == 0 }
