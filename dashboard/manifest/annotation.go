package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// Annotation is a table of moments and what is to be said of them, which stands on the charts over time.
type Annotation struct {
	Table string
	Time  string // column
	Text  string // column
}

// annotationSpec is an annotation as written.
type annotationSpec struct{ at, file, time, text *node }

func (p *problems) readAnnotation(n *node) (annotationSpec, bool) {
	a := annotationSpec{at: n}
	p.mapping(n, "an annotation", []key{
		{"file", func(n *node) { p.scalar(n); a.file = n }},
		{"time", func(n *node) { p.scalar(n); a.time = n }},
		{"text", func(n *node) { p.scalar(n); a.text = n }},
	})
	if n.kind == mapping && (a.file == nil || a.time == nil || a.text == nil) {
		p.at(n, "This annotation does not say from which file, when and what.", "Write it as {file: notes.csv, time: at, text: note}.")
		return a, false
	}
	return a, n.kind == mapping
}

// tableOf is the name of the table that a file goes by: its own without its ending.
func tableOf(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// annotations checks what is written against the tables that there are.
func (s *subject) annotations(specs []annotationSpec, p *problems) []Annotation {
	var all []Annotation
	for _, spec := range specs {
		name := spec.file.text
		other := s.other(name)
		if other == nil {
			name = tableOf(name)
			other = s.other(name)
		}
		if other == nil {
			var names []string
			if s.Names != nil {
				names = slices.DeleteFunc(s.Names(), func(o string) bool { return o == s.base })
			}
			p.unknown(spec.file, spec.file.text, "a file here", names)
			continue
		}
		if !s.study.timed {
			p.at(spec.at, fmt.Sprintf("The table %s has no time axis for annotations to stand on.", s.Name), "Name it with \"time\" under the table.")
			continue
		}
		schema := other.Schema()
		known := func(n *node) (table.Field, bool) {
			if i := schema.Index(n.text); i >= 0 {
				return schema.Field(i), true
			}
			names := make([]string, schema.Len())
			for i := range names {
				names[i] = schema.Field(i).Name
			}
			p.unknown(n, n.text, "a column of "+name, names)
			return table.Field{}, false
		}
		at, ok := known(spec.time)
		if _, there := known(spec.text); !ok || !there {
			continue
		}
		if !at.Type.Temporal() {
			p.at(spec.time, fmt.Sprintf("%q holds %s values and not dates or timestamps.", at.Name, at.Type), "")
			continue
		}
		all = append(all, Annotation{Table: name, Time: spec.time.text, Text: spec.text.text})
	}
	return all
}

// annotationsText writes the annotations of a dashboard.
func annotationsText(b *strings.Builder, all []Annotation) {
	if len(all) == 0 {
		return
	}
	b.WriteString("    annotations:\n")
	for _, a := range all {
		fmt.Fprintf(b, "      - {file: %s, time: %s, text: %s}\n", quote(a.Table), quote(a.Time), quote(a.Text))
	}
}
