package excel

import (
	"fmt"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// rectangle reads A1:B2, $A$1:$B$2 and A1.
func rectangle(ref string) (span, bool) {
	ref = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(ref), "$", ""))
	from, to, two := strings.Cut(ref, ":")
	left, top, ok := reference([]byte(from))
	if !ok {
		return span{}, false
	}
	if !two {
		return span{top, left, top, left}, true
	}
	right, bottom, ok := reference([]byte(to))
	return span{top, left, bottom, right}, ok && right >= left && bottom >= top
}

// defined is a table that the workbook's author made one.
type defined struct {
	span
	name   string
	header int
	totals int
}

// tables returns the defined tables of a sheet.
func (b *book) tables(e entry) ([]defined, error) {
	rels, err := b.archive.relations(e.part)
	if err != nil {
		return nil, err
	}
	var out []defined
	for _, r := range rels {
		if r.kind != "table" {
			continue
		}
		x := struct {
			Name   string `xml:"displayName,attr"`
			Ref    string `xml:"ref,attr"`
			Header *int   `xml:"headerRowCount,attr"`
			Totals int    `xml:"totalsRowCount,attr"`
		}{}
		if err := b.archive.decode(r.target, &x); err != nil {
			return nil, err
		}
		if s, ok := rectangle(x.Ref); ok {
			d := defined{span: s, name: x.Name, header: 1, totals: x.Totals}
			if x.Header != nil {
				d.header = *x.Header
			}
			out = append(out, d)
		}
	}
	return out, nil
}

func (s span) size() int { return (s.right - s.left + 1) * (s.bottom - s.top + 1) }

// plan chooses the part of the sheet that is the table: the range of the options, a defined table, else what is found.
func (b *book) plan(s *sheet, e entry) (plan, error) {
	if ref := b.in.Options.Range; ref != "" {
		if i := strings.LastIndexByte(ref, '!'); i >= 0 {
			ref = ref[i+1:]
		}
		r, ok := rectangle(ref)
		if !ok {
			return plan{}, &ingest.Damage{Code: ingest.DamagedArchive, Message: fmt.Sprintf("%s is no range", ingest.QuoteValue(b.in.Options.Range)), Hint: "write it as A3:H40"}
		}
		return plan{area: s.within(r), header: -1, named: true}, nil
	}
	tables, err := b.tables(e)
	if err != nil {
		return plan{}, broken(err)
	}
	if len(tables) == 0 {
		return s.find(), nil
	}
	best := 0
	for i, t := range tables {
		if n := tables[best].size(); t.size() > n || t.size() == n && t.name < tables[best].name {
			best = i
		}
	}
	t := tables[best]
	p := plan{area: s.within(t.span), header: t.header, named: true, totals: t.totals}
	for i, other := range tables {
		if i != best {
			a := s.within(other.span)
			if a.from < a.to {
				a.cells = other.size()
				p.ignored = append(p.ignored, a)
			}
		}
	}
	return p, nil
}
