package ingest_test

import "testing"

// Of two styles of dates that are found as often, the same one is named every time.
func TestOfTwoStylesTheSameOneIsTaken(t *testing.T) {
	for range 50 {
		inSteps(t, "a.csv", []byte("t,at\n9:12 AM,1/31/20\n24 9:12 PM\n12:00 PM,2/1/2024 12:00 AM\n"))
	}
}
