package excel

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

const (
	aheadBlock  = 128 << 10
	aheadBlocks = 48
)

// ahead reads on a goroutine of its own, some blocks ahead of who reads from it: a sheet is unpacked while what was
// unpacked is scanned.
type ahead struct {
	full chan []byte // closed at the end of the text, by the goroutine
	free chan []byte
	stop chan struct{} // closed by Close
	rest []byte        // of the block that is being read
	used []byte        // the whole block
	err  error         // why the text ended; read once full is closed
}

// readAhead begins to read; Close must be called.
func readAhead(r io.Reader) *ahead {
	a := &ahead{full: make(chan []byte, aheadBlocks), free: make(chan []byte, aheadBlocks), stop: make(chan struct{})}
	go a.fill(r)
	return a
}

func (a *ahead) fill(r io.Reader) {
	defer close(a.full)
	defer func() {
		if r := recover(); r != nil {
			a.err = fmt.Errorf("panic while unpacking: %v\n%s", r, debug.Stack())
		}
	}()
	for made := 0; ; {
		var block []byte
		select {
		case block = <-a.free:
		default:
			if made < aheadBlocks {
				block = make([]byte, aheadBlock)
				made++
				break
			}
			select {
			case block = <-a.free:
			case <-a.stop:
				return
			}
		}
		n, err := 0, error(nil)
		for n < aheadBlock && err == nil {
			var more int
			more, err = r.Read(block[n:aheadBlock])
			n += more
		}
		if n > 0 {
			select {
			case a.full <- block[:n]:
			case <-a.stop:
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				a.err = err
			}
			return
		}
	}
}

// Read reads what was read ahead.
func (a *ahead) Read(b []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.used != nil {
			a.free <- a.used[:aheadBlock] // never full: there are no more blocks than it holds
			a.used = nil
		}
		block, ok := <-a.full
		if !ok {
			if a.err != nil {
				return 0, a.err
			}
			return 0, io.EOF
		}
		a.used, a.rest = block, block
	}
	n := copy(b, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close ends the goroutine and waits for it.
func (a *ahead) Close() {
	close(a.stop)
	for range a.full {
	}
}
