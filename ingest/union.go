package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dashira/dashira/table"
)

// FileColumn is the column that names the file a row of a union is from.
const FileColumn = "_file"

// mostMembers is how many files one table may be made of.
const mostMembers = 10_000

// Union is many files that are one table: united by the columns' names, types decided over all of them, with a column
// that names the file, files in natural order. It remembers what it has read, so that a file that joins, changes or
// leaves costs its own rows. It may be used by several goroutines; its loads follow each other.
type Union struct {
	loader *Loader
	path   string
	open   func(name string) (*os.File, error)

	mu      sync.Mutex
	share   *share    // of the memory, of the load that runs
	running *progress // of the load that runs
	keeper  keeper
	members map[string]*member
}

// Member is one file of a union that is to be read: the first Size bytes of File, under the name that the column _file
// says, with slashes.
type Member struct {
	Name   string
	File   *os.File
	Size   int64
	Same   func() bool // asked when all was read: false says that the file may be torn; nil: it is not
	Damage *Damage     // why the file cannot be opened; File is nil
}

// Union returns a new union under a path, which is what its loads are called. open opens a member of an earlier load
// again, for when a type becomes wider and old rows must be read once more.
func (l *Loader) Union(path string, open func(name string) (*os.File, error)) *Union {
	return &Union{loader: l, path: path, open: open, keeper: keeper{drafts: map[string]*draftMemory{}}, members: map[string]*member{}}
}

// member is what is remembered of a file, and, during a load, the opened file.
type member struct {
	name     string
	size     int64
	modified time.Time
	format   string
	encoding string
	fallback int64
	careful  bool
	drafts   []memberDraft
	notes    *Diagnoses // of opening it
	damage   *Damage    // why the newest state of it could not be read; the drafts are those of the last good one
}

// memberDraft is one sheet of a member. Its rows may be gone with the file they were read from; the hashes then lead to
// what is remembered.
type memberDraft struct {
	Draft
	id    [16]byte // of the way of reading, and of the file's name: part of each run's hash
	spans []Span   // with the hashes of their bytes, where they are known
	rows  Rows     // nil: to be opened again
}

// Load reads the changed members and makes one table of all that are present. A member that is damaged keeps its last
// good rows and is reported; the load is damaged when no member can be read. An error is ours or the disk's.
func (u *Union) Load(ctx context.Context, changed []Member, present []string, o Options) (*Load, error) {
	start := time.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	load := &Load{Path: u.path, Union: true}
	notes := &Diagnoses{}
	u.share = u.loader.budget.begin(u.path)
	err := u.load(ctx, load, changed, present, o, notes)
	u.share.end(err == nil, tableBytes(load))
	if d, ok := asDamage(err); ok {
		load.Damage, load.Sheets = d, nil
		notes.Add(Diagnostic{Code: d.Code, Severity: Error, Line: d.Line, Column: position(d.Column), Message: d.Message, Hint: d.Hint})
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", u.path, err)
	}
	load.Diagnostics, load.Counts = notes.kept, notes.counts
	load.Took = time.Since(start)
	return load, nil
}

func (u *Union) load(ctx context.Context, load *Load, changed []Member, present []string, o Options, notes *Diagnoses) error {
	present = slices.Clone(present)
	slices.SortFunc(present, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case NaturalLess(a, b):
			return -1
		}
		return 1
	})
	present = slices.Compact(present)
	if len(present) > mostMembers {
		return TooMuch(fmt.Sprintf("%d files are to be one table, more than %d", len(present), mostMembers), "name fewer files")
	}
	files := map[string]Member{}
	members := map[string]*member{}
	for _, c := range changed {
		files[c.Name] = c
	}
	total := int64(0)
	for _, name := range present {
		old := u.members[name]
		if f, ok := files[name]; ok {
			total += f.Size
		} else if old != nil {
			total += old.size
			members[name] = old
		}
	}
	bounded, cancel := context.WithTimeout(ctx, u.loader.options.Limits.deadline(total))
	defer cancel()
	u.running = newProgress(u.loader.options.Progress, u.path, total, len(present) > 0 && u.loader.Lines(present[0]))
	opened := int64(0)
	for _, name := range present {
		f, ok := files[name]
		if !ok {
			if m := members[name]; m != nil {
				opened += m.size
			}
			continue
		}
		m := &member{name: name, size: f.Size, fallback: -1}
		var err error = f.Damage
		if f.Damage == nil {
			err = u.read(bounded, m, f.File, o)
		}
		if d, ok := asDamage(err); ok {
			m = damagedMember(u.members[name], m, d)
		} else if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		members[name] = m
		opened += f.Size
		u.running.opened(opened)
	}
	for {
		var list []*member
		for _, name := range present {
			if m := members[name]; m != nil {
				list = append(list, m)
			}
		}
		found := &Diagnoses{}
		err := u.settle(bounded, load, list, o, found)
		var of *memberError
		if errors.As(err, &of) {
			m := of.member
			if m.damage != nil { // its last good rows are needed once more, and cannot be read any more
				members[m.name] = damagedMember(nil, m, m.damage)
				continue
			}
			again, ok := u.retry(m, of.err)
			if !ok {
				return err
			}
			if again == nil { // it is damaged
				d, _ := asDamage(of.err)
				members[m.name] = damagedMember(u.members[m.name], m, d)
				continue
			}
			f, err := u.reopen(m.name, files)
			if err != nil {
				return err
			}
			err = u.read(bounded, again, f, o)
			if files[m.name].File == nil {
				f.Close()
			}
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			members[m.name] = again
			continue
		}
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return TooMuch(fmt.Sprintf("reading took longer than %s", u.loader.options.Limits.deadline(total)), "make the files fewer or smaller, or raise the limit")
		}
		if err != nil {
			return err
		}
		torn := false
		for name, f := range files {
			if f.Same != nil && members[name] != nil && !f.Same() {
				// It was written to while it was read. What was good the last time stays until it settles again.
				torn = true
				delete(files, name)
				if members[name] = u.members[name]; members[name] == nil {
					delete(members, name)
				}
			}
		}
		if torn {
			continue
		}
		*notes = Diagnoses{kept: found.kept, counts: found.counts}
		for _, m := range members {
			for i := range m.drafts {
				m.drafts[i].rows = nil // nothing of the file is held on to
			}
		}
		u.members = members
		return nil
	}
}

// damagedMember is what stays of a member that cannot be read: what was good the last time.
func damagedMember(old, now *member, d *Damage) *member {
	m := &member{name: now.name, size: now.size, modified: now.modified, format: now.format, fallback: -1, notes: &Diagnoses{}, damage: d}
	if old != nil {
		m.format, m.encoding, m.fallback, m.careful, m.drafts, m.notes = old.format, old.encoding, old.fallback, old.careful, old.drafts, old.notes
	}
	return m
}

// retry says how a member is to be read after a fault: nil and true when it is damaged, false when it is none of its
// own.
func (u *Union) retry(m *member, err error) (*member, bool) {
	again := &member{name: m.name, size: m.size, fallback: m.fallback, careful: m.careful}
	var bad *NotUTF8
	switch {
	case errors.As(err, new(Irregular)) && !m.careful:
		again.careful = true
		return again, true
	case errors.As(err, &bad) && m.fallback < 0:
		again.fallback = bad.Offset
		return again, true
	}
	if _, ok := asDamage(err); ok {
		return nil, true
	}
	return nil, false
}

func (u *Union) reopen(name string, files map[string]Member) (*os.File, error) {
	if f := files[name].File; f != nil {
		return f, nil
	}
	f, err := u.open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s again: %w", name, err)
	}
	return f, nil
}

// read opens a member: its drafts are what it says of itself.
func (u *Union) read(ctx context.Context, m *member, f *os.File, o Options) error {
	st, err := f.Stat()
	if err != nil {
		return fmt.Errorf("stat: %w", err)
	}
	m.modified = st.ModTime()
	l := u.loader
	format := l.format(m.name)
	if format == nil {
		return unknown(m.name, f)
	}
	m.format = format.Name()
	if limit := l.options.Limits.File; m.size > limit {
		return TooMuch(fmt.Sprintf("the file has %s, more than %s", mebibytes(m.size), mebibytes(limit)), "split the file, or raise the limit")
	}
	for {
		m.notes = &Diagnoses{}
		in := &Input{ReaderAt: f, Path: m.name, Size: m.size, Options: o, Limits: l.options.Limits, Locale: l.options.Locale, Diagnoses: m.notes,
			fallback: m.fallback, careful: m.careful, share: u.share, workers: l.options.Workers, block: l.options.Block}
		if old := u.members[m.name]; old != nil && len(old.drafts) == 1 {
			in.known = &knownSpans{identity: old.drafts[0].Identity, spans: old.drafts[0].spans}
		}
		book, err := u.openBook(ctx, format, in)
		var bad *NotUTF8
		if errors.As(err, &bad) && m.fallback < 0 && o.Encoding == "" {
			m.fallback = bad.Offset
			continue
		}
		if err != nil {
			return err
		}
		m.format, m.encoding, m.drafts = book.Format, book.Encoding, nil
		for _, d := range book.Drafts {
			own := memberDraft{Draft: d, id: HashOf(fmt.Appendf(nil, "%q %q", m.name, d.Identity)), spans: slices.Clone(d.Rows.Spans()), rows: d.Rows}
			own.Draft.Rows = nil
			m.drafts = append(m.drafts, own)
		}
		return nil
	}
}

// openBook is Open of the format with what is packed unpacked; a panic is damage of the file.
func (u *Union) openBook(ctx context.Context, format Format, in *Input) (book *Book, err error) {
	defer func() {
		if r := recover(); r != nil {
			u.loader.options.Logger.Error("panic while reading a file", "path", in.Path, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = &Damage{Code: DamagedArchive, Message: "the file could not be read because of a fault in dashira", Hint: "please report it with the file"}
		}
	}()
	if kind := compression(in.Path); kind != "" {
		if err := in.unpack(ctx, kind); err != nil {
			return nil, err
		}
		in.Path = strings.TrimSuffix(in.Path, path.Ext(in.Path))
	}
	return format.Open(ctx, in)
}

// settle makes the tables of what the members say.
func (u *Union) settle(ctx context.Context, load *Load, members []*member, o Options, notes *Diagnoses) error {
	load.Sheets, load.Bytes, load.Modified, load.Format, load.Encoding = nil, 0, time.Time{}, "", ""
	var damaged *member
	readable := 0
	for _, m := range members {
		load.Bytes += m.size
		if m.modified.After(load.Modified) {
			load.Modified = m.modified
		}
		if m.damage != nil {
			damaged = cmp.Or(damaged, m)
			notes.Add(Diagnostic{File: m.name, Code: m.damage.Code, Severity: Error, Line: m.damage.Line, Column: position(m.damage.Column), Message: m.damage.Message, Hint: m.damage.Hint})
		}
		if m.drafts == nil {
			continue
		}
		readable++
		load.Format, load.Encoding = agreed(load.Format, m.format, readable), agreed(load.Encoding, m.encoding, readable)
		for _, n := range m.notes.kept {
			n.File = m.name
			notes.Add(n)
		}
	}
	if readable == 0 && damaged != nil {
		d := *damaged.damage
		d.Message = damaged.name + ": " + d.Message
		return &d
	}
	drafts := map[string]*draftMemory{}
	tables := unite(ctx, u, members, o, notes)
	for i, d := range tables {
		memory := newDraftMemory(d.Identity, o.Nulls, u.keeper.drafts[d.Name])
		rows := d.Rows.(*unionRows)
		defer rows.close()
		s := &settler{draft: d, progress: u.running.table(i, len(tables), d.Rows.Spans()), nulls: o.Nulls, limits: u.loader.options.Limits, share: u.share, spans: slices.Clone(d.Rows.Spans()), memory: memory, workers: u.loader.options.Workers, kept: map[[16]byte]*piece{}}
		s.pieces = make([]*piece, len(s.spans))
		sheets, err := s.settle(ctx, o, hints{comma: d.Comma, locale: u.loader.options.Locale, strict: d.Strict})
		if err != nil {
			return u.caught(err)
		}
		finished, err := s.finish(ctx, sheets, notes, o)
		if err != nil {
			return u.caught(err)
		}
		load.Sheets = append(load.Sheets, finished...)
		memory.pieces, memory.spans = s.kept, s.spans
		drafts[d.Name] = memory
		rows.keepHashes()
	}
	u.keeper.drafts = drafts
	u.keeper.compare(load, notes)
	return nil
}

// caught logs a panic of a worker and makes damage of it.
func (u *Union) caught(err error) error {
	var p *panicked
	if !errors.As(err, &p) {
		return err
	}
	u.loader.options.Logger.Error("panic while reading files", "path", u.path, "panic", fmt.Sprint(p.value), "stack", string(p.stack))
	return &Damage{Code: DamagedArchive, Message: "the files could not be read because of a fault in dashira", Hint: "please report it with the files"}
}

// agreed is what all members say, "" where they differ.
func agreed(so, now string, nth int) string {
	if nth == 1 || so == now {
		return now
	}
	return ""
}

// unite makes one draft of the drafts of each sheet's name; of files with one sheet each, one of all.
func unite(ctx context.Context, u *Union, members []*member, o Options, notes *Diagnoses) []*Draft {
	single := true
	for _, m := range members {
		single = single && len(m.drafts) < 2
	}
	var order []string
	groups := map[string]*unionRows{}
	for _, m := range members {
		for i := range m.drafts {
			name := m.drafts[i].Name
			if single {
				name = ""
			}
			if groups[name] == nil {
				groups[name] = &unionRows{union: u, ctx: ctx, options: o}
				order = append(order, name)
			}
			groups[name].add(m, &m.drafts[i])
		}
	}
	var out []*Draft
	for _, name := range order {
		out = append(out, groups[name].draft(name, notes))
	}
	return out
}

// said unites what files say of a column's type: where they differ, the values decide.
func said(a, b table.Field) (table.Field, bool) {
	return a, a.Type == b.Type && a.Unit == b.Unit && a.Instant == b.Instant
}
