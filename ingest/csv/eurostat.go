package csv

import (
	"bytes"
	"context"

	"github.com/dashira/dashira/ingest"
)

// spread gives the keys of a Eurostat table columns of their own, in memory: its first column holds them all, with commas
// between, under a name such as "freq,unit,geo\TIME_PERIOD". Flags behind values are left out and reported. Every line
// stays where it is.
func (o *opening) spread(ctx context.Context) error {
	keys := packedKeys(o.sample.head)
	if d := o.in.Options.Delimiter; keys == 0 || d != "" && d != "\t" {
		return nil
	}
	text, err := o.all()
	if err != nil {
		return err
	}
	var flags remarks
	for at, line := 0, 1; at < len(text); line++ {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		row := text[at:end]
		first := bytes.IndexByte(row, '\t')
		if line == 1 {
			back := bytes.IndexByte(row, '\\')
			blank(row[back:first])
		}
		if first >= 0 && bytes.Count(row[:first], []byte{','}) == keys-1 {
			for i, c := range row[:first] {
				if c == ',' {
					row[i] = '\t'
				}
			}
			if line > 1 {
				unflag(row[first+1:], line, &flags)
			}
		}
		at = end + 1
	}
	if flags.n > 0 {
		o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FlagSkipped, Severity: ingest.Info, Line: flags.line, Value: flags.text, Count: flags.n,
			Message: "flags behind values are left out", Hint: "nothing to do; the portal's SDMX-CSV has them in a column of their own"})
	}
	return o.hold(ctx, text)
}

// packedKeys returns how many keys the first column holds, 0 when the text is no such table.
func packedKeys(head []byte) int {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	name, _, ok := bytes.Cut(line, []byte("\t"))
	if !ok {
		return 0
	}
	keys, time, ok := bytes.Cut(name, []byte(`\`))
	time = bytes.TrimSpace(time)
	if !ok || !bytes.EqualFold(time, []byte("time")) && !bytes.EqualFold(time, []byte("time_period")) {
		return 0
	}
	for _, c := range keys {
		if c != ',' && c != '_' && c-'0' > 9 && c|0x20-'a' > 25 {
			return 0
		}
	}
	return bytes.Count(keys, []byte{','}) + 1
}

// unflag blanks the letters behind the values of a row: 6.8 b, : c.
func unflag(row []byte, line int, flags *remarks) {
	for len(row) > 0 {
		end := bytes.IndexByte(row, '\t')
		if end < 0 {
			end = len(row)
		}
		cell := bytes.TrimSpace(row[:end])
		n := len(cell)
		for n > 0 && cell[n-1]-'a' <= 25 {
			n--
		}
		if value := bytes.TrimRight(cell[:n], " "); n < len(cell) && len(cell)-n <= 5 && len(value) > 0 && (string(value) == ":" || ingest.LookOf(value) == ingest.LooksNumber) {
			flags.add(line, cell)
			blank(cell[n:])
		}
		row = row[min(end+1, len(row)):]
	}
}
