package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestABarIsShownAfterASecondAndGoesAway looks at the bytes that a terminal would get.
func TestABarIsShownAfterASecondAndGoesAway(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_800_000_000, 0)
	b := startBar(&screen{out: &out, width: 60}, func() time.Time { return now })
	b.tell("orders.csv", 10, 1000)
	if out.Len() > 0 {
		t.Errorf("a bar in the first second: %q", out.String())
	}
	now = now.Add(2 * time.Second)
	b.tell("orders.csv", 500_000_000, 1_000_000_000)
	b.tell("orders.csv", 600_000_000, 1_000_000_000) // too soon to be drawn
	if got := out.String(); strings.Count(got, "\r") != 1 || !strings.Contains(got, "orders.csv") || !strings.Contains(got, "50 %") || !strings.Contains(got, "█") || !strings.Contains(got, "1.0 GB") {
		t.Errorf("%q", got)
	}
	now = now.Add(time.Second)
	b.tell("orders.csv", 400_000_000, 1_000_000_000) // overtaken
	if got := out.String(); strings.Contains(got, "40 %") {
		t.Errorf("it went back: %q", got)
	}
	b.end()
	now = now.Add(time.Second)
	b.tell("orders.csv", 1_000_000_000, 1_000_000_000)
	if got := out.String(); !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("it stays: %q", got)
	}
}

func TestABarFitsItsTerminal(t *testing.T) {
	for width := 20; width < 200; width += 7 {
		for _, name := range []string{"a.csv", strings.Repeat("long", 40) + ".csv", "東京の売上.csv"} {
			if n := columns(readingLine(width, name, 1, 3_000_000)); n >= width {
				t.Errorf("%d columns on a terminal of %d", n, width)
			}
		}
	}
}

func TestNoBarInAPipe(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&out)
	b.tell("a.csv", 1, 2)
	b.wrote(5)
	b.clear()
	b.end()
	if b != nil || out.Len() > 0 {
		t.Errorf("%v, %q", b, out.String())
	}
}
