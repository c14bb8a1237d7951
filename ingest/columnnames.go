package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Names makes the columns' names out of the rows of a header: group names are carried to the right and joined with
// what stands below them, empty ones are made up, repeated ones numbered. A last row with nothing but a first cell names
// the first column whatever stands above. The lines of the notes are zero.
func Names(band [][]string, width, most int, where int, diagnoses *Diagnoses, sheet string) []string {
	names := make([]string, width)
	for k, row := range band {
		carried := ""
		for i := range width {
			text := ""
			if i < len(row) {
				text = strings.TrimSpace(row[i])
			}
			if k < len(band)-1 {
				if text != "" {
					carried = text
				}
				text = carried
			}
			if text == "" || text == names[i] || names[i] != "" && isNullSpelling([]byte(text)) {
				continue
			}
			if names[i] != "" {
				names[i] += " / "
			}
			names[i] += text
		}
		if k > 0 && k == len(band)-1 && strings.TrimSpace(strings.Join(row, "")) == strings.TrimSpace(row[0]) && names[0] != "" {
			names[0] = strings.TrimSpace(row[0])
		}
	}
	if len(band) > 1 {
		diagnoses.Add(Diagnostic{Code: MergedHeader, Severity: Info, Sheet: sheet, Line: where, Message: fmt.Sprintf("the header has %d rows, and the names are joined as in %s", len(band), QuoteValue(joined(names))), Hint: "set header rows if that is wrong"})
	}
	taken := map[string]bool{}
	for _, n := range names {
		taken[n] = true
	}
	used := map[string]bool{}
	for i, n := range names {
		if len(n) > most {
			cut := most
			for cut > 0 && !utf8.RuneStart(n[cut]) {
				cut--
			}
			diagnoses.Add(Diagnostic{Code: LimitReached, Severity: Warning, Sheet: sheet, Line: where, Column: fmt.Sprint(i + 1), Value: n, Message: fmt.Sprintf("a column's name of %d bytes was cut to %d", len(n), cut), Hint: "look for an open quotation mark in the header"})
			n = n[:cut]
		}
		switch {
		case n == "":
			n = unused(fmt.Sprintf("column_%d", i+1), taken, used)
			if len(band) > 0 {
				diagnoses.Add(Diagnostic{Code: EmptyHeader, Severity: Warning, Sheet: sheet, Line: where, Column: n, Message: fmt.Sprintf("column %d has no name and is called %s", i+1, n), Hint: "give the column a name"})
			}
		case used[n]:
			was := n
			n = unused(n, taken, used)
			diagnoses.Add(Diagnostic{Code: DuplicateHeader, Severity: Warning, Sheet: sheet, Line: where, Column: n, Value: was, Message: fmt.Sprintf("the name %s comes again, and this column is called %s", QuoteValue(was), n), Hint: "give every column a name of its own"})
		}
		used[n] = true
		names[i] = n
	}
	return names
}

func joined(names []string) string {
	for _, n := range names {
		if strings.Contains(n, " / ") {
			return n
		}
	}
	return strings.Join(names, ", ")
}

// unused numbers a name until neither the file nor an earlier column has it.
func unused(name string, taken, used map[string]bool) string {
	if !used[name] && !taken[name] {
		return name
	}
	for i := 2; ; i++ {
		if n := fmt.Sprintf("%s_%d", name, i); !used[n] && !taken[n] {
			return n
		}
	}
}
