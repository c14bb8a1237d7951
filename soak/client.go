//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"time"
)

// client speaks to the server.
type client struct{ base string }

var (
	errDown = errors.New("the server does not answer")
	errNone = errors.New("it is not there")
)

// patience is how long an answer may take.
const patience = 20 * time.Second

// read gets a document whole. Errors are errDown, errNone, or a fault.
func (c client) read(ctx context.Context, path string) ([]byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, nil, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, errDown
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, nil, errDown
	case response.StatusCode == http.StatusNotFound, response.StatusCode == http.StatusGone:
		return nil, nil, errNone
	case response.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return body, response.Header, nil
}

// get decodes a document of the API.
func (c client) get(ctx context.Context, path string, into any) error {
	body, _, err := c.read(ctx, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// row is one row of every file.
type row struct {
	ID         int    `json:"id"`
	Generation int    `json:"generation"`
	Rows       int    `json:"rows"`
	Sum        string `json:"sum"`
}

// reading is one table at one revision.
type reading struct {
	rows     []row
	revision uint64
	digest   uint32
}

// rows reads a table whole, at a revision or, with 0, now.
func (c client) rows(ctx context.Context, table string, revision uint64) (reading, error) {
	path := "api/v1/tables/" + table + "/rows?format=ndjson"
	if revision > 0 {
		path += "&at=" + strconv.FormatUint(revision, 10)
	}
	body, header, err := c.read(ctx, path)
	if err != nil {
		return reading{}, err
	}
	r := reading{digest: crc32.ChecksumIEEE(body)}
	if r.revision, err = strconv.ParseUint(header.Get("Dashira-Revision"), 10, 64); err != nil {
		return r, fmt.Errorf("%s: no revision: %w", path, err)
	}
	for line := range bytes.Lines(body) {
		var one row
		if err := json.Unmarshal(line, &one); err != nil {
			return r, fmt.Errorf("a line that is no row: %q", line)
		}
		r.rows = append(r.rows, one)
	}
	return r, nil
}

// judge checks that a reading is whole by itself: every row is right, none is missing, and all are of one generation.
func (r reading) judge() error {
	if len(r.rows) == 0 {
		return nil
	}
	first := r.rows[0]
	if first.Rows != 0 && len(r.rows) != first.Rows {
		return fmt.Errorf("%d of the %d rows of generation %d", len(r.rows), first.Rows, first.Generation)
	}
	for i, one := range r.rows {
		if one.ID != i || one.Generation != first.Generation || one.Rows != first.Rows || one.Sum != sum(one.ID, one.Generation) {
			return fmt.Errorf("row %d is %+v in generation %d", i, one, first.Generation)
		}
	}
	return nil
}
