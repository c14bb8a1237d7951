package hub

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// The tape against the plainest model: all bytes in one slice. It is tested from
// inside since nothing of it shows outside but through sockets.
func TestTapeAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const start = 7
	tp := newTape(1000, 4, start)
	var all []byte
	ends := []int64{0}
	if off, ok := tp.seek(start); !ok || off != 0 {
		t.Fatal("an empty tape stands at its start")
	}
	if _, ok := tp.seek(start + 1); ok {
		t.Fatal("an empty tape knows no future")
	}
	for i := 1; i <= 3000; i++ {
		f := bytes.Repeat([]byte{byte(i)}, 1+r.IntN(300))
		if i%500 == 0 {
			f = bytes.Repeat([]byte{byte(i)}, 2500) // larger than a segment
		}
		if got := tp.append(f); got != start+uint64(i) {
			t.Fatalf("append %d returned %d", i, got)
		}
		all = append(all, f...)
		ends = append(ends, int64(len(all)))
		segs := *tp.idx.Load()
		first := segs[0].first - start
		if held := tp.held(); held > 4*1000+2500+4*200 {
			t.Fatalf("%d bytes held", held)
		}
		for range 5 {
			s := uint64(r.IntN(i + 2))
			off, ok := tp.seek(start + s)
			if want := s <= uint64(i) && s+1 >= first; ok != want {
				t.Fatalf("seek(%d) ok=%v, first=%d last=%d", s, ok, first, i)
			}
			if !ok {
				continue
			}
			if off != ends[s] {
				t.Fatalf("seek(%d)=%d, want %d", s, off, ends[s])
			}
			var got []byte
			for o := off; tp.lag(o) > 0; {
				b, last, ok := tp.read(o)
				if !ok || len(b) == 0 {
					t.Fatal("read")
				}
				got = append(got, b...)
				o += int64(len(b))
				if ends[last-start] != o || tp.seqAt(o) != last {
					t.Fatalf("read says it ends with %d at %d", last, o)
				}
			}
			if !bytes.Equal(got, all[off:]) {
				t.Fatal("bytes differ")
			}
			if off < int64(len(all)) {
				at := off + r.Int64N(int64(len(all))-off)
				j := 0
				for ends[j] < at {
					j++
				}
				if e := tp.frameEnd(at); e != ends[j] {
					t.Fatalf("frameEnd(%d)=%d, want %d", at, e, ends[j])
				}
			}
		}
	}
	if _, _, ok := tp.read(0); ok {
		t.Fatal("the beginning is still held")
	}
}

func TestTapeTakesMemoryOnDemand(t *testing.T) {
	tp := newTape(256<<10, 16, 0)
	if tp.held() != 0 {
		t.Fatal("an empty tape holds memory")
	}
	tp.append(make([]byte, 100))
	if tp.held() > 8<<10 {
		t.Fatalf("%d bytes for one small frame", tp.held())
	}
	for range 100_000 {
		tp.append(make([]byte, 100))
	}
	if h := tp.held(); h < 3<<20 || h > 5<<20 {
		t.Fatalf("a full tape holds %d bytes", h)
	}
}
