package sse_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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

// The cases restate, in our own words, what the standard and
// web-platform-tests/eventsource (format-*) require.
var cases = []struct {
	name, in, last string
	want           []got
	retry          int64
	lastID         string
}{
	{"simple", "data:msg\n\n", "", []got{{"message", "msg", ""}}, -1, ""},
	{"two lines", "data:msg\ndata:msg\n\n", "", []got{{"message", "msg\nmsg", ""}}, -1, ""},
	{"only first space stripped", "data:  a\n\n", "", []got{{"message", " a", ""}}, -1, ""},
	{"tab kept", "data:\ta\n\n", "", []got{{"message", "\ta", ""}}, -1, ""},
	{"no colon", "data\n\ndata\ndata\n\ndata:test\n\n", "", []got{{"message", "", ""}, {"message", "\n", ""}, {"message", "test", ""}}, -1, ""},
	{"pending block dropped", "data:x\n\ndata:y\n", "", []got{{"message", "x", ""}}, -1, ""},
	{"pending without newline dropped", "data:x\n\ndata:y", "", []got{{"message", "x", ""}}, -1, ""},
	{"bom", "\xEF\xBB\xBFdata:1\n\n", "", []got{{"message", "1", ""}}, -1, ""},
	{"two boms", "\xEF\xBB\xBF\xEF\xBB\xBFdata:1\n\ndata:2\n\n", "", []got{{"message", "2", ""}}, -1, ""},
	{"bom only first", "data:1\n\n\xEF\xBB\xBFdata:2\n\n", "", []got{{"message", "1", ""}}, -1, ""},
	{"broken bom", "\xEF\xBBdata:1\n\ndata:2\n\n", "", []got{{"message", "2", ""}}, -1, ""},
	{"comments", "data:1\r:\x00\n:\r\ndata:2\n:" + strings.Repeat("x", 2048) + "\rdata:3\n:data:fail\r\ndata:4\n\n", "", []got{{"message", "1\n2\n3\n4", ""}}, -1, ""},
	{"cr lf crlf", "data:a\r\rdata:b\n\ndata:c\r\n\r\n", "", []got{{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}}, -1, ""},
	{"unknown fields", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\n\n", "", []got{{"message", "test\n", ""}}, -1, ""},
	{"field case", "Data:1\ndata\x00:2\ndata:3\r\x00data:4\n\n", "", []got{{"message", "3", ""}}, -1, ""},
	{"event", "event:test\ndata:x\n\ndata:x\n\n", "", []got{{"test", "x", ""}, {"message", "x", ""}}, -1, ""},
	{"empty event", "event: \ndata:data\n\n", "", []got{{"message", "data", ""}}, -1, ""},
	{"event reset without data", "event:a\n\ndata:x\n\n", "", []got{{"message", "x", ""}}, -1, ""},
	{"id persists", "id:1\ndata:a\n\ndata:b\n\n", "", []got{{"message", "a", "1"}, {"message", "b", "1"}}, -1, "1"},
	{"id without data", "id:9\n\n", "", nil, -1, "9"},
	{"id reset", "id:1\ndata:a\n\nid\ndata:b\n\n", "", []got{{"message", "a", "1"}, {"message", "b", ""}}, -1, ""},
	{"id with nul", "id:1\ndata:a\n\nid:2\x003\ndata:b\n\n", "", []got{{"message", "a", "1"}, {"message", "b", "1"}}, -1, "1"},
	{"id unfinished block", "id:1\ndata:a\n\nid:2\ndata:b\n", "", []got{{"message", "a", "1"}}, -1, "1"},
	{"id kept over reconnect", "data:a\n\n", "7", []got{{"message", "a", "7"}}, -1, "7"},
	{"retry", "retry:3000\ndata:x\n\n", "", []got{{"message", "x", ""}}, 3000, ""},
	{"retry bogus", "retry:3000\nretry:1000x\ndata:x\n\n", "", []got{{"message", "x", ""}}, 3000, ""},
	{"retry empty", "retry:3000\nretry\ndata:x\n\n", "", []got{{"message", "x", ""}}, 3000, ""},
	{"retry spaced", "retry: 5\nretry: -1\nretry:  7\ndata:x\n\n", "", []got{{"message", "x", ""}}, 5, ""},
	{"utf8", "data:ok…\n\n", "", []got{{"message", "ok…", ""}}, -1, ""},
	{"nul data", "data:\x00\n\n\n\n", "", []got{{"message", "\x00", ""}}, -1, ""},
	{"leading newlines", "\r\n\n\rdata:x\n\n", "", []got{{"message", "x", ""}}, -1, ""},
}

func TestStandard(t *testing.T) {
	for _, c := range cases {
		for _, mode := range []string{"whole", "bytes", "random"} {
			out, p := parse(t, cut(c.in, mode, 1), c.last)
			if !reflect.DeepEqual(out, c.want) {
				t.Errorf("%s/%s: got %q want %q", c.name, mode, out, c.want)
			}
			if p.Retry != c.retry {
				t.Errorf("%s/%s: retry %d want %d", c.name, mode, p.Retry, c.retry)
			}
			if p.LastID() != c.lastID {
				t.Errorf("%s/%s: last id %q want %q", c.name, mode, p.LastID(), c.lastID)
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
	for _, c := range cases {
		f.Add(c.in, uint64(3))
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
