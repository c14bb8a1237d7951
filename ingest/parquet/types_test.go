package parquet_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
	parquetgo "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// typed has a column of each type that other programs write.
type typed struct {
	I8    int8             `parquet:"i8,optional"`
	U32   uint32           `parquet:"u32"`
	U64   uint64           `parquet:"u64"`
	I64   int64            `parquet:"i64,delta"`
	F32   float32          `parquet:"f32"`
	F64   float64          `parquet:"f64,split"`
	Ok    bool             `parquet:"ok"`
	Name  string           `parquet:"name,dict"`
	Raw   []byte           `parquet:"raw"`
	Kind  string           `parquet:"kind,enum"`
	JSON  string           `parquet:"json,json"`
	ID    [16]byte         `parquet:"id,uuid"`
	Price int64            `parquet:"price,decimal(2:18)"`
	Day   int32            `parquet:"day,date"`
	Milli time.Time        `parquet:"milli,timestamp(millisecond)"`
	Nano  time.Time        `parquet:"nano,timestamp(nanosecond)"`
	Clock int32            `parquet:"clock,time(millisecond)"`
	Old   deprecated.Int96 `parquet:"old"`
	Tags  []string         `parquet:"tags,list"`
	Nums  []int32          `parquet:"nums"`
	Place struct {
		City string  `parquet:"city"`
		Lat  float64 `parquet:"lat,optional"`
	} `parquet:"place"`
}

// written writes rows as the library does, and reads the file.
func written[T any](t *testing.T, rows []T, options ...parquetgo.WriterOption) *ingest.Load {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "a.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := parquetgo.NewGenericWriter[T](f, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	load, err := ingest.NewLoader(ingest.LoaderOptions{}, parquet.New()).Load(t.Context(), "a.parquet", f, st.Size(), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return load
}

// TestTypesAreTakenAsTheFileSaysThem reads what the library itself writes.
func TestTypesAreTakenAsTheFileSaysThem(t *testing.T) {
	at := time.Date(2024, 2, 29, 12, 30, 15, 123_000_000, time.UTC)
	one := typed{I8: -5, U32: 4_000_000_000, U64: 1<<64 - 1, I64: 1<<53 + 1, F32: 0.1, F64: -2.5e-8, Ok: true, Name: "ann", Raw: []byte{'a', 0xFF}, Kind: "A",
		JSON: `{"k":[1]}`, ID: [16]byte{0x12, 0x34, 15: 0xFF}, Price: -12345, Day: 19_782, Milli: at, Nano: at, Clock: 3_723_004,
		// The Julian day 2 460 370 is 2024-02-29; noon in nanoseconds.
		Old: deprecated.Int96{0: uint32(43_200_000_000_000 & 0xFFFFFFFF), 1: uint32(43_200_000_000_000 >> 32), 2: 2_460_370}, Tags: []string{"x", `y"z`}, Nums: []int32{1, 2}}
	one.Place.City, one.Place.Lat = "Rome", 41.9
	load := written(t, []typed{one, {}}, parquetgo.Compression(&parquetgo.Snappy))
	if load.Damage != nil {
		t.Fatal(load.Damage)
	}
	tb := load.Sheets[0].Table
	var got []string
	for i, field := range tb.Schema().Fields() {
		kind := field.Type.String()
		if field.Instant {
			kind += "+"
		}
		v := tb.Value(0, i)
		text := "-"
		if !v.IsNull() {
			text = field.Format(v)
		}
		got = append(got, fmt.Sprintf("%s %s %s", field.Name, kind, text))
	}
	want := strings.Split(strings.TrimSpace(wantTypes), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), wantTypes)
		}
	}
	if v := tb.Value(1, 0); !v.IsNull() {
		t.Errorf("a missing value is %v", v)
	}
}

const wantTypes = `
i8 int -5
u32 int 4000000000
u64 string 18446744073709551615
i64 int 9007199254740993
f32 float 0.1
f64 float -2.5e-08
ok bool true
name string ann
raw string 0x61ff
kind string A
json nested {"k":[1]}
id string 12340000-0000-0000-0000-0000000000ff
price float -123.45
day date 2024-02-29
milli timestamp+ 2024-02-29T12:30:15.123Z
nano timestamp+ 2024-02-29T12:30:15.123Z
clock time 01:02:03.004
old timestamp 2024-02-29T12:00:00
tags nested ["x","y\"z"]
nums nested [1,2]
place.city string Rome
place.lat float 41.9
`
