//go:build !unix

package watcher_test

const canTick = false

func tick() {}

func mkfifo(string) error { return skipError("no named pipes here") }

func writeMapped(string, []byte) error { return skipError("no memory maps in this test here") }
