package ingest

import (
	"math"

	"github.com/dashira/dashira/table"
)

// Report is what was understood of a file, for programs. Of a file with several sheets, columns, dialect, records and
// key are those of the first one that is not hidden; the others are read by their names.
type Report struct {
	Format      string             `json:"format"`
	Encoding    string             `json:"encoding"`
	Bytes       int64              `json:"bytes"`
	Rows        int64              `json:"rows"`
	Columns     []ReportColumn     `json:"columns"`
	Dialect     *ReportDialect     `json:"dialect"`
	Sheets      []ReportSheet      `json:"sheets"`
	Records     string             `json:"records"`
	Key         []string           `json:"key"`
	Diagnostics []ReportDiagnostic `json:"diagnostics"`
}

// ReportColumn is one column of a [Report].
type ReportColumn struct {
	Name       string          `json:"name"`
	Label      string          `json:"label"`
	Type       string          `json:"type"`
	Unit       string          `json:"unit"`
	Nulls      int64           `json:"nulls"`
	Distinct   int64           `json:"distinct"`
	Confidence float64         `json:"confidence"`
	Reason     string          `json:"reason"`
	Examples   []string        `json:"examples"`
	FirstBad   *ReportFirstBad `json:"first_bad"`
}

// ReportFirstBad is the first value that did not fit its column.
type ReportFirstBad struct {
	File  string `json:"file,omitempty"` // of a union
	Line  int    `json:"line"`
	Value string `json:"value"`
}

// ReportDialect is how a CSV file is written; null for other formats.
type ReportDialect struct {
	Delimiter  string `json:"delimiter"`
	Quote      string `json:"quote"`
	Escape     string `json:"escape"`
	Header     bool   `json:"header"`
	HeaderRows int    `json:"header_rows"`
	Skip       int    `json:"skip"`
	Comment    string `json:"comment"`
	Encoding   string `json:"encoding"`
	Decimal    string `json:"decimal"`
	Newline    string `json:"newline"`

	Confidence   float64 `json:"confidence"`    // of the delimiter
	Reason       string  `json:"reason"`        // why this delimiter
	HeaderReason string  `json:"header_reason"` // why these rows are the names
}

// ReportSheet is one table of the file; Table says whether it was read as one.
type ReportSheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
	Rows   int64  `json:"rows"`
	Cells  int64  `json:"cells"`
	Table  bool   `json:"table"`
}

// ReportDiagnostic is one diagnostic of a [Report].
type ReportDiagnostic struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	File     string   `json:"file,omitempty"` // of a union
	Line     int      `json:"line"`
	Column   string   `json:"column"`
	Value    string   `json:"value"`
	Count    int      `json:"count"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
}

// Report returns what was understood, with empty lists and not null.
func (l *Load) Report() Report {
	r := Report{Format: l.Format, Encoding: l.Encoding, Bytes: l.Bytes, Columns: []ReportColumn{}, Sheets: []ReportSheet{}, Key: []string{}, Diagnostics: []ReportDiagnostic{}}
	main := l.Main()
	if main != nil {
		r.Rows, r.Records = main.Table.Rows(), main.Records
		r.Key = append(r.Key, main.Key...)
		for i := range main.Columns {
			r.Columns = append(r.Columns, main.Columns[i].report())
		}
		if d := main.Dialect; d != nil {
			r.Dialect = &ReportDialect{Delimiter: d.Delimiter, Quote: d.Quote, Escape: d.Escape, Header: main.Header.Rows > 0, HeaderRows: main.Header.Rows,
				Skip: main.Header.Skip, Comment: d.Comment, Encoding: l.Encoding, Decimal: d.Decimal, Newline: d.Newline,
				Confidence: math.Round(d.Confidence*1e4) / 1e4, Reason: d.Reason, HeaderReason: main.Header.Reason}
		}
	}
	for i := range l.Sheets {
		s := &l.Sheets[i]
		r.Sheets = append(r.Sheets, ReportSheet{Name: s.Name, Hidden: s.Hidden, Rows: s.Table.Rows(), Cells: s.Cells, Table: true})
	}
	for _, name := range l.Empty {
		r.Sheets = append(r.Sheets, ReportSheet{Name: name})
	}
	for _, d := range l.Diagnostics {
		if d.Code == HiddenSheet && d.Sheet != "" {
			r.Sheets = append(r.Sheets, ReportSheet{Name: d.Sheet, Hidden: true})
		}
		r.Diagnostics = append(r.Diagnostics, ReportDiagnostic{Code: d.Code, Severity: d.Severity, File: d.File, Line: d.Line, Column: d.Column, Value: d.Value, Count: d.Count, Message: d.Message, Hint: d.Hint})
	}
	return r
}

// Main returns the sheet that stands for the file: the first one that is not hidden, nil when there is none.
func (l *Load) Main() *Sheet {
	for i := range l.Sheets {
		if !l.Sheets[i].Hidden {
			return &l.Sheets[i]
		}
	}
	if len(l.Sheets) > 0 {
		return &l.Sheets[0]
	}
	return nil
}

func (c *Column) report() ReportColumn {
	r := ReportColumn{Name: c.Name, Label: c.Label, Type: c.Type.String(), Unit: c.Unit, Nulls: c.Nulls, Distinct: c.Distinct,
		Confidence: math.Round(c.Confidence*1e4) / 1e4, Reason: c.Reason, Examples: append([]string{}, c.Examples...)}
	if r.Label == "" {
		r.Label = c.Name
	}
	if c.FirstBad != nil {
		r.FirstBad = &ReportFirstBad{File: c.FirstBad.File, Line: c.FirstBad.Line, Value: c.FirstBad.Value}
	}
	return r
}

// decimalOf returns the decimal mark that the columns were read with, "" when no number has one.
func decimalOf(columns []*column) string {
	mark := ""
	for _, c := range columns {
		d := &c.verdict.decision
		if d.read != readNumber || d.typ != table.Float {
			continue
		}
		if d.decimal == ',' {
			return ","
		}
		mark = "."
	}
	return mark
}
