package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard"
)

// appended measures one row more at the end of a file.
func appended(ctx context.Context, c config, p *pipe, rows int) (phases, error) {
	var all []phases
	for i := range c.reps + 1 {
		if err := appendTo(p.path, reading(nil, rows+i)); err != nil {
			return phases{}, err
		}
		t, err := p.change(ctx)
		if err != nil {
			return phases{}, err
		}
		if i > 0 { // the first closes the chunk that the file ended with
			all = append(all, t)
		}
	}
	return medians(all), nil
}

func appendTo(path string, line []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(line)
	return errors.Join(err, f.Close())
}

// appendOne is a row appended to a large file and to a small one, and what the panels of its dashboard keep.
func appendOne(ctx context.Context, c config, r *report) error {
	var small phases
	for _, rows := range []int{min(100_000, c.rows), c.rows} {
		p := newPipe(ctx)
		path, err := writeReadings(c, "readings.csv", rows)
		if err == nil {
			err = p.serve(ctx, path)
		}
		if err != nil {
			p.Close()
			return err
		}
		t, err := appended(ctx, c, p, rows)
		if err != nil {
			p.Close()
			return err
		}
		work := fmt.Sprintf("one row appended to %s rows, from disk to the patches of %d panels", count(rows), p.panels)
		r.took(work, t.all, 10*time.Millisecond, t.String())
		if rows == c.rows {
			r.part("the same against 100 k rows", "", float64(t.all)/float64(small.all), 3)
			kept, bytes := p.model.MemoBytes(), p.data().Bytes()
			r.part("memory of all partials of that dashboard against the table's", fmt.Sprintf("%s of %s", megabytes(kept), megabytes(bytes)), float64(kept)/float64(bytes), 0.5)
		}
		small = t
		p.Close()
		runtime.GC()
	}
	return nil
}

// rewritten measures a file that is written anew as a whole after each edit of its content.
func rewritten(ctx context.Context, c config, p *pipe, path string, edit func(content []byte, turn int)) (phases, error) {
	if err := p.serve(ctx, path); err != nil {
		return phases{}, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return phases{}, err
	}
	var all []phases
	for i := range c.reps {
		edit(content, i)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return phases{}, err
		}
		t, err := p.change(ctx)
		if err != nil {
			return phases{}, err
		}
		all = append(all, t)
	}
	return medians(all), nil
}

// changeFrom changes the digit behind the first status from a place on.
func changeFrom(content []byte, from, digit int) {
	at := bytes.Index(content[from:], []byte(",ok,"))
	content[from+at+len(",ok,")] = byte('1' + digit%9)
}

// changeCell is a file of a million rows written anew with one cell changed in its middle.
func changeCell(ctx context.Context, c config, r *report) error {
	rows := min(1_000_000, c.rows)
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeReadings(c, "rewritten.csv", rows)
	if err != nil {
		return err
	}
	t, err := rewritten(ctx, c, p, path, func(content []byte, turn int) { changeFrom(content, len(content)/2, turn) })
	if err != nil {
		return err
	}
	r.took(fmt.Sprintf("one cell changed in the middle of %s rows, written whole: from disk to patches", count(rows)), t.all, 25*time.Millisecond, t.String())
	return nil
}

// changeKeyed is fifty rows changed all over a table with a key; the time counts once the file is parsed.
func changeKeyed(ctx context.Context, c config, r *report) error {
	rows := min(1_000_000, c.rows)
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeKeyed(c, "keyed.csv", rows)
	if err != nil {
		return err
	}
	t, err := rewritten(ctx, c, p, path, func(content []byte, turn int) {
		for k := range 50 {
			changeFrom(content, len(content)/51*(k+1), turn+k)
		}
	})
	if err != nil {
		return err
	}
	r.took(fmt.Sprintf("50 rows changed in %s rows with a key: delta and patches once parsed", count(rows)), t.compare+t.publish, 10*time.Millisecond, t.String())
	return nil
}

// filterFresh is a dashboard under a filter that nobody has asked for yet.
func filterFresh(ctx context.Context, c config, r *report) error {
	rows := min(1_000_000, c.rows)
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeReadings(c, "filtered.csv", rows)
	if err != nil {
		return err
	}
	if err := p.serve(ctx, path); err != nil {
		return err
	}
	slug := p.model.State().Dashboards()[0].Slug
	var times []time.Duration
	for i := range c.reps {
		// Half of the rows, another half each time.
		selection, err := dashboard.ParseSelection(url.Values{"f.value": {fmt.Sprintf("%d.5..", 40+i)}})
		if err != nil {
			return err
		}
		started := time.Now()
		if _, err := p.model.SnapshotAt(ctx, dashboard.Scope{}, slug, selection, 0); err != nil {
			return err
		}
		times = append(times, time.Since(started))
	}
	r.took(fmt.Sprintf("%d panels of %s rows under a filter that is new", p.panels, count(rows)), median(times), 0, fmt.Sprintf(" (least %v)", slices.Min(times).Round(time.Millisecond)))
	return nil
}

// count writes a number of rows as people say it.
func count(rows int) string {
	switch {
	case rows >= 1_000_000 && rows%1_000_000 == 0:
		return fmt.Sprintf("%d M", rows/1_000_000)
	case rows >= 1000 && rows%1000 == 0:
		return fmt.Sprintf("%d k", rows/1000)
	}
	return fmt.Sprint(rows)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
