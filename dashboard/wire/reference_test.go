package wire_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestTheReferenceIsWhatTheGoTypesSay writes docs/events-reference.md: every event with its fields, and every type that
// they are made of, in the words of the source.
func TestTheReferenceIsWhatTheGoTypesSay(t *testing.T) {
	r := &reference{comments: readComments(t), seen: map[reflect.Type]bool{}}
	r.out.WriteString("# Events: every field\n\nGenerated from `dashboard/wire` by its test, like the JSON Schema that the server answers at " +
		"`/api/v1/events.schema.json`. How a stream\nbehaves is in [events.md](events.md).\n")
	r.out.WriteString("\n## Of a dashboard's stream\n")
	for _, e := range events {
		r.event(e.name, reflect.TypeOf(e.payload))
	}
	r.out.WriteString("\n## Of a table's stream\n\n`hello`, `heartbeat` and `goodbye` as above.\n")
	for _, e := range rowEvents {
		r.event(e.name, reflect.TypeOf(e.payload))
	}
	r.out.WriteString("\n## What they are made of\n")
	for len(r.queue) > 0 {
		next := r.queue[0]
		r.queue = r.queue[1:]
		fmt.Fprintf(&r.out, "\n### %s\n", next.Name())
		r.fields(next)
	}
	path := filepath.Join("..", "..", "docs", "events-reference.md")
	if *update {
		if err := os.WriteFile(path, r.out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, r.out.Bytes()) {
		t.Errorf("%s is not what the Go types say; run go test ./dashboard/wire -update", path)
	}
}

type reference struct {
	comments comments
	out      bytes.Buffer
	seen     map[reflect.Type]bool
	queue    []reflect.Type // structs that were named and are to be described
}

func (r *reference) event(name string, payload reflect.Type) {
	fmt.Fprintf(&r.out, "\n### `%s`\n", name)
	r.fields(payload)
}

// fields writes what the source says of a struct, and a table of its fields.
func (r *reference) fields(t reflect.Type) {
	text := strings.TrimSpace(strings.TrimPrefix(r.comments[t.Name()], t.Name()))
	paragraph, list, _ := strings.Cut(strings.TrimPrefix(text, "is "), "\n\n")
	if paragraph != "" {
		fmt.Fprintf(&r.out, "\n%s\n", strings.ToUpper(paragraph[:1])+paragraph[1:])
	}
	if list != "" {
		fmt.Fprintf(&r.out, "\n```\n%s\n```\n", strings.ReplaceAll(list, "\t", ""))
	}
	r.out.WriteString("\n| field | type | |\n|---|---|---|\n")
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := r.kind(f.Type)
		switch {
		case strings.Contains(options, "omitempty"):
			kind += ", may be missing"
		case f.Type.Kind() == reflect.Pointer:
			kind += " or null"
		}
		fmt.Fprintf(&r.out, "| `%s` | %s | %s |\n", name, kind, strings.ReplaceAll(r.comments[t.Name()+"."+f.Name], "|", "\\|"))
	}
}

func (r *reference) kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Pointer:
		return r.kind(t.Elem())
	case reflect.Slice:
		return "list of " + r.kind(t.Elem())
	case reflect.Map:
		return "object of " + r.kind(t.Elem())
	case reflect.Interface:
		return "cell"
	case reflect.Struct:
		if !r.seen[t] {
			r.seen[t] = true
			r.queue = append(r.queue, t)
		}
		return "[" + t.Name() + "](#" + strings.ToLower(t.Name()) + ")"
	}
	panic("wire has no words for " + t.String())
}
