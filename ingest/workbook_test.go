package ingest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/xuri/excelize/v2"
)

// workbooks are built in code and read like files; what is expected of them stands in testdata/excel.
var workbooks = map[string]func(t testing.TB, f *excelize.File){
	"types": func(t testing.TB, f *excelize.File) {
		style := func(format string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			check(t, err)
			return id
		}
		rows(t, f, "Sheet1", "A1", [][]any{
			{"id", "day", "at", "share", "price", "took", "ok", "zip", "note"},
			{1, time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC), 45322.5, 0.125, 9.99, 1.5, true, "02138", "a"},
			{2, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), 45351.25, 0.5, 12, 0.25, false, "10115", "b & <c>"},
			{3, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), 45352, 1, 100, 2, true, "00501", nil},
		})
		check(t, f.SetCellStyle("Sheet1", "B2", "B4", style("dd/mm/yyyy")))
		check(t, f.SetCellStyle("Sheet1", "C2", "C4", style("yyyy-mm-dd hh:mm")))
		check(t, f.SetCellStyle("Sheet1", "D2", "D4", style("0.0%")))
		check(t, f.SetCellStyle("Sheet1", "E2", "E4", style(`#,##0.00 [$€-407]`)))
		check(t, f.SetCellStyle("Sheet1", "F2", "F4", style("[h]:mm")))
	},
	"titles": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"Sales by region"}, {"as of May"}, nil,
			{"region", "Sales", nil, "Cost", nil}, {nil, "2025", "2026", "2025", "2026"},
			{"north", 1, 2, 3, 4}, {"south", 5, 6, 7, 8}, nil, {"Source: ledger"}})
		check(t, f.MergeCell("Sheet1", "A4", "A5"))
		check(t, f.MergeCell("Sheet1", "B4", "C4"))
		check(t, f.MergeCell("Sheet1", "D4", "E4"))
	},
	// Titles that are merged over less than the table, and over two rows of it; a group that begins where the table does.
	"wide_titles": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"Orders of the month"}, {"no", "item", "n", "price"}, {1, "tea", 2, 1.5}, {2, "mug", 1, 7.25}})
		check(t, f.MergeCell("Sheet1", "A1", "C1"))
		_, err := f.NewSheet("Two")
		check(t, err)
		rows(t, f, "Two", "A1", [][]any{{"Orders of the month"}, nil, {"no", "item", "n", "price"}, {1, "tea", 2, 1.5}, {2, "mug", 1, 7.25}})
		check(t, f.MergeCell("Two", "A1", "D2"))
		_, err = f.NewSheet("Groups")
		check(t, err)
		rows(t, f, "Groups", "A1", [][]any{{"Order", nil, "Item", nil}, {"no", "day", "name", "price"}, {1, 5, "tea", 1.5}, {2, 6, "mug", 7.25}})
		check(t, f.MergeCell("Groups", "A1", "B1"))
		check(t, f.MergeCell("Groups", "C1", "D1"))
	},
	"sheets": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"a", "b"}, {1, "x"}, {2, "y"}})
		for _, name := range []string{"Second", "Secret", "Empty"} {
			_, err := f.NewSheet(name)
			check(t, err)
		}
		rows(t, f, "Second", "C3", [][]any{{"k", "v"}, {"p", 1.5}, {"q", 2}})
		rows(t, f, "Secret", "A1", [][]any{{"z"}, {1}})
		check(t, f.SetSheetVisible("Secret", false))
	},
	"table": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"left", "over"}, {1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}})
		rows(t, f, "Sheet1", "E3", [][]any{{"city", "n"}, {"Paris", 1}, {"Rome", 2}})
		check(t, f.AddTable("Sheet1", &excelize.Table{Range: "E3:F5", Name: "cities"}))
	},
	"two": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"city", "n"}, {"Paris", 1}, {"Rome", 2}, {"Oslo", 3}, nil, nil, {"k", "v", "w"}, {"a", 1, 1}})
	},
	"errors": func(t testing.TB, f *excelize.File) {
		rows(t, f, "Sheet1", "A1", [][]any{{"n", "m"}, {1, 2}, {2, 3}, {3, 4}})
		check(t, f.SetCellFormula("Sheet1", "B3", "A3*2"))
		check(t, f.SetCellValue("Sheet1", "B3", nil))
		check(t, f.SetCellFormula("Sheet1", "B3", "A3*2"))
	},
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func rows(t testing.TB, f *excelize.File, sheet, at string, rows [][]any) {
	t.Helper()
	column, row, err := excelize.CellNameToCoordinates(at)
	check(t, err)
	for i, cells := range rows {
		name, err := excelize.CoordinatesToCellName(column, row+i)
		check(t, err)
		check(t, f.SetSheetRow(sheet, name, &cells))
	}
}

// TestWorkbooksReadAsTheirWantFilesSay reads workbooks that are made on the spot.
func TestWorkbooksReadAsTheirWantFilesSay(t *testing.T) {
	for name, build := range workbooks {
		t.Run(name, func(t *testing.T) {
			f := excelize.NewFile()
			build(t, f)
			path := filepath.Join(t.TempDir(), name+".xlsx")
			check(t, f.SaveAs(path))
			check(t, f.Close())
			got := describe(loadFile(t, newLoader(), path, ingest.Options{}))
			want := filepath.Join("testdata", "excel", name+".want")
			if *update {
				check(t, os.WriteFile(want, []byte(got), 0o644))
				return
			}
			b, err := os.ReadFile(want)
			check(t, err)
			if got != string(b) {
				t.Errorf("got\n%s\nwant\n%s", got, b)
			}
		})
	}
}
