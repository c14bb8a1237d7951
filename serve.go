package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/dashira/dashira/assets"
	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/metrics"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/watcher"
)

// serveOptions says how to run; what to show is in the data.
type serveOptions struct {
	roots  []string // folders and files
	title  string   // of the page; empty: the first root's name
	port   int      // 0: 7070, or the next free one
	listen string   // address and port; empty: loopback
	lan    bool
	auth   bool
	hosts  []string
	noOpen bool
	json   bool
	poll   bool
	files  int    // that may be served; 0: 10,000
	state  string // the state directory; empty: the user's

	history   int // revisions that can be looked at
	historyMB int // megabytes that only they hold
	stream    streamOptions
}

func serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve DIR|FILE…",
		Short: "Watch files and serve their dashboards",
		Long: `serve reads every CSV, TSV, JSON, NDJSON, Excel, Parquet and Arrow file below the folders it
is given, shows each as a dashboard, and pushes every change on disk to everyone who looks. A
pattern in quotation marks is one table: its files are united by the names of their columns, and
the column _file says which one a row is from.

Only this machine can open the dashboard, until --lan lets the network in.`,
		Example: `  dashira serve ./data
  dashira serve sales.csv stock.json
  dashira serve 'orders/*.csv'
  dashira serve ./data --port 8080 --no-open
  dashira serve ./data --lan
  dashira serve ./data --json >> dashira.log`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "name the folder or the files to serve: dashira serve ./data")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.roots = args
			return serve(cmd.Context(), o)
		},
	}
	serveFlags(cmd, &o)
	return cmd
}

func serveFlags(cmd *cobra.Command, o *serveOptions) {
	f := cmd.Flags()
	f.IntVar(&o.port, "port", 0, "listen on this port (7070, or the next free one)")
	f.StringVar(&o.listen, "listen", "", "listen on this address and port, such as 192.0.2.20:7070")
	f.BoolVar(&o.lan, "lan", false, "listen on every network address; the owner gets a link with a token")
	f.BoolVar(&o.auth, "auth", false, "ask the owner for the token on this machine too")
	f.StringSliceVar(&o.hosts, "host", nil, "a further name under which the server is reached")
	f.BoolVar(&o.noOpen, "no-open", false, "do not open the browser")
	f.BoolVar(&o.json, "json", false, "log one JSON object a line")
	f.IntVar(&o.files, "max-files", 0, "read at most so many files (default 10000)")
	f.BoolVar(&o.poll, "poll", false, "compare the files every two seconds instead of waiting for events")
	f.StringVar(&o.state, "state-dir", "", "where links are kept (default: the user's state directory)")
	f.IntVar(&o.history, "history", 500, "how many past `REVISIONS` can be looked at; 0 for none")
	f.IntVar(&o.historyMB, "history-mb", 256, "how many `MEGABYTES` past revisions may hold beside what is shown")
	o.stream.flags(f)
}

// serve runs until the context ends. Everything that can be wrong with the command line or the machine is found before
// anything runs.
func serve(ctx context.Context, o serveOptions) error {
	if err := o.stream.check(); err != nil {
		return err
	}
	if o.history < 0 || o.historyMB < 0 {
		return errors.New("--history and --history-mb are numbers from 0 on")
	}
	limitMemory()
	out := newTerminal(o.json)
	listener, err := listen(o)
	if err != nil {
		return err
	}
	slow := newSlowLoads(out.bar)
	loader := ingest.NewLoader(ingest.LoaderOptions{Logger: out.log, Progress: slow.tell, Memory: memoryBudget()}, readers()...)
	dist, err := fs.Sub(assets.Dist, "dist")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	state, err := stateDir(o)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	shares, err := share.Open(state)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	out.shares(shares)

	names := openNames(state)
	auth := o.auth || o.lan || o.listen != ""
	var watched *watched
	measured := metrics.New(versionText())
	events := hub.New(o.stream.hub(out.log))
	model := dashboard.New(dashboard.Options{
		Hub: events, Logger: out.log, Zone: localZone(), WeekStart: time.Monday, OnChange: out.changed, OnAnswer: measured.Answered,
		HistoryRevisions: max(1, o.history), HistoryBytes: max(1, int64(o.historyMB)<<20),
		Names: names.earlier(), OnName: names.keep, OnReading: func(files []string) { watched.reload(files) },
	})
	measured.Follow(events, model)
	out.model, slow.model = model, model
	watched, err = openRoots(o, loader, model, out.notice)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server, err := web.New(web.Options{
		Model: model, Hub: events, Shares: shares, Dist: dist, Version: versionText(), Title: titleOf(o), Root: strings.Join(named(o.roots), " "),
		Extensions: loader.Extensions(), Auth: auth, Lan: o.lan || o.listen != "", Hosts: o.hosts, Watching: watched.watching, Logger: out.log,
		Written: watched.file(), Metrics: measured.Handler(),
		MaxConnections: o.stream.connections, Rate: o.stream.rate, Writers: rowWriters(),
	}, listener)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	note := noteServer(state, o.roots, listener)
	defer note.remove()

	line := &pipeline{loader: loader, model: model, log: out.log, slow: slow, loaded: measured.Loaded}
	line.firstWritten(watched.roots)
	line.unions = newUnions(line, watched)
	line.behind = newBehind(line)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return events.Run(ctx) })
	g.Go(func() error { return shares.Run(ctx) })
	g.Go(func() error { return names.Run(ctx) })
	g.Go(func() error { return model.Run(ctx) })
	g.Go(func() error { return server.Run(ctx) })
	g.Go(func() error { return line.unions.Run(ctx) })
	g.Go(func() error { return line.behind.Run(ctx) })
	g.Go(func() error { return watched.writers(ctx, model) })
	for _, w := range watched.roots {
		g.Go(func() error { return w.Run(ctx, line.load(w)) })
	}
	g.Go(func() error {
		out.start(o, versionText())
		for _, w := range watched.roots {
			select {
			case <-ctx.Done():
				return nil
			case <-w.Ready():
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-line.unions.settled():
		}
		model.SetReady()
		reach := server.Reach()
		link := func() string {
			if auth {
				return reach.URLs[0] + "s#" + shares.Launch()
			}
			return reach.URLs[0]
		}
		out.ready(reach, link(), auth)
		if !o.noOpen && out.interactive {
			openBrowser(link())
		}
		return nil
	})
	err = g.Wait()
	out.end()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// titleOf names the folder for people.
func titleOf(o serveOptions) string {
	if o.title != "" {
		return o.title
	}
	root := o.roots[0]
	if p, ok := patternOf(root); ok {
		root = p.Root()
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		return root
	}
	return filepath.Base(abs)
}

// named gives what is served as people call it: as it was given, and the folder that one stands in by its own name.
func named(roots []string) []string {
	names := make([]string, len(roots))
	for i, root := range roots {
		names[i] = root
		if base := filepath.Base(filepath.Clean(root)); base == "." || base == ".." {
			if abs, err := filepath.Abs(root); err == nil {
				names[i] = filepath.Base(abs)
			}
		}
	}
	return names
}

// stateDir is where the links to this folder's dashboards are kept; it is never inside the folder.
func stateDir(o serveOptions) (string, error) {
	base := o.state
	if base == "" {
		var err error
		if base, err = share.DefaultDir(); err != nil {
			return "", fmt.Errorf("find the state directory: %w", err)
		}
	}
	return share.FolderDir(base, o.roots[0])
}

// openRoots opens what is to be watched, and says in one sentence what cannot be.
func openRoots(o serveOptions, loader *ingest.Loader, model *dashboard.Model, notices func(watcher.Notice)) (*watched, error) {
	w := &watched{}
	for _, root := range o.roots {
		info, err := os.Stat(root)
		if err != nil && ingest.IsPattern(root) {
			if err := w.addPattern(root, o, loader, model, notices); err != nil {
				return nil, err
			}
			continue
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: there is no such file or folder", root)
		case errors.Is(err, fs.ErrPermission):
			return nil, fmt.Errorf("%s: you have no permission to read it", root)
		case err != nil:
			return nil, err
		case !info.IsDir() && !info.Mode().IsRegular():
			return nil, fmt.Errorf("%s: this is neither a folder nor a file", root)
		case !info.IsDir() && !loader.Accept(filepath.Base(root)):
			return nil, fmt.Errorf("%s: dashira does not read this kind of file; it reads %s", root, strings.Join(loader.Extensions(), " "))
		}
		if info.IsDir() {
			if _, err := os.ReadDir(root); err != nil {
				return nil, fmt.Errorf("%s: you have no permission to read it", root)
			}
		}
		prefix := ""
		if len(o.roots) > 1 && info.IsDir() {
			prefix = filepath.Base(filepath.Clean(root)) + "/"
		}
		if err := w.add(root, prefix, info.IsDir(), nil, o, loader, model, notices); err != nil {
			return nil, err
		}
	}
	return w, nil
}
