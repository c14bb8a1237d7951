package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// fileToViewers measures the whole way: a row is appended to a watched CSV file of 10 000 rows, ten times a second, and
// many viewers of its dashboard are told. The time of a row is from before its write until a viewer has read the event
// that counts it. The program is built from the sources around.
func fileToViewers(c config) (err error) {
	const rate, start = 10, 10_000
	viewers := min(c.viewers, 1000)
	dir, err := os.MkdirTemp("", "dashira-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := filepath.Join(dir, "dashira")
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/dashira/dashira").CombinedOutput(); err != nil {
		return fmt.Errorf("build dashira: %w\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		return err
	}
	line := func(n int) string {
		day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%600)
		return fmt.Sprintf("A-%06d,%s,%s,%d.50\n", n, day.Format(time.DateOnly), []string{"North", "South", "West"}[n%3], n%90)
	}
	path, rows := filepath.Join(data, "orders.csv"), []byte("order_id,ordered_at,region,amount\n")
	for n := range start {
		rows = append(rows, line(n)...)
	}
	if err := os.WriteFile(path, rows, 0o644); err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	addr := "127.0.0.1:" + strconv.Itoa(port)
	server := exec.Command(binary, "serve", data, "--no-open", "--port", strconv.Itoa(port), "--state-dir", filepath.Join(dir, "state"),
		"--streams-per-address", "0")
	if err := server.Start(); err != nil {
		return err
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}()
	if err := awaitReady("http://" + addr + "/readyz"); err != nil {
		return err
	}
	crowd, err := newCrowd(addr, false)
	if err != nil {
		return err
	}
	defer crowd.close()
	crowd.path = "/api/v1/dashboards/orders/events"
	var mu sync.Mutex
	appended := []int64{} // when row start+i was written
	crowd.rows = func(v *viewer, rows, now int64) {
		mu.Lock()
		defer mu.Unlock()
		for n := max(v.seq, 0); n < rows-start && int(n) < len(appended); n++ {
			crowd.delays.add(time.Duration(now - appended[n]))
			v.events++
		}
		v.seq = max(v.seq, rows-start)
	}
	if err := crowd.connect(viewers); err != nil {
		return err
	}
	if err := crowd.settle(0); err != nil {
		return err
	}
	count := int(2*c.span.Seconds()) * rate
	done := make(chan error, 1)
	go func() {
		begun := time.Now()
		for i := range count {
			time.Sleep(time.Until(begun.Add(time.Duration(i) * time.Second / rate)))
			mu.Lock()
			appended = append(appended, time.Now().UnixNano())
			mu.Unlock()
			if err := appendTo(path, line(start+i)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		if _, err := crowd.read(20 * time.Millisecond); err != nil {
			return err
		}
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			if err := crowd.settle(int64(count)); err != nil {
				return err
			}
			r := result{
				scenario: "file", server: "dashira", p50: crowd.delays.quantile(0.5), p99: crowd.delays.quantile(0.99), max: crowd.delays.max,
				note: fmt.Sprintf("%d viewers, %d rows a second: from the append to the viewer", viewers, rate),
			}
			for _, v := range crowd.viewers {
				r.lost += count - v.events
			}
			r.print(0)
			return nil
		default:
		}
	}
}

// appendTo writes as a program does that adds a row now and then: a file that stays open is one that is still written.
func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func awaitReady(url string) error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		response, err := http.Get(url)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(response.Status)
		}
		if time.Now().After(end) {
			return err
		}
	}
}
