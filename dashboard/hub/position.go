package hub

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// spacing is how far apart the sequence numbers of two logs of one hub begin.
// An id thereby belongs to one log: one from another selection's stream, or from
// an earlier log of the same stream, falls outside this log's numbers and is
// answered with a snapshot, where it would otherwise resume at an unrelated
// place. 10^10 events at 100 a second are three years.
const spacing = 10_000_000_000

// newEpoch names one run of a hub by its start, in hundredths of a second since
// 2020: seven letters that need no CORS preflight and no escaping.
func newEpoch(now time.Time) string {
	return strconv.FormatInt((now.UnixMilli()-1_577_836_800_000)/10, 36)
}

// validEpoch reports whether s can stand before the dash of an id: 1 to 32
// letters of [0-9a-z].
func validEpoch(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

// lastEventID is what the viewer says it had last: the header that EventSource
// sends when it reconnects by itself, else the query parameter last_event_id
// for a page that opens the stream anew (it cannot set headers).
func lastEventID(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id
	}
	if r.URL == nil || !strings.Contains(r.URL.RawQuery, "last_event_id=") {
		return ""
	}
	return r.URL.Query().Get("last_event_id")
}

// parseID returns the sequence number of an id of this epoch. Only the spelling
// that ID makes is accepted.
func parseID(epoch, id string) (seq uint64, ok bool) {
	digits, ok := strings.CutPrefix(id, epoch+"-")
	if !ok || len(digits) == 0 || len(digits) > 20 || (digits[0] == '0' && digits != "0") {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	seq, err := strconv.ParseUint(digits, 10, 64)
	return seq, err == nil
}

// formatID is the id of the event seq.
func formatID(epoch string, seq uint64) string {
	return epoch + "-" + strconv.FormatUint(seq, 10)
}
