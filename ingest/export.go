package ingest

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/dashira/dashira/table"
)

// CSVOptions says how a table is written as CSV.
type CSVOptions struct {
	// Defuse puts an apostrophe before text that a spreadsheet would run as a formula: one that begins with = + - @,
	// tab, carriage return, line feed or zero, or a full-width form of the signs. Numbers and dates stay as they are.
	Defuse bool
}

// WriteCSV writes the table as RFC 4180 says: comma, doubled quotation marks, CRLF. Empty cells are empty, texts that
// are empty are quoted. It streams; a million rows need no more memory than one.
func WriteCSV(w io.Writer, t *table.Table, o CSVOptions) error {
	out := bufio.NewWriterSize(w, 1<<16)
	fields := t.Schema().Fields()
	for i, f := range fields {
		if i > 0 {
			out.WriteByte(',')
		}
		writeCSVText(out, f.Name, o.Defuse)
	}
	out.WriteString("\r\n")
	for _, chunk := range t.Chunks() {
		for r := range chunk.Rows() {
			for i := range fields {
				if i > 0 {
					out.WriteByte(',')
				}
				col := chunk.Column(i)
				if col.IsNull(r) {
					continue
				}
				v := col.Value(r)
				if fields[i].Type.Textual() {
					writeCSVText(out, v.Text(), o.Defuse)
				} else {
					out.WriteString(fields[i].Format(v))
				}
			}
			if _, err := out.WriteString("\r\n"); err != nil {
				return fmt.Errorf("write CSV: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func writeCSVText(out *bufio.Writer, text string, defuse bool) {
	if defuse {
		text = Defused(text)
	}
	if text != "" && !strings.ContainsAny(text, "\",\r\n") && text[0] != ' ' && text[len(text)-1] != ' ' {
		out.WriteString(text)
		return
	}
	out.WriteByte('"')
	out.WriteString(strings.ReplaceAll(text, `"`, `""`))
	out.WriteByte('"')
}

// Defused returns the text with an apostrophe before what a spreadsheet would take for a formula.
func Defused(text string) string {
	if text == "" {
		return text
	}
	r, _ := utf8.DecodeRuneInString(text)
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		return "'" + text
	}
	return text
}

// WriteNDJSON writes one JSON object per row: numbers with all their digits, lists as they are, dates and times as
// text, empty cells as null.
func WriteNDJSON(w io.Writer, t *table.Table) error {
	out := bufio.NewWriterSize(w, 1<<16)
	fields := t.Schema().Fields()
	keys := make([][]byte, len(fields))
	for i, f := range fields {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		keys[i] = append(AppendJSON([]byte{sep}, f.Name), ':')
	}
	var buf []byte
	for _, chunk := range t.Chunks() {
		for r := range chunk.Rows() {
			buf = buf[:0]
			if len(fields) == 0 {
				buf = append(buf, '{')
			}
			for i := range fields {
				buf = append(buf, keys[i]...)
				col := chunk.Column(i)
				if col.IsNull(r) {
					buf = append(buf, "null"...)
					continue
				}
				switch v := col.Value(r); v.Type() {
				case table.Int:
					buf = strconv.AppendInt(buf, v.Int(), 10)
				case table.Bool, table.Float, table.Duration:
					buf = append(buf, fields[i].Format(v)...)
				case table.Nested:
					buf = appendLine(buf, v.Text())
				case table.String:
					buf = AppendJSON(buf, v.Text())
				default:
					buf = AppendJSON(buf, fields[i].Format(v))
				}
			}
			buf = append(buf, "}\n"...)
			if _, err := out.Write(buf); err != nil {
				return fmt.Errorf("write NDJSON: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write NDJSON: %w", err)
	}
	return nil
}

// appendLine appends JSON text without line ends; between its tokens they mean nothing, inside texts there are none.
func appendLine(buf []byte, json string) []byte {
	for i := 0; i < len(json); i++ {
		if c := json[i]; c != '\n' && c != '\r' {
			buf = append(buf, c)
		}
	}
	return buf
}

const hexDigits = "0123456789abcdef"

// AppendJSON appends a text as a JSON string; bytes that are no UTF-8 become the replacement character.
func AppendJSON(buf []byte, text string) []byte {
	buf = append(buf, '"')
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			buf = append(buf, '\\', c)
		case c == '\n':
			buf = append(buf, `\n`...)
		case c == '\r':
			buf = append(buf, `\r`...)
		case c == '\t':
			buf = append(buf, `\t`...)
		case c < 0x20:
			buf = append(buf, `\u00`...)
			buf = append(buf, hexDigits[c>>4], hexDigits[c&15])
		case c < utf8.RuneSelf:
			buf = append(buf, c)
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			buf = utf8.AppendRune(buf, r)
			i += size
			continue
		}
		i++
	}
	return append(buf, '"')
}

// ArrowSchema returns the Arrow schema of a table as it leaves the house: text as strings and not as codes, dates,
// times, timestamps and durations in their own types, units and JSON marked in the fields' metadata.
func ArrowSchema(s *table.Schema) *arrow.Schema {
	fields := make([]arrow.Field, s.Len())
	for i, f := range s.Fields() {
		fields[i] = arrow.Field{Name: f.Name, Type: arrowType(f), Nullable: true}
		meta := map[string]string{}
		if f.Unit != "" {
			meta["unit"] = f.Unit
		}
		if f.Type == table.Nested {
			meta["format"] = "json"
		}
		if len(meta) > 0 {
			fields[i].Metadata = arrow.MetadataFrom(meta)
		}
	}
	return arrow.NewSchema(fields, nil)
}

func arrowType(f table.Field) arrow.DataType {
	switch f.Type {
	case table.Bool:
		return arrow.FixedWidthTypes.Boolean
	case table.Int:
		return arrow.PrimitiveTypes.Int64
	case table.Float:
		return arrow.PrimitiveTypes.Float64
	case table.Date:
		return arrow.FixedWidthTypes.Date32
	case table.Time:
		return arrow.FixedWidthTypes.Time64us
	case table.Timestamp:
		if f.Instant {
			return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
		}
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case table.Duration:
		return arrow.FixedWidthTypes.Duration_us
	case table.Null:
		return arrow.Null
	}
	return arrow.BinaryTypes.String
}

// WriteArrow writes the table as an Arrow IPC file, one record batch for each chunk.
func WriteArrow(w io.Writer, t *table.Table) error {
	return WriteArrowParts(w, t.Schema(), Whole(t))
}

// Whole is a table in one part.
func Whole(t *table.Table) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) { yield(t, nil) }
}

// WriteArrowParts is WriteArrow for tables of one schema that come one after the other and are not held together.
func WriteArrowParts(w io.Writer, s *table.Schema, parts iter.Seq2[*table.Table, error]) error {
	schema := ArrowSchema(s)
	out, err := ipc.NewFileWriter(w, ipc.WithSchema(schema))
	if err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	for part, err := range parts {
		if err != nil {
			return fmt.Errorf("write Arrow: %w", err)
		}
		for _, chunk := range part.Chunks() {
			batch := ArrowBatch(schema, chunk)
			err := out.Write(batch)
			batch.Release()
			if err != nil {
				return fmt.Errorf("write Arrow: %w", err)
			}
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return nil
}

// ArrowBatch returns a chunk as a record batch of the schema of [ArrowSchema].
func ArrowBatch(schema *arrow.Schema, chunk *table.Chunk) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range chunk.Columns() {
		col, field := chunk.Column(i), b.Field(i)
		field.Reserve(chunk.Rows())
		for r := range chunk.Rows() {
			if col.IsNull(r) {
				field.AppendNull()
				continue
			}
			v := col.Value(r)
			switch field := field.(type) {
			case *array.BooleanBuilder:
				field.Append(v.Bool())
			case *array.Int64Builder:
				field.Append(v.Int())
			case *array.Float64Builder:
				field.Append(v.Float())
			case *array.Date32Builder:
				field.Append(arrow.Date32(v.Int()))
			case *array.Time64Builder:
				field.Append(arrow.Time64(v.Int()))
			case *array.TimestampBuilder:
				field.Append(arrow.Timestamp(v.Int()))
			case *array.DurationBuilder:
				field.Append(arrow.Duration(v.Int()))
			case *array.StringBuilder:
				field.Append(v.Text())
			}
		}
	}
	return b.NewRecordBatch()
}
