package share_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/share"
)

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
