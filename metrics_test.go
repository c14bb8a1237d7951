package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fetch reads a document; the error says the status where it is not 200.
func fetch(ctx context.Context, url string, header ...string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return string(body), err
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPrometheusIsToldHowToScrapeAGuardedServer(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "orders.csv"), "id,amount\n1,2.5\n2,3.5\n")
	s := serveFolder(t, dir, "--auth")
	config, err := command(t, "metrics", dir, "--state-dir", s.state, "--scrape-config")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(config, "credentials: ")
	token, rest, _ := strings.Cut(rest, "\n")
	_, rest, _ = strings.Cut(rest, `targets: ["`)
	target, _, _ := strings.Cut(rest, `"]`)
	if !strings.Contains(s.url, target) || target == "" {
		t.Errorf("it names the target %q, the server is at %s", target, s.url)
	}
	if _, err := fetch(t.Context(), s.url+"metrics"); err == nil {
		t.Error("a stranger reads the metrics")
	}
	figures, err := fetch(t.Context(), s.url+"metrics", "Authorization", "Bearer "+token)
	if err != nil {
		t.Fatal(err)
	}
	printed, err := command(t, "metrics", dir, "--state-dir", s.state)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{figures, printed} {
		for _, want := range []string{"\ndashira_rows 2\n", "\ndashira_sources{state=\"ok\"} 1\n", "\ndashira_loads_total{format=\"csv\",result=\"ok\"} 1\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q", want)
			}
		}
	}
}

func TestStreamFlagsThatCannotBeMeantAreRefused(t *testing.T) {
	dir := t.TempDir()
	for _, flag := range []string{
		"--max-streams=-1", "--streams-per-address=-5", "--heartbeat=1ms", "--heartbeat=10m", "--batch=-1s", "--stream-age=1ms",
		"--stream-stall=0s", "--retry=0s", "--stream-memory=0", "--transport=pigeon", "--max-connections=-1", "--request-rate=0", "--request-rate=NaN",
	} {
		_, err := command(t, "serve", dir, "--no-open", "--state-dir", t.TempDir(), flag)
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(usage.text, strings.Split(flag, "=")[0]) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
