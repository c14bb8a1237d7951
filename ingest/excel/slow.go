package excel

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/dashira/dashira/ingest"
	"github.com/xuri/excelize/v2"
)

// mostSlow bounds the fallback, which holds a whole sheet as objects.
const mostSlow = 64 << 20

// slow reads the cells of a sheet through excelize, for sheets that are written in a way the scanner does not know.
func (b *book) slow(ctx context.Context, e entry) (*sheet, error) {
	if part := b.archive.parts[strings.ToLower(e.part)]; part != nil && part.UncompressedSize64 > mostSlow {
		return nil, ingest.TooMuch(fmt.Sprintf("the sheet %s is written in an unusual way and is too large to be read so", ingest.QuoteValue(e.name)), "open the workbook in Excel and save it")
	}
	var all io.Reader = io.NewSectionReader(b.in, 0, b.in.Size)
	if recoded, err := b.archive.whole(); err != nil {
		return nil, err
	} else if recoded != nil {
		all = recoded
	}
	f, err := excelize.OpenReader(all, options())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &sheet{name: e.name, hidden: e.hidden}
	rows, err := f.Rows(e.name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	read := 0
	for r := 0; rows.Next(); r++ {
		columns, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		for c, text := range columns {
			name, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return nil, err
			}
			typ, err := f.GetCellType(e.name, name)
			if err != nil {
				return nil, err
			}
			cl := cell{row: r, column: c, text: []byte(text)}
			switch typ {
			case excelize.CellTypeBool:
				cl.typ = truth
				if text == "TRUE" {
					cl.text = []byte("1")
				}
			case excelize.CellTypeError:
				cl.typ = failure
			case excelize.CellTypeDate:
				cl.typ = isoDate
			case excelize.CellTypeSharedString, excelize.CellTypeInlineString, excelize.CellTypeFormula:
				cl.typ = inline
			default:
				if cl.style, err = f.GetCellStyle(e.name, name); err != nil {
					return nil, err
				}
			}
			if text == "" {
				formula, err := f.GetCellFormula(e.name, name)
				if err != nil {
					return nil, err
				}
				if formula == "" || cl.typ == inline {
					continue
				}
				cl.typ = uncached
			}
			read++
			if err := b.take(ctx, s, &cl); err != nil {
				return nil, err
			}
		}
	}
	if err := rows.Error(); err != nil {
		return nil, err
	}
	if part := b.archive.parts[strings.ToLower(e.part)]; read == 0 && part != nil && part.UncompressedSize64 > 4<<10 {
		return nil, fmt.Errorf("the part has %d bytes and no cell could be read", part.UncompressedSize64)
	}
	merges, err := f.GetMergeCells(e.name)
	if err != nil {
		return nil, err
	}
	for _, m := range merges {
		if r, ok := rectangle(m.GetStartAxis() + ":" + m.GetEndAxis()); ok {
			s.merges = append(s.merges, r)
		}
	}
	return s, nil
}
