package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table/view"
	"github.com/dashira/dashira/watcher"
)

// terminal tells the person who started dashira what happens: a block of lines at the start, then one quiet line per
// change; or, for programs, one JSON object a line.
type terminal struct {
	*screen
	mu          sync.Mutex
	log         *slog.Logger
	json        bool
	interactive bool // a person sits at it
	bar         *bar // while the folder is read for the first time; nil: nobody sees it
	model       *dashboard.Model

	started bool // the block at the start is out
	listed  int
	unsaid  int
}

// maxListed is how many sources the block at the start names.
const maxListed = 8

func newTerminal(asJSON bool) *terminal {
	t := &terminal{screen: newScreen(os.Stdout), json: asJSON}
	_, t.interactive = terminalOf(os.Stdout)
	t.interactive = t.interactive && !asJSON
	if t.interactive {
		t.bar = newBar(os.Stdout)
	}
	if asJSON {
		t.log = slog.New(slog.NewJSONHandler(os.Stdout, nil))
	} else {
		t.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn, ReplaceAttr: clockOnly}))
	}
	return t
}

func clockOnly(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.String(slog.TimeKey, a.Value.Time().Format(time.TimeOnly))
	}
	return a
}

// printf writes a line where the bar was.
func (t *terminal) printf(format string, args ...any) {
	t.bar.clear()
	t.screen.printf(format, args...)
}

func (t *terminal) start(o serveOptions, version string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.json {
		t.log.Info("start", "version", version, "roots", o.roots)
		return
	}
	t.printf("%s %s · watching %s · no telemetry, no external requests\n", t.bold("dashira"), version, plain(strings.Join(named(o.roots), " ")))
}

// changed is told of every change, one at a time.
func (t *terminal) changed(c dashboard.Change) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.Source.State == wire.StateReading {
		return
	}
	viewers := 0
	for _, name := range c.Source.Tables {
		if tb := c.State.Table(name); tb != nil {
			viewers += t.model.Viewers(tb.Dashboard.Slug)
		}
	}
	if t.json {
		t.logChange(c, viewers)
		return
	}
	if !t.started {
		t.list(c)
		return
	}
	s := c.Source
	at := t.dim(time.Now().Format(time.TimeOnly))
	name := plain(s.Path)
	switch {
	case s.State == wire.StateError:
		t.printf("%s  %s  %s%s\n", at, name, t.bad(plain(s.Error.Message)), t.dim(plain(place(s.Error))))
		if s.Error.Hint != "" {
			t.printf("          %s\n", t.dim(plain(s.Error.Hint)))
		}
	case s.State == wire.StateMissing:
		t.printf("%s  %s  gone\n", at, name)
	case s.Format == dashboard.FormatWritten:
		t.printf("%s  %s  %s\n", at, name, many(writtenOf(c.State), "dashboard"))
	case s.State == wire.StateStale && s.Aged:
		t.printf("%s  %s  %s\n", at, name, t.warn("has not changed since "+s.Modified.Local().Format("2006-01-02 15:04")+", which is longer than stale_after allows"))
	case s.State == wire.StateStale:
		t.printf("%s  %s  %s\n", at, name, t.warn("being written since "+s.Writing.Local().Format(time.TimeOnly)+"; the last finished state is shown"))
	case c.Before != nil && c.Before.Revision == s.Revision && !c.Before.Writing.Equal(s.Writing):
		// Somebody holds it open, or does not any more: nothing that the rows show.
	case c.Before != nil && c.Before.Revision == s.Revision && c.Before.State == wire.StateStale:
		t.printf("%s  %s  is current again\n", at, name)
	default:
		t.printf("%s  %s  rev %d  +%d ~%d −%d rows  %s  → %s, %s%s\n", at, name+t.renamed(c), s.Revision, s.Added, s.Changed, s.Removed,
			took(s.Took), many(c.Panels, "panel"), many(viewers, "viewer"), t.troubles(s))
	}
}

// renamed says what a file was called before, once.
func (t *terminal) renamed(c dashboard.Change) string {
	if c.Source.From == "" || c.Before != nil && c.Before.From == c.Source.From {
		return ""
	}
	return t.dim(" (renamed from " + plain(c.Source.From) + ")")
}

func (t *terminal) logChange(c dashboard.Change, viewers int) {
	s := c.Source
	attrs := []any{"source", s.Name, "path", s.Path, "state", s.State, "revision", s.Revision, "rows", s.Rows, "added", s.Added,
		"changed", s.Changed, "removed", s.Removed, "ms", float64(s.Took.Microseconds()) / 1000, "viewers", viewers,
		"warnings", s.Counts.Warning, "errors", s.Counts.Error}
	if s.From != "" {
		attrs = append(attrs, "renamed_from", s.From)
	}
	if !s.Writing.IsZero() {
		attrs = append(attrs, "writing", instant(s.Writing))
	}
	if s.Error != nil {
		attrs = append(attrs, "error", s.Error.Message, "line", s.Error.Line, "column", s.Error.Column, "hint", s.Error.Hint)
	}
	t.log.Info("source", attrs...)
}

// list writes the start-up line of each table of a source.
func (t *terminal) list(c dashboard.Change) {
	s := c.Source
	if s.Format == dashboard.FormatWritten {
		return // its dashboards are counted when their tables are there
	}
	if s.State == wire.StateError {
		t.printf("  %-24s %s%s\n", plain(s.Path), t.bad(plain(s.Error.Message)), t.dim(plain(place(s.Error))))
		return
	}
	for _, name := range s.Tables {
		tb := c.State.Table(name)
		if tb == nil {
			continue
		}
		if t.listed == maxListed {
			t.unsaid++
			continue
		}
		t.listed++
		about := ""
		if d := tb.Dashboard; d.Time != "" {
			about += "  time " + plain(d.Time) + "(" + grainWord(d.Smallest) + ")"
		}
		if len(tb.Key) > 0 {
			about += "  key " + shortened(plain(strings.Join(tb.Key, ", ")), longestKey)
		}
		label := tb.Label
		if i := strings.LastIndex(s.Path, "/"); i >= 0 {
			label = s.Path[:i+1] + label
		}
		t.printf("  %-24s %9s rows %3d cols%-40s %s%s\n", plain(label), grouped(tb.Data.Rows()), tb.Data.Schema().Len(), about, took(s.Took), t.troubles(s))
	}
}

// writtenOf counts the dashboards that people wrote.
func writtenOf(s *dashboard.State) int {
	n := 0
	for _, d := range s.Dashboards() {
		if d.Written {
			n++
		}
	}
	return n
}

// troubles points to what a person should look at.
func (t *terminal) troubles(s *dashboard.Source) string {
	switch {
	case s.Counts.Error > 0:
		text := many(s.Counts.Error, "problem")
		for _, d := range s.Diagnostics {
			if d.Severity == ingest.Error {
				if d.Line > 0 {
					text += fmt.Sprintf(": line %d", d.Line)
				}
				text += ", " + string(d.Code)
				break
			}
		}
		return "  " + t.bad(plain(text))
	case s.Counts.Warning > 0:
		return "  " + t.warn(many(s.Counts.Warning, "warning"))
	}
	return ""
}

func (t *terminal) ready(reach wire.Reach, open string, auth bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bar.end()
	t.started = true
	slug := ""
	if d := t.model.State().Dashboards(); len(d) > 0 {
		slug = d[0].Slug
	}
	if t.json {
		t.log.Info("ready", "url", open, "local", reach.Local)
		return
	}
	if s := t.model.State().SourceAt(dashboard.WrittenFile); s != nil && s.Error != nil {
		t.printf("  %-24s %s%s\n", s.Path, t.bad(plain(s.Error.Message)), t.dim(plain(place(s.Error))))
		if s.Error.Hint != "" {
			t.printf("  %24s %s\n", "", t.dim(plain(s.Error.Hint)))
		}
	} else if s != nil {
		t.printf("  %-24s %s\n", s.Path, many(writtenOf(t.model.State()), "dashboard"))
	}
	if t.unsaid > 0 {
		t.printf("  … and %d more\n", t.unsaid)
	}
	if slug == "" {
		t.printf("  no data yet: the page fills itself when the first file lands\n")
	}
	switch {
	case reach.Local && auth:
		t.printf("  Dashboard  %s   %s\n", t.bold(open), t.dim("(this machine only; works once, within ten minutes)"))
	case reach.Local:
		t.printf("  Dashboard  %s   %s\n", t.bold(open), t.dim("(this machine only; --lan lets others in)"))
	default:
		t.printf("  Owner      %s   %s\n", t.bold(open), t.dim("(works once, within ten minutes; another: dashira share --owner)"))
		t.printf("  %s\n", t.dim("Everybody in your network can reach the address; without a link they see nothing. Links are sent in the clear over HTTP."))
	}
	if slug != "" {
		t.printf("  Share      dashira share %s --expires 7d     Events  curl -N %sapi/v1/dashboards/%s/events\n", slug, reach.URLs[0], slug)
	}
}

func (t *terminal) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.json {
		t.log.Info("end")
	}
}

// notice says what a person should know about the watching.
func (t *terminal) notice(n watcher.Notice) {
	if n.Kind == watcher.Trouble {
		return // the source says it
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.json {
		t.log.Warn("watching", "kind", n.Kind.String(), "path", n.Path, "notice", n.Text)
		return
	}
	t.printf("%s  %s\n", t.dim(time.Now().Format(time.TimeOnly)), t.warn(plain(n.Text)))
}

// shares says what is wrong with the store of links; serving goes on without it.
func (t *terminal) shares(s *share.Store) {
	if text := s.Damaged(); text != "" {
		t.log.Warn("the store of links was damaged and set aside; earlier links do not work", "detail", text)
	}
	if err := s.Problem(); err != nil {
		t.log.Warn("links cannot be stored", "error", err)
	}
}

// place says where a file is damaged, unless the message says it already.
func place(e *wire.LoadError) string {
	switch {
	case strings.Contains(e.Message, fmt.Sprintf("line %d", e.Line)):
		return ""
	case e.Line > 0 && e.Column > 0:
		return fmt.Sprintf(" (line %d, column %d)", e.Line, e.Column)
	case e.Line > 0:
		return fmt.Sprintf(" (line %d)", e.Line)
	}
	return ""
}

func took(d time.Duration) string {
	if d >= time.Second/10 {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// grouped writes a number with thin groups: 120 000.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func grainWord(g view.Grain) string {
	names := map[view.Grain]string{
		view.Millisecond: "millisecond", view.Second: "second", view.Minute: "minute", view.Hour: "hour", view.Day: "day",
		view.Week: "week", view.Month: "month", view.Quarter: "quarter", view.Year: "year",
	}
	return names[g]
}

// plain takes out of a text from a file's name or content what would drive the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '�'
		}
		return r
	}, s)
}
