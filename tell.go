package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// teller prints events: as they came, one JSON object a line, or in a person's words.
type teller struct {
	out  io.Writer
	json bool
	now  func() time.Time

	read bool // the rows of the followed table were to be read once
}

// mostTold is how many rows of one event a person is told.
const mostTold = 20

// tell writes one event.
func (t *teller) tell(e sse.Event) error {
	if t.json {
		line, err := json.Marshal(struct {
			Event string          `json:"event"`
			ID    string          `json:"id,omitempty"`
			Data  json.RawMessage `json:"data"`
		}{e.Type, e.ID, e.Data})
		if err != nil {
			return fmt.Errorf("the server sent what is no JSON: %w", err)
		}
		_, err = fmt.Fprintln(t.out, string(line))
		return err
	}
	lines, err := t.words(e)
	if err != nil {
		return fmt.Errorf("read %s: %w", e.Type, err)
	}
	at := t.now().Format(time.TimeOnly)
	for _, line := range lines {
		if _, err := fmt.Fprintf(t.out, "%s  %s\n", at, plain(line)); err != nil {
			return err
		}
	}
	return nil
}

// payload reads the data of an event. Numbers keep their digits: a person who compares them with the file sees the same.
func payload[T any](e sse.Event) (T, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(e.Data))
	d.UseNumber()
	err := d.Decode(&v)
	return v, err
}

func (t *teller) words(e sse.Event) ([]string, error) {
	switch e.Type {
	case wire.EventHeartbeat, wire.EventHello:
		return nil, nil
	case wire.EventSource:
		s, err := payload[wire.Source](e)
		switch {
		case err != nil:
			return nil, err
		case s.Error != nil:
			return []string{s.Name + "  " + s.Error.Message + place(s.Error)}, nil
		case s.State == wire.StateOK:
			return []string{fmt.Sprintf("%s  rev %d  +%d ~%d −%d, %d rows", s.Name, s.Revision, s.Added, s.Changed, s.Removed, s.Rows)}, nil
		}
		return []string{s.Name + "  " + s.State}, nil
	case wire.EventPatch:
		p, err := payload[wire.Patch](e)
		return []string{fmt.Sprintf("%s  rev %d, %d rows", p.Panel, p.Revision, p.Length)}, err
	case wire.EventGoodbye:
		g, err := payload[wire.Goodbye](e)
		return []string{"goodbye: " + g.Reason}, err
	case wire.EventSchema:
		s, err := payload[wire.RowsSchema](e)
		var columns []string
		for _, c := range s.Columns {
			columns = append(columns, c.Name)
		}
		return []string{s.Table + "  " + strings.Join(columns, ", ")}, err
	case wire.EventReset:
		r, err := payload[wire.RowsReset](e)
		line := fmt.Sprintf("rev %d, %d rows", r.Revision, r.Rows)
		if t.read {
			line += "; what changed until here cannot be told row by row"
		}
		t.read = true
		return []string{line}, err
	case wire.EventAppend:
		a, err := payload[wire.RowsAppend](e)
		if len(a.Values) == 0 {
			return nil, err
		}
		return some(len(a.Values[0]), func(k int) string { return "+ " + strings.Join(row(a.Values, k), ", ") }), err
	case wire.EventUpdate:
		u, err := payload[wire.RowsUpdate](e)
		return some(len(u.At), func(k int) string {
			line := "~ " + t.name(u.Keys, u.At, k)
			for i, column := range u.Columns {
				line += "  " + column + " " + cell(u.Old, i, k) + " → " + cell(u.Values, i, k)
			}
			return line
		}), err
	case wire.EventDelete:
		d, err := payload[wire.RowsDelete](e)
		return some(len(d.At), func(k int) string { return "− " + t.name(d.Keys, d.At, k) }), err
	}
	return []string{e.Type}, nil
}

// some are the lines of the first rows, and how many more there are.
func some(n int, line func(k int) string) []string {
	var lines []string
	for k := range min(n, mostTold) {
		lines = append(lines, line(k))
	}
	if n > mostTold {
		lines = append(lines, fmt.Sprintf("… and %d more", n-mostTold))
	}
	return lines
}

// name is what a person calls row k of an event: its key, or else its place.
func (t *teller) name(keys [][]any, at []int64, k int) string {
	if len(keys) > 0 {
		return strings.Join(row(keys, k), ", ")
	}
	return fmt.Sprintf("row %d", at[k]+1)
}

func row(values [][]any, k int) []string {
	var cells []string
	for i := range values {
		cells = append(cells, cell(values, i, k))
	}
	return cells
}

// cell is the text of cell k of column i; a server that sends arrays too short gets a question mark.
func cell(values [][]any, i, k int) string {
	if i >= len(values) || k >= len(values[i]) {
		return "?"
	}
	switch v := values[i][k].(type) {
	case nil:
		return "–"
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(b)
	}
}
