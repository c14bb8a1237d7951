package dashboard

import (
	"context"
	"time"
)

const (
	// longAnswer is how long drawing may take before a newer state is a reason to give it up.
	longAnswer = 250 * time.Millisecond
	// mostOvertaken is how often in a row an unfinished picture is given up: where changes come faster than pictures can be
	// drawn, every fourth is finished all the same.
	mostOvertaken = 3
)

// drawing is a picture that is being drawn of a state.
type drawing struct {
	state   *State
	picture *picture
	err     error
}

// drawNewest draws the model's newest state. A state that comes while drawing takes long overtakes the one at hand: what
// was found out of it stays in the memo, and nobody waits for a picture that is old when it is done. Wakes that come
// meanwhile are noted in again; ended says that the stream is to end.
func (s *Stream) drawNewest(ctx context.Context, before *picture) (d drawing, ended bool) {
	for overtaken := 0; ; overtaken++ {
		state := s.model.State()
		if state == before.state {
			return drawing{state: state, picture: before}, false
		}
		d, ended, given := s.drawUnless(ctx, state, before, overtaken < mostOvertaken)
		if !given {
			return d, ended
		}
	}
}

// drawUnless draws a state unless it is overtaken, which given says.
func (s *Stream) drawUnless(ctx context.Context, state *State, before *picture, mayGive bool) (d drawing, ended, given bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan drawing, 1)
	go func() {
		p, err := s.draw(ctx, state, before)
		done <- drawing{state, p, err}
	}()
	long := time.NewTimer(longAnswer)
	defer long.Stop()
	isLong, newer := false, false
	for {
		select {
		case d := <-done:
			// A picture that was finished all the same is a good one.
			return d, ended, given && d.err != nil
		case <-long.C:
			isLong = true
		case _, open := <-s.wake:
			if !open {
				// The channel stays ready: from here on only the drawing is waited for.
				cancel()
				return <-done, true, false
			}
			s.again, newer = true, true
		}
		if isLong && newer && mayGive && !given {
			given = true
			cancel()
		}
	}
}
