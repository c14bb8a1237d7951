//go:build !unix

package watcher

const openFlags = 0

func gone(error) bool { return false }
