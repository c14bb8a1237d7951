//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// saved is one finished save.
type saved struct {
	generation int
	rows       int
	pattern    string
	begun, end time.Time
}

// history is what happened to one file, and what was seen of it.
type history struct {
	path   string // relative to the folder
	format string

	mu     sync.Mutex // guards what follows
	saves  []saved    // noted when they begin
	seen   int        // the generation that was published last in this life of the server
	seenAt map[int]time.Time
}

// fault is something that must not have been published.
type fault struct {
	at   time.Time
	file *history
	what string
}

// judge reads every table again and again and holds it to the promise.
type judge struct {
	base  string
	files []*history

	mu     sync.Mutex // guards what follows
	faults []fault
	more   map[string]int // how often a fault came again, by file and what it is
	alive  time.Time      // since when the server is up; zero: it is down on purpose
}

var errDown = errors.New("the server does not answer")

// get decodes a JSON document of the API.
func (j *judge) get(ctx context.Context, path string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, j.base+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return errDown
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// tables maps the path of a file to the name of its table.
func (j *judge) tables(ctx context.Context) (map[string]string, error) {
	var list struct {
		Tables []struct{ Name, Source string }
	}
	if err := j.get(ctx, "api/v1/tables", &list); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range list.Tables {
		names[t.Source] = t.Name
	}
	return names, nil
}

// row is one row of every file.
type row struct {
	ID         int    `json:"id"`
	Generation int    `json:"generation"`
	Rows       int    `json:"rows"`
	Sum        string `json:"sum"`
}

// rows reads a table whole. A stream that breaks off says so.
func (j *judge) rows(ctx context.Context, table string) ([]row, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, j.base+"api/v1/tables/"+table+"/rows?format=ndjson", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, errDown
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the table is gone: %s", response.Status)
	}
	var all []row
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		var one row
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("a line that is no row: %q", lines.Text())
		}
		all = append(all, one)
	}
	if lines.Err() != nil {
		return nil, errDown
	}
	return all, nil
}

// starting is how long a server may take after its start until all tables are there.
const starting = 5 * time.Second

// watch judges until the context ends.
func (j *judge) watch(ctx context.Context) {
	ours := map[string]bool{}
	for _, h := range j.files {
		ours[h.path] = true
	}
	for ctx.Err() == nil {
		names, err := j.tables(ctx)
		if err != nil {
			if ctx.Err() == nil && j.upFor() > starting {
				j.fault(nil, err.Error())
			}
			time.Sleep(10 * time.Millisecond)
			continue
		}
		for path := range names {
			if !ours[path] {
				j.fault(nil, "a table of "+path+", which is no file of ours")
			}
		}
		for _, h := range j.files {
			if name := names[h.path]; name != "" {
				j.look(ctx, h, name)
			} else if j.upFor() > starting {
				j.fault(h, "there is no table")
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (j *judge) upFor() time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.alive.IsZero() {
		return 0
	}
	return time.Since(j.alive)
}

// look judges what is published of one file now.
func (j *judge) look(ctx context.Context, h *history, table string) {
	all, err := j.rows(ctx, table)
	now := time.Now()
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		if j.upFor() > starting {
			j.fault(h, err.Error())
		}
		return
	}
	if len(all) == 0 {
		j.fault(h, "it is empty")
		return
	}
	first := all[0]
	if len(all) != first.Rows {
		j.fault(h, fmt.Sprintf("%d of the %d rows of generation %d", len(all), first.Rows, first.Generation))
		return
	}
	for i, r := range all {
		if r.ID != i || r.Generation != first.Generation || r.Rows != first.Rows || r.Sum != sum(r.ID, r.Generation) {
			j.fault(h, fmt.Sprintf("row %d is %+v in generation %d", i, r, first.Generation))
			return
		}
	}
	h.mu.Lock()
	before := h.seen
	h.seen = first.Generation
	if _, known := h.seenAt[first.Generation]; !known {
		h.seenAt[first.Generation] = now
	}
	written := first.Generation == 0 || slices.ContainsFunc(h.saves, func(s saved) bool { return s.generation == first.Generation })
	h.mu.Unlock()
	if !written {
		j.fault(h, fmt.Sprintf("generation %d, which nobody wrote", first.Generation))
	}
	if first.Generation < before {
		j.fault(h, fmt.Sprintf("it went back from generation %d to %d", before, first.Generation))
	}
}

// fault notes what must not be; file is nil where it is about none.
func (j *judge) fault(file *history, what string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := what
	if file != nil {
		key = file.path + what
	}
	if j.more[key]++; j.more[key] == 1 {
		j.faults = append(j.faults, fault{time.Now(), file, what})
	}
}
