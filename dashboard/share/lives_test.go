package share_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/share"
)

// start runs the store in the bubble and returns a function that ends it.
func start(t *testing.T, s *share.Store) func() {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	return func() { cancel(); wg.Wait() }
}

func TestExpiryEndsEverythingWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		stop := start(t, s)
		g, token := create(t, s, share.Request{Expires: time.Now().Add(10 * time.Minute)})
		cookie, err := s.NewSession(g.ID)
		if err != nil {
			t.Fatal(err)
		}
		done := s.Done(g.ID)
		time.Sleep(10*time.Minute - 2*time.Millisecond)
		synctest.Wait()
		if closed(done) {
			t.Fatal("too early")
		}
		if _, err := s.Session(cookie); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
		if _, err := s.Redeem(token, ""); !errors.Is(err, share.ErrExpired) {
			t.Fatal(err)
		}
		if _, err := s.Session(cookie); !errors.Is(err, share.ErrExpired) {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if !closed(done) || !errors.Is(s.Why(g.ID), share.ErrExpired) {
			t.Fatal("still alive a second later")
		}
		// The next write does not forget who was let in: the viewer is told that the link has ended, not that there was none.
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if _, err := s.Session(cookie); !errors.Is(err, share.ErrExpired) {
			t.Fatalf("two minutes later: %v", err)
		}
		stop()
		// It stays in the list for a while, and then goes with the next write.
		time.Sleep(31 * 24 * time.Hour)
		create(t, s, share.Request{})
		if _, err := s.Get(g.ID); !errors.Is(err, share.ErrUnknown) {
			t.Fatal(err)
		}
	})
}

func TestTheTimeOfLastUseIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		stop := start(t, s)
		g, token := create(t, s, share.Request{})
		time.Sleep(time.Minute)
		if _, err := s.Redeem(token, ""); err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		time.Sleep(5 * time.Minute)
		stop()
		if got, err := open(t, dir).Get(g.ID); err != nil || !got.LastUsed.Equal(at) {
			t.Fatalf("%v, used at %v, %v", got.LastUsed, at, err)
		}
	})
}

// Two processes, one directory: what one does the other sees.
func TestAnotherProcessIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		server, command := open(t, dir), open(t, dir)
		defer start(t, server)()
		if server.OwnerToken() != command.OwnerToken() || !server.IsOwner(command.OwnerToken()) || server.IsOwner("") || server.IsOwner(command.OwnerToken()+"x") {
			t.Fatal("the owner's token is shared by all processes")
		}
		g, token := create(t, command, share.Request{})
		if _, err := server.Redeem(token, ""); err != nil { // at once, without waiting for a look
			t.Fatal(err)
		}
		done := server.Done(g.ID)
		if err := command.Revoke(g.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if !closed(done) {
			t.Fatal("revoked by another process, and still alive a second later")
		}
		// The whole file is taken away: nothing is open to anybody.
		h, token := create(t, command, share.Request{})
		if _, err := server.Redeem(token, ""); err != nil {
			t.Fatal(err)
		}
		done = server.Done(h.ID)
		if err := os.Remove(filepath.Join(dir, "shares.db")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if _, err := server.Redeem(token, ""); !closed(done) || !errors.Is(err, share.ErrUnknown) {
			t.Fatal(err)
		}
	})
}

func TestConcurrentStoresLoseNothing(t *testing.T) {
	dir := t.TempDir()
	stores := []*share.Store{open(t, dir), open(t, dir), open(t, dir)}
	var wg sync.WaitGroup
	for _, s := range stores {
		wg.Go(func() {
			for range 10 {
				g, token, err := s.Create(share.Request{Dashboards: []string{"a"}})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.Redeem(token, ""); err != nil {
					t.Error(err)
				}
				if _, err := s.NewSession(g.ID); err != nil {
					t.Error(err)
				}
				_ = s.List()
			}
		})
	}
	wg.Wait()
	if n := len(open(t, dir).List()); n != 30 {
		t.Fatalf("%d grants of 30", n)
	}
}

func TestMaxViewers(t *testing.T) {
	s := open(t, t.TempDir())
	g, _ := create(t, s, share.Request{MaxViewers: 2})
	leave, err := s.Enter(g.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enter(g.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enter(g.ID); !errors.Is(err, share.ErrFull) || s.Viewers(g.ID) != 2 {
		t.Fatal(err)
	}
	leave()
	leave()
	if _, err := s.Enter(g.ID); err != nil || s.Viewers(g.ID) != 2 {
		t.Fatal(err)
	}
	if _, err := s.Enter("nobody00"); !errors.Is(err, share.ErrUnknown) {
		t.Fatal(err)
	}
}

func TestParseExpiry(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 12, 40, 0, time.FixedZone("", 3600))
	for in, want := range map[string]time.Time{
		"": now.Add(share.DefaultLife), "7d": now.AddDate(0, 0, 7), "2w": now.AddDate(0, 0, 14), "1h": now.Add(time.Hour), " 30m ": now.Add(30 * time.Minute), "1h30m": now.Add(90 * time.Minute),
		"2026-12-24T18:00:00Z": time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC), "2026-12-24": time.Date(2026, 12, 25, 0, 0, 0, 0, now.Location()),
	} {
		if got, err := share.ParseExpiry(in, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"d", "-3d", "7", "soon", "1.5d", "99999999999999999999d", "9999999w", "2026-13-01", "7dd"} {
		if got, err := share.ParseExpiry(in, now); !errors.Is(err, share.ErrRequest) {
			t.Errorf("%q: %v %v", in, got, err)
		}
	}
}
