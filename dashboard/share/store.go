package share

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"
)

// Store answers what tokens and cookies are worth from memory, and keeps them in
// a file. Its methods may be called from any goroutine.
type Store struct {
	file  file
	dir   string
	guess chan struct{} // two slots: passwords being checked

	fileMu sync.Mutex // one operation on the file at a time; taken before mu

	mu      sync.Mutex // guards what follows
	have    contents   // what the file held when last read
	byToken map[hash]string
	read    bool                // it has been read at all
	loose   map[hash]session    // sessions that could not be stored
	cut     map[string]struct{} // revoked here, though that could not be stored
	used    map[string]time.Time
	done    map[string]chan struct{}
	viewers map[string]int
	owner   string
	launch  launches
	damaged string
	problem error
	flushed time.Time
}

const (
	fileName  = "shares.db"
	ownerName = "owner-token"
)

// How the store spends its time while it runs.
const (
	lookEvery  = 500 * time.Millisecond // at the file and at the clock
	flushEvery = time.Minute            // the times of last use
	keepDead   = 30 * 24 * time.Hour    // how long an expired or revoked grant stays listed
)

// Open reads the store in dir, which is made with the first grant. A store that
// cannot be read or written does not keep a server from running: it knows no
// grant, Damaged or Problem say why, and Create returns ErrStorage.
func Open(dir string) (*Store, error) {
	if dir == "" {
		return nil, errors.New("open shares: no directory is given")
	}
	s := &Store{
		file: file{filepath.Join(dir, fileName)}, dir: dir, guess: make(chan struct{}, 2),
		have: noContents(), byToken: map[hash]string{}, loose: map[hash]session{}, cut: map[string]struct{}{},
		used: map[string]time.Time{}, done: map[string]chan struct{}{}, viewers: map[string]int{},
		flushed: time.Now(),
	}
	s.refresh()
	s.openOwner()
	return s, nil
}

// Damaged is empty, or says which file was set aside, and why.
func (s *Store) Damaged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.damaged
}

// Problem is nil, or says why the store could not be read or written when that
// was last tried.
func (s *Store) Problem() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}

// Run ends expired and revoked grants, sees what other processes changed, and
// stores the times of last use, until ctx ends.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			s.flush()
			return nil
		case now := <-tick.C:
			s.refresh()
			s.expire()
			if now.Sub(s.flushed) >= flushEvery {
				s.flush()
			}
		}
	}
}

func (s *Store) find(h hash) (record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.have.grants[s.byToken[h]]
	return rec, ok
}
