package share_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/share"
)

func open(t *testing.T, dir string) *share.Store {
	t.Helper()
	s, err := share.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func create(t *testing.T, s *share.Store, r share.Request) (share.Grant, string) {
	t.Helper()
	if r.Dashboards == nil {
		r.Dashboards = []string{"orders"}
	}
	g, token, err := s.Create(r)
	if err != nil {
		t.Fatal(err)
	}
	return g, token
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestATokenOpensWhatItsGrantSays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	s := open(t, dir)
	want, token := create(t, s, share.Request{
		Label: "Partner", Dashboards: []string{"orders", "stock"}, Lock: map[string][]string{"region": {"EU", "US"}},
		Allow: []string{"filters"}, MaxViewers: 3,
	})
	if len(token) != 43 || len(want.ID) != 8 || strings.Trim(want.ID, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		t.Fatalf("token %q, id %q", token, want.ID)
	}
	if life := want.Expires.Sub(want.Created); life != share.DefaultLife {
		t.Fatalf("lives for %v", life)
	}
	for _, store := range []*share.Store{s, open(t, dir)} { // also after a restart
		g, err := store.Redeem(token, "")
		if err != nil {
			t.Fatal(err)
		}
		if g.ID != want.ID || g.Label != "Partner" || !slices.Equal(g.Dashboards, want.Dashboards) || !slices.Equal(g.Lock["region"], []string{"EU", "US"}) ||
			!g.Allows("filters") || g.Allows("download") || !g.Opens("stock") || g.Opens("secret") || g.MaxViewers != 3 || g.HasPassword || g.LastUsed.IsZero() {
			t.Fatalf("%+v", g)
		}
		g.Lock["region"][0] = "changed" // what is handed out is the caller's
		if again, _ := store.Get(want.ID); again.Lock["region"][0] != "EU" {
			t.Fatal("a caller changed the store")
		}
	}
}

func TestOnlyTheExactTokenIsAccepted(t *testing.T) {
	s := open(t, t.TempDir())
	_, token := create(t, s, share.Request{})
	flip := []byte(token)
	flip[10] ^= 1
	for _, bad := range []string{"", " ", token + "=", token + "\n", " " + token, token[:42], strings.ToUpper(token), string(flip), token + token} {
		if _, err := s.Redeem(bad, ""); !errors.Is(err, share.ErrUnknown) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	// The last letter carries two unused bits: other spellings of the same bytes.
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, l := range letters {
		if twin := token[:42] + string(l); twin != token {
			if _, err := s.Redeem(twin, ""); !errors.Is(err, share.ErrUnknown) {
				t.Errorf("%q: %v", twin, err)
			}
		}
	}
}

func TestNoSecretIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	g, token := create(t, s, share.Request{Password: "correct horse"})
	cookie, err := s.NewSession(g.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "shares.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token, cookie, "correct horse"} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%q stands in the file", secret)
		}
	}
	if runtime.GOOS != "windows" {
		for _, name := range []string{"shares.db", "owner-token"} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", name, info.Mode(), err)
			}
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Fatalf("%v %v", left, err)
	}
}

func TestPassword(t *testing.T) {
	s := open(t, t.TempDir())
	g, token := create(t, s, share.Request{Password: "pässword"})
	if !g.HasPassword {
		t.Fatalf("%+v", g)
	}
	for _, wrong := range []string{"", "x", "pässword ", "Pässword"} {
		if _, err := s.Redeem(token, wrong); !errors.Is(err, share.ErrPassword) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := s.Redeem(token, "pässword"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(token+"x", "pässword"); !errors.Is(err, share.ErrUnknown) {
		t.Fatal(err)
	}
}

func TestRequestsAreChecked(t *testing.T) {
	s := open(t, t.TempDir())
	now := time.Now()
	many := make([]string, 65)
	for name, r := range map[string]share.Request{
		"no dashboard":   {},
		"past":           {Dashboards: []string{"a"}, Expires: now.Add(-time.Second)},
		"too long":       {Dashboards: []string{"a"}, Expires: now.Add(91 * 24 * time.Hour)},
		"many":           {Dashboards: many},
		"long label":     {Dashboards: []string{"a"}, Label: strings.Repeat("x", 1025)},
		"no text":        {Dashboards: []string{"a\xff"}},
		"empty lock":     {Dashboards: []string{"a"}, Lock: map[string][]string{"region": nil}},
		"fewer than nil": {Dashboards: []string{"a"}, MaxViewers: -1},
	} {
		if _, _, err := s.Create(r); !errors.Is(err, share.ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(s.List()); n != 0 {
		t.Fatalf("%d grants", n)
	}
	create(t, s, share.Request{Expires: now.Add(share.MaxLife)})
}

func TestRevokeEndsTokenSessionsAndStreams(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	g, token := create(t, s, share.Request{})
	other, otherToken := create(t, s, share.Request{})
	cookie, err := s.NewSession(g.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Session(cookie); err != nil || got.ID != g.ID {
		t.Fatal(got, err)
	}
	done, alive := s.Done(g.ID), s.Done(other.ID)
	if closed(done) || s.Why(g.ID) != nil {
		t.Fatal("done before it ended")
	}
	if err := s.Revoke(g.ID); err != nil {
		t.Fatal(err)
	}
	if !closed(done) || closed(alive) || !closed(s.Done(g.ID)) || !errors.Is(s.Why(g.ID), share.ErrRevoked) {
		t.Fatal("revoking must end this grant's streams, and no other's")
	}
	for _, store := range []*share.Store{s, open(t, dir)} {
		if _, err := store.Redeem(token, ""); !errors.Is(err, share.ErrRevoked) {
			t.Fatal(err)
		}
		if _, err := store.Session(cookie); !errors.Is(err, share.ErrUnknown) && !errors.Is(err, share.ErrRevoked) {
			t.Fatal(err)
		}
		if _, err := store.Redeem(otherToken, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := store.NewSession(g.ID); !errors.Is(err, share.ErrRevoked) {
			t.Fatal(err)
		}
	}
	if err := s.Revoke(g.ID); err != nil {
		t.Fatal("revoking twice:", err)
	}
	if err := s.Revoke("nobody00"); !errors.Is(err, share.ErrUnknown) {
		t.Fatal(err)
	}
	if n, err := s.RotateAll(); n != 1 || err != nil || !closed(alive) {
		t.Fatal(n, err)
	}
	if _, err := s.Redeem(otherToken, ""); !errors.Is(err, share.ErrRevoked) {
		t.Fatal(err)
	}
}

func TestSessions(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	g, _ := create(t, s, share.Request{})
	a, err := s.NewSession(g.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.NewSession(g.ID)
	if err != nil || a == b {
		t.Fatal(a, b, err)
	}
	if err := s.EndSession(a); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if _, err := again.Session(a); !errors.Is(err, share.ErrUnknown) {
		t.Fatal(err)
	}
	if _, err := again.Session(b); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", b + "x", b[1:]} {
		if _, err := s.Session(bad); !errors.Is(err, share.ErrUnknown) {
			t.Fatal(err)
		}
	}
	if _, err := s.NewSession("nobody00"); !errors.Is(err, share.ErrUnknown) {
		t.Fatal(err)
	}
}

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

// A file cut anywhere is set aside and reported, nothing panics, no link opens,
// and new ones can be made.
func TestATruncatedFileFailsClosed(t *testing.T) {
	made := t.TempDir()
	s := open(t, made)
	var tokens []string
	for range 40 {
		_, token := create(t, s, share.Request{Label: strings.Repeat("x", 900)})
		tokens = append(tokens, token)
	}
	whole, err := os.ReadFile(filepath.Join(made, "shares.db"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "shares.db")
	step := 509 // each page is cut at several places; every byte would take minutes
	for n := 0; n < len(whole); n += step {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir)
		open := 0
		for _, token := range tokens {
			if _, err := s.Redeem(token, ""); err == nil {
				open++
			}
		}
		// The end of the file may be pages that nothing uses.
		if s.Damaged() == "" && open != len(tokens) || s.Damaged() != "" && open != 0 {
			t.Fatalf("cut at %d of %d: %d links open, %q", n, len(whole), open, s.Damaged())
		}
		if _, _, err := s.Create(share.Request{Dashboards: []string{"a"}}); err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		aside, err := filepath.Glob(path + ".damaged-*")
		if err != nil || (len(aside) == 0) != (s.Damaged() == "") {
			t.Fatalf("cut at %d: %v %v", n, aside, err)
		}
		for _, f := range append(aside, path) {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestFlippedBitsFailClosed(t *testing.T) {
	made := t.TempDir()
	s := open(t, made)
	g, token := create(t, s, share.Request{Label: "LABEL"})
	if err := s.Revoke(g.ID); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(made, "shares.db"))
	if err != nil {
		t.Fatal(err)
	}
	// Wherever the record says that it is revoked, say that it is not.
	lie := bytes.ReplaceAll(whole, []byte(`"Revoked":true`), []byte(`"Revoked":null`))
	if bytes.Equal(lie, whole) {
		t.Fatal("the record does not say so")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shares.db"), lie, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if _, err := s.Redeem(token, ""); !errors.Is(err, share.ErrUnknown) || s.Damaged() == "" {
		t.Fatal(err, s.Damaged())
	}
}

func TestAnyOtherFileFailsClosed(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "text": strings.Repeat("not a database\n", 1000), "zeros": strings.Repeat("\x00", 65536),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "shares.db"), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			s := open(t, dir)
			if s.Damaged() == "" || len(s.List()) != 0 {
				t.Fatalf("%q, %v", s.Damaged(), s.List())
			}
			create(t, s, share.Request{})
			if s := open(t, dir); s.Damaged() != "" || len(s.List()) != 1 {
				t.Fatalf("%q, %v", s.Damaged(), s.List())
			}
		})
	}
}

// Damage while the server runs closes what was open.
func TestDamageWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		defer start(t, s)()
		g, token := create(t, s, share.Request{})
		done := s.Done(g.ID)
		if err := os.Truncate(filepath.Join(dir, "shares.db"), 5000); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if _, err := s.Redeem(token, ""); !closed(done) || !errors.Is(err, share.ErrUnknown) || s.Damaged() == "" {
			t.Fatal(closed(done), err, s.Damaged())
		}
	})
}

func TestAStateDirectoryThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the directory should be
		t.Fatal(err)
	}
	s := open(t, filepath.Join(dir, "dashira"))
	if s.Problem() == nil || s.OwnerToken() == "" || s.Damaged() != "" {
		t.Fatal(s.Problem(), s.OwnerToken(), s.Damaged())
	}
	if _, _, err := s.Create(share.Request{Dashboards: []string{"a"}}); !errors.Is(err, share.ErrStorage) {
		t.Fatal(err)
	}
}

// A full disk refuses new grants and leaves the old ones in force: they open,
// they get sessions, and they can be revoked.
func TestAFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs a small tmpfs, and root to mount it")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=512k", "dashira-test", dir).CombinedOutput(); err != nil {
		t.Skipf("needs a small tmpfs: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 200<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	type pair struct{ id, token string }
	var have []pair
	fill := func() error {
		for range 1000 {
			g, token, err := s.Create(share.Request{Dashboards: []string{"a"}, Label: strings.Repeat("x", 1000)})
			if err != nil {
				return err
			}
			have = append(have, pair{g.ID, token})
		}
		return nil
	}
	if err := fill(); !errors.Is(err, share.ErrStorage) {
		t.Fatal("the disk did not fill:", err)
	}
	if len(have) < 3 {
		t.Fatalf("%d grants before the disk was full", len(have))
	}
	for _, s := range []*share.Store{s, open(t, dir)} {
		if s.Damaged() != "" || len(s.List()) != len(have) {
			t.Fatalf("%q, %d of %d grants", s.Damaged(), len(s.List()), len(have))
		}
		for _, p := range have {
			if _, err := s.Redeem(p.token, ""); err != nil {
				t.Fatal(err)
			}
		}
		cookie, err := s.NewSession(have[0].id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(cookie); err != nil {
			t.Fatal(err)
		}
	}
	done := s.Done(have[0].id)
	err := s.Revoke(have[0].id)
	if _, redeem := s.Redeem(have[0].token, ""); !errors.Is(redeem, share.ErrRevoked) || !closed(done) {
		t.Fatalf("revoking on a full disk: %v, and the link says %v", err, redeem)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Revoke(have[1].id); err != nil {
		t.Fatal(err)
	}
	if g, _ := open(t, dir).Get(have[0].id); !g.Revoked {
		t.Fatal("a revocation that could not be stored must be stored with the next write")
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

func TestDirectories(t *testing.T) {
	x := t.TempDir()
	t.Setenv("XDG_STATE_HOME", x)
	if d, err := share.DefaultDir(); err != nil || d != filepath.Join(x, "dashira") {
		t.Fatal(d, err)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	if d, err := share.DefaultDir(); err != nil || !filepath.IsAbs(d) || strings.Contains(d, "relative") {
		t.Fatal(d, err)
	}
	a, b := t.TempDir(), t.TempDir()
	da, err := share.FolderDir(x, a)
	if err != nil || !strings.HasPrefix(da, x) {
		t.Fatal(da, err)
	}
	if db, _ := share.FolderDir(x, b); db == da {
		t.Fatal("two folders, one state")
	}
	link := filepath.Join(x, "link")
	if err := os.Symlink(a, link); err == nil {
		if dl, _ := share.FolderDir(x, link); dl != da {
			t.Fatal("a link to a folder is that folder")
		}
	}
	t.Chdir(a)
	if dot, _ := share.FolderDir(x, "."); dot != da {
		t.Fatal(dot, da)
	}
}

func TestTheOwnersToken(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	first := s.OwnerToken()
	if len(first) != 43 {
		t.Fatalf("%q", first)
	}
	if open(t, dir).OwnerToken() != first {
		t.Fatal("a restart must not change it")
	}
	if err := s.RotateOwner(); err != nil || s.IsOwner(first) || open(t, dir).OwnerToken() != s.OwnerToken() {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "owner-token"), []byte("short"), 0o644); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if again.Problem() != nil || len(again.OwnerToken()) != 43 || open(t, dir).OwnerToken() != again.OwnerToken() {
		t.Fatal(again.Problem(), again.OwnerToken())
	}
}

func TestALaunchLinkWorksOnceAndSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		link, late := s.Launch(), s.Launch()
		if s.OwnerSession(link) {
			t.Fatal("a link is no cookie")
		}
		cookie, err := s.RedeemLaunch(link)
		if err != nil || !s.OwnerSession(cookie) || s.OwnerSession("") || s.OwnerSession(cookie+"x") {
			t.Fatal(err)
		}
		if _, err := s.RedeemLaunch(link); !errors.Is(err, share.ErrUnknown) {
			t.Fatal("it worked twice:", err)
		}
		time.Sleep(11 * time.Minute)
		if _, err := s.RedeemLaunch(late); !errors.Is(err, share.ErrExpired) {
			t.Fatal(err)
		}
		if !s.OwnerSession(cookie) {
			t.Fatal("a session outlives its link")
		}
		if err := s.RotateOwner(); err != nil || s.OwnerSession(cookie) {
			t.Fatal(err)
		}
		first := s.Launch()
		for range 200 { // many links must not add up, and the newest must work
			time.Sleep(time.Second)
			if _, err := s.RedeemLaunch(s.Launch()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.RedeemLaunch(first); err != nil {
			t.Fatal(err)
		}
	})
}
