package watcher_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain lets many scripts wait side by side: they sleep most of their time, whatever the number of processors.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
