package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// binaryDir is where the tests that need a process of its own build dashira, once.
var binaryDir string

var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryDir, "dashira")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build dashira: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "dashira-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaryDir = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// server is a dashira in a process of its own.
type server struct {
	t     *testing.T
	cmd   *exec.Cmd
	state string
	dir   string
	args  []string
	url   string
	log   *bytes.Buffer
}

// serveFolder starts dashira on a folder and waits until everything in it was read.
func serveFolder(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	s := &server{t: t, dir: dir, state: t.TempDir(), args: args}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *server) start() {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	s.log = &bytes.Buffer{}
	s.cmd = exec.Command(path, append([]string{"serve", s.dir, "--no-open", "--state-dir", s.state}, s.args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		alive, err := findRunning(s.t.Context(), s.state)
		if err == nil && len(alive) == 1 && alive[0].PID == s.cmd.Process.Pid && s.ready(alive[0].URL) {
			s.url = alive[0].URL
			return
		}
		if time.Now().After(deadline) {
			s.kill()
			s.t.Fatalf("it is not ready after a minute: %v\n%s", err, s.log)
		}
	}
}

func (s *server) ready(url string) bool {
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
	defer cancel()
	body, err := fetch(ctx, url+"readyz")
	return err == nil && strings.HasPrefix(body, "ok")
}

// kill ends the process without a word, as a crash does.
func (s *server) kill() {
	if s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}
