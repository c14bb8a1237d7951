package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard"
)

// keptNames remembers, beside a folder's links, what its tables and dashboards are called. Without it a link could come
// to show another file after a restart, when a file that wanted the same name is gone or new.
type keptNames struct {
	path string

	mu    sync.Mutex // guards what follows
	all   []dashboard.Name
	dirty bool
}

const (
	maxNames   = 20_000 // the oldest go first
	storeNames = time.Second
)

// openNames reads the names that earlier runs gave. A file that cannot be read is as good as none: names are then given
// anew, by the same rule.
func openNames(dir string) *keptNames {
	k := &keptNames{path: filepath.Join(dir, "names.json")}
	if body, err := os.ReadFile(k.path); err == nil && json.Unmarshal(body, &k.all) != nil {
		k.all = nil
	}
	return k
}

// earlier returns the names of earlier runs.
func (k *keptNames) earlier() []dashboard.Name {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]dashboard.Name(nil), k.all...)
}

// keep adds a name.
func (k *keptNames) keep(n dashboard.Name) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, n)
	if len(k.all) > maxNames {
		k.all = k.all[len(k.all)-maxNames:]
	}
	k.dirty = true
}

// Run stores new names until the context ends, and a last time then.
func (k *keptNames) Run(ctx context.Context) error {
	tick := time.NewTicker(storeNames)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			k.store()
			return nil
		case <-tick.C:
			k.store()
		}
	}
}

// store writes the names if there are new ones. That it cannot, as on a read-only home, costs the next run its memory
// and this one nothing.
func (k *keptNames) store() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dirty {
		return
	}
	k.dirty = false
	body, err := json.Marshal(k.all)
	if err != nil || os.MkdirAll(filepath.Dir(k.path), 0o700) != nil {
		return
	}
	tmp := k.path + ".tmp"
	if os.WriteFile(tmp, body, 0o600) == nil {
		_ = os.Rename(tmp, k.path)
	}
}
