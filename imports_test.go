package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/dashira/dashira"

// mayImport is the rule of docs/ARCHITECTURE.md: of our packages, who may import which.
var mayImport = map[string][]string{
	"watcher":             {},
	"table":               {},
	"table/expr":          {"table"},
	"table/derive":        {"table", "table/expr"},
	"table/view":          {"table", "table/expr"},
	"ingest":              {"table"},
	"ingest/csv":          {"ingest", "table"},
	"ingest/json":         {"ingest", "table"},
	"ingest/parquet":      {"ingest", "table"},
	"ingest/excel":        {"ingest", "table"},
	"ingest/bench":        {"ingest", "ingest/csv", "ingest/json", "ingest/excel", "ingest/parquet", "table"},
	"dashboard/wire":      {},
	"dashboard/hub":       {},
	"dashboard/hub/sse":   {},
	"dashboard/hub/bench": {"dashboard/hub", "dashboard/hub/sse"},
	"dashboard/share":     {},
	"dashboard/metrics":   {"dashboard", "dashboard/hub", "dashboard/wire"},
	"dashboard/manifest":  {"ingest", "table/view", "table/derive", "table/expr", "table"},
	"dashboard":           {"dashboard/manifest", "dashboard/wire", "dashboard/hub", "ingest", "table/view", "table/derive", "table"},
	"dashboard/bench":     {"dashboard", "dashboard/hub", "dashboard/hub/sse", "dashboard/wire", "ingest", "ingest/csv", "table/view", "table"},
	"dashboard/web":       {"dashboard", "dashboard/hub", "dashboard/share", "dashboard/manifest", "dashboard/wire", "table/view", "table"},
	"soak":                {"dashboard/hub/sse", "dashboard/wire"},
	"assets":              {},
}

// doors names, for libraries that would otherwise spread, the packages that may import them.
var doors = map[string][]string{
	"github.com/fsnotify/fsnotify":        {"watcher"},
	"github.com/sabhiram/go-gitignore":    {"watcher"},
	"github.com/xuri/excelize":            {"ingest/excel", "ingest/bench"},
	"github.com/parquet-go/parquet-go":    {"ingest/parquet"},
	"github.com/labstack/echo":            {"dashboard/web"},
	"go.etcd.io/bbolt":                    {"dashboard/share"},
	"github.com/axiomhq/hyperloglog":      {"table"},
	"github.com/DataDog/sketches-go":      {"table/view"},
	"github.com/goccy/go-yaml":            {"dashboard/manifest"},
	"github.com/expr-lang/expr":           {"table/expr"},
	"github.com/apache/arrow-go":          {"table", "ingest", "ingest/parquet"},
	"github.com/prometheus/client_golang": {"dashboard/metrics"},
	"github.com/spf13/cobra":              {""},
	"golang.org/x/crypto":                 {"dashboard/share"},
	"github.com/klauspost/compress/zstd":  {"ingest"},
	"github.com/pierrec/lz4":              {"ingest/parquet"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, known := mayImport[name]
		if !known && name != "" {
			t.Errorf("%s has no place in docs/ARCHITECTURE.md", name)
			continue
		}
		for _, i := range p.Imports {
			if ours, ok := strings.CutPrefix(i, module+"/"); ok && name != "" && !slices.Contains(allowed, ours) {
				t.Errorf("%s may not import %s", name, ours)
			}
			for library, rooms := range doors {
				if strings.HasPrefix(i, library) && !slices.Contains(rooms, name) {
					t.Errorf("%s imports %s, whose door is %s", name, library, strings.Join(rooms, ", "))
				}
			}
		}
	}
	if seen < len(mayImport) {
		t.Errorf("only %d packages were listed", seen)
	}
}
