// Package wire is the contract with whoever watches a dashboard: the names and JSON shapes of the events of a
// stream and of the documents of the API. It knows how values travel and not how they are made; the page's
// TypeScript is generated from these types, so Go is the only place where the contract is written.
//
// Within one major version fields are added and never renamed or removed.
//
// Values travel in columns: `values` holds one array per column. A cell is null, a boolean, a number, or a string:
//
//	bool       true or false
//	int        a number; a string of digits where the column says "exact": true (some value lies beyond 2^53)
//	float      a number; NaN and infinities are null
//	date       "2026-11-23", a civil date, never shifted by a zone
//	time       "09:12:40"
//	timestamp  "2026-11-23T09:12:40.117Z" where the column says "instant": true, else civil, without the Z
//	duration   a number, in seconds
//	string     a string
//	nested     a JSON value
package wire

// The event names of a stream.
const (
	EventHello     = "hello"
	EventSnapshot  = "snapshot"
	EventLayout    = "layout"
	EventPatch     = "patch"
	EventSource    = "source"
	EventAlert     = "alert"
	EventViewers   = "viewers"
	EventHeartbeat = "heartbeat"
	EventGoodbye   = "goodbye"

	EventSchema = "schema"
	EventReset  = "reset"
	EventAppend = "append"
	EventUpdate = "update"
	EventDelete = "delete"
)

// Hello opens every connection. It carries no id, so that a reconnecting browser keeps the one it has.
type Hello struct {
	Version   string `json:"version"`             // of the server, such as "0.1.0"
	Epoch     string `json:"epoch"`               // one run of the server
	Dashboard string `json:"dashboard,omitempty"` // the slug; empty on the owner's stream of sources
	Resumed   bool   `json:"resumed"`             // true: exactly the missed events follow; false: a snapshot does
	Retry     int    `json:"retry"`               // milliseconds to wait before a reconnect
}

// Snapshot is a whole dashboard under one selection.
type Snapshot struct {
	Dashboard string           `json:"dashboard"` // slug
	Title     string           `json:"title"`
	Table     string           `json:"table"`    // the main table behind it
	Revision  uint64           `json:"revision"` // the newest change it contains
	Epoch     string           `json:"epoch"`
	At        string           `json:"at"` // the log position it stands at, an event id
	Selection Selection        `json:"selection"`
	Time      *TimeAxis        `json:"time,omitempty"` // nil: the table has no time column
	Fields    []Field          `json:"fields"`         // the columns a viewer may filter by
	Rows      []Row            `json:"rows"`
	Frames    map[string]Frame `json:"frames"` // by panel
	Sources   []Source         `json:"sources"`
	Look      *Look            `json:"look,omitempty"` // nil: as the page looks by itself
	Viewers   int              `json:"viewers"`
	Allow     []string         `json:"allow"` // what this viewer may do: "filters", "rows", "history", "share", "edit"
}

// Layout replaces the panels of a dashboard; frames of panels that were not there before come with it.
type Layout struct {
	Dashboard string           `json:"dashboard"`
	Title     string           `json:"title"`
	Revision  uint64           `json:"revision"`
	Look      *Look            `json:"look,omitempty"`
	Selection *Selection       `json:"selection,omitempty"` // that of the stream, completed by what the dashboard now says
	Time      *TimeAxis        `json:"time,omitempty"`
	Fields    []Field          `json:"fields"`
	Rows      []Row            `json:"rows"`
	Frames    map[string]Frame `json:"frames"`
}

// Look is how somebody wants the page to look. Colours are six hexadecimal digits behind a #; the page keeps them legible
// in both themes.
type Look struct {
	Locale   string   `json:"locale,omitempty"` // "en-GB": numbers and dates; empty: the viewer's
	Mode     string   `json:"mode,omitempty"`   // light or dark, for viewers who have not chosen; empty: as their system is
	Accent   string   `json:"accent,omitempty"`
	Palette  []string `json:"palette,omitempty"` // of the series, in order of use
	Positive string   `json:"positive,omitempty"`
	Negative string   `json:"negative,omitempty"`
}

// Selection is what a viewer has chosen, as the address of the stream says it. A filter value is a cell in its text
// form; "" stands for the empty cell, a leading "!" excludes, "a..b" is a half-open range on a number or a time.
type Selection struct {
	Range   string              `json:"range"`           // "all", "90d", "2026-01-01..2026-04-01"
	Grain   string              `json:"grain"`           // "auto" or one of the grains of the time axis
	Compare string              `json:"compare"`         // "previous period", "previous year", "target", "none"
	Filters map[string][]string `json:"filters"`         // by column name
	Width   int                 `json:"width,omitempty"` // pixels that lines through rows are drawn for: 600, 1200 or 2400; 0 where there are none
}

// TimeAxis describes the time column that range, grain and comparison are about, resolved for this selection.
type TimeAxis struct {
	Column  string   `json:"column"`
	Label   string   `json:"label"`
	Type    string   `json:"type"`    // date or timestamp
	Instant bool     `json:"instant"` // false: civil, never shifted
	Zone    string   `json:"zone"`    // the zone of the buckets, "UTC" for civil times
	Min     string   `json:"min"`     // the extent of the whole table
	Max     string   `json:"max"`
	From    string   `json:"from"` // what the range means now; To is exclusive
	To      string   `json:"to"`
	Week    int      `json:"week"`   // the day that weeks begin with, 0 is Sunday
	Grain   string   `json:"grain"`  // what "auto" means now
	Grains  []string `json:"grains"` // what may be chosen for this range
}

// Field is a column that a viewer may filter by.
type Field struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Unit     string `json:"unit,omitempty"`
	Role     string `json:"role"`
	Distinct int    `json:"distinct"` // number of different values, 0 where it was not counted

	Control string `json:"control,omitempty"` // multiselect or range, where somebody said how one filters by it
	Hidden  bool   `json:"hidden,omitempty"`  // it is not offered among the filters; a click in a chart may still choose of it
}

// Row is one row of panels on a grid of twelve columns.
type Row struct {
	Height string `json:"height"` // small (KPIs), medium, large (the main trend), table
	Items  []Item `json:"items"`
}

// Item is one panel: a titled mark over a frame.
type Item struct {
	Panel      string   `json:"panel"` // unique within the dashboard; the key of its frame
	Mark       string   `json:"mark"`  // kpi line area column bar ranked histogram box scatter heatmap table text …
	Title      string   `json:"title"`
	Width      int      `json:"width"` // 3 to 12
	Encoding   Encoding `json:"encoding"`
	Noun       string   `json:"noun,omitempty"`        // what the measure counts, for sentences: "orders", "EUR"
	Format     string   `json:"format,omitempty"`      // integer, decimal(2), compact, percent, currency, duration, bytes, id
	LineFormat string   `json:"line_format,omitempty"` // of the line of a combo
	Filter     string   `json:"filter,omitempty"`      // the column that a click or a brush on the mark filters by
	Zero       bool     `json:"zero"`                  // the value axis starts at zero
	Stack      string   `json:"stack,omitempty"`       // "zero" or "normalize"
	Points     bool     `json:"points,omitempty"`      // of a line or an area: each row of the table is a point of it, and x is no bucket
	Time       bool     `json:"time"`                  // x is the dashboard's time axis: grain, range and crosshair are shared
	Tabs       []Tab    `json:"tabs,omitempty"`        // with tabs the title ends before what they name: "Amount by"; alternatives that share the place of this item, itself first
	Why        string   `json:"why"`                   // why this panel was chosen, one sentence
	Words      *Words   `json:"words,omitempty"`       // what the English above is made of, to be said in another language

	Target     string      `json:"target,omitempty"`     // what the measure is held against, in a word: "Plan"; "target" of a number
	Better     string      `json:"better,omitempty"`     // "more" or "less", where somebody said so; else a difference is neither good nor bad
	Thresholds []Threshold `json:"thresholds,omitempty"` // the first that holds counts
	Compare    string      `json:"compare,omitempty"`    // what a figure is compared with, where somebody said so; empty: as the selection says
	Highlight  string      `json:"highlight,omitempty"`  // "none": what changes does not flash
}

// Words are the parts of what an item says in English where nobody wrote it: a title, labels and a noun that a person
// chose are to be shown as they are, and have no parts here.
type Words struct {
	Title    *Heading `json:"title,omitempty"`
	Measures []Term   `json:"measures,omitempty"` // of columns of the frame, by their names
	Noun     *Term    `json:"noun,omitempty"`
	Target   *Term    `json:"target,omitempty"`
	Why      []Reason `json:"why,omitempty"` // the clauses of one sentence
}

// Heading is what a title is made of. In English it reads: what, of the terms, "by" and "by", "each", "over time".
type Heading struct {
	What  string `json:"what,omitempty"` // "": the first term; share, distribution: of it; against, and: it and the second; price, rows, note
	Terms []Term `json:"terms,omitempty"`
	By    []Term `json:"by,omitempty"`
	Open  bool   `json:"open,omitempty"` // it ends with "by": the tabs say by what
	Each  *Term  `json:"each,omitempty"` // what has a small chart for each of its values, beside a colour
	Time  bool   `json:"time,omitempty"` // over time
}

// Term is a label, or what a word makes of one.
type Term struct {
	Name   string  `json:"name,omitempty"`   // the column of the frame that it is the label of
	Word   string  `json:"word,omitempty"`   // average median lowest highest percentile different rows running moving difference change share; of the time axis: month weekday hour day year …
	Label  string  `json:"label,omitempty"`  // as the file or a person says it
	Of     *Term   `json:"of,omitempty"`     // in place of a label: the measure that the word goes along
	P      float64 `json:"p,omitempty"`      // percentile: 95
	Window int     `json:"window,omitempty"` // moving, difference, change: how many buckets
	Year   bool    `json:"year,omitempty"`   // difference, change: from the year before
}

// Reason is a clause: a code, which stays, and its values, which are labels, numbers and words of the vocabulary.
type Reason struct {
	Code   string         `json:"code"`
	Values map[string]any `json:"values,omitempty"`
}

// Threshold is a bound at which a value needs attention.
type Threshold struct {
	Level string  `json:"level"` // "bad" or "warn"
	Op    string  `json:"op"`    // "<", "<=", ">" or ">="
	Value float64 `json:"value"`
}

// Tab is one of several panels that share a place; each has a frame of its own under its panel name.
type Tab struct {
	Panel  string `json:"panel"`
	Title  string `json:"title"` // short, the dimension's label
	Filter string `json:"filter,omitempty"`
}

// Encoding names the frame's columns behind the channels of the mark.
type Encoding struct {
	X       string   `json:"x,omitempty"`
	Y       string   `json:"y,omitempty"`
	Color   string   `json:"color,omitempty"`
	Facet   string   `json:"facet,omitempty"`   // of most marks: each of its values is a small chart of its own, all of one scale
	Line    string   `json:"line,omitempty"`    // of a combo: the measure that is drawn as a line over the columns
	Target  string   `json:"target,omitempty"`  // of a line or columns: what each value is held against, where that differs between them
	Columns []string `json:"columns,omitempty"` // of a table
}

// Frame is the answer behind one panel.
//
//	kpi        one row; y is the value; facts: current, previous, period, spark, spark_prior, target
//	line area  x, [color, facet,] y, [target,] in order of x, one row per bucket and colour; facts: partial_from, facets, target
//	           of points: one row per point, several of one x; facts: sampled
//	column     x, [color, facet,] y, [target] in natural order of x; facts: facets, target
//	bar ranked y the category, [facet,] x the value, best first; facts: sum, other, facets; null category: empty cells
//	histogram  start, end, [facet,] count, total (without any filter, and without a facet); facts: median, empty, facets
//	box        y the category, [facet,] n, low, q1, median, q3, high; facts: facets
//	heatmap    x, y, value
//	scatter    x, y, [color,] [facet]; or x, y, [facet,] count where facts say binned; facts: facets
//	table      the first rows in the panel's order; facts: total, sort
type Frame struct {
	Revision uint64   `json:"revision"` // the change that made it what it is
	Columns  []Column `json:"columns"`
	Values   [][]any  `json:"values"` // one array per column, equally long
	Facts    *Facts   `json:"facts,omitempty"`
	Error    string   `json:"error,omitempty"` // why the panel has no answer; the last good values stay
}

// Column describes one array of a frame.
type Column struct {
	Name    string `json:"name"`
	Label   string `json:"label,omitempty"`
	Type    string `json:"type"`
	Unit    string `json:"unit,omitempty"`
	Role    string `json:"role,omitempty"` // of the table's column; month, weekday (1 is Monday), hour of a cycle of the calendar
	Instant bool   `json:"instant,omitempty"`
	Exact   bool   `json:"exact,omitempty"`  // integers travel as strings
	Approx  bool   `json:"approx,omitempty"` // from a sketch
}

// Facts are single figures beside a frame's columns; each mark names those it has.
type Facts struct {
	Rows         int64     `json:"rows"`                  // rows of the table behind the answer, after the filters
	Total        *int64    `json:"total,omitempty"`       // table: rows that scrolling would reach
	Sort         string    `json:"sort,omitempty"`        // table: "-ordered_at"
	Sum          *float64  `json:"sum,omitempty"`         // ranked: over all categories
	OtherCount   int       `json:"other_count,omitempty"` // ranked, color: categories left out
	OtherValue   *float64  `json:"other_value,omitempty"`
	Median       *float64  `json:"median,omitempty"`
	Empty        int64     `json:"empty,omitempty"` // rows without a value
	PartialFrom  string    `json:"partial_from,omitempty"`
	Current      *float64  `json:"current,omitempty"`  // kpi: over the last complete period
	Previous     *float64  `json:"previous,omitempty"` // kpi: over the one before
	Period       string    `json:"period,omitempty"`   // kpi: its length in words a catalogue knows: "30d", "12mo"
	CurrentFrom  string    `json:"current_from,omitempty"`
	CurrentTo    string    `json:"current_to,omitempty"`
	PreviousFrom string    `json:"previous_from,omitempty"`
	Target       *float64  `json:"target,omitempty"` // kpi: of the value; line, column: one for all values
	Spark        []float64 `json:"spark,omitempty"`
	SparkPrior   []float64 `json:"spark_prior,omitempty"`
	OverviewAt   []string  `json:"overview_at,omitempty"` // trend under a range: the whole time axis in few buckets, their starts
	Overview     []float64 `json:"overview,omitempty"`    // and their values, 0 where there are no rows
	Notes        []Note    `json:"notes,omitempty"`       // line, area over time: what was written of moments in sight, in their order
	Binned       bool      `json:"binned,omitempty"`
	Sampled      int64     `json:"sampled,omitempty"` // scatter: rows before sampling; points of a line: rows that these draw the picture of
	Facets       []string  `json:"facets,omitempty"`  // facet: its values as a filter spells them, the largest first
	MoreFacets   int       `json:"more_facets,omitempty"`
}

// Note is what somebody wrote of a moment.
type Note struct {
	At   string `json:"at"`
	Text string `json:"text"`
}

// Patch turns a frame at Base into the frame at Revision. Apply in this order: rows at Remove (positions in the
// base, ascending) go; rows of Insert come in at their positions in the result (ascending); cells of Update change at
// positions in the result. Rows that keep their place never appear.
type Patch struct {
	Panel    string  `json:"panel"`
	Base     uint64  `json:"base"`
	Revision uint64  `json:"revision"`
	Remove   []int   `json:"remove,omitempty"`
	Insert   *Insert `json:"insert,omitempty"`
	Update   *Update `json:"update,omitempty"`
	Length   int     `json:"length"` // rows in the result
	Facts    *Facts  `json:"facts,omitempty"`
	Frame    *Frame  `json:"frame,omitempty"` // in place of remove, insert and update, where columns moved or little stayed
}

// Insert holds new rows, columnar in the order of the frame's columns.
type Insert struct {
	At     []int   `json:"at"`
	Values [][]any `json:"values"`
}

// Update holds changed cells: one array per named column, equally long as At.
type Update struct {
	At      []int    `json:"at"`
	Columns []string `json:"columns"`
	Values  [][]any  `json:"values"`
	Old     [][]any  `json:"old"`
}

// The states of a source.
const (
	StateOK      = "ok"
	StateReading = "reading"
	StateStale   = "stale"
	StateMissing = "missing"
	StateError   = "error"
)

// Source is the state of one file, as a dashboard's viewer sees it: never a path.
type Source struct {
	Name        string      `json:"name"`
	Label       string      `json:"label,omitempty"` // the file's own name, for the owner
	State       string      `json:"state"`
	Revision    uint64      `json:"revision"`
	Rows        int64       `json:"rows"`
	Added       int64       `json:"added"`
	Removed     int64       `json:"removed"`
	Changed     int64       `json:"changed"`
	Bytes       int64       `json:"bytes"`
	Updated     string      `json:"updated"` // when the shown rows were read, RFC 3339
	Ms          float64     `json:"ms"`      // from the settled file to the answer
	Diagnostics Counts      `json:"diagnostics"`
	Error       *LoadError  `json:"error"` // of a load that failed; rows and revision are those still shown
	Tables      []TableName `json:"tables,omitempty"`
	Format      string      `json:"format,omitempty"`
	Partial     bool        `json:"partial,omitempty"`      // the file is still being written; complete rows are shown
	Writing     string      `json:"writing,omitempty"`      // since when somebody has had the file open for writing; for the owner
	Unchanged   string      `json:"unchanged,omitempty"`    // since when the file has not changed, where it is stale because it ought to have
	RenamedFrom string      `json:"renamed_from,omitempty"` // the name that this very file had before; for the owner
	Progress    *Progress   `json:"progress,omitempty"`     // of a reading that takes long, while the state is reading
}

// Progress says how far a source is read.
type Progress struct {
	Bytes int64 `json:"bytes"` // read and understood
	Total int64 `json:"total"`
}

// TableName names a table of a source and the dashboard that shows it.
type TableName struct {
	Name      string `json:"name"`
	Label     string `json:"label"`
	Rows      int64  `json:"rows"`
	Dashboard string `json:"dashboard,omitempty"` // slug
}

// Counts counts diagnostics by severity.
type Counts struct {
	Info    int `json:"info"`
	Warning int `json:"warning"`
	Error   int `json:"error"`
}

// LoadError says why a file could not be read, where, and what to do.
type LoadError struct {
	Code    string `json:"code,omitempty"` // of the diagnostic, where there is one
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// Alert says that a threshold rule fired or cleared.
type Alert struct {
	Name      string  `json:"name"`
	State     string  `json:"state"` // firing or clear
	Value     float64 `json:"value"`
	Threshold float64 `json:"threshold"`
}

// Viewers counts who watches this dashboard.
type Viewers struct {
	Count int `json:"count"`
}

// Heartbeat tells a quiet connection from a dead one.
type Heartbeat struct {
	Head string `json:"head"` // the id of the newest event of the log
	Time string `json:"time"` // the server's clock, RFC 3339
}

// Goodbye ends a stream on purpose.
type Goodbye struct {
	Reason string `json:"reason"` // shutdown, starting, overload, revoked, expired, gone, idle, error
	Retry  int    `json:"retry"`  // milliseconds; 0: do not come back
}
