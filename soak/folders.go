//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// mover keeps a folder of files under two names in turn, removes it, makes it again, and takes it out of sight. It is
// the only one who touches that folder.
type mover struct {
	dir, aside string
	name       string                       // of the folder now
	other      string                       // its other name
	files      map[string]map[string]*saver // by name of the folder and of the file
	r          *rand.Rand
	generation int
	there      bool
}

func newMover(dir, aside, name string, names []string, r *rand.Rand) *mover {
	m := &mover{dir: dir, aside: aside, name: name, other: name + "-moved", files: map[string]map[string]*saver{}, r: r, generation: firstGeneration}
	for _, folder := range []string{m.name, m.other} {
		m.files[folder] = map[string]*saver{}
		for _, file := range names {
			path := folder + "/deep/" + file
			m.files[folder][file] = &saver{truth: newTruth(path, filepath.Ext(file)[1:]), r: r, file: filepath.Join(dir, path), aside: aside}
		}
	}
	return m
}

// truths are those of both names.
func (m *mover) truths() []*truth {
	var all []*truth
	for _, files := range m.files {
		for _, s := range files {
			all = append(all, s.truth)
		}
	}
	return all
}

func (m *mover) at(name string) string { return filepath.Join(m.dir, name) }

// fill makes the folder and its files anew.
func (m *mover) fill(pattern string) error {
	m.generation++
	if err := os.MkdirAll(filepath.Join(m.at(m.name), "deep"), 0o755); err != nil {
		return err
	}
	for _, s := range m.files[m.name] {
		if err := m.save(s, pattern); err != nil {
			return err
		}
	}
	m.there = true
	return nil
}

// save writes the mover's generation to one file.
func (m *mover) save(s *saver, pattern string) error {
	n := 5 + m.r.IntN(60)
	s.begin(state{generation: m.generation, rows: n, pattern: pattern})
	defer s.finish()
	return os.WriteFile(s.file, content(s.format, m.generation, n), 0o644)
}

// The names of what a mover does.
const (
	folderMade    = "folder made, filled"
	folderRenamed = "folder renamed"
	folderAfter   = "folder renamed, file saved"
	folderAnew    = "folder removed, made again at once"
	folderRemoved = "folder removed"
	folderOut     = "folder moved out of sight"
	folderBack    = "folder moved in"
)

var foldings = []string{folderMade, folderRenamed, folderAfter, folderAnew, folderRemoved, folderOut, folderBack}

func (m *mover) run(ctx context.Context, w *world, end time.Time) error {
	for time.Now().Before(end) && ctx.Err() == nil {
		if err := w.step(m.turn); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		time.Sleep(time.Duration(m.r.Int64N(int64(3 * time.Second))))
	}
	return nil
}

func (m *mover) turn() error {
	if !m.there {
		return m.fill(folderMade)
	}
	switch m.r.IntN(6) {
	case 0, 1:
		return m.rename()
	case 2: // and at once a new one by the same name
		for _, s := range m.files[m.name] {
			s.leave()
		}
		if err := os.RemoveAll(m.at(m.name)); err != nil {
			return err
		}
		return m.fill(folderAnew)
	case 3:
		return m.remove()
	case 4:
		return m.out()
	}
	m.generation++
	for _, s := range m.files[m.name] {
		return m.save(s, folderAfter)
	}
	return nil
}

// rename gives the folder its other name, and saves one file while nobody can have got used to it.
func (m *mover) rename() error {
	m.gone(folderRenamed)
	m.arrive(m.other, folderRenamed)
	if err := os.Rename(m.at(m.name), m.at(m.other)); err != nil {
		return err
	}
	m.finish()
	m.name, m.other = m.other, m.name
	if m.r.IntN(2) == 0 {
		return nil
	}
	m.generation++
	for _, s := range m.files[m.name] {
		return m.save(s, folderAfter)
	}
	return nil
}

func (m *mover) remove() error {
	m.gone(folderRemoved)
	if err := os.RemoveAll(m.at(m.name)); err != nil {
		return err
	}
	m.finish()
	m.there = false
	return nil
}

// out takes the folder to where nobody looks, changes what is in it, and brings it back.
func (m *mover) out() error {
	away := filepath.Join(m.aside, m.name)
	m.gone(folderOut)
	if err := os.Rename(m.at(m.name), away); err != nil {
		return err
	}
	m.finish()
	time.Sleep(time.Duration(m.r.Int64N(int64(time.Second))))
	m.arrive(m.name, folderBack)
	if err := os.Rename(away, m.at(m.name)); err != nil {
		return err
	}
	m.finish()
	return nil
}

// gone begins the absence of every file of the folder.
func (m *mover) gone(pattern string) {
	for _, s := range m.files[m.name] {
		s.leave()
		s.begin(state{gone: true, pattern: pattern})
	}
}

// arrive begins the presence, under a name of the folder, of what every file holds now.
func (m *mover) arrive(name, pattern string) {
	for file, s := range m.files[m.name] {
		now := s.present()
		m.files[name][file].begin(state{generation: now.generation, rows: now.rows, pattern: pattern})
	}
}

// finish ends what gone and arrive began.
func (m *mover) finish() {
	for _, files := range m.files {
		for _, s := range files {
			if s.open() {
				s.finish()
			}
		}
	}
}

// swapper keeps a file as Kubernetes keeps those of a ConfigMap: a link through another link that is swapped.
type swapper struct {
	saver
	dir  string
	link string // ..data
	old  string // what it leads to
}

func newSwapper(root, name string, r *rand.Rand) *swapper {
	dir := filepath.Join(root, name)
	return &swapper{saver: saver{truth: newTruth(name+"/data.csv", "csv"), r: r, file: filepath.Join(dir, "data.csv")}, dir: dir, link: filepath.Join(dir, "..data")}
}

const linkSwapped = "link swapped (Kubernetes ConfigMap)"

// swap publishes a generation.
func (s *swapper) swap(generation int) error {
	n := 5 + s.r.IntN(60)
	target := fmt.Sprintf("..gen-%d", generation)
	s.begin(state{generation: generation, rows: n, pattern: linkSwapped})
	defer s.finish()
	dir := filepath.Join(s.dir, target)
	if err := steps(mkdir(dir), write(filepath.Join(dir, "data.csv"), content("csv", generation, n)),
		func() error { return os.Symlink(target, s.link+"_tmp") }, rename(s.link+"_tmp", s.link)); err != nil {
		return err
	}
	old := s.old
	s.old = target
	if old == "" {
		return os.Symlink("..data/data.csv", s.file)
	}
	return os.RemoveAll(filepath.Join(s.dir, old))
}

func (s *swapper) run(ctx context.Context, w *world, end time.Time) error {
	for generation := firstGeneration + 1; time.Now().Before(end) && ctx.Err() == nil; generation++ {
		if err := w.step(func() error { return s.swap(generation) }); err != nil {
			return fmt.Errorf("%s: %w", s.path, err)
		}
		s.pause(2 * time.Second)
	}
	return nil
}
