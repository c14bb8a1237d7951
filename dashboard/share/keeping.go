package share

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

func (s *Store) touch(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[id] = time.Now().Round(0).UTC()
}

// update changes the file and takes over what it then holds. An error that
// change returned comes back as it is.
func (s *Store) update(change func(*contents) error) error {
	s.fileMu.Lock()
	defer s.fileMu.Unlock()
	var refused error
	attempt := func() (contents, error) {
		refused = nil
		return s.file.update(func(c *contents) error {
			s.tidy(c)
			refused = change(c)
			return refused
		})
	}
	c, err := attempt()
	if errors.Is(err, errDamaged) {
		s.setAside(err)
		c, err = attempt()
	}
	if refused != nil {
		return refused
	}
	if err != nil {
		err = storageError(err)
		s.mu.Lock()
		s.problem = err
		s.mu.Unlock()
		return err
	}
	s.adopt(c)
	return nil
}

// tidy brings what every write carries along: revocations that could not be
// stored before, and the end of grants that have been dead for long. It is little,
// for on a full disk a revocation needs what room there is.
func (s *Store) tidy(c *contents) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for id, r := range c.grants {
		if now.Sub(r.Expires) > keepDead || r.Revoked && now.Sub(r.RevokedAt) > keepDead {
			delete(c.grants, id)
			continue
		}
		if _, cut := s.cut[id]; cut && !r.Revoked {
			r.Revoked, r.RevokedAt = true, now.Round(0).UTC()
		}
		c.grants[id] = r
	}
	// Those of a grant that expired stay as long as it is listed: who comes back with one is told what became of the link.
	for h, ses := range c.sessions {
		if r, ok := c.grants[ses.Grant]; !ok || r.Revoked {
			delete(c.sessions, h)
		}
	}
}

// flush stores the times of last use. That it may fail is no loss.
func (s *Store) flush() {
	s.mu.Lock()
	late := map[string]time.Time{}
	for id, t := range s.used {
		if r, ok := s.have.grants[id]; ok && t.After(r.LastUsed) {
			late[id] = t
		}
	}
	s.flushed = time.Now()
	s.mu.Unlock()
	if len(late) == 0 {
		return
	}
	_ = s.update(func(c *contents) error {
		for id, t := range late {
			if r, ok := c.grants[id]; ok && t.After(r.LastUsed) {
				r.LastUsed = t
				c.grants[id] = r
			}
		}
		return nil
	})
}

// refresh reads the file if it is not the one that was last read.
func (s *Store) refresh() {
	s.fileMu.Lock()
	defer s.fileMu.Unlock()
	info, err := os.Stat(s.file.path)
	if err != nil {
		info = nil
	}
	s.mu.Lock()
	unchanged := s.read && sameFile(s.have.stamp, info) && settled(info, time.Now())
	s.mu.Unlock()
	if unchanged {
		return
	}
	c, err := s.file.read()
	switch {
	case err == nil:
		s.adopt(c)
	case errors.Is(err, errDamaged):
		s.setAside(err)
	default:
		// Perhaps another process holds it. What was known stays in force.
		s.mu.Lock()
		s.problem = storageError(err)
		s.mu.Unlock()
	}
}

// sameFile reports whether nothing happened between two looks at a file.
func sameFile(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// settled reports whether a file's time can be trusted to tell the next write from
// the last one: file systems count it in steps, of two seconds at the coarsest.
func settled(info fs.FileInfo, now time.Time) bool {
	return info == nil || now.Sub(info.ModTime()) > 3*time.Second
}

// setAside gets the damaged file out of the way and closes all links.
func (s *Store) setAside(why error) {
	to, err := s.file.setAside(time.Now())
	msg := fmt.Sprintf("the file of shares was damaged (%v); it is now %s, and all links are closed", why, to)
	if err != nil {
		msg = fmt.Sprintf("the file of shares %s is damaged (%v), and all links are closed", s.file.path, why)
	}
	s.mu.Lock()
	s.damaged = msg
	s.mu.Unlock()
	s.adopt(noContents())
}

// adopt takes over what the file holds. Callers hold fileMu.
func (s *Store) adopt(c contents) {
	s.mu.Lock()
	s.have, s.read, s.problem = c, true, nil
	clear(s.byToken)
	for id, r := range c.grants {
		s.byToken[r.Token] = id
	}
	for id := range s.cut {
		if r, ok := c.grants[id]; !ok || r.Revoked {
			delete(s.cut, id)
		}
	}
	for id := range s.used {
		if _, ok := c.grants[id]; !ok {
			delete(s.used, id)
		}
	}
	s.mu.Unlock()
	s.expire()
}

// storageError marks an error of the disk, unless it has a name already.
func storageError(err error) error {
	if errors.Is(err, ErrBusy) || errors.Is(err, ErrStorage) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrStorage, err)
}
