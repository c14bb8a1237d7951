package web

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/table"
)

var errFormat = errors.New("there is no such format")

// The formats in which rows are sent: those that are text here, the others by [Options.Writers].
var formats = []string{"json", "ndjson", "csv", "arrow", "parquet"}

// Writer writes rows in a format of files.
type Writer struct {
	ContentType string
	Write       func(io.Writer, *table.Schema, iter.Seq2[*table.Table, error]) error
}

// maxRows bounds the rows that one answer of JSON, which is read whole, may hold.
const maxRows = 100_000

// rows streams the rows of a table; the answer is never held whole.
func (s *Server) rows(c echo.Context) error {
	selection, err := dashboard.ParseSelection(c.QueryParams())
	if err != nil {
		return err
	}
	q := dashboard.RowsQuery{Dashboard: c.QueryParam("dashboard"), Selection: selection, Search: c.QueryParam("q"), Sort: c.QueryParam("sort")}
	if text := c.QueryParam("columns"); text != "" {
		q.Columns = dashboard.SplitList(text)
	}
	if q.Revision, err = revision(c, "at"); err != nil {
		return err
	}
	if q.Offset, err = count(c, "offset"); err != nil {
		return err
	}
	if q.Limit, err = count(c, "limit"); err != nil {
		return err
	}
	format := c.QueryParam("format")
	if format == "" {
		format = "json"
	}
	if format == "json" && (q.Limit == 0 || q.Limit > maxRows) {
		q.Limit = maxRows
	}
	var write func(io.Writer, *dashboard.Rows) error
	h := c.Response().Header()
	switch format {
	case "json":
		h.Set("Content-Type", "application/json")
		write = writeJSON
	case "ndjson":
		h.Set("Content-Type", "application/x-ndjson")
		write = writeNDJSON
	case "csv":
		h.Set("Content-Type", "text/csv; charset=utf-8")
		write = writeCSV
	default:
		other, ok := s.o.Writers[format]
		if !ok {
			return errFormat
		}
		h.Set("Content-Type", other.ContentType)
		write = func(w io.Writer, rows *dashboard.Rows) error { return other.Write(w, rows.Schema, rows.Parts) }
	}
	rows, err := s.o.Model.Rows(c.Request().Context(), scopeOf(c), c.Param("table"), q)
	if err != nil {
		h.Del("Content-Type")
		return err
	}
	if format != "json" && format != "ndjson" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": rows.Table.Name + "." + format}))
	}
	h.Set("Dashira-Revision", strconv.FormatUint(rows.Revision, 10))
	if rows.Total >= 0 {
		h.Set("Dashira-Rows", strconv.FormatInt(rows.Total, 10))
	}
	h.Set("Cache-Control", "no-store")
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	w := bufio.NewWriterSize(&patient{c.Response()}, 64<<10)
	if err := write(w, rows); err != nil {
		s.o.Logger.Debug("sending rows", "table", rows.Table.Name, "error", err)
		return nil // the status is out; the client sees the end cut off
	}
	return w.Flush()
}

// patient gives each write a deadline of its own: a reader may be slow for as long as it reads.
type patient struct{ w http.ResponseWriter }

func (p *patient) Write(b []byte) (int, error) {
	err := http.NewResponseController(p.w).SetWriteDeadline(time.Now().Add(15 * time.Second))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.w.Write(b)
}

func count(c echo.Context, name string) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, &dashboard.BadSelection{Parameter: name, Reason: "this is not a number of rows"}
	}
	return n, nil
}

// each calls row for every row of an answer.
func each(rows *dashboard.Rows, row func(cells []table.Value) error) error {
	cells := make([]table.Value, rows.Schema.Len())
	for part, err := range rows.Parts {
		if err != nil {
			return err
		}
		for _, chunk := range part.Chunks() {
			for r := range chunk.Rows() {
				for i := range cells {
					cells[i] = chunk.Column(i).Value(r)
				}
				if err := row(cells); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func writeNDJSON(w io.Writer, rows *dashboard.Rows) error {
	return writeObjects(w, rows, "", "\n", "\n")
}

func writeJSON(w io.Writer, rows *dashboard.Rows) error {
	if _, err := io.WriteString(w, "["); err != nil {
		return err
	}
	if err := writeObjects(w, rows, "", ",\n", ""); err != nil {
		return err
	}
	_, err := io.WriteString(w, "]\n")
	return err
}

// writeObjects writes one object a row, with the columns in their order.
func writeObjects(w io.Writer, rows *dashboard.Rows, first, between, last string) error {
	names := make([][]byte, rows.Schema.Len())
	for i := range names {
		name, err := json.Marshal(rows.Schema.Field(i).Name)
		if err != nil {
			return err
		}
		names[i] = append(name, ':')
	}
	separator := first
	var line []byte
	wrote := false
	err := each(rows, func(cells []table.Value) error {
		line = append(line[:0], separator...)
		line = append(line, '{')
		for i, v := range cells {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(line, names[i]...)
			cell, err := json.Marshal(dashboard.Cell(rows.Schema.Field(i), v, dashboard.Exact(v)))
			if err != nil {
				return err
			}
			line = append(line, cell...)
		}
		line = append(line, '}')
		separator, wrote = between, true
		_, err := w.Write(line)
		return err
	})
	if err == nil && wrote {
		_, err = io.WriteString(w, last)
	}
	return err
}

// writeCSV writes what a spreadsheet will read: text that it would take for a formula gets an apostrophe.
func writeCSV(w io.Writer, rows *dashboard.Rows) error {
	out := csv.NewWriter(w)
	record := make([]string, rows.Schema.Len())
	for i := range record {
		record[i] = defuse(rows.Schema.Field(i).Name)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	err := each(rows, func(cells []table.Value) error {
		for i, v := range cells {
			record[i] = rows.Schema.Field(i).Format(v)
			if v.Type().Textual() {
				record[i] = defuse(record[i])
			}
		}
		return out.Write(record)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// defuse keeps a spreadsheet from running a text.
func defuse(text string) string {
	if text == "" {
		return text
	}
	switch first := []rune(text)[0]; first {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		return "'" + text
	}
	return text
}
