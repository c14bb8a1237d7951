package manifest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
)

func TestAnAgeIsReadAndKept(t *testing.T) {
	s := subjectOf("orders", orders(t))
	for text, want := range map[string]time.Duration{"2h": 2 * time.Hour, "90 min": 90 * time.Minute, "45m": 45 * time.Minute, "3d": 72 * time.Hour, "1w": 168 * time.Hour, "30s": 30 * time.Second} {
		d := made(t, "tables: {orders: {stale_after: "+text+"}}", s)[0]
		if d.StaleAfter != want {
			t.Errorf("%s is %v", text, d.StaleAfter)
		}
		if again := made(t, string(manifest.Eject(d)), s)[0]; again.StaleAfter != want {
			t.Errorf("%s comes back as %v from\n%s", text, again.StaleAfter, manifest.Eject(d))
		}
	}
	for _, text := range []string{"2", "h", "0d", "-1h", "soon", "99999999999999w", "1.5h"} {
		_, problems := manifest.Parse([]byte("tables: {orders: {stale_after: " + text + "}}"))
		if len(problems) == 0 || !strings.Contains(problems[0].Message, "is no length of time") {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
