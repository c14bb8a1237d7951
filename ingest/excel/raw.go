package excel

import (
	"context"
	"fmt"

	"github.com/dashira/dashira/ingest"
)

// Raw puts the rows of the options' sheet, or of the first visible one that holds a cell: titles and everything beside
// the table too. Cells stand at their columns, counted from A; dates are written as ISO 8601, other numbers as stored.
func (format) Raw(ctx context.Context, in *ingest.Input, put func(cells []string) error) error {
	b, list, err := openBook(in)
	if err != nil {
		return err
	}
	defer b.excel.Close()
	for _, e := range list {
		if in.Options.Sheet != "" && e.name != in.Options.Sheet || in.Options.Sheet == "" && e.hidden {
			continue
		}
		s, err := b.cellsOf(ctx, e)
		if err != nil {
			return err
		}
		if len(s.rows) == 0 && in.Options.Sheet == "" {
			continue
		}
		var cells []string
		for _, r := range s.rows {
			cells = cells[:0]
			for _, c := range r.cells {
				for len(cells) <= int(c.column) {
					cells = append(cells, "")
				}
				cells[c.column] = string(c.ref.In(s.text))
			}
			if err := put(cells); err != nil {
				return err
			}
		}
		return nil
	}
	if in.Options.Sheet != "" {
		return noSheet(in.Options.Sheet, list)
	}
	return &ingest.Damage{Code: ingest.EmptyFile, Message: fmt.Sprintf("no visible sheet of the %d holds a cell", len(list)), Hint: "name a hidden sheet, or fill one"}
}
