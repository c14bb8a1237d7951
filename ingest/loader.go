package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dashira/dashira/table"
)

// Loader reads files into tables and remembers, by path, what makes the next reading of a grown or rewritten file
// cheap. It may be used by several goroutines; loads of one path follow each other.
type Loader struct {
	options LoaderOptions
	byExt   map[string]Format
	exts    []string

	budget *budget

	mu    sync.Mutex
	paths map[string]*keeper
}

// LoaderOptions says how files are read. The zero value is the product's default.
type LoaderOptions struct {
	Limits  Limits
	Memory  int64        // bytes that all tables and loads may take together; 0: without end
	Locale  string       // decides dates and numbers that nothing else decides: "en-US", "de"
	Workers int          // goroutines of one load; 0: one for each processor
	Block   int          // bytes in which a file is looked through for its rows; 0: 4 MiB
	Logger  *slog.Logger // of panics and retries; nil: none

	Progress Progress // of each load; nil: nobody asks

	SampleFrom int64      // bytes of a file from which a sample of its beginning is believed when it grew; 0: 256 MiB
	Dirty      DirtyPages // what was written lately; nil: the kernel is asked
}

// keeper is what is remembered of one path.
type keeper struct {
	mu      sync.Mutex
	drafts  map[string]*draftMemory
	schemas map[string]*table.Schema
	base    base
	left    any // by the format
}

// NewLoader returns a loader of these formats. Of two formats with one extension the first reads it.
func NewLoader(o LoaderOptions, formats ...Format) *Loader {
	o.Limits = o.Limits.withDefaults()
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Block <= 0 {
		o.Block = cutBlock
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.SampleFrom <= 0 {
		o.SampleFrom = sampleFrom
	}
	if o.Dirty == nil {
		o.Dirty = dirtyPages
	}
	l := &Loader{options: o, byExt: map[string]Format{}, budget: newBudget(o.Memory), paths: map[string]*keeper{}}
	add := func(ext string, f Format) {
		if l.byExt[ext] == nil {
			l.byExt[ext] = f
			l.exts = append(l.exts, ext)
		}
	}
	for _, f := range formats {
		for _, ext := range f.Extensions() {
			add(ext, f)
		}
	}
	for _, f := range formats {
		if f.Compressed() {
			for _, ext := range f.Extensions() {
				add(ext+".gz", f)
				add(ext+".zst", f)
			}
		}
	}
	return l
}

// Extensions returns the endings of the names that are read, lower case with the dot.
func (l *Loader) Extensions() []string { return slices.Clone(l.exts) }

// Accept says whether a file of this name is read.
func (l *Loader) Accept(name string) bool { return l.format(name) != nil }

func (l *Loader) format(name string) Format {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for dot := strings.IndexByte(base, '.'); dot >= 0; {
		if f := l.byExt[base[dot:]]; f != nil && dot > 0 {
			return f
		}
		next := strings.IndexByte(base[dot+1:], '.')
		if next < 0 {
			break
		}
		dot += next + 1
	}
	return nil
}

// Forget drops what is remembered of a path.
func (l *Loader) Forget(path string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.paths, path)
	l.budget.forget(path)
}

func (l *Loader) keeper(path string) *keeper {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.paths[path]
	if k == nil {
		k = &keeper{drafts: map[string]*draftMemory{}}
		l.paths[path] = k
	}
	return k
}

// Whole returns nil when the first size bytes of the file are complete as far as a cheap look can tell: a JSON document
// ends, the directory of an archive is there. A *Damage says what is missing; other errors are of reading.
func (l *Loader) Whole(path string, f *os.File, size int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			l.options.Logger.Error("panic while looking at a file", "path", path, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = nil // Load will say what is wrong
		}
	}()
	format := l.format(path)
	if format == nil {
		return unknown(path, f)
	}
	if !l.budget.room(size) {
		return nil // too large to be looked at whole, which Load says
	}
	if compression(path) != "" {
		return wholeCompressed(compression(path), f, size)
	}
	return format.Whole(f, size)
}

// Load reads at most size bytes of f, the file at path relative to the folder. Faults of the file are in the Load; an
// error is ours or the disk's. A file that grows is read up to its last complete row.
func (l *Loader) Load(ctx context.Context, path string, f *os.File, size int64, o Options) (*Load, error) {
	start := time.Now()
	o, err := o.Settled()
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	load := &Load{Path: path, Bytes: size}
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("stat %s: %w", path, err)
	}
	load.Modified = st.ModTime()
	k := l.keeper(path)
	k.mu.Lock()
	defer k.mu.Unlock()
	notes := &Diagnoses{}
	own := l.budget.begin(path)
	err = l.load(ctx, k, load, f, l.trust(k, f, st, size), o, notes, own)
	k.loaded(load, st, err == nil)
	own.end(err == nil, tableBytes(load))
	if d, ok := asDamage(err); ok {
		load.Damage, load.Sheets = d, nil
		notes.Add(Diagnostic{Code: d.Code, Severity: Error, Line: d.Line, Column: position(d.Column), Message: d.Message, Hint: d.Hint})
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	load.Diagnostics, load.Counts = notes.kept, notes.counts
	load.Took = time.Since(start)
	return load, nil
}

func position(column int) string {
	if column == 0 {
		return ""
	}
	return fmt.Sprint(column)
}

func (l *Loader) load(ctx context.Context, k *keeper, load *Load, f *os.File, t *trust, o Options, notes *Diagnoses, own *share) error {
	format := l.format(load.Path)
	if format == nil {
		return unknown(load.Path, f)
	}
	load.Format = format.Name()
	limits := l.options.Limits
	if load.Bytes > limits.File {
		return TooMuch(fmt.Sprintf("the file has %s, more than %s", mebibytes(load.Bytes), mebibytes(limits.File)), "split the file, or raise the limit")
	}
	bounded, cancel := context.WithTimeout(ctx, limits.deadline(load.Bytes))
	defer cancel()
	fallback, careful := int64(-1), false
	p := newProgress(l.options.Progress, load.Path, load.Bytes, l.Lines(load.Path))
	for {
		in := &Input{ReaderAt: p.reader(f), progress: p, Path: load.Path, Size: load.Bytes, Options: o, Limits: limits, Locale: l.options.Locale, Diagnoses: notes, fallback: fallback, careful: careful, share: own, workers: l.options.Workers, block: l.options.Block, trust: t}
		err := l.attempt(bounded, k, load, format, in)
		var bad *NotUTF8
		switch {
		case errors.As(err, new(Irregular)) && !careful:
			*notes = Diagnoses{}
			careful = true
			continue
		case errors.As(err, &bad) && fallback < 0 && o.Encoding == "":
			// What was noticed so far was noticed in text that was read wrongly.
			*notes = Diagnoses{}
			fallback = bad.Offset
			continue
		case errors.As(err, &bad):
			return &Damage{Code: EncodingFallback, Message: fmt.Sprintf("byte %d is not valid in the encoding %s", bad.Offset+1, o.Encoding), Hint: "name the file's encoding, or let it be found"}
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			return TooMuch(fmt.Sprintf("reading took longer than %s", limits.deadline(load.Bytes)), "make the file smaller, or raise the limit")
		}
		return err
	}
}

func (l *Loader) attempt(ctx context.Context, k *keeper, load *Load, format Format, in *Input) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicked{value: r, stack: debug.Stack()}
		}
		var p *panicked
		if errors.As(err, &p) {
			l.options.Logger.Error("panic while reading a file", "path", load.Path, "panic", fmt.Sprint(p.value), "stack", string(p.stack))
			err = &Damage{Code: DamagedArchive, Message: "the file could not be read because of a fault in dashira", Hint: "please report it with the file"}
		}
	}()
	if kind := compression(in.Path); kind != "" {
		if err := in.unpack(ctx, kind); err != nil {
			return err
		}
		in.Path = strings.TrimSuffix(in.Path, path.Ext(in.Path))
	}
	if format.Compressed() { // text
		if err := foreign(in, in.Size, in.Path != load.Path); err != nil {
			return err
		}
	}
	if len(k.drafts) == 1 {
		for _, m := range k.drafts {
			in.known = &knownSpans{identity: m.identity, spans: m.spans}
		}
	}
	in.Before = k.left
	book, err := format.Open(ctx, in)
	if err != nil {
		return err
	}
	k.left = in.Leave
	load.Format, load.Encoding, load.Empty = book.Format, book.Encoding, book.Empty
	load.Sheets = nil
	drafts := map[string]*draftMemory{}
	o := in.Options
	for i := range book.Drafts {
		d := &book.Drafts[i]
		memory := newDraftMemory(d.Identity, o.Nulls, k.drafts[d.Name])
		s := &settler{draft: d, progress: in.progress.table(i, len(book.Drafts), d.Rows.Spans()), nulls: o.Nulls, limits: in.Limits, share: in.share, spans: slices.Clone(d.Rows.Spans()), memory: memory, workers: l.options.Workers, kept: map[[16]byte]*piece{}}
		s.pieces = make([]*piece, len(s.spans))
		sheets, err := s.settle(ctx, in.Options, hints{comma: d.Comma, locale: in.Locale, strict: d.Strict})
		if err != nil {
			return err
		}
		finished, err := s.finish(ctx, sheets, in.Diagnoses, in.Options)
		if err != nil {
			return err
		}
		load.Sheets = append(load.Sheets, finished...)
		memory.pieces, memory.spans = s.kept, s.spans
		drafts[d.Name] = memory
	}
	k.drafts = drafts
	load.Unverified = in.unverified
	k.compare(load, in.Diagnoses)
	return nil
}

// compare reports how the columns moved since the last load.
func (k *keeper) compare(load *Load, notes *Diagnoses) {
	now := map[string]*table.Schema{}
	for i := range load.Sheets {
		s := &load.Sheets[i]
		now[s.Name] = s.Table.Schema()
		old := k.schemas[s.Name]
		if old == nil {
			continue
		}
		var added, removed []string
		for _, f := range s.Table.Schema().Fields() {
			at := old.Index(f.Name)
			if at < 0 {
				added = append(added, f.Name)
				continue
			}
			if was := old.Field(at); was.Type != f.Type {
				code, severity := SchemaChanged, Info
				if wider(was.Type, f.Type) {
					code, severity = TypeWidened, Warning
				}
				notes.Add(Diagnostic{Code: code, Severity: severity, Sheet: s.Name, Column: f.Name,
					Message: fmt.Sprintf("the column was %s and is %s now", was.Type, f.Type), Hint: "look at the newest rows, or set the column's type"})
			}
		}
		for _, f := range old.Fields() {
			if s.Table.Schema().Index(f.Name) < 0 {
				removed = append(removed, f.Name)
			}
		}
		if len(added)+len(removed) > 0 {
			message := "the columns changed:"
			if len(added) > 0 {
				message += " new " + strings.Join(added, ", ")
			}
			if len(removed) > 0 {
				if len(added) > 0 {
					message += ";"
				}
				message += " gone " + strings.Join(removed, ", ")
			}
			notes.Add(Diagnostic{Code: SchemaChanged, Severity: Warning, Sheet: s.Name, Value: strings.Join(removed, ", "), Message: message, Hint: "panels that show a column that is gone need another one"})
		}
	}
	k.schemas = now
}

func wider(was, is table.Type) bool {
	switch {
	case is == table.String:
		return was != table.Null && was != table.Nested
	case was == table.Int:
		return is == table.Float
	case was == table.Date:
		return is == table.Timestamp
	case was == table.Time:
		return is == table.Duration
	}
	return false
}
