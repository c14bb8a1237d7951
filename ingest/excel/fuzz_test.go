package excel

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// plainRow is a row for a reader that is slow and obvious.
type plainRow struct {
	R string `xml:"r,attr"`
	C []struct {
		R  string   `xml:"r,attr"`
		S  string   `xml:"s,attr"`
		T  string   `xml:"t,attr"`
		F  *string  `xml:"f"`
		V  []string `xml:"v"`
		Is []struct {
			T []string `xml:"t"`
			R []struct {
				T []string `xml:"t"`
			} `xml:"r"`
		} `xml:"is"`
	} `xml:"c"`
}

// plainCells reads the cells with encoding/xml; false where it would have to guess.
func plainCells(part []byte) ([]string, bool) {
	var x struct {
		XMLName xml.Name   `xml:"worksheet"`
		Rows    []plainRow `xml:"sheetData>row"`
	}
	if err := xml.Unmarshal(part, &x); err != nil {
		return nil, false
	}
	var out []string
	row := -1
	for _, r := range x.Rows {
		row++
		if r.R != "" {
			n, err := strconv.Atoi(r.R)
			if err != nil {
				return nil, false
			}
			row = n - 1
		}
		column := -1
		for _, c := range r.C {
			column++
			if c.R != "" {
				col, at, ok := reference([]byte(c.R))
				if !ok || at != row {
					return nil, false
				}
				column = col
			}
			text, typ := "", c.T
			switch {
			case len(c.Is)+len(c.V) > 1:
				return nil, false
			case len(c.Is) == 1:
				for _, t := range c.Is[0].T {
					text += t
				}
				for _, run := range c.Is[0].R {
					for _, t := range run.T {
						text += t
					}
				}
				typ = "inlineStr"
			case len(c.V) == 1 && (c.V[0] != "" || typ == "str" || typ == "inlineStr"):
				text = c.V[0]
			case c.F != nil:
				typ = "uncached"
			default:
				continue
			}
			out = append(out, fmt.Sprintf("%d %d %s %s %q", row, column, plainType(typ), c.S, text))
		}
	}
	return out, true
}

func plainType(t string) string {
	switch t {
	case "", "n":
		return "0"
	case "str", "inlineStr":
		return fmt.Sprint(uint8(inline))
	case "s":
		return fmt.Sprint(uint8(shared))
	case "b":
		return fmt.Sprint(uint8(truth))
	case "e":
		return fmt.Sprint(uint8(failure))
	case "d":
		return fmt.Sprint(uint8(isoDate))
	}
	return fmt.Sprint(uint8(uncached))
}

// checkScan holds the scanner to the plain reader, and to itself when the part comes in small pieces.
func checkScan(t testing.TB, part []byte) {
	if len(part) > 1<<15 {
		return
	}
	scan := func(step int) ([]string, error) {
		var out []string
		s := &scanner{}
		s.cell = func(c *cell) error {
			style := ""
			if c.style > 0 {
				style = strconv.Itoa(c.style)
			}
			out = append(out, fmt.Sprintf("%d %d %d %s %q", c.row, c.column, c.typ, style, c.text))
			return nil
		}
		return out, s.scan(&stepReader{part, step}, 1<<20)
	}
	got, err := scan(1 << 20)
	small, other := scan(7)
	if (err == nil) != (other == nil) || err == nil && !slices.Equal(got, small) {
		t.Fatalf("%q: at once %q, %v; in pieces %q, %v", part, got, err, small, other)
	}
	// Escapes of Excel, entities, and what XML allows but no writer does are told apart elsewhere.
	if err != nil || !utf8.Valid(part) || bytes.ContainsAny(part, "&\r\x00") || bytes.Contains(part, []byte("_x")) || bytes.Contains(part, []byte("<!")) || bytes.Contains(part, []byte("<?")) ||
		bytes.Contains(part, []byte("extLst")) || bytes.Contains(part, []byte("rPh")) || bytes.Count(part, []byte("sheetData")) != 2 {
		return
	}
	want, ok := plainCells(part)
	if !ok {
		return
	}
	for i, w := range want {
		// A style of zero is written or not.
		want[i] = strings.Replace(w, " 0 \"", "  \"", 1)
	}
	for i, g := range got {
		got[i] = strings.Replace(g, " 0 \"", "  \"", 1)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%q:\ngot  %q\nwant %q", part, got, want)
	}
}

// stepReader gives a text in pieces.
type stepReader struct {
	b    []byte
	step int
}

func (s *stepReader) Read(b []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), s.step)], s.b)
	s.b = s.b[n:]
	return n, nil
}

var sheetSeeds = []string{
	`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C3"/><sheetData><row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" s="12"><v>1.5</v></c><c r="C1"/></row><row r="3"><c r="A3" t="str"><f>A1&amp;"x"</f><v>y</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
	`<worksheet><sheetData><row><c><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><r><t>b</t></r><r><t xml:space="preserve"> c</t></r></is></c></row><row/><row><c t="d"><v>2024-01-31</v></c><c><f>1+1</f></c><c t="str"><v></v></c></row></sheetData></worksheet>`,
	"<worksheet>\n <sheetData>\n  <row r='2'>\n   <c r='B2' s='1' t='n'><v>-3e-9</v></c>\n  </row>\n </sheetData>\n</worksheet>",
	`<worksheet><sheetData/></worksheet>`,
}

// FuzzScan fuzzes the scanner of sheet parts.
func FuzzScan(f *testing.F) {
	for _, s := range sheetSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, part []byte) { checkScan(t, part) })
}

// mostParts is how many were read in half a minute; a faster machine goes no further, so that none fails alone.
const mostParts = 24_000

// TestScannerHoldsUnderRandomChanges goes the same way in every run; DASHIRA_EXPLORE says for how long.
func TestScannerHoldsUnderRandomChanges(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("DASHIRA_EXPLORE"))
	if err != nil {
		span = 0
	}
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"<c>", "</c>", "<v>", "</v>", "<row>", "</row>", "<c/>", "<row/>", `<c r="D1">`, ` t="s"`, ` s="2"`, ` r="5"`, "<f>", "</f>", "<is>", "</is>", "<t>", "</t>", " ", "/", ">", "<", `"`, "'", "=", "7", "</sheetData>", "</worksheet>"}
	start := time.Now()
	n := 0
	for ; n < 3000 || n < mostParts && time.Since(start) < span; n++ {
		b := []byte(sheetSeeds[r.IntN(len(sheetSeeds))])
		for range 1 + r.IntN(3) {
			at := r.IntN(len(b))
			switch r.IntN(4) {
			case 0:
				b = slices.Insert(b, at, []byte(pieces[r.IntN(len(pieces))])...)
			case 1:
				b = slices.Delete(b, at, min(len(b), at+1+r.IntN(12)))
			case 2:
				size := min(len(b)-at, r.IntN(80))
				b = slices.Insert(b, r.IntN(len(b)), bytes.Clone(b[at:at+size])...)
			default:
				b[at] = " <>/\"'=csrtvA19"[r.IntN(15)]
			}
			if len(b) == 0 {
				b = []byte("x")
			}
		}
		checkScan(t, b)
	}
	t.Logf("%d parts", n)
}
