package ingest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// BenchmarkReload measures what a change of a file of 500 000 rows costs after the first load.
func BenchmarkReload(b *testing.B) {
	content := narrowRows(500_000)
	lines := bytes.SplitAfter(content, []byte("\n"))
	for name, changed := range map[string][]byte{
		"unchanged": content,
		"one cell":  bytes.Replace(content, []byte("sensor-001"), []byte("sensor-777"), 1),
		"inserted":  bytes.Join(append([][]byte{lines[0], lines[5]}, lines[1:]...), nil),
		"appended":  append(bytes.Clone(content), lines[len(lines)-2]...),
	} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			loader := newLoader()
			paths := [2]string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")}
			for i, text := range [][]byte{content, changed} {
				if err := os.WriteFile(paths[i], text, 0o644); err != nil {
					b.Fatal(err)
				}
			}
			read := func(from string) {
				f, err := os.Open(from)
				if err != nil {
					b.Fatal(err)
				}
				defer f.Close()
				st, err := f.Stat()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := loader.Load(b.Context(), "data.csv", f, st.Size(), ingest.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			read(paths[0])
			for i := 0; b.Loop(); i++ {
				read(paths[(i+1)%2])
			}
		})
	}
}
