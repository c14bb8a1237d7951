package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// grown is a file that is changed in place under a loader that believes samples of every file.
type grown struct {
	t      testing.TB
	path   string
	loader *ingest.Loader
	dirty  ingest.DirtyPages
}

// newGrown returns a file of n rows. The kernel is said to tell of new bytes beyond the first size bytes only.
func newGrown(t testing.TB, n int) *grown {
	g := &grown{t: t, path: filepath.Join(t.TempDir(), "log.csv")}
	content := narrowRows(n)
	size := int64(len(content))
	g.dirty = func(_ *os.File, _, to int64) (int64, bool) { return max(0, to-size), true }
	g.loader = ingest.NewLoader(ingest.LoaderOptions{Limits: patient, SampleFrom: 1, Dirty: func(f *os.File, from, to int64) (int64, bool) { return g.dirty(f, from, to) }}, formats()...)
	if err := os.WriteFile(g.path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *grown) load() *ingest.Load {
	g.t.Helper()
	load := loadFile(g.t, g.loader, g.path, ingest.Options{})
	if load.Damage != nil {
		g.t.Fatal(load.Damage)
	}
	return load
}

// settled loads the file and says that nobody wrote to it meanwhile.
func (g *grown) settled() *ingest.Load {
	g.t.Helper()
	load := g.load()
	g.loader.Trust(load)
	return load
}

func (g *grown) write(at int64, text string) {
	g.t.Helper()
	f, err := os.OpenFile(g.path, os.O_WRONLY, 0)
	if err != nil {
		g.t.Fatal(err)
	}
	if at < 0 {
		st, err := f.Stat()
		if err != nil {
			g.t.Fatal(err)
		}
		at = st.Size()
	}
	_, err = f.WriteAt([]byte(text), at)
	if err = errors.Join(err, f.Close()); err != nil {
		g.t.Fatal(err)
	}
}

func (g *grown) check(ctx context.Context) bool {
	g.t.Helper()
	f, err := os.Open(g.path)
	if err != nil {
		g.t.Fatal(err)
	}
	defer f.Close()
	same, err := g.loader.Check(ctx, filepath.ToSlash(g.path), f)
	if err != nil {
		g.t.Fatal(err)
	}
	return same
}

// truth fails unless a load has what a fresh loader finds in the file.
func (g *grown) truth(load *ingest.Load) bool {
	g.t.Helper()
	return differ(load.Sheets[0].Table, loadFile(g.t, newLoader(), g.path, ingest.Options{}).Sheets[0].Table) == ""
}

// hidden overwrites a digit of the row at the begin of each run but the first and the last, until one load takes the change
// for what was there before.
func (g *grown) hidden() *ingest.Load {
	g.t.Helper()
	content, err := os.ReadFile(g.path)
	if err != nil {
		g.t.Fatal(err)
	}
	for at := len(content) / 8; at < len(content)*7/8; at += len(content) / 64 {
		place := int64(at + bytes.Index(content[at:], []byte(",sensor-")) - 1)
		was := string(content[place : place+1])
		g.write(place, string('0'+(was[0]-'0'+1)%10))
		g.write(-1, "900000,sensor-001,1.5,ok\n")
		load := g.settled()
		if load.Unverified && !g.truth(load) {
			return load
		}
		// The sample met it, and the truth was read at once.
		if !g.truth(load) {
			g.t.Fatal("a load that read everything is not the file")
		}
	}
	g.t.Fatal("every change was in the sample")
	return nil
}

const trustedRows = 200_000

func TestAnEditThatASampleMissesIsFoundBehindIt(t *testing.T) {
	g := newGrown(t, trustedRows)
	g.settled()
	g.hidden()
	if g.check(t.Context()) {
		t.Fatal("the check found nothing")
	}
	load := g.settled()
	if load.Unverified || !g.truth(load) {
		t.Fatalf("after the check the file is still not shown as it is (unverified %v)", load.Unverified)
	}
	g.write(-1, "900001,sensor-002,2.5,ok\n")
	if load = g.settled(); !load.Unverified || !g.truth(load) {
		t.Errorf("the file is not trusted again (unverified %v)", load.Unverified)
	}
	if !g.check(t.Context()) {
		t.Error("the check finds fault with a file that only grew")
	}
}

func TestWhatWasWrittenLatelyIsAlwaysRead(t *testing.T) {
	g := newGrown(t, 30_000)
	g.dirty = nil
	g.loader = ingest.NewLoader(ingest.LoaderOptions{Limits: patient, SampleFrom: 1}, formats()...) // the kernel is asked
	g.settled()
	content, err := os.ReadFile(g.path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		at := int64(bytes.Index(content[len(content)/5*(i+1):], []byte(",sensor-")) + len(content)/5*(i+1) - 1)
		g.write(at, string('0'+(content[at]-'0'+1)%10))
		g.write(-1, "900000,sensor-001,1.5,ok\n")
		if load := g.settled(); !g.truth(load) && (!load.Unverified || g.check(t.Context())) {
			t.Fatalf("edit %d: the old rows and the new one are shown together, and nobody will find out", i)
		}
	}
}

func TestWhenEverythingIsRead(t *testing.T) {
	row := "900000,sensor-001,1.5,ok\n"
	for name, c := range map[string]struct {
		prepare func(g *grown)
		trusted bool
	}{
		"it only grew":            {func(g *grown) { g.settled(); g.write(-1, row) }, true},
		"nobody vouched for it":   {func(g *grown) { g.load(); g.write(-1, row) }, false},
		"a later load was read":   {func(g *grown) { g.settled(); g.load(); g.write(-1, row) }, false},
		"it is as long as before": {func(g *grown) { g.settled(); g.write(100, "7") }, false},
		"another file": {func(g *grown) {
			g.settled()
			content := append(narrowRows(20_000), row...)
			if err := errors.Join(os.WriteFile(g.path+"2", content, 0o600), os.Rename(g.path+"2", g.path)); err != nil {
				g.t.Fatal(err)
			}
		}, false},
		"the kernel does not know": {func(g *grown) {
			g.dirty = func(*os.File, int64, int64) (int64, bool) { return 0, false }
			g.settled()
			g.write(-1, row)
		}, false},
		"the kernel knows of nothing new": {func(g *grown) {
			g.dirty = func(*os.File, int64, int64) (int64, bool) { return 0, true }
			g.settled()
			g.write(-1, row)
		}, false},
		"it was forgotten": {func(g *grown) { g.settled(); g.loader.Forget(filepath.ToSlash(g.path)); g.write(-1, row) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGrown(t, 20_000)
			c.prepare(g)
			if load := g.settled(); load.Unverified != c.trusted || !g.truth(load) {
				t.Errorf("unverified %v, want %v", load.Unverified, c.trusted)
			}
		})
	}
}

func TestACheckCanBeEnded(t *testing.T) {
	g := newGrown(t, 20_000)
	g.settled()
	g.write(-1, "900000,sensor-001,1.5,ok\n")
	if load := g.settled(); !load.Unverified {
		t.Fatal("everything was read")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err := os.Open(g.path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if same, err := g.loader.Check(ctx, filepath.ToSlash(g.path), f); !same || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", same, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(g.path, 200_000); err != nil {
		t.Fatal(err)
	}
	if g.check(t.Context()) {
		t.Error("a file that became shorter is what it was")
	}
}

func TestTrustedGrowthInStepsEqualsOneLoad(t *testing.T) {
	g := newGrown(t, 30_000)
	g.settled()
	more := narrowRows(400)
	more = more[bytes.IndexByte(more, '\n')+1:]
	unverified := 0
	for i := range 9 {
		g.write(-1, string(more[:len(more)/20*(i%3+1)]))
		load := g.settled()
		if !g.truth(load) {
			t.Fatalf("step %d is not what the file holds", i)
		}
		if load.Unverified {
			unverified++
		}
	}
	if unverified < 5 {
		t.Errorf("%d of 9 steps were trusted", unverified)
	}
}
