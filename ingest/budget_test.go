package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/excel"
	"github.com/dashira/dashira/ingest/json"
)

func limited(memory int64) *ingest.Loader {
	return ingest.NewLoader(ingest.LoaderOptions{Memory: memory, Limits: patient}, csv.New(), json.New(), excel.New())
}

func refused(t *testing.T, load *ingest.Load) {
	t.Helper()
	if load.Damage == nil || load.Damage.Code != ingest.LimitReached || !strings.Contains(load.Damage.Message, "of memory") {
		t.Errorf("damage is %v", load.Damage)
	}
}

func accepted(t *testing.T, load *ingest.Load) *ingest.Load {
	t.Helper()
	if load.Damage != nil {
		t.Error(load.Damage)
	}
	return load
}

func TestTablesStayWithinTheMemoryTheyMayTake(t *testing.T) {
	// 5000 rows of id, code, float and code take 120 kB and the dictionaries a little more.
	content := narrowRows(5000)
	l, dir := limited(400<<10), t.TempDir()
	accepted(t, loadBytes(t, l, dir, "a.csv", content, ingest.Options{}))
	accepted(t, loadBytes(t, l, dir, "b.csv", content, ingest.Options{}))
	refused(t, loadBytes(t, l, dir, "c.csv", content, ingest.Options{}))
	refused(t, loadBytes(t, l, dir, "a.csv", narrowRows(20_000), ingest.Options{}))
	// Reading the same again takes nothing, and a file that is gone makes room.
	accepted(t, loadBytes(t, l, dir, "b.csv", content, ingest.Options{}))
	l.Forget(filepath.ToSlash(filepath.Join(dir, "a.csv")))
	accepted(t, loadBytes(t, l, dir, "c.csv", content, ingest.Options{}))
	for range 5 {
		accepted(t, loadBytes(t, l, dir, "c.csv", content, ingest.Options{}))
	}
}

func TestWhatIsHeldWhileReadingCounts(t *testing.T) {
	dir := t.TempDir()
	array := []byte("[" + strings.Repeat("0,", 1<<15) + "0]")
	for name, content := range map[string][]byte{
		"wide.json":  array,
		"rows.json":  []byte("[" + strings.Repeat(`["a",1],`, 20_000) + `["a",1]]`),
		"wide.csv":   []byte(strings.Repeat("x,", 400) + "x\n" + strings.Repeat(strings.Repeat("1,", 400)+"1\n", 100)),
		"utf-16.csv": append([]byte{0xFF, 0xFE}, []byte(strings.Repeat("a\x00,\x00b\x00\n\x00", 1<<15))...),
	} {
		refused(t, loadBytes(t, limited(256<<10), dir, name, content, ingest.Options{}))
	}
}

func TestLoadsAtOnceStayWithinTheMemory(t *testing.T) {
	const most = 1 << 20
	l, dir := limited(most), t.TempDir()
	content := narrowRows(10_000) // about a quarter of it
	var wg sync.WaitGroup
	loads := make([]*ingest.Load, 8)
	for i := range loads {
		path := filepath.Join(dir, fmt.Sprintf("%d.csv", i))
		check(t, os.WriteFile(path, content, 0o644))
		wg.Go(func() { loads[i] = loadFile(t, l, path, ingest.Options{}) })
	}
	wg.Wait()
	held, good := int64(0), 0
	for _, load := range loads {
		if load.Damage != nil {
			refused(t, load)
			continue
		}
		good++
		held += load.Sheets[0].Table.Bytes()
	}
	if held > most || good < 2 || good == len(loads) {
		t.Errorf("%d of %d loads hold %d bytes", good, len(loads), held)
	}
}
