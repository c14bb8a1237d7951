package csv

import "bytes"

// columnSpan is where a column stands in its lines, in characters.
type columnSpan struct{ from, to int }

// ruleOfColumns returns the columns of a text whose second line draws a dash below every character that a column has
// room for, as sqlcmd, SQL*Plus and sqlite write them; nil for other texts.
func ruleOfColumns(text []byte) []columnSpan {
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	rule, rest, _ := bytes.Cut(rest, []byte("\n"))
	rule = bytes.TrimRight(rule, " \r")
	if len(bytes.TrimSpace(head)) == 0 || len(bytes.TrimSpace(rest)) == 0 {
		return nil
	}
	var spans []columnSpan
	for i, c := range rule {
		switch {
		case c == '-':
			if i == 0 || rule[i-1] != '-' {
				spans = append(spans, columnSpan{from: i})
			}
			spans[len(spans)-1].to = i + 1
		case c != ' ' || len(spans) == 0:
			return nil
		}
	}
	if len(spans) < 2 || bytes.IndexByte(text, '\t') >= 0 {
		return nil
	}
	return spans
}

// fixedWidth puts bars between the columns of a text that is ruled so, in the gaps that the rule leaves. Lines whose gaps
// hold something are not so wide as the rule says: then nothing is changed, and the rule alone is left out.
func fixedWidth(text []byte) []byte {
	spans := ruleOfColumns(text)
	if spans == nil || bytes.IndexByte(text, '|') >= 0 {
		return text
	}
	out := bytes.Clone(text)
	for at, line := 0, 0; at < len(out); line++ {
		end := len(out)
		if i := bytes.IndexByte(out[at:], '\n'); i >= 0 {
			end = at + i
		}
		row := bytes.TrimRight(out[at:end], "\r")
		if line != 1 && len(bytes.TrimSpace(row)) > 0 && !rowCount.Match(bytes.TrimSpace(row)) && !barGaps(row, spans) {
			return text
		}
		at = end + 1
	}
	return out
}

// barGaps puts a bar into the gap before each column but the first; false when a gap is not empty.
func barGaps(row []byte, spans []columnSpan) bool {
	next, char := 1, 0
	for i := 0; i < len(row) && next < len(spans); i++ {
		if row[i]&0xC0 == 0x80 {
			continue // inside a character
		}
		if char >= spans[next-1].to && char < spans[next].from {
			if row[i] != ' ' {
				return false
			}
			if char == spans[next].from-1 {
				row[i] = '|'
			}
		}
		if char++; char == spans[next].from {
			next++
		}
	}
	return true
}
