package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/dashira/dashira/dashboard"
)

// live is the memory that is in use after a collection.
func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// keepHistory is the memory of 500 revisions, each of one row more, against that of one.
func keepHistory(ctx context.Context, c config, r *report) error {
	rows := min(1_000_000, c.rows)
	before := live()
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeReadings(c, "history.csv", rows)
	if err != nil {
		return err
	}
	p.path = path
	publish := func() error {
		load, err := p.load(ctx)
		if err == nil {
			p.model.Prepare(load, false)()
		}
		return err
	}
	if err := publish(); err != nil {
		return err
	}
	one := live() - before
	const appends = 500
	for i := range appends {
		if err := appendTo(path, reading(nil, rows+i)); err != nil {
			return err
		}
		if err := publish(); err != nil {
			return err
		}
	}
	all := live() - before
	if n := len(p.model.History(0).Revisions); n != appends {
		return fmt.Errorf("history holds %d revisions and not %d", n, appends)
	}
	r.part(fmt.Sprintf("history of %d one-row appends to %s rows against one revision", appends, count(rows)), fmt.Sprintf("%s and %s", megabytes(all), megabytes(one)), float64(all)/float64(one), 1.2)
	runtime.KeepAlive(p)
	return nil
}

// memoryPerRow is what a table costs in memory, as it counts itself and as the heap does.
func memoryPerRow(ctx context.Context, c config, r *report) error {
	rows := min(1_000_000, c.rows)
	path, err := writeReadings(c, "memory.csv", rows)
	if err != nil {
		return err
	}
	before := live()
	p := newPipe(ctx)
	defer p.Close()
	p.path = path
	load, err := p.load(ctx)
	if err != nil {
		return err
	}
	data := load.Sheets[0].Table
	counted := float64(data.Bytes()) / float64(rows)
	p.loader.Forget("memory.csv")
	load = nil
	heap := float64(live()-before) / float64(rows)
	r.add(line{work: "memory of a row of five columns (time, two texts, float, int)", ours: fmt.Sprintf("%.1f bytes counted, %.1f on the heap", counted, heap)})
	runtime.KeepAlive(data)
	return nil
}

// readRows is a window of rows somewhere in a large table, as scrolling asks for it.
func readRows(ctx context.Context, c config, r *report) error {
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeReadings(c, "rows.csv", c.rows)
	if err != nil {
		return err
	}
	load, duck, err := p.beside(ctx, c, path)
	if err != nil {
		return err
	}
	defer duck.Close()
	p.model.Prepare(load, false)()
	name := p.model.State().Tables()[0].Name
	for _, w := range []struct {
		work, sql string
		query     dashboard.RowsQuery
	}{
		{"100 rows from the middle", "select * from t limit 100 offset %d", dashboard.RowsQuery{}},
		{"100 rows from the middle of those sorted by value", "select * from t order by value desc, time limit 100 offset %d", dashboard.RowsQuery{Sort: "-value"}},
		{"the first 100 rows by value", "select * from t order by value desc, time limit 100", dashboard.RowsQuery{Sort: "-value"}},
		{"the first 100 rows with a text in some column", "select * from t where sensor like '%r-077%' limit 100", dashboard.RowsQuery{Search: "r-077"}},
	} {
		q := w.query
		q.Limit = 100
		sql := w.sql
		if len(sql) > 2 && sql[len(sql)-2:] == "%d" {
			q.Offset = c.rows / 2
			sql = fmt.Sprintf(sql, q.Offset)
		}
		var ours, theirs []time.Duration
		for range c.reps {
			started := time.Now()
			rows, err := p.model.Rows(ctx, dashboard.Scope{}, name, q)
			if err != nil {
				return err
			}
			var got int64
			for part, err := range rows.Parts {
				if err != nil {
					return err
				}
				got += part.Rows()
			}
			ours = append(ours, time.Since(started))
			if got != 100 {
				return fmt.Errorf("%s: %d rows came", w.work, got)
			}
			t, err := duck.answer(sql)
			if err != nil {
				return err
			}
			theirs = append(theirs, t)
		}
		r.against(fmt.Sprintf("rows of %s: %s", count(c.rows), w.work), median(ours), median(theirs), 0)
	}
	return nil
}
