// Package share keeps the grants behind share links and the secrets that prove
// them. It knows no HTTP: the server asks it what a token or a cookie is worth.
//
// A token is a capability of 32 random bytes. It is found by the SHA-256 of its
// spelling exactly as sent, and only that hash is kept, so neither the file nor a
// backup of it opens anything. Cookies of viewers are kept the same way and end
// with their grant.
//
// Several processes may use one directory: each operation opens the file, does
// its work in one transaction and closes it. A process that runs sees what others
// changed within half a second. A damaged file is set aside and reported, and all
// links are then refused.
package share

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// Sentinels on which callers branch.
var (
	ErrUnknown  = errors.New("unknown link")
	ErrExpired  = errors.New("link has expired")
	ErrRevoked  = errors.New("link was revoked")
	ErrPassword = errors.New("wrong or missing password")
	ErrFull     = errors.New("too many viewers on this link")
	ErrRequest  = errors.New("impossible share request") // wraps what is wrong with it
	ErrStorage  = errors.New("shares cannot be stored")  // wraps why: read-only, disk full
	ErrBusy     = errors.New("shares are locked by another process")
)

// How long links live.
const (
	DefaultLife = 7 * 24 * time.Hour
	MaxLife     = 90 * 24 * time.Hour
)

// Grant is what a share link allows, without any secret.
type Grant struct {
	ID          string              // 8 letters of [0-9a-z]
	Label       string              // for the owner's list
	Dashboards  []string            // slugs of the dashboards it opens
	Lock        map[string][]string // column to the values a viewer is held to
	Allow       []string            // interactions the viewer may use, e.g. "filters"
	Created     time.Time
	Expires     time.Time
	LastUsed    time.Time // zero when never; up to a minute behind on disk
	Revoked     bool
	MaxViewers  int // live viewers at once, 0 means any number
	HasPassword bool
}

// State says in one word what the grant is worth at now: "live", "expired" or
// "revoked".
func (g Grant) State(now time.Time) string {
	switch {
	case g.Revoked:
		return "revoked"
	case !now.Before(g.Expires):
		return "expired"
	}
	return "live"
}

func (g Grant) clone() Grant {
	g.Dashboards, g.Allow = slices.Clone(g.Dashboards), slices.Clone(g.Allow)
	g.Lock = maps.Clone(g.Lock)
	for k, v := range g.Lock {
		g.Lock[k] = slices.Clone(v)
	}
	return g
}

// Allows reports whether the grant lets a viewer use the interaction.
func (g Grant) Allows(interaction string) bool { return slices.Contains(g.Allow, interaction) }

// Opens reports whether the grant covers the dashboard.
func (g Grant) Opens(dashboard string) bool { return slices.Contains(g.Dashboards, dashboard) }

// Request asks for a grant.
type Request struct {
	Label      string
	Dashboards []string // at least one
	Lock       map[string][]string
	Allow      []string
	Expires    time.Time // zero means DefaultLife from now
	Password   string    // empty means none
	MaxViewers int
}

// Bounds of a request, so that a record stays small.
const (
	maxEntries = 64
	maxText    = 1024
)

func (r *Request) check(now time.Time) error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("%w: %s", ErrRequest, fmt.Sprintf(format, a...))
	}
	if r.Expires.IsZero() {
		r.Expires = now.Add(DefaultLife)
	}
	switch {
	case len(r.Dashboards) == 0:
		return bad("no dashboard is named")
	case len(r.Dashboards) > maxEntries, len(r.Lock) > maxEntries, len(r.Allow) > maxEntries:
		return bad("more than %d entries", maxEntries)
	case !r.Expires.After(now):
		return bad("it would have expired at %s", r.Expires.Format(time.RFC3339))
	case r.Expires.After(now.Add(MaxLife + time.Minute)):
		return bad("it would live longer than %d days", MaxLife/(24*time.Hour))
	case r.MaxViewers < 0:
		return bad("fewer than no viewers")
	}
	texts := slices.Concat([]string{r.Label, r.Password}, r.Dashboards, r.Allow)
	for column, values := range r.Lock {
		if len(values) == 0 || len(values) > maxEntries {
			return bad("column %q is locked to %d values, allowed are 1 to %d", column, len(values), maxEntries)
		}
		texts = append(append(texts, column), values...)
	}
	for _, t := range texts {
		if len(t) > maxText {
			return bad("a text of %d bytes, allowed are %d", len(t), maxText)
		}
		if !utf8.ValidString(t) {
			return bad("a text that is not UTF-8")
		}
	}
	return nil
}
