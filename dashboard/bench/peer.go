package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed peer.mjs
var peerScript []byte

// peer is a DuckDB of its own process, with the rows of one file in memory. A nil peer answers nothing.
type peer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// openPeer starts DuckDB with a file; nil where the configuration has none.
func openPeer(ctx context.Context, c config, file string) (*peer, error) {
	if c.peer == "" {
		return nil, nil
	}
	folder, err := filepath.Abs(c.peer)
	if err != nil {
		return nil, err
	}
	script := filepath.Join(c.work, "peer.mjs")
	if err := os.WriteFile(script, peerScript, 0o600); err != nil {
		return nil, err
	}
	p := &peer{command: exec.CommandContext(ctx, "node", script, folder, file)}
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start DuckDB: %w", err)
	}
	if text, err := p.line(); err != nil || text != "ready" {
		return nil, fmt.Errorf("start DuckDB: it says %q: %w", text, err)
	}
	return p, nil
}

func (p *peer) line() (string, error) {
	if !p.out.Scan() {
		if err := p.out.Err(); err != nil {
			return "", err
		}
		return "", io.ErrUnexpectedEOF
	}
	return p.out.Text(), nil
}

// answer returns how long DuckDB takes to answer, 0 of a nil peer.
func (p *peer) answer(sql string) (time.Duration, error) {
	if p == nil {
		return 0, nil
	}
	if _, err := fmt.Fprintln(p.in, strings.ReplaceAll(sql, "\n", " ")); err != nil {
		return 0, err
	}
	text, err := p.line()
	if err != nil {
		return 0, fmt.Errorf("DuckDB answering %s: %w", sql, err)
	}
	ms, err := strconv.ParseFloat(text, 64)
	return time.Duration(ms * 1e6), err
}

// Close ends the process.
func (p *peer) Close() error {
	if p == nil {
		return nil
	}
	if err := p.in.Close(); err != nil {
		return err
	}
	return p.command.Wait()
}
