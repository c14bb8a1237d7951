package wire

// DashboardSpec answers GET /api/v1/dashboards/{slug}/spec: the dashboard as a person would write it, and the words
// that can be used for it.
type DashboardSpec struct {
	Slug     string    `json:"slug"`
	Title    string    `json:"title"`
	Table    string    `json:"table"`
	Written  bool      `json:"written"`  // in a dashira.yaml; else it is the automatic one
	Writable bool      `json:"writable"` // a dashira.yaml can be written here
	Rows     []SpecRow `json:"rows"`

	Measures   []string            `json:"measures"`   // those with a name of the table's
	Aggregates []string            `json:"aggregates"` // sum, avg, count, …
	Marks      map[string][]string `json:"marks"`      // the keys of each mark beside title, name, width, zero
}

// SpecRow is one row of panels.
type SpecRow struct {
	Height string     `json:"height,omitempty"` // small, medium, large, table; left out: by what stands in it
	Items  []SpecItem `json:"items"`
}

// SpecItem is a panel in the words of dashira.yaml: {"mark": "bar", "x": "sum(amount)", "y": "region"}.
type SpecItem map[string]any

// DashboardEdit is the body of PUT /api/v1/dashboards/{slug}, which writes the dashboard into the dashira.yaml. A slug
// that there is none of makes a new dashboard.
type DashboardEdit struct {
	Title string    `json:"title"`
	Table string    `json:"table"`
	Rows  []SpecRow `json:"rows"` // none: the automatic panels under this title
}

// DraftRequest is the body of POST /api/v1/dashboards/{slug}/draft, under a selection in the query.
type DraftRequest struct {
	Item SpecItem `json:"item"`
}

// Draft is what a panel would show, before anybody writes it down.
type Draft struct {
	Item  Item  `json:"item"`
	Frame Frame `json:"frame"`
}
