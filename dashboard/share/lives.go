package share

import (
	"sync"
)

// Done is closed when the grant is revoked or expires, at most a second later
// while Run runs. For a grant that is dead or unknown it is closed already.
func (s *Store) Done(id string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.done[id]; ok {
		return c
	}
	c := make(chan struct{})
	if rec, ok := s.have.grants[id]; !ok || s.aliveLocked(rec) != nil {
		close(c)
		return c // not kept: ids of strangers should not add up
	}
	s.done[id] = c
	return c
}

// Why says why the grant's Done is closed: nil while it lives.
func (s *Store) Why(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.have.grants[id]
	if !ok {
		return ErrUnknown
	}
	return s.aliveLocked(rec)
}

// Enter counts a live viewer in, or returns ErrFull when the grant has as many as
// it may. leave counts it out; it may be called more than once.
func (s *Store) Enter(id string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.have.grants[id]
	if !ok {
		return nil, ErrUnknown
	}
	if err := s.aliveLocked(rec); err != nil {
		return nil, err
	}
	if rec.MaxViewers > 0 && s.viewers[id] >= rec.MaxViewers {
		return nil, ErrFull
	}
	s.viewers[id]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.viewers[id]--; s.viewers[id] <= 0 {
			delete(s.viewers, id)
		}
	}), nil
}

// Viewers is the number of live viewers of the grant in this process.
func (s *Store) Viewers(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.viewers[id]
}

// expire closes the Done of every grant that has died.
func (s *Store) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, c := range s.done {
		if rec, ok := s.have.grants[id]; !ok || s.aliveLocked(rec) != nil {
			close(c)
			delete(s.done, id)
		}
	}
	for h, ses := range s.loose {
		if rec, ok := s.have.grants[ses.Grant]; !ok || s.aliveLocked(rec) != nil {
			delete(s.loose, h)
		}
	}
}
