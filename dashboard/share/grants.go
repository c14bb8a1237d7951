package share

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Create makes a grant and returns it with its token, which is nowhere else: it
// cannot be had again. It returns ErrRequest if the request is impossible, and
// ErrStorage or ErrBusy if the grant could not be stored; then there is none.
func (s *Store) Create(r Request) (Grant, string, error) {
	now := time.Now().Round(0)
	if err := r.check(now); err != nil {
		return Grant{}, "", err
	}
	token := newSecret()
	rec := record{Token: digest(token), Grant: Grant{
		Label: r.Label, Dashboards: r.Dashboards, Lock: r.Lock, Allow: r.Allow,
		Created: now.UTC(), Expires: r.Expires.Round(0).UTC(), MaxViewers: r.MaxViewers, HasPassword: r.Password != "",
	}}
	if r.Password != "" {
		s.guess <- struct{}{}
		rec.Pass = hashPassword(r.Password)
		<-s.guess
	}
	err := s.update(func(c *contents) error {
		for rec.ID = newID(); ; rec.ID = newID() {
			if _, taken := c.grants[rec.ID]; !taken {
				break
			}
		}
		c.grants[rec.ID] = rec
		return nil
	})
	if err != nil {
		return Grant{}, "", fmt.Errorf("create share: %w", err)
	}
	return rec.Grant.clone(), token, nil
}

// Redeem returns the grant of a token, or ErrUnknown, ErrExpired, ErrRevoked or
// ErrPassword. Checking a password takes some 30 ms of one core on purpose, and
// at most two are checked at once.
func (s *Store) Redeem(token, password string) (Grant, error) {
	h := digest(token)
	rec, ok := s.find(h)
	if !ok {
		s.refresh() // perhaps another process has just made it
		if rec, ok = s.find(h); !ok {
			return Grant{}, ErrUnknown
		}
	}
	if err := s.alive(rec); err != nil {
		return Grant{}, err
	}
	if rec.Pass != "" {
		if password == "" {
			return Grant{}, ErrPassword
		}
		s.guess <- struct{}{}
		right := checkPassword(rec.Pass, password)
		<-s.guess
		if !right {
			return Grant{}, ErrPassword
		}
	}
	s.touch(rec.ID)
	return s.grant(rec), nil
}

// List returns all grants, the newest first, dead ones for 30 days among them.
func (s *Store) List() []Grant {
	s.refresh()
	s.mu.Lock()
	recs := make([]record, 0, len(s.have.grants))
	for _, r := range s.have.grants {
		recs = append(recs, r)
	}
	s.mu.Unlock()
	list := make([]Grant, 0, len(recs))
	for _, r := range recs {
		list = append(list, s.grant(r))
	}
	slices.SortFunc(list, func(a, b Grant) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// Get returns one grant, dead or alive, or ErrUnknown.
func (s *Store) Get(id string) (Grant, error) {
	s.mu.Lock()
	rec, ok := s.have.grants[id]
	s.mu.Unlock()
	if !ok {
		return Grant{}, ErrUnknown
	}
	return s.grant(rec), nil
}

// Revoke ends a grant, its sessions and its streams. If that cannot be stored it
// still holds for this process, and the error says so.
func (s *Store) Revoke(id string) error {
	found := false
	err := s.revoke(func(have string) bool {
		found = found || have == id
		return have == id
	})
	if err == nil && !found {
		return ErrUnknown
	}
	return err
}

// RotateAll revokes every grant and says how many were alive.
func (s *Store) RotateAll() (n int, err error) {
	for _, g := range s.List() {
		if g.State(time.Now()) == "live" {
			n++
		}
	}
	return n, s.revoke(func(string) bool { return true })
}

func (s *Store) revoke(which func(id string) bool) error {
	now := time.Now().Round(0).UTC()
	err := s.update(func(c *contents) error {
		for id, r := range c.grants {
			if which(id) && !r.Revoked {
				r.Revoked, r.RevokedAt = true, now
				c.grants[id] = r
			}
		}
		for h, ses := range c.sessions {
			if which(ses.Grant) {
				delete(c.sessions, h)
			}
		}
		return nil
	})
	s.mu.Lock()
	if err != nil {
		for id := range s.have.grants {
			if which(id) {
				s.cut[id] = struct{}{}
			}
		}
	}
	for h, ses := range s.loose {
		if which(ses.Grant) {
			delete(s.loose, h)
		}
	}
	s.mu.Unlock()
	s.expire()
	if err != nil {
		return fmt.Errorf("revoke share: %w", err)
	}
	return nil
}

func (s *Store) alive(r record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.aliveLocked(r)
}

func (s *Store) aliveLocked(r record) error {
	_, cut := s.cut[r.ID]
	switch {
	case r.Revoked || cut:
		return ErrRevoked
	case !time.Now().Before(r.Expires):
		return ErrExpired
	}
	return nil
}

// grant is the public part of a record as of now.
func (s *Store) grant(r record) Grant {
	g := r.Grant.clone()
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.used[r.ID]; t.After(g.LastUsed) {
		g.LastUsed = t
	}
	if _, cut := s.cut[r.ID]; cut {
		g.Revoked = true
	}
	return g
}
