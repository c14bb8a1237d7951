package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// runningName is the file, beside a folder's links, in which a server says where it is.
const runningName = "server.json"

// running is a server that says where it is.
type running struct {
	PID  int    `json:"pid"`
	URL  string `json:"url"`
	Root string `json:"root"`

	path string
	dir  string
}

// noteServer leaves word where this server is, so that `dashira share` finds it. That it cannot be written, as on a
// read-only home, only means that it is not found.
func noteServer(dir string, roots []string, l net.Listener) *running {
	r := &running{PID: os.Getpid(), path: filepath.Join(dir, runningName), dir: dir}
	if abs, err := filepath.Abs(roots[0]); err == nil {
		r.Root = abs
	}
	host := "127.0.0.1"
	address, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return r
	}
	if !address.IP.IsUnspecified() {
		host = address.IP.String()
	}
	r.URL = "http://" + net.JoinHostPort(host, strconv.Itoa(address.Port)) + "/"
	body, err := json.Marshal(r)
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return r
	}
	tmp := r.path + ".tmp"
	if os.WriteFile(tmp, body, 0o600) == nil {
		_ = os.Rename(tmp, r.path) // not found is the worst that follows
	}
	return r
}

// remove takes the word back, unless another server of the same folder has left its own.
func (r *running) remove() {
	if now, err := readRunning(r.path); err == nil && now.PID == r.PID {
		_ = os.Remove(r.path) // a stale note is found out when nobody answers
	}
}

func readRunning(path string) (*running, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &running{path: path, dir: filepath.Dir(path)}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, err
	}
	return r, nil
}

// findRunning lists the servers of this user that answer.
func findRunning(ctx context.Context, state string) ([]*running, error) {
	var alive []*running
	err := filepath.WalkDir(state, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.Name() != runningName {
			return err
		}
		if r, err := readRunning(path); err == nil && r.answers(ctx) {
			alive = append(alive, r)
		}
		return nil
	})
	return alive, err
}

func (r *running) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"healthz", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}
