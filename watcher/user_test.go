package watcher_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/dashira/dashira/watcher"
)

// watchAsEnv names the folder to be watched by a test program that was started for this only.
const watchAsEnv = "WATCHER_TEST_ROOT"

// watchAs prints every publication as one line, until its input ends.
func watchAs(root string) {
	w, err := watcher.New(root, watcher.Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	err = w.Run(ctx, func(_ context.Context, c watcher.Change) (func(), error) {
		switch {
		case c.Gone:
			return func() { fmt.Printf("gone %s\n", c.Path) }, nil
		case c.Err != nil:
			return func() { fmt.Printf("failed %s %q\n", c.Path, c.Err.Error()) }, nil
		}
		f, err := w.Open(c.Path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		return func() { fmt.Printf("whole %s %q\n", c.Path, b) }, err
	})
	if err != nil {
		fmt.Println("error", err)
	}
}
