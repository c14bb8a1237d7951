package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed peer.mjs
var peerScript []byte

// The packages that are compared with, at the versions the figures in docs/performance.md are from.
var peerPackages = []string{"@duckdb/node-api@1.5.6-r.1", "nodejs-polars@0.26.1", "nodejs-polars-linux-x64-gnu@0.26.1"}

// peers runs other engines in node.
type peers struct{ dir string }

// installPeers puts the packages into a folder below the cache, once.
func installPeers(cache string) (*peers, error) {
	p := &peers{dir: filepath.Join(cache, "peers")}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(p.dir, "peer.mjs"), peerScript, 0o644); err != nil {
		return nil, err
	}
	wanted, _ := json.Marshal(peerPackages)
	stamp := filepath.Join(p.dir, "installed.json")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, wanted) {
		return p, nil
	}
	if err := os.WriteFile(filepath.Join(p.dir, "package.json"), []byte(`{"private":true}`), 0o644); err != nil {
		return nil, err
	}
	cmd := exec.Command("npm", append([]string{"install", "--no-audit", "--no-fund", "--loglevel=error"}, peerPackages...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("install %v with npm: %w", peerPackages, err)
	}
	return p, os.WriteFile(stamp, wanted, 0o644)
}

// names of the readers as the script knows them.
var peerNames = map[string]string{duckdb: "duckdb", polars: "polars", polarsText: "polars-text"}

// load returns the time in the middle of several loads of a file by a peer.
func (p *peers) load(reader, path string, rows, times int) (time.Duration, error) {
	cmd := exec.Command("node", "peer.mjs", peerNames[reader], path, fmt.Sprint(times))
	cmd.Dir, cmd.Stderr = p.dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", reader, err)
	}
	var answer struct {
		Took []float64 `json:"took"` // milliseconds
		Rows int       `json:"rows"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return 0, fmt.Errorf("%s said %q: %w", reader, out, err)
	}
	if answer.Rows != rows || len(answer.Took) == 0 {
		return 0, fmt.Errorf("%s read %d rows of %s, want %d", reader, answer.Rows, path, rows)
	}
	took := make([]time.Duration, len(answer.Took))
	for i, ms := range answer.Took {
		took[i] = time.Duration(ms * float64(time.Millisecond))
	}
	return middle(took), nil
}
