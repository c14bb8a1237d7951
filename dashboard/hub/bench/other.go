//go:build !linux

package main

import "errors"

var errLinux = errors.New("it runs on Linux only")

func measure(config) error       { return errLinux }
func child(string, string) error { return errLinux }
