package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // for machines without a zone database
)

// localZone returns the machine's time zone under its name in the zone database, which the page needs to say times as
// the server means them. Where the system does not give that name, it is UTC.
func localZone() *time.Location {
	if name, ok := os.LookupEnv("TZ"); ok {
		return zoneNamed(strings.TrimPrefix(name, ":"))
	}
	if path, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(path), "zoneinfo/"); ok {
			return zoneNamed(name)
		}
	}
	if b, err := os.ReadFile("/etc/timezone"); err == nil {
		return zoneNamed(strings.TrimSpace(string(b)))
	}
	return time.UTC
}

func zoneNamed(name string) *time.Location {
	if name == "" || name == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
