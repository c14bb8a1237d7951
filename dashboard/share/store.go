package share

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// maxSessions is how many cookies one grant may have; the oldest go first.
const maxSessions = 1000

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

func (s *Store) find(h hash) (record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.have.grants[s.byToken[h]]
	return rec, ok
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
	for h, ses := range c.sessions {
		if r, ok := c.grants[ses.Grant]; !ok || r.Revoked || !now.Before(r.Expires) {
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

// storageError marks an error of the disk, unless it has a name already.
func storageError(err error) error {
	if errors.Is(err, ErrBusy) || errors.Is(err, ErrStorage) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrStorage, err)
}
