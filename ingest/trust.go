package ingest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// The beginning of a file that has grown is read whole before it is believed to be what it was, and its rows are kept.
// Of a large one that would be most of the work of a row that was appended. There a sample is enough, if all of this
// holds:
//
//   - what was loaded last was the file at a moment when nobody wrote to it ([Loader.Trust]), and this is that very file,
//     which is longer now;
//   - the kernel shows of the new bytes that they were written and are not on the disk yet, so it can be asked, and it
//     shows the same of little else: everything that was written lately is read;
//   - so are the first and the last run and a choice of others, a different one each time.
//
// What that cannot see is a change within the old rows that was already put on the disk when the file grew, both between
// two loads. Therefore such a load is [Load.Unverified], whoever shows it has [Loader.Check] read the rest soon, and no
// sample is believed for longer than trustLong.
const (
	sampleFrom  = 256 << 20 // bytes: a shorter beginning is always read
	sampledRuns = 16
	mostDirty   = 64 << 20
	trustLong   = 15 * time.Second
)

// DirtyPages tells how many memory pages of a part of a file were written to and are not on the disk yet; false: that is
// not known.
type DirtyPages func(f *os.File, from, to int64) (pages int64, ok bool)

// base is what a keeper knows of the file that was loaded last.
type base struct {
	info    os.FileInfo // nil: nothing to go by
	size    int64
	turn    uint64    // of the load
	settled bool      // it did not change while it was read
	since   time.Time // of the first load that was not verified; zero: everything was read
	doubted bool      // its beginning is not what was loaded
}

// trust is what a load may believe without reading.
type trust struct {
	file  *os.File
	size  int64 // up to where it was read before
	turn  uint64
	dirty DirtyPages
}

// trust returns what a load of a file may believe, nil when everything must be read.
func (l *Loader) trust(k *keeper, f *os.File, st os.FileInfo, size int64) *trust {
	b := &k.base
	if !b.settled || b.doubted || b.info == nil || b.size < l.options.SampleFrom || size <= b.size || !os.SameFile(b.info, st) {
		return nil
	}
	if !b.since.IsZero() && time.Since(b.since) > trustLong {
		return nil
	}
	return &trust{file: f, size: b.size, turn: b.turn, dirty: l.options.Dirty}
}

// Trust says that the file did not change while it was loaded: the beginning of the same file may then be believed to be
// what it was when it has grown. Without it everything is read each time.
func (l *Loader) Trust(load *Load) {
	l.mu.Lock()
	k := l.paths[load.Path]
	l.mu.Unlock()
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.base.turn == load.turn {
		k.base.settled = true
	}
}

// loaded writes down what a load read; of one that did not go well nothing can be believed.
func (k *keeper) loaded(load *Load, st os.FileInfo, ok bool) {
	since := time.Time{}
	if ok && load.Unverified {
		if since = k.base.since; since.IsZero() {
			since = time.Now()
		}
	}
	doubted := k.base.doubted && !ok
	k.base = base{info: st, size: load.Bytes, turn: k.base.turn + 1, since: since, doubted: doubted}
	if !ok {
		k.base.info = nil
	}
	load.turn = k.base.turn
}

// trusts says whether the known runs, which end by their content, may be taken for what they were.
func (in *Input) trusts(ctx context.Context, runs []Span, to int64) (bool, error) {
	t := in.trust
	if t == nil || len(runs) == 0 || runs[len(runs)-1].End > t.size || t.size >= to {
		return false, nil
	}
	if pages, ok := t.dirty(t.file, t.size, to); !ok || pages == 0 {
		return false, nil
	}
	chosen, ok := t.written(runs)
	if !ok {
		return false, nil
	}
	chosen[0], chosen[len(runs)-1] = true, true
	random := t.turn
	for range sampledRuns {
		random += 0x9E3779B97F4A7C15 // SplitMix64
		z := (random ^ random>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		chosen[int((z^z>>31)%uint64(len(runs)))] = true
	}
	var places []int
	for i := range chosen {
		places = append(places, i)
	}
	slices.Sort(places)
	same, err := in.matching(ctx, len(places), true, func(i int) (Span, int64) { return runs[places[i]], 0 })
	if err != nil || slices.Contains(same, false) {
		return false, err
	}
	in.unverified = true
	return true, nil
}

// written returns the runs that were written to lately, by their place; false when there are too many or it is not known.
func (t *trust) written(runs []Span) (map[int]bool, bool) {
	found := map[int]bool{}
	bytes := int64(0)
	var look func(from, to int) bool
	look = func(from, to int) bool {
		pages, ok := t.dirty(t.file, runs[from].Start, runs[to-1].End)
		switch {
		case !ok:
			return false
		case pages == 0:
			return true
		case to-from == 1:
			found[from] = true
			bytes += runs[from].End - runs[from].Start
			return bytes <= mostDirty
		}
		middle := (from + to) / 2
		return look(from, middle) && look(middle, to)
	}
	return found, look(0, len(runs))
}

// Check reads what the last load of a path took on trust, and says whether it is what it was believed to be. f is the
// file as it is now. When it is not, the next load of the path trusts nothing, and whoever shows the last one should ask
// for one at once. An error is the context's or the disk's and says nothing about the file.
func (l *Loader) Check(ctx context.Context, path string, f *os.File) (bool, error) {
	l.mu.Lock()
	k := l.paths[path]
	l.mu.Unlock()
	if k == nil {
		return true, nil
	}
	k.mu.Lock()
	turn, since := k.base.turn, k.base.since
	var runs []Span
	if !since.IsZero() && len(k.drafts) == 1 {
		for _, d := range k.drafts {
			runs = d.spans
		}
	}
	k.mu.Unlock()
	var h spanHasher
	same := true
	for _, s := range runs {
		if err := ctx.Err(); err != nil {
			return true, err
		}
		if !s.closed {
			break
		}
		hash, err := h.hash(f, s.Start, s.End)
		if err != nil {
			st, failed := f.Stat()
			if failed != nil || st.Size() >= s.End {
				return true, fmt.Errorf("check %s: %w", path, err)
			}
			same = false // it is shorter now
			break
		}
		if same = hash == s.Hash; !same {
			break
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.base.turn == turn {
		if k.base.doubted = k.base.doubted || !same; same {
			k.base.since = time.Time{}
		}
	}
	return same, nil
}
