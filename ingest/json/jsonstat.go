package json

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/dashira/dashira/ingest"
)

// cube is a dataset of JSON-stat (json-stat.org, version 2.0): values in the order of the categories of its dimensions,
// the last one changing fastest.
type cube struct {
	Class     string   `json:"class"`
	ID        []string `json:"id"`
	Size      []int    `json:"size"`
	Dimension map[string]struct {
		Category struct {
			Index json.RawMessage   `json:"index"` // a list of codes, or the place of each
			Label map[string]string `json:"label"`
		} `json:"category"`
	} `json:"dimension"`
	Value json.RawMessage `json:"value"`
}

// stat reads a JSON-stat dataset as one row for each value: a column for each dimension, with the labels of its
// categories where it has some, and the value. It is nil for other documents and for a dataset that contradicts itself.
func (s *searcher) stat(in *ingest.Input, top int) (*ingest.Draft, error) {
	if s.b[top] != '{' || !bytes.Contains(s.b, []byte(`"dimension"`)) {
		return nil, nil
	}
	var c cube
	if json.Unmarshal(s.b[top:], &c) != nil || c.Class != "" && c.Class != "dataset" || len(c.ID) == 0 || len(c.Size) != len(c.ID) {
		return nil, nil
	}
	total := 1
	labels := make([][]string, len(c.ID))
	for d, id := range c.ID {
		n := c.Size[d]
		if labels[d] = c.categories(id, n); labels[d] == nil || n <= 0 || int64(total) > in.Limits.Cells/int64(n) {
			return nil, nil
		}
		total *= n
	}
	var list []json.RawMessage
	var sparse map[string]json.RawMessage
	if json.Unmarshal(c.Value, &list) != nil && json.Unmarshal(c.Value, &sparse) != nil || list != nil && len(list) != total {
		return nil, nil
	}
	if err := in.Reserve(int64(total) * int64(len(c.ID)+1) * 16); err != nil {
		return nil, err
	}
	m := &ingest.Memory{Cells: make([][]ingest.Ref, len(c.ID)+1)}
	places := make([][]ingest.Ref, len(c.ID)) // of the labels in the text
	for d := range labels {
		for _, l := range labels[d] {
			places[d] = append(places[d], ingest.At(ingest.Text, len(m.Text), len(l)))
			m.Text = append(m.Text, l...)
		}
	}
	line, _ := place(s.b, top)
	add := func(row int, value json.RawMessage) {
		rest := row
		for d := len(c.ID) - 1; d >= 0; d-- {
			m.Cells[d] = append(m.Cells[d], places[d][rest%c.Size[d]])
			rest /= c.Size[d]
		}
		at := len(m.Text)
		m.Text = append(m.Text, value...)
		var cell ingest.Ref
		if len(value) > 0 {
			if cell = ref(m.Text, at, len(m.Text), &m.Text); cell.Kind() == ingest.List {
				cell = ingest.Ref{}
			}
		}
		m.Cells[len(c.ID)] = append(m.Cells[len(c.ID)], cell)
		m.Lines = append(m.Lines, int32(line-1))
	}
	for row := range total {
		if list != nil {
			add(row, list[row])
		} else if v, ok := sparse[strconv.Itoa(row)]; ok {
			add(row, v)
		}
	}
	m.Done()
	names := append(slices.Clone(c.ID), "value")
	columns := ingest.Names([][]string{names}, len(names), in.Limits.HeaderCell, line, in.Diagnoses, "")
	return &ingest.Draft{Names: columns, First: line, Strict: true, Rows: m, Identity: fmt.Sprintf("stat %q", columns)}, nil
}

// categories returns what the n categories of a dimension are called, in order; nil when they are not so many.
func (c *cube) categories(id string, n int) []string {
	category := c.Dimension[id].Category
	var codes []string
	var places map[string]int
	switch {
	case json.Unmarshal(category.Index, &codes) == nil:
	case json.Unmarshal(category.Index, &places) == nil:
		codes = make([]string, max(n, 0))
		for code, at := range places {
			if at < 0 || at >= n {
				return nil
			}
			codes[at] = code
		}
	default:
		for code := range category.Label { // of one category, the index may be left out
			codes = append(codes, code)
		}
	}
	if len(codes) != n {
		return nil
	}
	for i, code := range codes {
		if label := category.Label[code]; label != "" {
			codes[i] = label
		}
	}
	return codes
}
