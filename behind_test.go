package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/ingest"
)

// quietBehind is a behind that reads nothing but tells when it would.
func quietBehind(check func(ctx context.Context, f trusted) (bool, error), reload func(f trusted)) *behind {
	return &behind{check: check, reload: reload, log: slog.New(slog.DiscardHandler), wake: make(chan struct{}, 1), due: map[trusted]time.Time{}, next: map[trusted]time.Time{}}
}

func TestAFileThatGrowsAllTheTimeIsCheckedWhenItRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var checked []time.Duration
		b := quietBehind(func(context.Context, trusted) (bool, error) {
			checked = append(checked, time.Since(begin))
			return true, nil
		}, func(trusted) { t.Error("a file that is what was shown is read again") })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = b.Run(ctx) }()
		r := &root{}
		for range 300 {
			b.note(trusted{r, "log.csv"})
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		cancel()
		<-done
		if want := []time.Duration{2990*time.Millisecond + rest}; !slices.Equal(checked, want) {
			t.Errorf("checked at %v, want %v", checked, want)
		}
	})
}

func TestChecksTakeASmallShareOfTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks := 0
		b := quietBehind(func(context.Context, trusted) (bool, error) {
			checks++
			time.Sleep(200 * time.Millisecond)
			return true, nil
		}, func(trusted) {})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = b.Run(ctx) }()
		r := &root{}
		for range 100 { // five minutes of a file that rests three seconds after each row
			b.note(trusted{r, "log.csv"})
			time.Sleep(3 * time.Second)
		}
		cancel()
		<-done
		if checks < 30 || checks > 75 {
			t.Errorf("%d checks of 200 ms in five minutes", checks)
		}
	})
}

func TestACheckGivesWayToTheNextChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks, given := 0, 0
		reloaded := ""
		b := quietBehind(func(ctx context.Context, f trusted) (bool, error) {
			checks++
			select {
			case <-ctx.Done():
				given++
				return true, ctx.Err()
			case <-time.After(5 * time.Second):
				return f.path != "edited.csv", nil
			}
		}, func(f trusted) { reloaded += f.path })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = b.Run(ctx) }()
		r := &root{}
		b.note(trusted{r, "edited.csv"})
		time.Sleep(3 * time.Second) // the check has begun
		b.note(trusted{r, "edited.csv"})
		time.Sleep(time.Second / 2)
		b.note(trusted{r, "grown.csv"})
		time.Sleep(time.Minute)
		cancel()
		<-done
		if checks != 3 || given != 1 || reloaded != "edited.csv" {
			t.Errorf("%d checks, %d given up, reloaded %q", checks, given, reloaded)
		}
	})
}

func TestACheckThatCannotReadIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks, reloaded := 0, 0
		b := quietBehind(func(context.Context, trusted) (bool, error) {
			if checks++; checks < 3 {
				return true, errors.New("input/output error")
			}
			return false, nil
		}, func(trusted) { reloaded++ })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = b.Run(ctx) }()
		b.note(trusted{&root{}, "log.csv"})
		time.Sleep(time.Hour)
		cancel()
		<-done
		if checks != 3 || reloaded != 1 {
			t.Errorf("%d checks, read again %d times; want 3 and 1", checks, reloaded)
		}
	})
}

func TestTheTruthIsShownAfterAnEditThatASampleMissed(t *testing.T) {
	var content bytes.Buffer
	content.WriteString("id,n\n")
	for i := range 300_000 {
		fmt.Fprintf(&content, "%d,1\n", i)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "log.csv")
	if err := os.WriteFile(path, content.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	size := int64(content.Len())
	// A kernel that has put everything but the new bytes on the disk.
	dirty := func(_ *os.File, _, to int64) (int64, bool) { return max(0, to-size), true }
	model := liveBy(t, ingest.NewLoader(ingest.LoaderOptions{SampleFrom: 1, Dirty: dirty}, readers()...), dir)
	rows := func() int64 {
		if all := model.State().Tables(); len(all) == 1 {
			return all[0].Data.Rows()
		}
		return 0
	}
	eventually(t, "the file is shown", func() bool { return rows() == 300_000 })
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	edited := []byte("\n200000,1\n")
	if _, err = f.WriteAt([]byte("2"), int64(bytes.Index(content.Bytes(), edited)+len(edited)-2)); err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte("300000,1\n"), size)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the edit is shown, with the new row", func() bool {
		return rows() == 300_001 && model.State().Tables()[0].Data.Value(200_000, 1).Int() == 2
	})
}
