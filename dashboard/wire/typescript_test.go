package wire_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/wire"
)

var update = flag.Bool("update", false, "rewrite the generated TypeScript")

// events pairs every event name with its payload: the union that the page's reducer switches over.
var events = []struct {
	name    string
	payload any
}{
	{wire.EventHello, wire.Hello{}},
	{wire.EventSnapshot, wire.Snapshot{}},
	{wire.EventLayout, wire.Layout{}},
	{wire.EventPatch, wire.Patch{}},
	{wire.EventSource, wire.Source{}},
	{wire.EventAlert, wire.Alert{}},
	{wire.EventViewers, wire.Viewers{}},
	{wire.EventHeartbeat, wire.Heartbeat{}},
	{wire.EventGoodbye, wire.Goodbye{}},
}

var documents = []any{
	wire.Tables{}, wire.Sources{}, wire.Diagnostics{}, wire.Dashboards{}, wire.DashboardSpec{}, wire.DashboardEdit{}, wire.DraftRequest{}, wire.Draft{}, wire.Values{}, wire.Profile{}, wire.History{},
	wire.ShareRequest{}, wire.ShareCreated{}, wire.Shares{}, wire.SessionRequest{}, wire.Session{}, wire.Launch{}, wire.Boot{},
	wire.Problem{}, wire.RowsSchema{}, wire.RowsReset{}, wire.RowsAppend{}, wire.RowsUpdate{}, wire.RowsDelete{},
}

func TestTypeScriptIsWhatTheGoTypesSay(t *testing.T) {
	g := &generator{seen: map[reflect.Type]bool{}}
	var union strings.Builder
	for _, e := range events {
		name := g.declare(reflect.TypeOf(e.payload))
		fmt.Fprintf(&union, "  | { type: '%s'; data: %s }\n", e.name, name)
	}
	var rowUnion strings.Builder
	for _, e := range rowEvents {
		fmt.Fprintf(&rowUnion, "  | { type: '%s'; data: %s }\n", e.name, g.declare(reflect.TypeOf(e.payload)))
	}
	for _, d := range documents {
		g.declare(reflect.TypeOf(d))
	}
	var out bytes.Buffer
	out.WriteString("// Generated from dashboard/wire by its test; `go test ./dashboard/wire -update` rewrites it.\n\n")
	out.WriteString("/** One cell of a frame. */\nexport type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };\n\n")
	out.WriteString("/** Every event of a dashboard's stream. */\nexport type Event =\n")
	out.WriteString(strings.TrimSuffix(union.String(), "\n") + ";\n")
	out.WriteString("\n/** Every event of a table's stream, beside hello, heartbeat and goodbye. */\nexport type RowEvent =\n")
	out.WriteString(strings.TrimSuffix(rowUnion.String(), "\n") + ";\n")
	out.WriteString(g.out.String())

	path := filepath.Join("..", "..", "assets", "src", "wire.ts")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is not what the Go types say; run go test ./dashboard/wire -update", path)
	}
}

type generator struct {
	seen map[reflect.Type]bool
	out  strings.Builder
}

// declare writes the interface of a struct once, those it needs before it, and returns its name.
func (g *generator) declare(t reflect.Type) string {
	if g.seen[t] {
		return t.Name()
	}
	g.seen[t] = true
	var b strings.Builder
	fmt.Fprintf(&b, "\nexport interface %s {\n", t.Name())
	for i := range t.NumField() {
		f := t.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		optional := ""
		if strings.Contains(options, "omitempty") {
			optional = "?"
		}
		kind := g.kind(f.Type)
		if f.Type.Kind() == reflect.Pointer && optional == "" {
			kind += " | null"
		}
		fmt.Fprintf(&b, "  %s%s: %s;\n", tag, optional, kind)
	}
	b.WriteString("}\n")
	g.out.WriteString(b.String())
	return t.Name()
}

func (g *generator) kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		return "number"
	case reflect.Pointer:
		return g.kind(t.Elem())
	case reflect.Slice:
		return g.kind(t.Elem()) + "[]"
	case reflect.Map:
		return "Record<string, " + g.kind(t.Elem()) + ">"
	case reflect.Interface:
		return "Cell"
	case reflect.Struct:
		return g.declare(t)
	}
	panic("wire has no TypeScript for " + t.String())
}
