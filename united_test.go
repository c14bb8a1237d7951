package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/watcher"
)

// live serves files and folders until the test ends, without a browser.
func live(t *testing.T, roots ...string) *dashboard.Model {
	t.Helper()
	return liveBy(t, ingest.NewLoader(ingest.LoaderOptions{}, readers()...), roots...)
}

// liveBy is live with a loader of the test's own.
func liveBy(t *testing.T, loader *ingest.Loader, roots ...string) *dashboard.Model {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	events := hub.New(hub.Options{Logger: log})
	var watched *watched
	model := dashboard.New(dashboard.Options{Hub: events, Logger: log, Zone: time.UTC, OnReading: func(files []string) { watched.reload(files) }})
	watched, err := openRoots(serveOptions{roots: roots, state: t.TempDir()}, loader, model, func(watcher.Notice) {})
	if err != nil {
		t.Fatal(err)
	}
	line := &pipeline{loader: loader, model: model, log: log, loaded: func(string, time.Duration, bool) {}}
	line.firstWritten(watched.roots)
	line.unions = newUnions(line, watched)
	line.behind = newBehind(line)
	ctx, cancel := context.WithCancel(t.Context())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return events.Run(ctx) })
	g.Go(func() error { return model.Run(ctx) })
	g.Go(func() error { return line.unions.Run(ctx) })
	g.Go(func() error { return line.behind.Run(ctx) })
	for _, r := range watched.roots {
		g.Go(func() error { return r.Run(ctx, line.load(r)) })
	}
	t.Cleanup(func() {
		cancel()
		if err := g.Wait(); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	return model
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not so after a minute", what)
		}
	}
}

// TestASourceWithAPatternIsOneTable writes a dashira.yaml beside files, changes it and takes it away.
func TestASourceWithAPatternIsOneTable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("months/jan.csv", "id,amount\n1,5\n")
	write("months/feb.csv", "id,amount\n2,7\n3,8\n")
	write("staff.csv", "id,name\n1,ann\n")
	model := live(t, dir)
	tables := func() string {
		var all []string
		for _, tb := range model.State().Tables() {
			all = append(all, fmt.Sprintf("%s %d", tb.Name, tb.Data.Rows()))
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}
	are := func(want string) {
		t.Helper()
		eventually(t, want, func() bool { return tables() == want })
	}
	are("months_feb 2, months_jan 1, staff 1")
	write("dashira.yaml", "sources:\n  sales:\n    path: months/*.csv\n")
	are("sales 3, staff 1")
	write("months/mar.csv", "id,amount\n4,1\n")
	are("sales 4, staff 1")
	write("dashira.yaml", "sources:\n  sales:\n    path: months/*.csv\n    columns: {id: {type: string}}\n")
	eventually(t, "ids are text", func() bool {
		for _, tb := range model.State().Tables() {
			if tb.Name == "sales" && tb.Data.Rows() == 4 {
				return tb.Data.Schema().Field(0).Type == table.String
			}
		}
		return false
	})
	write("dashira.yaml", "sources:\n  sales:\n    path: months/[fm]*.csv\n")
	are("months_jan 1, sales 3, staff 1")
	if err := os.Remove(filepath.Join(dir, "dashira.yaml")); err != nil {
		t.Fatal(err)
	}
	are("months_feb 2, months_jan 1, months_mar 1, staff 1")
}

// TestAPatternIsOneLiveTable watches a pattern while files join, change, break and leave.
func TestAPatternIsOneLiveTable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, "orders", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("jan.csv", "id,amount\n1,5\n2,7\n")
	write("feb.csv", "id,amount\n3,9\n")
	write("notes.txt", "a,b\n1,2\n")

	model := live(t, filepath.Join(dir, "orders", "*.{csv,json}"))
	rows := func() int64 {
		tables := model.State().Tables()
		if len(tables) != 1 {
			return -int64(len(tables))
		}
		return tables[0].Data.Rows()
	}
	until := func(what string, is func() bool) {
		t.Helper()
		eventually(t, what, is)
	}
	until("two files", func() bool { return rows() == 3 })
	if tb := model.State().Tables()[0]; tb.Name != "orders" || tb.Data.Schema().Index(ingest.FileColumn) != 2 {
		t.Errorf("the table is %q with %v", tb.Name, tb.Data.Schema().Fields())
	}
	write("mar.csv", "id,amount\n4,1\n5,1\n")
	until("a third joins", func() bool { return rows() == 5 })
	write("apr.json", `[{"id":6,"amount":2}`)
	write("jan.csv", "id,amount\n1,5\n")
	until("one shrinks beside a broken one", func() bool { return rows() == 4 })
	write("apr.json", `[{"id":6,"amount":2}]`)
	until("the broken one is whole", func() bool { return rows() == 5 })
	for _, name := range []string{"feb.csv", "mar.csv", "apr.json"} {
		if err := os.Remove(filepath.Join(dir, "orders", name)); err != nil {
			t.Fatal(err)
		}
	}
	until("three leave", func() bool { return rows() == 1 })
	if err := os.Remove(filepath.Join(dir, "orders", "jan.csv")); err != nil {
		t.Fatal(err)
	}
	until("all are gone", func() bool { return len(model.State().Tables()) == 0 })
}

func TestAPatternWithoutAFolderIsSaid(t *testing.T) {
	loader := ingest.NewLoader(ingest.LoaderOptions{}, readers()...)
	events := hub.New(hub.Options{})
	model := dashboard.New(dashboard.Options{Hub: events, Zone: time.UTC})
	_, err := openRoots(serveOptions{roots: []string{"nowhere/*.csv"}}, loader, model, func(watcher.Notice) {})
	if err == nil || err.Error() != "nowhere/*.csv: there is no folder nowhere" {
		t.Errorf("the error is %v", err)
	}
}
