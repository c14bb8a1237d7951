package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	stdcsv "encoding/csv"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/excel"
	"github.com/dashira/dashira/ingest/json"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// workers is how many goroutines, threads and processors every reader gets.
const workers = 2

func newLoader() *ingest.Loader {
	return ingest.NewLoader(ingest.LoaderOptions{Workers: workers}, csv.New(), json.New(), excel.New(), parquet.New(), parquet.NewArrow())
}

// read loads a file under a name of its own with a loader.
func read(l *ingest.Loader, path string) (*ingest.Load, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	load, err := l.Load(context.Background(), "measured"+filepath.Ext(path), f, st.Size(), ingest.Options{})
	if err != nil {
		return nil, err
	}
	if load.Damage != nil {
		return nil, load.Damage
	}
	return load, nil
}

// median runs f a number of times, each after a collection of garbage, and returns the time in the middle.
func median(times int, f func() error) (time.Duration, error) {
	took := make([]time.Duration, 0, times)
	for range times {
		runtime.GC()
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(start))
	}
	return middle(took), nil
}

func middle(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)/2]
}

// ours loads a file anew each time, types, diagnostics and statistics included.
func ours(path string, rows, times int) (time.Duration, error) {
	return median(times, func() error {
		load, err := read(newLoader(), path)
		if err != nil {
			return err
		}
		if n := load.Sheets[0].Table.Rows(); n != int64(rows) {
			return fmt.Errorf("%s: %d rows, want %d", path, n, rows)
		}
		return nil
	})
}

// floors are the readers inside this program.
var floors = map[string]func(path string) (rows int, err error){
	plainCSV: readPlainCSV, plainJSON: readPlainJSON, excelRows: readExcelRows, inflate: readInflated,
}

func readPlainCSV(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := stdcsv.NewReader(bufio.NewReaderSize(f, 1<<20))
	r.ReuseRecord = true
	for n := -1; ; n++ {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return 0, err
		}
	}
}

// record is what the JSON files hold.
type record struct {
	ID     int64     `json:"id"`
	TS     time.Time `json:"ts"`
	Sensor string    `json:"sensor"`
	Value  float64   `json:"value"`
	Status string    `json:"status"`
	OK     bool      `json:"ok"`
	Loc    struct {
		Lat float64 `json:"lat"`
		Lon float64 `json:"lon"`
	} `json:"loc"`
	Note *string `json:"note"`
}

func readPlainJSON(path string) (int, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	if filepath.Ext(path) == ".json" {
		var all []record
		err := stdjson.Unmarshal(b, &all)
		return len(all), err
	}
	var all []record
	for line := range bytes.Lines(b) {
		var r record
		if err := stdjson.Unmarshal(line, &r); err != nil {
			return 0, err
		}
		all = append(all, r)
	}
	return len(all), nil
}

func readExcelRows(path string) (int, error) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, err
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetList()[0])
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := -1
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Error()
}

func readInflated(path string) (int, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	z.RegisterDecompressor(zip.Deflate, func(in io.Reader) io.ReadCloser { return flate.NewReader(in) })
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return 0, err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return 0, err
		}
		if err := r.Close(); err != nil {
			return 0, err
		}
	}
	return 0, nil
}
