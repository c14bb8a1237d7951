package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// start is when the first reading was taken; one follows every 200 ms.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// reading writes row i of the file of readings: when, which of 1000 sensors, what it says of itself, a value, a count.
func reading(line []byte, i int) []byte {
	k := uint64(i)*0x9e3779b97f4a7c15 ^ uint64(i)>>7
	k ^= k >> 31
	k *= 0xbf58476d1ce4e5b9
	k ^= k >> 29
	line = start.Add(time.Duration(i)*200*time.Millisecond).AppendFormat(line, "2006-01-02T15:04:05.000")
	line = append(line, ",sensor-"...)
	sensor := k % 1000
	line = append(line, byte('0'+sensor/100), byte('0'+sensor/10%10), byte('0'+sensor%10), ',')
	switch k >> 10 % 50 {
	case 0:
		line = append(line, "error,"...)
	case 1, 2:
		line = append(line, "warning,"...)
	default:
		line = append(line, "ok,"...)
	}
	cents := k >> 20 % 10_000
	line = strconv.AppendUint(line, cents/100, 10)
	line = append(line, '.', byte('0'+cents/10%10), byte('0'+cents%10), ',')
	line = strconv.AppendUint(line, k>>40%100, 10)
	return append(line, '\n')
}

const readingsHeader = "time,sensor,status,value,count\n"

// writeReadings writes a file of readings and returns its path.
func writeReadings(c config, name string, rows int) (string, error) {
	return writeRows(c, name, rows, readingsHeader, reading)
}

// writeKeyed writes a file of readings whose first column numbers the rows.
func writeKeyed(c config, name string, rows int) (string, error) {
	return writeRows(c, name, rows, "reading_id,"+readingsHeader, keyed)
}

func keyed(line []byte, i int) []byte {
	line = fmt.Appendf(line, "R%08d,", i)
	return reading(line, i)
}

func writeRows(c config, name string, rows int, header string, row func([]byte, int) []byte) (string, error) {
	path := filepath.Join(c.work, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err := w.WriteString(header); err != nil {
		return "", err
	}
	var line []byte
	for i := range rows {
		line = row(line[:0], i)
		if _, err := w.Write(line); err != nil {
			return "", err
		}
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil { // as a file that has been there for a while is
		return "", err
	}
	return path, f.Close()
}
