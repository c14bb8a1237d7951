package wire

// Tables answers GET /api/v1/tables.
type Tables struct {
	Epoch  string  `json:"epoch"`
	Tables []Table `json:"tables"`
}

// Table describes one table.
type Table struct {
	Name     string        `json:"name"`
	Label    string        `json:"label"`
	Source   string        `json:"source"` // its file
	State    string        `json:"state"`
	Revision uint64        `json:"revision"`
	Rows     int64         `json:"rows"`
	Updated  string        `json:"updated"`
	Columns  []TableColumn `json:"columns"`
	Key      []string      `json:"key"`
}

// TableColumn describes a column of a table and how it was understood.
type TableColumn struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Unit     string `json:"unit,omitempty"`
	Role     string `json:"role"`
	Nulls    int64  `json:"nulls"`
	Distinct int64  `json:"distinct,omitempty"`
	Instant  bool   `json:"instant,omitempty"`
	Exact    bool   `json:"exact,omitempty"`  // some integer is beyond 2^53: such a one travels as a string
	Reason   string `json:"reason,omitempty"` // why it has this type and role

	Because *Reason `json:"because,omitempty"` // why it has this role, to be said in another language
}

// Sources answers GET /api/v1/sources.
type Sources struct {
	Epoch    string         `json:"epoch"`
	Root     string         `json:"root"` // as given on the command line
	Sources  []SourceDetail `json:"sources"`
	Watching Watching       `json:"watching"`
}

// SourceDetail is what the owner sees of a file.
type SourceDetail struct {
	Name        string     `json:"name"`
	Path        string     `json:"path"` // relative to the folder
	Format      string     `json:"format"`
	State       string     `json:"state"`
	Tables      []string   `json:"tables"`
	Bytes       int64      `json:"bytes"`
	Modified    string     `json:"modified"`
	Revision    uint64     `json:"revision"`
	Ms          float64    `json:"ms"`
	Diagnostics Counts     `json:"diagnostics"`
	Error       *LoadError `json:"error"`
	Watched     string     `json:"watched,omitempty"`      // events or polling
	Writing     string     `json:"writing,omitempty"`      // since when somebody has had it open for writing
	Partial     bool       `json:"partial,omitempty"`      // complete rows of a file that is being written are shown
	RenamedFrom string     `json:"renamed_from,omitempty"` // the path that this very file had before
	Progress    *Progress  `json:"progress,omitempty"`     // of a reading that takes long
}

// Watching says how changes reach the server.
type Watching struct {
	Mode    string   `json:"mode"` // events, polling, mixed
	Files   int      `json:"files"`
	Folders int      `json:"folders"`
	Notes   []string `json:"notes"`   // limits reached, polling and why
	Skipped []string `json:"skipped"` // "pipe: a named pipe, not a regular file"

	Trees     []WatchedTree `json:"trees"`          // from where on what is watched how
	Writing   []WritingFile `json:"writing"`        // files that somebody has open for writing now
	Lost      string        `json:"lost,omitempty"` // why the folder cannot be reached; what was loaded last is shown
	Overflows int           `json:"overflows"`      // how often the system lost events, after which everything was compared
	Compared  string        `json:"compared"`       // when everything was last compared with the disk
	CompareMs float64       `json:"compare_ms"`     // how long that took
}

// WatchedTree is a folder from which on everything below, up to the next such folder, is watched in one way.
type WatchedTree struct {
	Path    string `json:"path"` // "." for all
	Mode    string `json:"mode"` // events or polling
	Reason  string `json:"reason,omitempty"`
	Folders int    `json:"folders"`
}

// WritingFile is a file that somebody has open for writing.
type WritingFile struct {
	Path  string `json:"path"`
	Since string `json:"since"`
	Stale bool   `json:"stale"` // for so long that what is shown may be old
}

// Diagnostics answers GET /api/v1/sources/{name}/diagnostics.
type Diagnostics struct {
	Source      string       `json:"source"`
	Diagnostics []Diagnostic `json:"diagnostics"`
	Counted     Counts       `json:"counted"` // all, also those beyond the list
}

// Diagnostic is one thing that was noticed while a file was read.
type Diagnostic struct {
	Code     string `json:"code"`
	Severity string `json:"severity"` // info, warning, error
	Sheet    string `json:"sheet,omitempty"`
	Line     int    `json:"line,omitempty"`   // 1-based, physical
	Column   string `json:"column,omitempty"` // name, or 1-based position for damage
	Value    string `json:"value,omitempty"`  // the raw text
	Count    int    `json:"count"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

// Dashboards answers GET /api/v1/dashboards.
type Dashboards struct {
	Dashboards []DashboardEntry `json:"dashboards"`
}

// DashboardEntry names one dashboard.
type DashboardEntry struct {
	Slug   string `json:"slug"`
	Title  string `json:"title"`
	Table  string `json:"table"`
	Panels int    `json:"panels"`
	// Written says that a person wrote the dashboard, in a dashira.yaml.
	Written bool `json:"written,omitempty"`
}

// Values answers GET /api/v1/dashboards/{slug}/values?column=…: what a filter can be set to, under the selection
// without the column's own filter, most frequent first.
type Values struct {
	Column   string      `json:"column"`
	Values   []ValueRows `json:"values"`
	Distinct int         `json:"distinct"` // how many match the search in all
}

// Profile answers GET /api/v1/dashboards/{slug}/profile?columns=a,b: how the cells of each column are spread under the
// selection, for the heads of a table.
type Profile struct {
	Rows    int64           `json:"rows"`
	Columns []ColumnProfile `json:"columns"`
}

// ColumnProfile is one column of a [Profile].
type ColumnProfile struct {
	Name     string  `json:"name"`
	Empty    int64   `json:"empty"`    // rows without a value
	Distinct int64   `json:"distinct"` // different values
	Approx   bool    `json:"approx,omitempty"`
	Min      any     `json:"min,omitempty"` // of numbers and times, as a cell
	Max      any     `json:"max,omitempty"`
	Top      string  `json:"top,omitempty"` // of what has no order: the most frequent value
	Counts   []int64 `json:"counts"`        // rows per equal stretch from min to max; of what has no order, per value, the most frequent first
}

// ValueRows is one value and how many rows have it.
type ValueRows struct {
	Value string `json:"value"` // as a filter spells it
	Rows  int64  `json:"rows"`
}

// History answers GET /api/v1/history: the revisions that can be looked at, oldest first. With ?after= they are those that
// came after it, where that is known; revisions count anew in every epoch.
type History struct {
	Epoch     string     `json:"epoch"`
	After     uint64     `json:"after,omitempty"` // 0: the list is whole
	Revisions []Revision `json:"revisions"`
	Forgotten []uint64   `json:"forgotten,omitempty"` // up to it, and kept no more since it came
}

// Revision is one change of one source.
type Revision struct {
	Revision uint64 `json:"revision"`
	At       string `json:"at"`
	Source   string `json:"source"`
	Table    string `json:"table"`
	Added    int64  `json:"added"`
	Changed  int64  `json:"changed"`
	Removed  int64  `json:"removed"`
}

// ShareRequest is the body of POST /api/v1/shares.
type ShareRequest struct {
	Dashboards []string            `json:"dashboards"`
	Lock       map[string][]string `json:"lock,omitempty"`
	Allow      []string            `json:"allow,omitempty"`   // filters, rows, history
	Expires    string              `json:"expires,omitempty"` // "7d", "12h", RFC 3339; "" is 7 days
	Password   *string             `json:"password,omitempty"`
	Label      string              `json:"label,omitempty"`
}

// ShareCreated answers it; the token is shown this once.
type ShareCreated struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	Token   string `json:"token"`
	Expires string `json:"expires"`
	Reach   Reach  `json:"reach"`
}

// Reach says who can open an address.
type Reach struct {
	Local bool     `json:"local"` // only this machine can
	URLs  []string `json:"urls"`  // every base address of the server, best first
	Hint  string   `json:"hint,omitempty"`
}

// Shares answers GET /api/v1/shares.
type Shares struct {
	Shares []Share `json:"shares"`
	Reach  Reach   `json:"reach"`
}

// Share describes a link without its token.
type Share struct {
	ID         string   `json:"id"`
	Label      string   `json:"label"`
	Dashboards []string `json:"dashboards"`
	Allow      []string `json:"allow"`
	Locked     []string `json:"locked"` // the columns that are locked
	Created    string   `json:"created"`
	Expires    string   `json:"expires"`
	LastUsed   string   `json:"last_used,omitempty"`
	Revoked    bool     `json:"revoked"`
	Password   bool     `json:"password"`
	Viewers    int      `json:"viewers"` // looking now
}

// SessionRequest is the body of POST /api/v1/session.
type SessionRequest struct {
	Token    string  `json:"token"`
	Password *string `json:"password,omitempty"`
}

// Session answers it.
type Session struct {
	Share string `json:"share"`
	Path  string `json:"path"`
}

// Launch answers POST /api/v1/launch: a link that lets the owner in with another browser, once.
type Launch struct {
	URL string `json:"url"`
}

// Boot is what the server writes into the page before any script runs.
type Boot struct {
	Version    string           `json:"version"`
	Title      string           `json:"title"` // of the folder
	Root       string           `json:"root"`  // as given on the command line; empty for a guest
	Base       string           `json:"base"`  // "/" or "/v/{share}/": where the API and the pages live
	Guest      bool             `json:"guest"`
	Dashboard  string           `json:"dashboard"` // slug that the address names; empty: none
	Dashboards []DashboardEntry `json:"dashboards"`
	Sources    []Source         `json:"sources"`
	Snapshot   *Snapshot        `json:"snapshot"` // nil: none yet, the stream brings it
	Extensions []string         `json:"extensions"`
	Lan        bool             `json:"lan"`
}

// Problem is an error over HTTP, application/problem+json.
type Problem struct {
	Type    string   `json:"type"` // stable, "/problems/unknown-column"
	Title   string   `json:"title"`
	Status  int      `json:"status"`
	Detail  string   `json:"detail,omitempty"`
	Allowed []string `json:"allowed,omitempty"`
}
