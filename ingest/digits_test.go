package ingest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// numberText is a number as people write it: up to 18 digits, some behind a point, no zeros before others.
func numberText(r *rand.Rand, point bool) string {
	text := ""
	if r.IntN(3) == 0 {
		text = "-"
	}
	whole := 1 + r.IntN(12)
	for i := range whole {
		d := r.IntN(10)
		if i == 0 && whole > 1 && d == 0 {
			d = 7
		}
		text += strconv.Itoa(d)
	}
	if point {
		text += "."
		for range 1 + r.IntN(6) {
			text += strconv.Itoa(r.IntN(10))
		}
	}
	return text
}

func TestNumbersAreReadAsStrconvReadsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var b bytes.Buffer
	b.WriteString("whole,fraction\n")
	var wholes, fractions []string
	for range 20_000 {
		wholes, fractions = append(wholes, numberText(r, false)), append(fractions, numberText(r, r.IntN(8) > 0))
		fmt.Fprintf(&b, "%s,%s\n", wholes[len(wholes)-1], fractions[len(fractions)-1])
	}
	load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", b.Bytes(), ingest.Options{})
	data := load.Sheets[0].Table
	if a, b := data.Schema().Field(0).Type, data.Schema().Field(1).Type; a != table.Int || b != table.Float {
		t.Fatalf("the columns are %s and %s", a, b)
	}
	for row := range wholes {
		n, err := strconv.ParseInt(wholes[row], 10, 64)
		check(t, err)
		f, err := strconv.ParseFloat(fractions[row], 64)
		check(t, err)
		if got := data.Value(int64(row), 0); got.Int() != n {
			t.Fatalf("%s is read as %v", wholes[row], got)
		}
		if got := data.Value(int64(row), 1); got.Float() != f {
			t.Fatalf("%s is read as %v", fractions[row], got)
		}
	}
}

// What only looks like a number must not become one.
func TestAlmostNumbers(t *testing.T) {
	for _, text := range []string{"1.2.3", "1..2", ".", "-", "--1", "-.", "12:34567", "1234567/", "123456789.12.3", "12345678x9", "1-2", "1.2-3", "1234567 89a", "0x12", "1_000"} {
		b := []byte("id,n\n")
		for i := range 200 {
			b = fmt.Appendf(b, "%d,%d.5\n", i, i)
		}
		b = fmt.Appendf(b, "200,%s\n201,1\n", text)
		load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", b, ingest.Options{})
		data := load.Sheets[0].Table
		if f := data.Schema().Field(1); f.Type != table.Float {
			t.Errorf("%s: the column is %s", text, f.Type)
		} else if v := data.Value(200, 1); !v.IsNull() {
			t.Errorf("%s is read as %v", text, v)
		}
	}
}

func TestFractionsOfSeconds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, zone := range []string{"", "Z"} {
		var b bytes.Buffer
		b.WriteString("n,at\n")
		var want []int64
		for i := range 3000 {
			at := time.Unix(r.Int64N(4e9)-1e9, r.Int64N(1e9)).UTC()
			layout := "2006-01-02T15:04:05" + []string{"", ".0", ".00", ".000", ".000000"}[i%5]
			text := at.Format(layout)
			read, err := time.Parse(layout, text)
			check(t, err)
			want = append(want, read.UnixMicro())
			fmt.Fprintf(&b, "%d,%s%s\n", i, text, zone)
		}
		load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", b.Bytes(), ingest.Options{})
		data := load.Sheets[0].Table
		if f := data.Schema().Field(1); f.Type != table.Timestamp || f.Instant != (zone == "Z") {
			t.Fatalf("the column is %s, instant %v", f.Type, f.Instant)
		}
		for row, micros := range want {
			if got := data.Value(int64(row), 1).Int(); got != micros {
				t.Fatalf("row %d: %d, want %d", row, got, micros)
			}
		}
	}
}
