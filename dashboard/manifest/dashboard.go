// Package manifest says what a dashboard shows: the panels of a table as a person wrote them or as they were chosen
// from the table's columns. It knows no HTTP and not how panels travel.
package manifest

import (
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/derive"
	"github.com/dashira/dashira/table/expr"
	"github.com/dashira/dashira/table/view"
)

// Dashboard is a titled set of panels over one table.
type Dashboard struct {
	Slug  string
	Title string
	Table string
	Time  string // the column of the time axis; empty: none
	Opening
	Annotations []Annotation
	Filters     []Offer       // the columns that viewers are offered to filter by, in this order; nil: all
	StaleAfter  time.Duration // the age from which on the table's file is too old; 0: nobody said
	Look        *Look         // of every dashboard of the folder; nil: nobody said anything
	Smallest    view.Grain    // the finest grain that makes sense on it
	Fields      []Field       // every column of the table, in its order
	Rows        []Row
	Notes       []string // what was inferred, for the strip above the panels: "time is ordered_at", …
	Signature   string   // of the schema the panels were chosen for; the proposal is pinned to it
	Basis       int64    // rows the panels were chosen from
	Over        string   // the name under which a dashira.yaml speaks of the table; mostly Table
	Written     bool     // by a person, in a dashira.yaml
	Place       int      // among the dashboards that are listed: those that are written come first, in the order of the file

	Warnings []string // of lookups: keys that are there twice, and keys that are not, when the dashboard was made

	Derive *derive.Derivation // makes the table that the panels ask of the one that is read; nil: they are one
}

// Row is one row of panels on a grid of twelve columns.
type Row struct {
	Height string // small, medium, large, table
	Panels []Panel
}

// Panel is a mark over a question. What it asks is said in columns of the table; grain, range and filters come from
// the viewer's selection.
type Panel struct {
	Name    string // unique within the dashboard, stable for one schema: "revenue", "revenue-by-region"
	Mark    string // kpi line area column bar ranked histogram box scatter heatmap calendar table candlestick combo pivot text donut
	Title   string
	Heading *Heading // what Title is made of; nil where a person wrote another one
	Width   int      // 3 to 12

	Measure   Measure    // what is measured (all marks but histogram, scatter, table, and lines of rows)
	Dimension string     // bar, ranked, column, box, heatmap (x), line: the column grouped by; empty on a line: the time axis
	Second    string     // heatmap: y; scatter: the second number
	Column    string     // histogram, box, scatter: the number; line, area: the number of each row, where no measure is taken of it
	Color     string     // line, area, column, scatter: the column that splits it
	Facet     string     // line, area, column, bar, histogram, box, scatter: the column that parts it into small charts of one scale
	Facets    int        // how many of these at most; 0: the default
	Limit     int        // of categories or colours; 0: the mark's default
	Stack     string     // "", "zero", "normalize"
	Columns   []string   // table; candlestick: open, high, low, close
	Sort      string     // table: "-ordered_at"; empty: the file's order
	Tabs      []Panel    // ranked: the same question over other dimensions, first tab not included; a tab is called by its dimension's label
	Line      Measure    // combo: the measure drawn as a line
	Text      string     // text
	Target    *Target    // kpi, line, column: what the measure is held against; nil: nothing
	Better    string     // "more", "less"; empty: as the measure says
	Bounds    []Bound    // kpi, line, column: values that need attention, the worst first
	Cyclic    view.Grain // heatmap (y), column (x): DayOfWeek, MonthOfYear, HourOfDay of the time column
	Across    view.Grain // heatmap with Cyclic: x, the calendar bucket or the other cycle of the time column; NoGrain: Dimension
	Zero      bool       // the value axis starts at zero
	Options
	Why     string   // why it was chosen: rule, roles, score, in one sentence
	Reasons []Reason // its clauses
	Score   float64
}

// Measure is an aggregate with a name that a person understands.
type Measure struct {
	Name          string // column of the frame, an identifier: "revenue", "rows"
	Label         string // "Revenue"
	Words         *Term  // what Label is made of where it is more than a column's label or a person's word
	Noun          string // what is counted, for sentences: "orders", "EUR"
	Op            view.Aggregate
	Column        string // empty for Count
	P             float64
	Unit          string // as of table.Field
	Format        string // integer, decimal(2), compact, percent, currency, duration, bytes, id
	LastPerPeriod bool   // a balance or a level: the last value of each period, summed over entities
	Entity        string // whose last values are summed; empty: one series
	Lower         *bool  // lower is better; nil: neither
	Said          bool   // that lower is better, or not, was written by a person and not read off a name

	Of     *Measure // of Op Running and what follows it: the measure that it goes along
	Window int      // and how far, in buckets: of a mean how many, of a difference how many before
	Year   bool     // of a difference: from the bucket a year before instead

	Formula *expr.Expr // of Op Computed: what is made of the parts, by their names
	Parts   []Part
	Text    string // as it was written, where it is more than an aggregate of a column
}

// Part is an aggregate that a computed measure is made of.
type Part struct {
	Name   string // of the formula's column
	Op     view.Aggregate
	Column string // empty for Count
	P      float64
}

// Field is a column and the part it can play.
type Field struct {
	table.Field
	Role       Role
	Confidence float64 // 0 to 1
	Reason     string  // one sentence
	Because    Reason  // what it says
	Distinct   int64
	Nulls      int64
	Order      []string // of a cyclic column: its values in their natural order, as they are written; nil: by value
}

// Role is the part a column can play in a chart.
type Role string

// The roles.
const (
	RoleEmpty      Role = "empty"
	RoleConstant   Role = "constant"
	RoleBoolean    Role = "boolean"
	RoleTime       Role = "temporal"
	RoleCyclic     Role = "cyclic"
	RoleID         Role = "id"
	RoleGeo        Role = "geo"
	RolePercentage Role = "percentage"
	RoleCurrency   Role = "currency"
	RoleDuration   Role = "duration"
	RoleBytes      Role = "bytes"
	RoleCount      Role = "count"
	RoleOrdinal    Role = "ordinal"
	RoleNumber     Role = "quantitative"
	RoleNominal    Role = "nominal"
	RoleText       Role = "text"
)
