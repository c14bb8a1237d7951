package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
)

func TestAPersonIsToldInWords(t *testing.T) {
	var out bytes.Buffer
	told := &teller{out: &out, now: func() time.Time { return time.Date(2026, 11, 24, 9, 5, 7, 0, time.Local) }}
	for _, e := range []struct{ event, data, want string }{
		{"hello", `{"version":"1"}`, ""},
		{"heartbeat", `{"head":"e-1"}`, ""},
		{"source", `{"name":"orders","state":"ok","revision":7,"rows":12,"added":1,"removed":0,"changed":2}`, "orders  rev 7  +1 ~2 −0, 12 rows"},
		{"source", `{"name":"orders","state":"missing"}`, "orders  missing"},
		{"source", `{"name":"orders","state":"error","error":{"message":"It is cut off.","line":3}}`, "orders  It is cut off. (line 3)"},
		{"patch", `{"panel":"revenue","base":1,"revision":2,"length":9}`, "revenue  rev 2, 9 rows"},
		{"schema", `{"table":"orders","revision":7,"columns":[{"name":"id"},{"name":"amount"}],"key":["id"]}`, "orders  id, amount"},
		{"reset", `{"revision":7,"rows":12}`, "rev 7, 12 rows"},
		{"append", `{"base":7,"revision":8,"values":[["A-1"],[12.50],[null],["9007199254740993"],[true],[{"a":1}]]}`, `+ A-1, 12.50, –, 9007199254740993, true, {"a":1}`},
		{"update", `{"base":8,"revision":9,"keys":[["A-1"]],"at":[3],"columns":["amount","x"],"values":[[13],["b"]],"old":[[12.5],[null]]}`, "~ A-1  amount 12.5 → 13  x – → b"},
		{"update", `{"base":8,"revision":9,"at":[3],"columns":["amount"],"values":[[13]],"old":[]}`, "~ row 4  amount ? → 13"},
		{"delete", `{"base":9,"revision":10,"at":[0,1],"keys":[["A-1","A-2"],["x","y"]]}`, "− A-1, x\n09:05:07  − A-2, y"},
		{"delete", `{"base":9,"revision":10,"at":[41]}`, "− row 42"},
		{"reset", `{"revision":11,"rows":1}`, "rev 11, 1 rows; what changed until here cannot be told row by row"},
		{"append", `{"base":7,"revision":8,"values":[]}`, ""},
		{"append", `{"values":[["\u001b[31m` + "\u202e" + `"]]}`, "+ �[31m�"},
		{"goodbye", `{"reason":"shutdown","retry":900}`, "goodbye: shutdown"},
		{"confetti", `{}`, "confetti"},
	} {
		out.Reset()
		if err := told.tell(sse.Event{Type: e.event, Data: []byte(e.data)}); err != nil {
			t.Errorf("%s %s: %v", e.event, e.data, err)
		}
		want := ""
		if e.want != "" {
			want = "09:05:07  " + e.want + "\n"
		}
		if out.String() != want {
			t.Errorf("%s is told as\n%q and not\n%q", e.event, out.String(), want)
		}
	}
	out.Reset()
	many := `{"values":[[` + strings.Repeat("1,", 99) + `1]]}`
	if err := told.tell(sse.Event{Type: "append", Data: []byte(many)}); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 21 || lines[20] != "09:05:07  … and 80 more" {
		t.Errorf("a hundred rows are %d lines, the last %q", len(lines), lines[len(lines)-1])
	}
	for _, bad := range []string{`{`, `[]`, `{"values":3}`} {
		for _, event := range []string{"source", "patch", "schema", "reset", "append", "update", "delete", "goodbye"} {
			_ = told.tell(sse.Event{Type: event, Data: []byte(bad)}) // an error or a line, and no panic
		}
	}
}

// Whatever a server sends, telling it is a line or an error.
func FuzzTelling(f *testing.F) {
	f.Add("update", []byte(`{"base":8,"revision":9,"keys":[["A-1"]],"at":[3,4],"columns":["amount","x"],"values":[[13],["b"]],"old":[[12.5]]}`))
	f.Add("append", []byte(`{"values":[[1,2],[]]}`))
	f.Fuzz(func(t *testing.T, event string, data []byte) {
		var out bytes.Buffer
		for _, asJSON := range []bool{false, true} {
			_ = (&teller{out: &out, json: asJSON, now: time.Now}).tell(sse.Event{Type: event, Data: data})
		}
	})
}
