package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// BenchmarkLoad loads the files of the folder in DASHIRA_BENCH, each by a fresh loader.
func BenchmarkLoad(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("DASHIRA_BENCH"), "*.*"))
	for _, path := range files {
		if os.Getenv("DASHIRA_BENCH") == "" || !newLoader().Accept(path) {
			continue
		}
		b.Run(filepath.Base(path), func(b *testing.B) {
			st, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(st.Size())
			b.ReportAllocs()
			for b.Loop() {
				load := loadFile(b, newLoader(), path, ingest.Options{})
				if load.Damage != nil {
					b.Fatal(load.Damage)
				}
			}
		})
	}
}
