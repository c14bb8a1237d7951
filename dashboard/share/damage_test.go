package share_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/share"
)

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
