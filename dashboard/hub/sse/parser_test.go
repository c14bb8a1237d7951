package sse_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/dashira/dashira/dashboard/hub/sse"
)

type got struct{ Type, Data, ID string }

func parse(t *testing.T, chunks []string, last string) ([]got, *sse.Parser) {
	t.Helper()
	p := sse.NewParser(last)
	var out []got
	for _, c := range chunks {
		if err := p.Feed([]byte(c), func(e sse.Event) { out = append(out, got{e.Type, string(e.Data), e.ID}) }); err != nil {
			t.Fatal(err)
		}
	}
	return out, p
}

// cut cuts s into pieces: whole, single bytes, or at random.
func cut(s, mode string, seed uint64) (chunks []string) {
	r := rand.New(rand.NewPCG(seed, 1))
	for s != "" {
		n := len(s)
		switch mode {
		case "bytes":
			n = 1
		case "random":
			n = 1 + r.IntN(len(s))
		}
		chunks = append(chunks, s[:n])
		s = s[n:]
	}
	return chunks
}

// standardCase is one case of testdata/whatwg.json. The cases restate, in our own words, what the standard and
// web-platform-tests/eventsource (format-*) require; Chromium's own EventSource and the page's reader are held to the
// same file.
type standardCase struct {
	Name   string
	Stream string
	Base64 []byte // in place of Stream, where it is no UTF-8
	Last   string // the id that the request has sent
	Events [][3]string
	Retry  int64  // 0: none
	ID     string // the last id at the end
}

func standardCases(tb testing.TB) []standardCase {
	tb.Helper()
	body, err := os.ReadFile("testdata/whatwg.json")
	if err != nil {
		tb.Fatal(err)
	}
	var cases []standardCase
	if err := json.Unmarshal(body, &cases); err != nil {
		tb.Fatal(err)
	}
	for i := range cases {
		if cases[i].Base64 != nil {
			cases[i].Stream = string(cases[i].Base64)
		}
		if cases[i].Retry == 0 {
			cases[i].Retry = -1
		}
	}
	if len(cases) < 40 {
		tb.Fatalf("only %d cases", len(cases))
	}
	return cases
}

func TestStandard(t *testing.T) {
	for _, c := range standardCases(t) {
		var want []got
		for _, e := range c.Events {
			want = append(want, got{e[0], e[1], e[2]})
		}
		for _, mode := range []string{"whole", "bytes", "random"} {
			out, p := parse(t, cut(c.Stream, mode, 1), c.Last)
			if !reflect.DeepEqual(out, want) {
				t.Errorf("%s/%s: got %.200q want %.200q", c.Name, mode, out, want)
			}
			if p.Retry != c.Retry {
				t.Errorf("%s/%s: retry %d want %d", c.Name, mode, p.Retry, c.Retry)
			}
			if p.LastID() != c.ID {
				t.Errorf("%s/%s: last id %q want %q", c.Name, mode, p.LastID(), c.ID)
			}
		}
	}
}

func TestReaderReturnsEventsInOrderThenEOF(t *testing.T) {
	in := "retry: 5\nevent: a\nid: 1\ndata: x\n\ndata: y\n\ndata: cut"
	r := sse.NewReader(iotest.OneByteReader(strings.NewReader(in)), "0")
	for _, want := range []got{{"a", "x", "1"}, {"message", "y", "1"}} {
		e, err := r.Next()
		if err != nil || (got{e.Type, string(e.Data), e.ID}) != want {
			t.Fatalf("got %+v %v, want %+v", e, err, want)
		}
	}
	for range 2 {
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("at the end: %v", err)
		}
	}
	if r.Retry != 5 || r.LastID() != "1" {
		t.Fatalf("retry %d, last id %q", r.Retry, r.LastID())
	}
}

func TestReaderReportsABrokenConnection(t *testing.T) {
	broken := errors.New("reset by peer")
	r := sse.NewReader(io.MultiReader(strings.NewReader("data: x\n\n"), iotest.ErrReader(broken)), "")
	if e, err := r.Next(); err != nil || string(e.Data) != "x" {
		t.Fatal(e, err)
	}
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Fatal(err)
	}
}

func TestAnEndlessLineIsRefused(t *testing.T) {
	p := sse.NewParser("")
	p.MaxEvent = 1000
	var err error
	for range 100 {
		if err = p.Feed([]byte("data: "+strings.Repeat("x", 60)+"\n"), func(sse.Event) {}); err != nil {
			break
		}
	}
	if !errors.Is(err, sse.ErrTooLarge) {
		t.Fatal(err)
	}
}

// Where the input is cut must not change what is read.
func FuzzSplit(f *testing.F) {
	for _, c := range standardCases(f) {
		f.Add(c.Stream, uint64(3))
	}
	f.Fuzz(func(t *testing.T, in string, seed uint64) {
		a, pa := parse(t, []string{in}, "")
		for _, mode := range []string{"bytes", "random"} {
			b, pb := parse(t, cut(in, mode, seed), "")
			if fmt.Sprintf("%q", a) != fmt.Sprintf("%q", b) || pa.Retry != pb.Retry || pa.LastID() != pb.LastID() {
				t.Fatalf("%s: %q: %q became %q", mode, in, a, b)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	one := []byte("event: patch\nid: a1-12345\ndata: {\"panel\":\"p\",\"pad\":\"" + strings.Repeat("x", 440) + "\"}\n\n")
	p, n := sse.NewParser(""), 0
	b.SetBytes(int64(len(one)))
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Feed(one, func(sse.Event) { n++ }); err != nil {
			b.Fatal(err)
		}
	}
}
