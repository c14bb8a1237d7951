//go:build linux

package main

import (
	"strings"
	"testing"
	"time"
)

// readingOf is what the server would answer for n rows of a generation.
func readingOf(generation, n, total int) reading {
	r := reading{revision: uint64(generation)}
	for i := range n {
		r.rows = append(r.rows, row{i, generation, total, sum(i, generation)})
	}
	return r
}

// TestJudgeFindsWhatMustNotBe shows the judge one good thing and many bad ones.
func TestJudgeFindsWhatMustNotBe(t *testing.T) {
	saved := func() (*judge, *truth) {
		f := newTruth("f.csv", "csv")
		j := newJudge("", []*truth{f})
		for g := range 3 {
			f.begin(state{generation: firstGeneration + g, rows: 5, pattern: "p"})
			f.finish()
		}
		j.rise()
		j.up()
		return j, f
	}
	check := func(j *judge, f *truth, r reading) {
		now := time.Now()
		j.check(f, "t", r, &f.told, now, now, now)
	}
	for words, do := range map[string]func(j *judge, f *truth){
		"": func(j *judge, f *truth) {
			check(j, f, readingOf(firstGeneration, 5, 5))
			check(j, f, readingOf(firstGeneration+2, 5, 5))
		},
		"4 of the 5 rows":    func(j *judge, f *truth) { check(j, f, readingOf(firstGeneration, 4, 5)) },
		"which nobody wrote": func(j *judge, f *truth) { check(j, f, readingOf(firstGeneration+9, 5, 5)) },
		"it is empty":        func(j *judge, f *truth) { check(j, f, reading{}) },
		"revision 100001 has two con": func(j *judge, f *truth) {
			r := readingOf(firstGeneration+1, 5, 5)
			check(j, f, r)
			r.digest++
			check(j, f, r)
		},
		"it went back from": func(j *judge, f *truth) {
			check(j, f, readingOf(firstGeneration+1, 5, 5))
			check(j, f, readingOf(firstGeneration, 5, 5))
		},
		"row 3 is": func(j *judge, f *truth) {
			r := readingOf(firstGeneration, 5, 5)
			r.rows[3].Generation++
			check(j, f, r)
		},
		"there is no table": func(j *judge, f *truth) {
			check(j, f, readingOf(firstGeneration, 5, 5))
			j.alive = time.Now().Add(-time.Hour)
			later := time.Now().Add(time.Second)
			j.lacking(f, later, later)
		},
		"was not shown although": func(j *judge, f *truth) {
			j.began = time.Time{}
			j.due(time.Now().Add(time.Minute))
		},
		"is that of g.csv too": func(j *judge, f *truth) {
			j.owner(newTruth("g.csv", "csv"), heard{"life", 7})
			j.owner(f, heard{"life", 7})
		},
	} {
		j, f := saved()
		do(j, f)
		switch {
		case words == "" && len(j.faults) > 0:
			t.Errorf("what is good is a fault: %s", j.faults[0].what)
		case words != "" && (len(j.faults) != 1 || !strings.Contains(j.faults[0].what, words)):
			t.Errorf("%s: %+v", words, j.faults)
		}
	}
}

func TestAbsenceIsBelievedOnlyWhereAWriterLeftOne(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) time.Time { return now.Add(d) }
	for name, c := range map[string]struct {
		spans []span
		want  bool
	}{
		"none":            {nil, false},
		"short":           {[]span{{at(-time.Second), at(-700 * time.Millisecond)}}, false},
		"long":            {[]span{{at(-2 * time.Second), at(-time.Second)}}, true},
		"going on":        {[]span{{from: at(-time.Second)}}, true},
		"only just begun": {[]span{{from: at(-100 * time.Millisecond)}}, false},
		"long over":       {[]span{{at(-2 * time.Minute), at(-time.Minute)}}, false},
		"not yet":         {[]span{{at(time.Minute), at(2 * time.Minute)}}, false},
	} {
		if got := mayLack(c.spans, grace, now, now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// An absence is judged when there is time for it, and counts for the moment at which it was seen: the writer may have
// made the file again since.
func TestAnAbsenceThatIsJudgedLateIsSeen(t *testing.T) {
	f := newTruth("f.csv", "csv")
	j := newJudge("", []*truth{f})
	save := func(generation int) {
		f.begin(state{generation: generation, rows: 5, pattern: "p"})
		f.finish()
	}
	j.rise()
	j.up()
	save(firstGeneration)
	f.leave()
	f.begin(state{gone: true, pattern: "p"})
	f.finish()
	gone := time.Now()
	save(firstGeneration + 1)
	j.lacking(f, gone, gone)
	if at, seen := f.seen[1]; !seen || !at.Equal(gone) {
		t.Errorf("the absence was seen: %v, at %v, want %v", seen, at, gone)
	}
	if len(j.faults) > 0 {
		t.Errorf("what is good is a fault: %s", j.faults[0].what)
	}
}
