package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

// tailed is a running `dashira tail --json`.
type tailed struct {
	t     *testing.T
	lines chan toldEvent
}

type toldEvent struct {
	Event string
	ID    string
	Data  json.RawMessage
}

func startTail(t *testing.T, args ...string) *tailed {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	cmd := rootCommand()
	cmd.SetOut(w)
	cmd.SetArgs(append([]string{"tail", "--json"}, args...))
	ended := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		_ = w.Close()
		ended <- err
	}()
	tail := &tailed{t: t, lines: make(chan toldEvent, 1024)}
	go func() {
		defer close(tail.lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			var e toldEvent
			if err := json.Unmarshal(s.Bytes(), &e); err == nil {
				tail.lines <- e
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		for range tail.lines {
		}
		if err := <-ended; err != nil {
			t.Errorf("tail ended with %v", err)
		}
	})
	return tail
}

// next is the next event that is of the data.
func (f *tailed) next() toldEvent {
	f.t.Helper()
	for {
		select {
		case e, ok := <-f.lines:
			if !ok {
				f.t.Fatal("tail has ended")
			}
			if e.Event != wire.EventHeartbeat && e.Event != wire.EventGoodbye {
				return e
			}
		case <-time.After(time.Minute):
			f.t.Fatal("no event within a minute")
		}
	}
}

func expectEvent[T any](f *tailed, event string) T {
	f.t.Helper()
	e := f.next()
	if e.Event != event {
		f.t.Fatalf("%s came and not %s: %s", e.Event, event, e.Data)
	}
	var v T
	if err := json.Unmarshal(e.Data, &v); err != nil {
		f.t.Fatal(err)
	}
	return v
}

func addLine(t *testing.T, path, line string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(line); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTailOutlivesItsServer kills the server without a word, changes the file while none runs, and starts another.
func TestTailOutlivesItsServer(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "orders.csv")
	write(t, path, "id,amount\nA-1,1.5\nA-2,2.5\nA-3,3.5\n")
	s := serveFolder(t, dir)
	f := startTail(t, dir, "--table", "orders", "--state-dir", s.state)

	hello := expectEvent[wire.Hello](f, wire.EventHello)
	schema := expectEvent[wire.RowsSchema](f, wire.EventSchema)
	reset := expectEvent[wire.RowsReset](f, wire.EventReset)
	if hello.Resumed || len(schema.Columns) != 2 || reset.Rows != 3 {
		t.Errorf("it begins with %+v %+v %+v", hello, schema, reset)
	}
	addLine(t, path, "A-4,4.5\n")
	if a := expectEvent[wire.RowsAppend](f, wire.EventAppend); a.Base != reset.Revision || len(a.Values) != 2 || a.Values[0][0] != "A-4" {
		t.Errorf("appended %+v after %+v", a, reset)
	}

	s.kill()
	addLine(t, path, "A-5,5.5\n")
	s.start()
	again := expectEvent[wire.Hello](f, wire.EventHello)
	// It may have come while the file was still being read, and was sent away then.
	e := f.next()
	for e.Event == wire.EventHello {
		e = f.next()
	}
	if e.Event != wire.EventSchema || again.Resumed || again.Epoch == hello.Epoch {
		t.Errorf("after the restart %s came, resumed %v", e.Event, again.Resumed)
	}
	reset = expectEvent[wire.RowsReset](f, wire.EventReset)
	if reset.Rows != 5 {
		t.Errorf("after the restart there are %d rows and not 5", reset.Rows)
	}
	addLine(t, path, "A-6,6.5\n")
	if a := expectEvent[wire.RowsAppend](f, wire.EventAppend); a.Base != reset.Revision || a.Values[0][0] != "A-6" {
		t.Errorf("appended %+v after %+v", a, reset)
	}
}
