package share

import (
	"errors"
	"time"
)

// maxSessions is how many cookies one grant may have; the oldest go first.
const maxSessions = 1000

// NewSession returns the value of a cookie that stands for the grant until it
// ends. A session that cannot be stored lives as long as the process.
func (s *Store) NewSession(id string) (cookie string, err error) {
	s.mu.Lock()
	rec, ok := s.have.grants[id]
	s.mu.Unlock()
	if !ok {
		return "", ErrUnknown
	}
	if err := s.alive(rec); err != nil {
		return "", err
	}
	cookie = newSecret()
	h, now := digest(cookie), time.Now().Round(0).UTC()
	err = s.update(func(c *contents) error {
		if _, ok := c.grants[id]; !ok {
			return ErrUnknown
		}
		trim(c.sessions, id)
		c.sessions[h] = session{id, now}
		return nil
	})
	if errors.Is(err, ErrUnknown) {
		return "", err
	}
	if err != nil {
		s.mu.Lock()
		trim(s.loose, id)
		s.loose[h] = session{id, now}
		s.mu.Unlock()
	}
	return cookie, nil
}

// trim makes room for one more session of the grant.
func trim(sessions map[hash]session, id string) {
	n := 0
	var oldest hash
	var at time.Time
	for h, s := range sessions {
		if s.Grant == id {
			if n++; n == 1 || s.Created.Before(at) {
				oldest, at = h, s.Created
			}
		}
	}
	if n >= maxSessions {
		delete(sessions, oldest)
	}
}

// Session returns the grant of a cookie, or ErrUnknown, ErrExpired or ErrRevoked.
// It asks no disk.
func (s *Store) Session(cookie string) (Grant, error) {
	h := digest(cookie)
	s.mu.Lock()
	ses, ok := s.have.sessions[h]
	if !ok {
		ses, ok = s.loose[h]
	}
	rec, known := s.have.grants[ses.Grant]
	s.mu.Unlock()
	if !ok || !known {
		return Grant{}, ErrUnknown
	}
	if err := s.alive(rec); err != nil {
		return Grant{}, err
	}
	s.touch(rec.ID)
	return s.grant(rec), nil
}

// EndSession forgets a cookie: the viewer leaves for good.
func (s *Store) EndSession(cookie string) error {
	h := digest(cookie)
	s.mu.Lock()
	delete(s.loose, h)
	_, stored := s.have.sessions[h]
	s.mu.Unlock()
	if !stored {
		return nil
	}
	return s.update(func(c *contents) error {
		delete(c.sessions, h)
		return nil
	})
}
