package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// sourceSpec is what is said of a source: how its file is to be read, and what its columns are.
type sourceSpec struct {
	name    *node
	reading ingest.Options
	pattern *ingest.Pattern // of the files it is made of; nil: of one
	columns []columnSpec
}

// Union is a source that is made of many files.
type Union struct {
	Name    string
	Pattern *ingest.Pattern // relative to the folder
}

// Unions returns the sources whose path is a pattern; a nil configuration has none.
func (c *Config) Unions() []Union {
	if c == nil {
		return nil
	}
	var all []Union
	for i := range c.sources {
		if s := &c.sources[i]; s.pattern != nil {
			all = append(all, Union{s.name.text, s.pattern})
		}
	}
	return all
}

// Reading returns how the file of a source is to be read; a nil configuration leaves all to be guessed.
func (c *Config) Reading(source string) ingest.Options {
	if c != nil {
		for i := range c.sources {
			if c.sources[i].name.text == source {
				return c.sources[i].reading
			}
		}
	}
	return ingest.Options{}
}

// ReadsLike says whether two configurations have a source read in the same way.
func (c *Config) ReadsLike(o *Config, source string) bool {
	return reflect.DeepEqual(c.Reading(source), o.Reading(source))
}

func (c *Config) readSource(name, n *node, p *problems) {
	s := sourceSpec{name: name}
	o := &s.reading
	places := map[string]*node{} // of the options, as ingest calls them
	text := func(key_, option string, to *string) key {
		return key{key_, func(n *node) {
			places[option] = n
			if word := p.scalar(n); word != "auto" {
				*to = word
			}
		}}
	}
	count := func(key_, option string, to **int) key {
		return key{key_, func(n *node) {
			places[option] = n
			if number, err := strconv.Atoi(p.scalar(n)); err == nil {
				*to = &number
			} else if n.text != "auto" {
				p.at(n, fmt.Sprintf("%q is not a number of rows.", n.text), "")
			}
		}}
	}
	words := func(key_ string, to *[]string) key {
		return key{key_, func(n *node) {
			if n.kind == scalar {
				*to = []string{n.text}
				return
			}
			for _, item := range p.list(n) {
				*to = append(*to, p.scalar(item))
			}
		}}
	}
	before := len(p.all)
	p.mapping(n, "a source", []key{
		text("delimiter", "delimiter", &o.Delimiter), text("quote", "quote", &o.Quote), text("escape", "escape", &o.Escape), text("comment", "comment", &o.Comment),
		text("encoding", "encoding", &o.Encoding), text("decimal", "decimal", &o.Decimal), text("dates", "dates", &o.Dates),
		text("sheet", "sheet", &o.Sheet), text("range", "range", &o.Range), text("records", "records", &o.Records),
		count("skip", "skip", &o.Skip), count("header_rows", "header-rows", &o.HeaderRows),
		words("key", &o.Key), words("nulls", &o.Nulls),
		{"on_error", func(n *node) {
			if p.scalar(n) != "quarantine" {
				p.at(n, fmt.Sprintf("%q is not supported yet.", n.text), "Only \"quarantine\" is, which is also what happens without it: bad cells are set aside and told.")
			}
		}},
		{"columns", func(n *node) {
			places["column"] = n
			s.readColumns(n, p)
		}},
		{"path", func(n *node) {
			text := p.scalar(n)
			if !ingest.IsPattern(text) {
				return
			}
			pattern, err := ingest.ParsePattern(text)
			if err != nil {
				p.at(n, "This is no pattern of files: "+err.Error()+".", "Write it as orders/*.csv.")
				return
			}
			s.pattern = pattern
		}},
	})
	if len(p.all) == before {
		settled, err := o.Settled()
		var bad *ingest.OptionError
		if errors.As(err, &bad) {
			at, ok := places[bad.Option]
			if !ok {
				at = name
			}
			p.at(at, "This "+bad.Error()+".", "")
		}
		s.reading = settled
	}
	c.sources = append(c.sources, s)
}

// readColumns reads what is said of the columns: how they are read, and the part they play.
func (s *sourceSpec) readColumns(n *node, p *problems) {
	var t tableSpec
	p.entries(n, func(name, value *node) {
		col := t.column(name)
		var how ingest.ColumnOptions
		p.mapping(value, "a column", append(p.columnKeys(col),
			key{"type", func(n *node) {
				word := p.scalar(n)
				if named, ok := typeWords[word]; ok {
					word = named
				}
				typ, err := table.ParseType(word)
				if err != nil || typ == table.Null {
					p.unknown(n, n.text, "a type", []string{"bool", "int", "float", "number", "string", "date", "time", "timestamp", "datetime", "duration", "nested"})
				}
				how.Type = typ
			}},
			key{"format", func(n *node) { how.Format = p.scalar(n) }},
		))
		if how != (ingest.ColumnOptions{}) {
			if s.reading.Columns == nil {
				s.reading.Columns = map[string]ingest.ColumnOptions{}
			}
			s.reading.Columns[name.text] = how
		}
	})
	s.columns = t.columns
}

// typeWords are words for types that people use beside those of package table.
var typeWords = map[string]string{"number": "float", "datetime": "timestamp", "text": "string", "boolean": "bool", "integer": "int"}
