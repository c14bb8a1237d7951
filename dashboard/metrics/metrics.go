// Package metrics tells Prometheus how the server does. It is the door to its client library: the hub counts for
// itself and the model has its state, so most figures are read when somebody scrapes and cost nothing until then; only
// durations are noted as they happen. No figure carries the name of a file, a table or a viewer: whoever may look at
// how the server does need not know what it shows, and the number of series does not grow with the folder.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

// Metrics notes durations and answers scrapes. Its methods may be called from any goroutine.
type Metrics struct {
	registry *prometheus.Registry
	ingest   *prometheus.HistogramVec
	loads    *prometheus.CounterVec
	views    *prometheus.HistogramVec
}

// The buckets of the durations, in seconds: from a patch of a small table to a load of ten million rows.
var durations = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// New returns the metrics of one server. The version names the build. Follow must be called once before the first
// scrape.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		ingest: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dashira_ingest_seconds", Buckets: durations,
			Help: "Time to read and understand a changed file and to find what differs, by format.",
		}, []string{"format"}),
		loads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dashira_loads_total", Help: "Files read, by format and by result: ok or error.",
		}, []string{"format", "result"}),
		views: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dashira_view_seconds", Buckets: durations,
			Help: "Time to answer every panel of a dashboard under one selection: the first answer, or an update.",
		}, []string{"answer"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dashira_build_info", Help: "Always 1; the label names the version.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.ingest, m.loads, m.views, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Follow reads the hub and the model at each scrape.
func (m *Metrics) Follow(h *hub.Hub, model *dashboard.Model) {
	m.registry.MustRegister(&reader{h, model})
}

// Loaded notes that a file was read; ok is false where it could not be understood and the last good rows stay.
func (m *Metrics) Loaded(format string, took time.Duration, ok bool) {
	result := "ok"
	if !ok {
		result = "error"
	}
	if format == "" {
		format = "unknown"
	}
	m.loads.WithLabelValues(format, result).Inc()
	m.ingest.WithLabelValues(format).Observe(took.Seconds())
}

// Answered notes that every panel of a dashboard was answered: the first time, or after a change.
func (m *Metrics) Answered(first bool, took time.Duration) {
	answer := "update"
	if first {
		answer = "first"
	}
	m.views.WithLabelValues(answer).Observe(took.Seconds())
}

// Handler answers scrapes in the formats that Prometheus asks for. Who may ask is the caller's to decide.
func (m *Metrics) Handler() http.Handler {
	// Compression is left to the server's own middleware; a scrape every few seconds from the same machine needs none.
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}

// reader turns the counters of the hub and the state of the model into metrics.
type reader struct {
	hub   *hub.Hub
	model *dashboard.Model
}

// figure is one metric without labels that is read from the hub's statistics.
type figure struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	read func(hub.Stats) float64
}

func counter(name, help string, read func(hub.Stats) uint64) figure {
	return figure{prometheus.NewDesc(name, help, nil, nil), prometheus.CounterValue, func(s hub.Stats) float64 { return float64(read(s)) }}
}

func gauge(name, help string, read func(hub.Stats) float64) figure {
	return figure{prometheus.NewDesc(name, help, nil, nil), prometheus.GaugeValue, read}
}

var figures = []figure{
	gauge("dashira_streams", "Event streams that are open.", func(s hub.Stats) float64 { return float64(s.Streams) }),
	gauge("dashira_streams_direct", "Of these, streams that are sent without a goroutine each.", func(s hub.Stats) float64 { return float64(s.Direct) }),
	gauge("dashira_logs", "Logs of events: one for each dashboard under a selection, each followed table, and the sources.", func(s hub.Stats) float64 { return float64(s.Logs) }),
	gauge("dashira_log_bytes", "Memory of all logs.", func(s hub.Stats) float64 { return float64(s.HeldBytes) }),
	gauge("dashira_lag_bytes", "How far the viewer that is furthest behind is behind.", func(s hub.Stats) float64 { return float64(s.LagBytes) }),
	counter("dashira_streams_opened_total", "Event streams begun.", func(s hub.Stats) uint64 { return s.Opened }),
	counter("dashira_streams_refused_total", "Event streams sent away because of a limit.", func(s hub.Stats) uint64 { return s.Refused }),
	counter("dashira_streams_resumed_total", "Event streams that went on exactly where the viewer had been.", func(s hub.Stats) uint64 { return s.Resumed }),
	counter("dashira_streams_stalled_total", "Event streams ended because the viewer took nothing.", func(s hub.Stats) uint64 { return s.Stalled }),
	counter("dashira_events_total", "Events published, each counted once whatever the number of viewers.", func(s hub.Stats) uint64 { return s.Events }),
	counter("dashira_event_bytes_total", "Encoded bytes of the events published.", func(s hub.Stats) uint64 { return s.PublishedBytes }),
	counter("dashira_sent_bytes_total", "Bytes written to viewers.", func(s hub.Stats) uint64 { return s.SentBytes }),
	counter("dashira_heartbeats_total", "Heartbeats sent.", func(s hub.Stats) uint64 { return s.Heartbeats }),
	counter("dashira_snapshots_total", "Whole pictures sent, of any reason.", func(s hub.Stats) uint64 { return s.Snapshots }),
	counter("dashira_slow_snapshots_total", "Of these, to viewers so slow that the log had passed them by.", func(s hub.Stats) uint64 { return s.SlowSnapshots }),
}

var (
	revisions = prometheus.NewDesc("dashira_revisions_total", "Changes of data since the server started.", nil, nil)
	ready     = prometheus.NewDesc("dashira_ready", "1 once everything that was there at the start has been read.", nil, nil)
	sources   = prometheus.NewDesc("dashira_sources", "Sources by state.", []string{"state"}, nil)
	tables    = prometheus.NewDesc("dashira_tables", "Tables that are shown.", nil, nil)
	rows      = prometheus.NewDesc("dashira_rows", "Rows of all tables.", nil, nil)
	oldest    = prometheus.NewDesc("dashira_oldest_source_timestamp_seconds", "When the source that was written longest ago was written; 0 without sources.", nil, nil)
	newest    = prometheus.NewDesc("dashira_newest_source_timestamp_seconds", "When the source that was written last was written; 0 without sources.", nil, nil)
)

var states = []string{wire.StateOK, wire.StateReading, wire.StateStale, wire.StateMissing, wire.StateError}

// Describe names every metric that Collect makes.
func (r *reader) Describe(out chan<- *prometheus.Desc) {
	for _, f := range figures {
		out <- f.desc
	}
	for _, d := range []*prometheus.Desc{revisions, ready, sources, tables, rows, oldest, newest} {
		out <- d
	}
}

// Collect reads the figures. States without a source are there too, with 0: an alert needs a series to compare.
func (r *reader) Collect(out chan<- prometheus.Metric) {
	stats := r.hub.Stats()
	for _, f := range figures {
		out <- prometheus.MustNewConstMetric(f.desc, f.kind, f.read(stats))
	}
	send := func(d *prometheus.Desc, kind prometheus.ValueType, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, v, labels...)
	}
	state := r.model.State()
	send(revisions, prometheus.CounterValue, float64(state.Revision))
	isReady := 0.0
	if state.Ready {
		isReady = 1
	}
	send(ready, prometheus.GaugeValue, isReady)
	byState := map[string]int{}
	var first, last time.Time
	for _, src := range state.Sources() {
		byState[src.State]++
		if at := src.Modified; !at.IsZero() {
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	}
	for _, s := range states {
		send(sources, prometheus.GaugeValue, float64(byState[s]), s)
	}
	var n int64
	for _, t := range state.Tables() {
		n += t.Data.Rows()
	}
	send(tables, prometheus.GaugeValue, float64(len(state.Tables())))
	send(rows, prometheus.GaugeValue, float64(n))
	send(oldest, prometheus.GaugeValue, seconds(first))
	send(newest, prometheus.GaugeValue, seconds(last))
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
