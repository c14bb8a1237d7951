package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// demoFiles are the folders the demo starts from.
//
//go:embed examples/shop/*.csv examples/shop/*.json examples/shop/*.xlsx
var demoFiles embed.FS

func demoCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve built-in data that changes by itself",
		Long: `demo serves a little shop whose orders keep coming in, and two sensors, from a temporary
folder that is gone afterwards. It is the same program as serve: look at the folder it
names, edit its files, and watch the page follow.`,
		Example: "  dashira demo",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd.Context(), o)
		},
	}
	serveFlags(cmd, &o)
	return cmd
}

// demo serves a temporary folder and plays the people who write into it.
func demo(ctx context.Context, o serveOptions) (err error) {
	dir, err := os.MkdirTemp("", "dashira-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := unpack(dir); err != nil {
		return err
	}
	o.roots, o.title = []string{dir}, "Demo"
	state, err := stateDir(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(state)) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- play(ctx, dir) }()
	err = serve(ctx, o)
	cancel()
	return errors.Join(err, <-done)
}

// unpack writes the demo's files, the orders moved in time so that they end yesterday.
func unpack(dir string) error {
	return fs.WalkDir(demoFiles, "examples/shop", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := demoFiles.ReadFile(path)
		if err != nil {
			return err
		}
		if entry.Name() == ordersName {
			if body, err = untilYesterday(body, time.Now()); err != nil {
				return fmt.Errorf("move the demo's orders: %w", err)
			}
		}
		return os.WriteFile(filepath.Join(dir, entry.Name()), body, 0o644)
	})
}

const (
	ordersName  = "orders.csv"
	orderLayout = "2006-01-02T15:04:05"
)

// The columns of the orders that the demo writes.
const (
	orderID = iota
	orderedAt
	_ // region
	_ // channel
	_ // category
	_ // customer
	_ // product
	quantity
	unitPrice
	amount
)

// untilYesterday moves every order by the same whole number of days.
func untilYesterday(body []byte, now time.Time) ([]byte, error) {
	records, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return nil, err
	}
	last, err := time.Parse(orderLayout, records[len(records)-1][orderedAt])
	if err != nil {
		return nil, err
	}
	days := int(now.UTC().Truncate(24*time.Hour).Sub(last.Truncate(24*time.Hour)).Hours())/24 - 1
	for _, r := range records[1:] {
		at, err := time.Parse(orderLayout, r[orderedAt])
		if err != nil {
			return nil, err
		}
		r[orderedAt] = at.AddDate(0, 0, days).Format(orderLayout)
	}
	var moved bytes.Buffer
	w := csv.NewWriter(&moved)
	err = w.WriteAll(records)
	return moved.Bytes(), err
}

// The pace of the demo: an order every second and a half, a reading of both sensors every second.
const (
	orderEvery   = 1500 * time.Millisecond
	readingEvery = time.Second
)

// play appends to the demo's files until the context ends.
func play(ctx context.Context, dir string) error {
	random := rand.New(rand.NewPCG(7, 7))
	orders := filepath.Join(dir, ordersName)
	body, err := os.ReadFile(orders)
	if err != nil {
		return err
	}
	earlier, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return err
	}
	next := len(earlier)
	readingsFile := filepath.Join(dir, "readings.ndjson")
	now := time.Now().UTC()
	for at := now.Add(-30 * time.Minute); at.Before(now); at = at.Add(readingEvery) {
		if err := appendTo(readingsFile, readings(random, at)); err != nil {
			return err
		}
	}
	order, reading := time.NewTicker(orderEvery), time.NewTicker(readingEvery)
	defer order.Stop()
	defer reading.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-order.C:
			line, err := demoOrder(random, earlier[1+random.IntN(len(earlier)-1)], next, time.Now())
			if err != nil {
				return err
			}
			next++
			if err := appendTo(orders, line); err != nil {
				return err
			}
		case <-reading.C:
			if err := appendTo(readingsFile, readings(random, time.Now().UTC())); err != nil {
				return err
			}
		}
	}
}

// demoOrder is an order like an earlier one, placed now.
func demoOrder(random *rand.Rand, like []string, number int, now time.Time) (string, error) {
	price, err := strconv.ParseFloat(like[unitPrice], 64)
	if err != nil {
		return "", err
	}
	order := slices.Clone(like)
	n := 1 + random.IntN(4)
	order[orderID] = fmt.Sprintf("A-%05d", number)
	order[orderedAt] = now.Format(orderLayout)
	order[quantity] = strconv.Itoa(n)
	order[amount] = fmt.Sprintf("%.2f", price*float64(n))
	order[len(order)-1] = "open"
	var line strings.Builder
	w := csv.NewWriter(&line)
	err = w.Write(order)
	w.Flush()
	return line.String(), errors.Join(err, w.Error())
}

// readings is one line of each sensor.
func readings(random *rand.Rand, at time.Time) string {
	var b strings.Builder
	for i, name := range []string{"cold room", "greenhouse"} {
		base := []float64{4, 23}[i]
		swing := []float64{0.6, 3}[i]
		phase := float64(at.Unix()%900) / 900
		temperature := base + swing*(phase*(1-phase)*4-0.5) + random.NormFloat64()*0.15
		humidity := 0.55 + 0.1*float64(i) + random.NormFloat64()*0.01
		fmt.Fprintf(&b, `{"at":%q,"sensor":%q,"temperature_c":%.2f,"humidity":%.3f,"battery_v":%.2f}`+"\n",
			at.Format("2006-01-02T15:04:05Z"), name, temperature, humidity, 3.6+random.Float64()*0.05)
	}
	return b.String()
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
