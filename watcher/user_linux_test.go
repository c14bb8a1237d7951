package watcher_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFilesOfAnotherUser watches files on which no lease can be had, and files that may not be read.
func TestFilesOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("needs root to have a second user")
	}
	base, err := os.MkdirTemp("", "watcher")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(base, "program")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(base, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "a.csv")
	write(t, file, "1\n")

	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), watchAsEnv+"="+root)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Skipf("cannot run as another user: %v", err)
	}
	lines := make(chan string, 100)
	go func() {
		s := bufio.NewScanner(io.Reader(stdout))
		for s.Scan() {
			lines <- s.Text()
		}
		close(lines)
	}()
	t.Cleanup(func() {
		stdin.Close()
		for range lines {
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the watcher: %v", err)
		}
	})
	expect := func(want string) time.Duration {
		t.Helper()
		begin := time.Now()
		select {
		case got := <-lines:
			if !strings.HasPrefix(got, want) {
				t.Fatalf("published %s, want %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nothing was published, want %s", want)
		}
		return time.Since(begin)
	}
	expect(`whole a.csv "1\n"`)

	// From here on the closes of this directory are heard.
	best := time.Minute
	for i := 0; i < 20 && best >= 500*time.Millisecond; i++ { // a guess is never sooner
		text := fmt.Sprintf("save %d\n", i)
		write(t, file, text)
		best = min(best, expect(fmt.Sprintf("whole a.csv %q", text)))
	}
	if best >= 500*time.Millisecond {
		t.Errorf("a save was published after %v at best, which is no better than guessing", best)
	}

	h, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 { // pauses longer than any guess
		fmt.Fprintf(h, "%d", i)
		time.Sleep(700 * time.Millisecond)
	}
	if len(lines) > 0 {
		t.Fatalf("published in the middle of a save: %s", <-lines)
	}
	h.Close()
	expect(`whole a.csv "0123"`)

	write(t, file+".tmp", "4\n")
	if err := os.Rename(file+".tmp", file); err != nil {
		t.Fatal(err)
	}
	expect(`whole a.csv "4\n"`)

	if err := os.Chmod(file, 0); err != nil {
		t.Fatal(err)
	}
	expect(`failed a.csv`)
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(`whole a.csv "4\n"`)

	locked := filepath.Join(root, "locked.csv")
	write(t, locked+".tmp", "5\n")
	if err := os.Chmod(locked+".tmp", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(locked+".tmp", locked); err != nil {
		t.Fatal(err)
	}
	expect(`failed locked.csv`)
	if err := os.Remove(locked); err != nil {
		t.Fatal(err)
	}
	expect(`gone locked.csv`)
}
