package share

import "time"

// launchLife is how long a launch link waits to be opened.
const launchLife = 10 * time.Minute

// maxLaunches bounds the links and the browsers of the owner; the oldest go first.
const maxLaunches = 64

// launches are the owner's ways in from a browser. They live as long as the
// process: the next start prints a new link.
type launches struct {
	links   map[hash]time.Time // when each was made
	cookies map[hash]time.Time
}

// Launch returns a secret for the link that opens the owner's own page. It works
// once, within ten minutes, so that it is worth nothing in a browser's history.
func (s *Store) Launch() string {
	secret := newSecret()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.launch.links = keepNewest(s.launch.links)
	s.launch.links[digest(secret)] = time.Now()
	return secret
}

// RedeemLaunch exchanges the secret of Launch for the value of a cookie that is
// the owner's, or returns ErrUnknown or ErrExpired.
func (s *Store) RedeemLaunch(secret string) (cookie string, err error) {
	h := digest(secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.launch.links[h]
	if !ok {
		return "", ErrUnknown
	}
	delete(s.launch.links, h)
	if time.Since(made) > launchLife {
		return "", ErrExpired
	}
	cookie = newSecret()
	s.launch.cookies = keepNewest(s.launch.cookies)
	s.launch.cookies[digest(cookie)] = time.Now()
	return cookie, nil
}

// OwnerSession reports whether the cookie is one of the owner's.
func (s *Store) OwnerSession(cookie string) bool {
	h := digest(cookie)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.launch.cookies[h]
	return ok
}

// keepNewest makes room for one more.
func keepNewest(m map[hash]time.Time) map[hash]time.Time {
	if m == nil {
		return map[hash]time.Time{}
	}
	if len(m) < maxLaunches {
		return m
	}
	var oldest hash
	var at time.Time
	for h, t := range m {
		if at.IsZero() || t.Before(at) {
			oldest, at = h, t
		}
	}
	delete(m, oldest)
	return m
}
