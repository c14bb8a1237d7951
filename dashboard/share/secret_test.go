package share

import (
	"strings"
	"testing"
	"time"
)

// A stored hash that is not one of ours matches nothing, and neither panics nor
// takes the memory that it asks for.
func FuzzCheckPassword(f *testing.F) {
	good := hashPassword("secret")
	f.Add(good)
	f.Add(strings.Replace(good, "m=19456", "m=4294967295", 1))
	f.Add(strings.Replace(good, "t=2", "t=0", 1))
	f.Add(strings.Replace(good, "p=1", "p=0", 1))
	f.Add(strings.Replace(good, "v=19", "v=16", 1))
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Add("")
	f.Fuzz(func(t *testing.T, phc string) {
		if strings.Contains(phc, "m=") && len(phc) < 200 && checkPassword(phc, "another") {
			t.Fatalf("%q takes any password", phc)
		}
	})
}

func TestPasswordHashesAreSaltedAndChecked(t *testing.T) {
	a, b := hashPassword("x"), hashPassword("x")
	if a == b || !checkPassword(a, "x") || !checkPassword(b, "x") || checkPassword(a, "y") || checkPassword(a[:len(a)-1], "x") {
		t.Fatal(a, b)
	}
	if checkPassword(strings.Replace(a, "m=19456", "m=4294967295", 1), "x") || checkPassword(strings.Replace(a, "t=2", "t=0", 1), "x") ||
		checkPassword(strings.Replace(a, "p=1", "p=0", 1), "x") {
		t.Fatal("parameters out of bounds were accepted")
	}
}

// An expiry that is accepted is a time that can be written down and read again.
func FuzzParseExpiry(f *testing.F) {
	for _, s := range []string{"7d", "2w", "1h30m", "2026-12-24", "2026-12-24T18:00:00Z", "-1d", "4095w", "9999999h", "", "d"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 9, 12, 40, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		at, err := ParseExpiry(s, now)
		if err != nil {
			return
		}
		if _, digits := strings.CutSuffix(strings.TrimSpace(s), "d"); digits && !at.After(now.Add(-time.Second)) {
			t.Fatalf("%q is %v", s, at)
		}
		again, err := ParseExpiry(at.Format(time.RFC3339), now)
		if at.Year() >= 0 && at.Year() <= 9999 && (err != nil || again.Unix() != at.Unix()) {
			t.Fatalf("%q is %v, and again %v %v", s, at, again, err)
		}
	})
}
