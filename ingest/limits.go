package ingest

import (
	"errors"
	"fmt"
	"time"
)

// Limits bounds what a file may ask for. A zero field stands for its default.
type Limits struct {
	File       int64 // bytes of a file; 2 GiB
	Unpacked   int64 // bytes of what an archive unpacks to; 2 GiB
	Ratio      int64 // unpacked bytes for each packed byte; 200
	Columns    int   // of a sheet; 4096
	Line       int   // bytes of a line or cell; 16 MiB
	HeaderCell int   // bytes of a column's name; 4 KiB
	Cells      int64 // of a sheet; 200 million
	Sheets     int   // of a workbook; 256
	Parts      int   // of an archive; 10 000
	Depth      int   // of nested JSON; 64
	Keys       int   // distinct keys of JSON records; 4096
	Seconds    int   // for a load, plus one for each MiB; 60
}

func (l Limits) withDefaults() Limits {
	set := func(field *int64, value int64) {
		if *field <= 0 {
			*field = value
		}
	}
	setInt := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.File, 2<<30)
	set(&l.Unpacked, 2<<30)
	set(&l.Ratio, 200)
	set(&l.Cells, 200_000_000)
	setInt(&l.Columns, 4096)
	setInt(&l.Line, 16<<20)
	setInt(&l.HeaderCell, 4<<10)
	setInt(&l.Sheets, 256)
	setInt(&l.Parts, 10_000)
	setInt(&l.Depth, 64)
	setInt(&l.Keys, 4096)
	setInt(&l.Seconds, 60)
	return l
}

func (l Limits) deadline(size int64) time.Duration {
	return time.Duration(l.Seconds)*time.Second + time.Duration(size>>20)*time.Second
}

// TooMuch returns the damage of a file that passes a limit.
func TooMuch(what, hint string) *Damage {
	return &Damage{Code: LimitReached, Message: what, Hint: hint}
}

// asDamage returns the user's fault in an error, if it is one.
func asDamage(err error) (*Damage, bool) {
	var d *Damage
	return d, errors.As(err, &d)
}

func mebibytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", (n+1023)>>10)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
