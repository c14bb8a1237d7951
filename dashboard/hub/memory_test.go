package hub

import (
	"testing"
	"time"
)

func TestMemoryIsGivenBackOnceACrowdHasLeft(t *testing.T) {
	var e ebb
	now := time.Unix(0, 0)
	look := func(opened uint64, streams int, after time.Duration) bool {
		now = now.Add(after)
		return e.look(opened, streams, now)
	}
	for _, step := range []struct {
		opened  uint64
		streams int
		after   time.Duration
		want    bool
		why     string
	}{
		{9000, 9000, time.Second, false, "they came"},
		{9000, 9000, time.Hour, false, "they stay"},
		{9000, 8000, time.Second, false, "most are there"},
		{9000, 8000, time.Hour, false, "most are there, and it is quiet"},
		{9000, 0, time.Second, false, "they have just left"},
		{9000, 0, time.Second, false, "it is not quiet for long"},
		{9000, 0, time.Second, true, "they are gone"},
		{9000, 0, time.Hour, false, "it was done"},
		{9400, 0, time.Minute, false, "a few came and went between two looks"},
		{9400, 0, time.Hour, false, "a few"},
		{9500, 0, time.Minute, false, "a hundred more"},
		{9500, 0, time.Minute, true, "together they are a crowd"},
	} {
		if got := look(step.opened, step.streams, step.after); got != step.want {
			t.Errorf("%s: %v", step.why, got)
		}
	}
}
