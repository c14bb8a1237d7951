package share_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
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
