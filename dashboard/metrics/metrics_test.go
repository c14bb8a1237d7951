package metrics_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/metrics"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

func scrape(m *metrics.Metrics) string {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestAScrapeTellsWhatTheServerDid(t *testing.T) {
	h := hub.New(hub.Options{})
	m := metrics.New("9.9.9")
	model := dashboard.New(dashboard.Options{Hub: h, OnAnswer: m.Answered})
	m.Follow(h, model)

	b := table.NewBuilder(table.NewSchema(table.Field{Name: "secret_column", Type: table.String}), nil)
	b.Append(table.TextValue(table.String, "a"))
	b.Append(table.TextValue(table.String, "b"))
	data := b.Table()
	model.Prepare(&ingest.Load{
		Path: "secret_file.csv", Format: "csv", Modified: time.Unix(1_700_000_000, 0),
		Sheets: []ingest.Sheet{{Table: data, Columns: []ingest.Column{{Field: data.Schema().Field(0)}}}},
	}, false)()
	model.Fail("broken.csv", "csv", wire.LoadError{Message: "x"}, nil)
	m.Loaded("csv", 3*time.Millisecond, true)
	m.Loaded("csv", 3*time.Millisecond, false)
	m.Loaded("", time.Millisecond, false)
	m.Answered(true, time.Millisecond)
	m.Answered(false, 2*time.Second)
	log := h.NewLog("x")
	log.Publish("source", []byte("{}"))
	log.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), hub.Stream{Done: closed()})

	text := scrape(m)
	for _, want := range []string{
		`dashira_build_info{version="9.9.9"} 1`,
		"dashira_streams 0", "dashira_streams_opened_total 1", "dashira_events_total 3",
		`dashira_loads_total{format="csv",result="ok"} 1`, `dashira_loads_total{format="csv",result="error"} 1`,
		`dashira_loads_total{format="unknown",result="error"} 1`,
		`dashira_ingest_seconds_bucket{format="csv",le="0.005"} 2`, `dashira_ingest_seconds_count{format="csv"} 2`,
		`dashira_view_seconds_count{answer="first"} 1`, `dashira_view_seconds_count{answer="update"} 1`,
		"dashira_revisions_total 1", "dashira_ready 0", "dashira_rows 2", "dashira_tables 1",
		`dashira_sources{state="ok"} 1`, `dashira_sources{state="error"} 1`, `dashira_sources{state="stale"} 0`,
		"dashira_newest_source_timestamp_seconds 1.7e+09", "go_goroutines ", "dashira_sent_bytes_total ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
	for _, secret := range []string{"secret", "broken"} {
		if strings.Contains(text, secret) {
			t.Errorf("a scrape names %s", secret)
		}
	}
	model.SetReady()
	if !strings.Contains(scrape(m), "dashira_ready 1") {
		t.Error("a server that has read everything is not ready")
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "dashira_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// TestTheGrafanaDashboardAsksForWhatIsThere reads the dashboard that docs offers and looks for each of its metrics in a
// scrape.
func TestTheGrafanaDashboardAsksForWhatIsThere(t *testing.T) {
	body, err := os.ReadFile("../../docs/grafana/dashira.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(body, &board); err != nil {
		t.Fatal(err)
	}
	h, m := hub.New(hub.Options{}), metrics.New("1")
	m.Follow(h, dashboard.New(dashboard.Options{Hub: h}))
	m.Loaded("csv", 0, true)
	m.Answered(true, 0)
	text, asked := scrape(m), 0
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			for _, name := range regexp.MustCompile(`\b(dashira|process|go)_[a-z_]+`).FindAllString(target.Expr, -1) {
				asked++
				// What a process takes of the machine is not told on every system.
				if !strings.Contains(text, "\n"+name) && !strings.HasPrefix(name, "process_") {
					t.Errorf("%s asks for %s, which is not there", p.Title, name)
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("it asks for %d metrics only", asked)
	}
}

func closed() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
