package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// block returns the program of a page of docs that is marked to be run under a name.
func block(t *testing.T, page, name string) string {
	t.Helper()
	body, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(body), "<!-- run: "+name+" -->\n```")
	if !ok {
		t.Fatalf("%s has no program %s", page, name)
	}
	_, rest, _ = strings.Cut(rest, "\n")
	code, _, _ := strings.Cut(rest, "\n```\n")
	return code + "\n"
}

// program is a running program of the docs, whose lines the test waits for.
type program struct {
	t     *testing.T
	lines chan string
	errs  *bytes.Buffer
}

func runProgram(t *testing.T, name string, args ...string) *program {
	t.Helper()
	cmd := exec.Command(name, args...)
	p := &program{t: t, lines: make(chan string, 1024), errs: &bytes.Buffer{}}
	// A pipe of our own: `go run` leaves its child with it, and Wait would wait for that one.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, p.errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = r.Close()
	})
	return p
}

func (p *program) next() string {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if ok {
			return line
		}
		p.t.Fatalf("it has ended: %s", p.errs)
	case <-time.After(time.Minute):
		p.t.Fatalf("no line within a minute: %s", p.errs)
	}
	return ""
}

// mirrored runs a reader of the docs, changes the file in every way, and wants the reader's rows to follow, across a
// crash of the server too.
func mirrored(t *testing.T, start func(table string) *program) {
	dir := t.TempDir()
	path := filepath.Join(dir, "orders.csv")
	write(t, path, "id,amount\nA-1,1.5\nA-2,2.5\nA-3,3.5\n")
	s := serveFolder(t, dir)
	p := start(s.url + "api/v1/tables/orders")
	expect := func(want string) {
		t.Helper()
		for {
			line := p.next()
			_, rows, _ := strings.Cut(line, " ")
			if strings.ReplaceAll(rows, " ", "") == want {
				return
			}
			if !strings.HasPrefix(line, "1 ") { // a reader that is told twice of one revision
				t.Logf("on the way to %s it had %s", want, line)
			}
		}
	}
	expect(`[["A-1",1.5],["A-2",2.5],["A-3",3.5]]`)
	addLine(t, path, "A-4,4.5\n")
	expect(`[["A-1",1.5],["A-2",2.5],["A-3",3.5],["A-4",4.5]]`)
	write(t, path, "id,amount\nA-0,0.5\nA-2,9.5\nA-3,3.5\nA-4,4.5\nA-5,5.5\n")
	expect(`[["A-0",0.5],["A-2",9.5],["A-3",3.5],["A-4",4.5],["A-5",5.5]]`)
	write(t, path, "id,amount,note\nA-0,0.5,\nA-5,5.5,last\n")
	expect(`[["A-0",0.5,null],["A-5",5.5,"last"]]`)
	port := s.url[strings.LastIndex(s.url, ":")+1 : len(s.url)-1]
	s.kill()
	addLine(t, path, "A-6,6.5,later\n")
	s.args = append(s.args, "--port", port)
	s.start()
	expect(`[["A-0",0.5,null],["A-5",5.5,"last"],["A-6",6.5,"later"]]`)
}

func TestThePythonReaderOfTheDocs(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 here")
	}
	file := filepath.Join(t.TempDir(), "mirror.py")
	write(t, file, block(t, "docs/events.md", "python"))
	mirrored(t, func(table string) *program { return runProgram(t, python, file, table) })
}

func TestTheGoReaderOfTheDocs(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), block(t, "docs/events.md", "go"))
	write(t, filepath.Join(dir, "go.mod"), "module mirror\n\ngo 1.26\n")
	built := filepath.Join(dir, "mirror.exe")
	build := exec.Command("go", "build", "-o", built, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	mirrored(t, func(table string) *program { return runProgram(t, built, table) })
}

// TestTheCurlSessionOfTheDocs runs the command and wants the events of the page, in their order and with their fields.
func TestTheCurlSessionOfTheDocs(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl here")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "orders.csv")
	write(t, path, "id,amount\nA-1,1.5\nA-2,2.5\nA-3,3.5\n")
	s := serveFolder(t, dir)
	session := bufio.NewScanner(strings.NewReader(block(t, "docs/events.md", "curl")))
	session.Scan()
	words := strings.Fields(session.Text())
	if !slices.Equal(words[:2], []string{"$", "curl"}) {
		t.Fatalf("the session begins with %q", session.Text())
	}
	for i, w := range words {
		words[i] = strings.Replace(w, "localhost:7070/", s.url, 1)
	}
	p := runProgram(t, curl, words[2:]...)
	for session.Scan() {
		want := session.Text()
		have := p.next()
		switch field, value, _ := strings.Cut(want, ": "); field {
		case "data":
			_, data, _ := strings.Cut(have, ": ")
			fieldsAre(t, want, value, data)
		case "id":
			if !strings.HasPrefix(have, "id: ") || strings.Count(have, "-") != 1 || !strings.HasSuffix(have, value[len(value)-1:]) {
				t.Errorf("%q came where the page has %q", have, want)
			}
		case "retry":
			if !strings.HasPrefix(have, "retry: ") {
				t.Errorf("%q came where the page has %q", have, want)
			}
		default:
			if have != want {
				t.Fatalf("%q came where the page has %q", have, want)
			}
			if want == "event: append" || want == "event: update" {
				continue
			}
		}
		switch {
		case strings.HasPrefix(want, `data: {"revision":1`):
			addLine(t, path, "A-4,4.5\n")
		case strings.HasPrefix(want, `data: {"base":1,`):
			write(t, path, "id,amount\nA-1,1.5\nA-2,9\nA-3,3.5\nA-4,4.5\n")
		}
	}
}

// fieldsAre wants an object to have at least the fields that the page shows; figures of revisions and rows to be equal.
func fieldsAre(t *testing.T, where, want, have string) {
	t.Helper()
	var w, h map[string]any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	if err := json.NewDecoder(io.LimitReader(strings.NewReader(have), 1<<20)).Decode(&h); err != nil {
		t.Fatalf("%s: %v in %s", where, err, have)
	}
	for name, v := range w {
		got, there := h[name]
		if !there {
			t.Errorf("%s: %s has no %s", where, have, name)
			continue
		}
		if name == "version" || name == "epoch" || name == "columns" && w["table"] != nil {
			continue
		}
		x, _ := json.Marshal(v)
		y, _ := json.Marshal(got)
		if !bytes.Equal(x, y) {
			t.Errorf("%s: %s is %s", where, name, y)
		}
	}
}
