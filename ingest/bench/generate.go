package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// random is splitmix64: the same numbers on every machine, so that the same files are measured everywhere.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

func (r *random) share() float64 { return float64(r.next()>>11) / (1 << 53) }

func (r *random) normal() float64 {
	return math.Sqrt(-2*math.Log(r.share()+1e-12)) * math.Cos(2*math.Pi*r.share())
}

func (r *random) word() string { return words[r.below(len(words))] }

var (
	statuses  = []string{"ok", "ok", "ok", "ok", "ok", "ok", "ok", "warn", "error", "offline"}
	words     = []string{"time", "sensor", "river", "market", "value", "north", "red", "alpha", "delta", "report", "station", "quick", "brown", "fox", "lazy", "dog", "monitor", "paper", "cloud", "index", "été", "straße", "東京", "naïve", "pump", "valve"}
	kinds     = []string{"Electronics", "Garden", "Toys", "Books & Media", "Grocery", "Sports", "Automotive", "Health"}
	countries = []string{"US", "DE", "FR", "JP", "BR", "IN", "CN", "GB", "IT", "ES", "CA", "MX", "AU", "KR", "SE", "NO"}
)

// writers make the files that are measured, by the shape's name.
var writers = map[string]func(w *bufio.Writer, r *random, rows int) error{
	"narrow": narrow, "wide": wide, "quoted": quoted,
	"ndjson": func(w *bufio.Writer, r *random, rows int) error { return records(w, r, rows, false) },
	"array":  func(w *bufio.Writer, r *random, rows int) error { return records(w, r, rows, true) },
	"xlsx":   book,
}

// generate writes a file of a shape into the folder unless it is there, and returns its path.
func generate(dir, shape string, rows int, ext string) (string, error) {
	path := filepath.Join(dir, fmt.Sprintf("%s_%d%s", shape, rows, ext))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.CreateTemp(dir, "making-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := writers[shape](w, &random{state: 42}, rows); err != nil {
		return "", fmt.Errorf("make %s: %w", path, err)
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(f.Name(), path)
}

func padded(b []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for i := len(s); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, s...)
}

// narrow is a log of sensors: time, text, float, text.
func narrow(w *bufio.Writer, r *random, rows int) error {
	b := []byte("ts,sensor,value,status\n")
	t := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		if i%5 == 0 {
			t = t.Add(time.Second)
		}
		b = t.AppendFormat(b, "2006-01-02 15:04:05")
		b = padded(append(b, ",sensor-"...), r.below(1000), 4)
		b = strconv.AppendFloat(append(b, ','), 20+5*r.normal(), 'f', 3, 64)
		b = append(append(append(b, ','), statuses[r.below(len(statuses))]...), '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	return nil
}

// wide has fifty columns: 14 of integers, 14 of floats, 8 of few words, 4 of many, 5 of dates and times, 2 of truth and
// 3 with a quarter of their cells empty.
func wide(w *bufio.Writer, r *random, rows int) error {
	var b []byte
	for c := range 50 {
		if c > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, "c%02d", c)
	}
	b = append(b, '\n')
	base := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		for c := range 50 {
			if c > 0 {
				b = append(b, ',')
			}
			switch {
			case c == 0:
				b = strconv.AppendInt(b, int64(i+1), 10)
			case c < 8:
				b = strconv.AppendInt(b, int64(r.below(1000)), 10)
			case c < 14:
				b = strconv.AppendInt(b, int64(r.below(100_000_000))-50_000_000, 10)
			case c < 22:
				b = strconv.AppendFloat(b, r.share()*1000, 'f', 2, 64)
			case c < 28:
				b = strconv.AppendFloat(b, r.normal(), 'g', 12, 64)
			case c < 32:
				b = append(b, kinds[r.below(len(kinds))]...)
			case c < 36:
				b = append(b, countries[r.below(len(countries))]...)
			case c < 40:
				b = strconv.AppendUint(append(b, 'u'), r.next(), 36)
			case c < 43:
				b = base.AddDate(0, 0, r.below(2000)).AppendFormat(b, "2006-01-02")
			case c < 45:
				b = base.Add(time.Duration(r.below(100_000_000))*time.Second).AppendFormat(b, "2006-01-02T15:04:05")
			case c < 47:
				b = strconv.AppendBool(b, r.below(2) == 0)
			case r.below(4) == 0:
			case c == 47:
				b = strconv.AppendInt(b, int64(r.below(1000)), 10)
			case c == 48:
				b = strconv.AppendFloat(b, r.share()*10, 'f', 3, 64)
			default:
				b = append(b, r.word()...)
			}
		}
		b = append(b, '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	return nil
}

// quoted is prose in quotation marks with line ends, commas and doubled marks inside.
func quoted(w *bufio.Writer, r *random, rows int) error {
	b := []byte("id,author,title,body,tags\n")
	for i := range rows {
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = strconv.AppendInt(append(b, `,"user `...), int64(r.below(5000)), 10)
		b = append(b, `","`...)
		for range 5 {
			b = append(append(b, r.word()...), ' ')
		}
		b = append(b, `","`...)
		for range 20 + r.below(40) {
			b = append(b, r.word()...)
			switch r.below(20) {
			case 0:
				b = append(b, '\n')
			case 1:
				b = append(b, `, `...)
			case 2:
				b = append(b, ` ""quoted"" `...)
			default:
				b = append(b, ' ')
			}
		}
		b = append(append(b, `","`...), r.word()...)
		b = append(append(append(b, ';'), r.word()...), "\"\n"...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	return nil
}

// records are JSON objects of nine leaves, one per line or in an array.
func records(w *bufio.Writer, r *random, rows int, array bool) error {
	var b []byte
	if array {
		b = append(b, "[\n"...)
	}
	t := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		t = t.Add(time.Second)
		b = strconv.AppendInt(append(b, `{"id":`...), int64(i+1), 10)
		b = t.AppendFormat(append(b, `,"ts":"`...), "2006-01-02T15:04:05Z")
		b = padded(append(b, `","sensor":"sensor-`...), r.below(1000), 4)
		b = strconv.AppendFloat(append(b, `","value":`...), 20+5*r.normal(), 'f', 3, 64)
		b = append(append(b, `,"status":"`...), statuses[r.below(len(statuses))]...)
		b = strconv.AppendBool(append(b, `","ok":`...), r.below(2) == 0)
		b = strconv.AppendFloat(append(b, `,"loc":{"lat":`...), r.share()*180-90, 'f', 5, 64)
		b = strconv.AppendFloat(append(b, `,"lon":`...), r.share()*360-180, 'f', 5, 64)
		b = append(b, `},"note":`...)
		if r.below(3) == 0 {
			b = append(b, "null"...)
		} else {
			b = append(append(b, '"'), r.word()...)
			b = append(append(append(b, ` \"x\" `...), r.word()...), '"')
		}
		b = append(b, '}')
		if array && i < rows-1 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	if array {
		if _, err := w.WriteString("]\n"); err != nil {
			return err
		}
	}
	return nil
}
