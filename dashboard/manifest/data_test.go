package manifest_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
)

// read returns the table in a file of testdata: CSV, or a JSON array of flat objects.
func read(t *testing.T, name string) *table.Table {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var rows [][]string
	if filepath.Ext(name) == ".csv" {
		all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		names, rows = all[0], all[1:]
	} else if names, rows, err = objects(data); err != nil {
		t.Fatal(err)
	}
	return typed(names, rows)
}

// objects reads an array of flat objects; the columns stand in the order of their first appearance.
func objects(data []byte) (names []string, rows [][]string, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	at := map[string]int{}
	if _, err = d.Token(); err != nil {
		return nil, nil, err
	}
	for d.More() {
		if _, err = d.Token(); err != nil {
			return nil, nil, err
		}
		row := make([]string, len(names))
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, nil, err
			}
			var value any
			if err := d.Decode(&value); err != nil {
				return nil, nil, err
			}
			i, ok := at[key.(string)]
			if !ok {
				i = len(names)
				at[key.(string)] = i
				names = append(names, key.(string))
			}
			for len(row) <= i {
				row = append(row, "")
			}
			if value != nil {
				row[i] = fmt.Sprint(value)
			}
		}
		if _, err = d.Token(); err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return names, rows, nil
}

// typed gives each column the narrowest type that all of its texts have; the empty text is null.
func typed(names []string, rows [][]string) *table.Table {
	fields := make([]table.Field, len(names))
	parsers := make([]func(string) (table.Value, bool), len(names))
	kinds := []struct {
		t     table.Type
		parse func(string) (table.Value, bool)
	}{
		{table.Bool, func(s string) (table.Value, bool) {
			return table.BoolValue(s == "true"), s == "true" || s == "false"
		}},
		{table.Int, func(s string) (table.Value, bool) {
			n, err := strconv.ParseInt(s, 10, 64)
			return table.IntValue(table.Int, n), err == nil && (len(s) == 1 || s[0] != '0')
		}},
		{table.Float, func(s string) (table.Value, bool) {
			f, err := strconv.ParseFloat(s, 64)
			return table.FloatValue(f), err == nil && (len(s) == 1 || s[0] != '0' || s[1] == '.')
		}},
		{table.Date, func(s string) (table.Value, bool) { return parseTime(table.Date, s) }},
		{table.Timestamp, func(s string) (table.Value, bool) { return parseTime(table.Timestamp, s) }},
		{table.String, func(s string) (table.Value, bool) { return table.TextValue(table.String, s), true }},
	}
	for i, name := range names {
		fields[i] = table.Field{Name: name}
		for _, k := range kinds {
			fits, filled := true, false
			for _, row := range rows {
				if i < len(row) && row[i] != "" {
					_, ok := k.parse(row[i])
					fits, filled = fits && ok, true
				}
			}
			if !filled {
				break
			}
			if fits {
				fields[i].Type, parsers[i] = k.t, k.parse
				break
			}
		}
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	for _, row := range rows {
		cells := make([]table.Value, len(names))
		for i, text := range row {
			if text != "" && parsers[i] != nil {
				cells[i], _ = parsers[i](text)
			}
		}
		b.Append(cells...)
	}
	return b.Table()
}

func parseTime(t table.Type, s string) (table.Value, bool) {
	layouts := []string{"2006-01-02", "Jan 2 2006", "1/2/2006", "2006/01/02"}
	if t == table.Timestamp {
		layouts = []string{"2006-01-02T15:04:05.999Z", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04"}
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, s); err == nil {
			if t == table.Date {
				return table.IntValue(table.Date, at.Unix()/86_400), true
			}
			return table.IntValue(table.Timestamp, at.UnixMicro()), true
		}
	}
	return table.Value{}, false
}

// lines makes a table of CSV text.
func lines(t *testing.T, text string) *table.Table {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimSpace(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return typed(all[0], all[1:])
}
