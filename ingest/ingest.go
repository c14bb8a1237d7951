// Package ingest turns files into tables. It owns type inference, diagnostics, growth and limits; a format is a leaf
// that hands it sheets of cells, so CSV, Excel and JSON get the same answers for the same data.
//
// One rule above all: the file is never wrong in silence. What was guessed is reported with its reason, what was
// changed is counted with line numbers, and the raw text of every cell that did not fit its column can be looked at.
package ingest

import (
	"time"

	"github.com/dashira/dashira/table"
)

// Load is what one reading of one file gave.
type Load struct {
	Path     string // relative to the folder, slash separated; of a union its pattern
	Union    bool   // of several files
	Format   string // csv, json, ndjson, excel, parquet, arrow
	Encoding string // of text formats: utf-8, utf-16le, windows-1252, …
	Bytes    int64
	Modified time.Time
	Sheets   []Sheet       // the tables that could be read, in the file's order; none when Damage is set
	Empty    []string      // names of sheets that hold no cell
	Damage   *Damage       // the file as a whole is not readable: the last good data stays
	Took     time.Duration // of reading and parsing

	// Unverified says that the beginning of a file that grew was taken for what it was before, after a sample:
	// [Loader.Check] reads the rest. It only follows [Loader.Trust].
	Unverified bool
	turn       uint64 // of its path's loads

	Diagnostics []Diagnostic // the first 1000
	Counts      Counts       // of all
}

// Sheet is one table of a file.
type Sheet struct {
	Name    string // of the sheet or of the nested list; empty where the file is the table
	Hidden  bool
	Table   *table.Table
	Columns []Column // as Table's schema
	Dialect *Dialect // of CSV
	Records string   // the path at which JSON records were found
	Header  Header
	Key     []string // the columns that identify a row, empty: none
	Cells   int64    // cells that were there
}

// Column is how one column was understood.
type Column struct {
	table.Field
	Nulls      int64
	Distinct   int64   // exact up to 10 000
	Confidence float64 // 0 to 1
	Reason     string  // why this type, one sentence
	Examples   []string
	FirstBad   *Cell // the first value that did not fit
}

// Cell is a place in a file and its raw text.
type Cell struct {
	File  string // of a union; empty: the only one
	Line  int    // 1-based, physical; the row of a sheet
	Value string
}

// Header says where the column names came from.
type Header struct {
	Rows int // header rows, 0: the names were made up
	Skip int // rows before them that are no data
	Line int // of the last header row, 1-based

	Reason string // why these rows, the end of a sentence; "": not a guess
}

// Dialect is how a CSV file is written.
type Dialect struct {
	Delimiter string
	Quote     string
	Escape    string
	Comment   string
	Decimal   string
	Newline   string // lf, crlf, cr, mixed

	Reason     string  // why this delimiter, the end of a sentence
	Confidence float64 // of the delimiter, 0 to 1
}

// Severity says how much a diagnostic matters.
type Severity string

// The severities.
const (
	Info    Severity = "info"    // something harmless was done
	Warning Severity = "warning" // a person should look
	Error   Severity = "error"   // rows or cells were quarantined, or the file is not readable
)

// Diagnostic is one thing that was noticed.
type Diagnostic struct {
	Code     Code
	Severity Severity
	File     string // of a union; empty: the only one, or all
	Sheet    string
	Line     int    // 1-based, physical, 0: of no line
	Column   string // a column's name, or the 1-based position of damage
	Value    string // the raw text, cut to 200 characters
	Count    int    // how often, at least 1
	Message  string // one sentence: what was found
	Hint     string // one sentence: what to do
}

// Code names a kind of diagnostic; it is stable and documented.
type Code string

// The codes.
const (
	EncodingFallback  Code = "encoding-fallback"
	NulByte           Code = "nul-byte"
	CommentSkipped    Code = "comment-skipped"
	PreambleSkipped   Code = "preamble-skipped"
	FooterSkipped     Code = "footer-skipped"
	DuplicateHeader   Code = "duplicate-header"
	EmptyHeader       Code = "empty-header"
	TrailingDelimiter Code = "trailing-delimiter"
	RaggedShort       Code = "ragged-short"
	RaggedLong        Code = "ragged-long"
	UnclosedQuote     Code = "unclosed-quote"
	PartialLastLine   Code = "partial-last-line"
	BadValue          Code = "bad-value"
	LeadingZeros      Code = "leading-zeros"
	IntOverflow       Code = "int-overflow"
	AmbiguousNumber   Code = "ambiguous-number"
	AmbiguousDate     Code = "ambiguous-date"
	MixedDateOrder    Code = "mixed-date-order"
	EpochDetected     Code = "epoch-detected"
	NullTokenLearned  Code = "null-token-learned"
	MixedTypes        Code = "mixed-types"
	MixedUnits        Code = "mixed-units"
	BadJSON           Code = "bad-json"
	DuplicateKey      Code = "duplicate-key"
	SchemaChanged     Code = "schema-changed"
	TypeWidened       Code = "type-widened"
	FormulaNotCached  Code = "formula-not-cached"
	ErrorCell         Code = "error-cell"
	MergedHeader      Code = "merged-header"
	HiddenSheet       Code = "hidden-sheet"
	EmptyFile         Code = "empty-file"
	LimitReached      Code = "limit-reached"
	DamagedArchive    Code = "damaged-archive"
	OutsideRecords    Code = "outside-records"
	FrameSkipped      Code = "frame-skipped"
	FlagSkipped       Code = "flag-skipped"
	NumberRounded     Code = "number-rounded"
)

// Counts counts diagnostics by severity.
type Counts struct{ Info, Warning, Error int }

// Damage says why a file is not readable, where, and what to do.
type Damage struct {
	Code    Code
	Message string
	Line    int // 1-based, 0: of no line
	Column  int // 1-based, in characters; 0: of no column
	Hint    string
}

// Error returns the message, so that a Damage can travel as an error.
func (d *Damage) Error() string { return d.Message }
