package main

// work is a file that is loaded, and what its time is held to.
type work struct {
	name  string // for people
	shape string
	rows  int
	ext   string
	times int // how often it is loaded
	goals []goal
}

// goal is a reader and how many times faster than it ours has to be; a ratio below one allows ours to be slower.
type goal struct {
	reader string
	ratio  float64
}

// The readers beside ours. The first three are programs of node; the others are in this program, and say what the
// standard library, the usual library or the bare unpacking takes for less work.
const (
	duckdb     = "DuckDB"
	polars     = "Polars"
	polarsText = "Polars, dates left text"
	plainCSV   = "encoding/csv, cells only"
	plainJSON  = "encoding/json into a struct"
	excelRows  = "excelize Rows"
	inflate    = "inflating alone"
)

var works = []work{
	{"CSV 10 M x 4", "narrow", 10_000_000, ".csv", 3, []goal{{duckdb, 5}, {polarsText, 1.3}}},
	{"CSV 1 M x 4", "narrow", 1_000_000, ".csv", 7, []goal{{duckdb, 5}, {polarsText, 1.2}, {polars, 0}, {plainCSV, 0}}},
	{"CSV 200 k x 50", "wide", 200_000, ".csv", 5, []goal{{duckdb, 4}, {polars, 1.5}, {polarsText, 0}}},
	{"CSV 500 k of quoted text", "quoted", 500_000, ".csv", 5, []goal{{duckdb, 3}, {polars, 1}, {polarsText, 0}}},
	{"NDJSON 1 M x 9", "ndjson", 1_000_000, ".ndjson", 5, []goal{{duckdb, 1.3}, {plainJSON, 4}}},
	{"NDJSON 300 k x 9", "ndjson", 300_000, ".ndjson", 5, []goal{{duckdb, 1.3}, {plainJSON, 4}}},
	{"JSON array 300 k x 9", "array", 300_000, ".json", 5, []goal{{duckdb, 1.5}, {polars, 0}, {plainJSON, 0}}},
	{"xlsx 100 k x 10", "xlsx", 100_000, ".xlsx", 5, []goal{{excelRows, 8}, {inflate, 1.0 / 3}}},
}
