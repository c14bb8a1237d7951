package watcher_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain lets many scripts wait side by side: they sleep most of their time, whatever the number of processors. Asked
// to by its environment, the test program is a watcher that another test runs as another user.
func TestMain(m *testing.M) {
	if root := os.Getenv(watchAsEnv); root != "" {
		watchAs(root)
		return
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
