package dashboard

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

const optionsConfig = `
tables: {sales: {time: day}}
dashboards:
  today:
    table: sales
    filters: [region, {field: amount, type: range}]
    rows:
      - items:
          - {mark: kpi, y: sum(amount), name: plain}
          - {mark: kpi, y: sum(amount), name: year, compare: previous year, format: compact}
          - {mark: kpi, y: sum(amount), name: alone, compare: none}
          - {mark: kpi, y: sum(amount), name: bare, sparkline: false}
      - items:
          - {mark: histogram, x: amount, name: auto}
          - {mark: histogram, x: amount, name: few, bins: 5}
          - {mark: histogram, x: amount, name: many, bins: 60}
      - items:
          - {mark: ranked, x: sum(amount), y: region, name: rest, limit: 2}
          - {mark: ranked, x: sum(amount), y: region, name: top, limit: 2, other: false}
          - {mark: table, name: quiet, highlight: none}
`

func TestOptionsOfPanels(t *testing.T) {
	m := New(Options{Hub: hub.New(hub.Options{})})
	var rows []string
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 800 {
		// Twice as much in the second year, and a little more every month.
		amount := float64(i%97) * (1 + float64(i/366)) / 2
		rows = append(rows, fmt.Sprintf("%s,%g,%d,R%d", day.AddDate(0, 0, i).Format("2006-01-02"), amount, i, i%6))
	}
	m.Prepare(dated("sales.csv", "day,amount,serial,region$", rows...), false)()
	m.SetReady()
	m.PrepareWritten([]byte(optionsConfig), time.Time{})()
	if e := m.State().SourceAt(WrittenFile).Error; e != nil {
		t.Fatal(e)
	}
	p := drawn(t, m, "", Scope{}, nil)
	facts := func(name string) *wire.Facts { return p.frames[name].facts }

	summer := drawn(t, m, url.Values{"range": {"2025-06-01..2025-09-01"}}.Encode(), Scope{}, nil)
	if plain, year := summer.frames["plain"].facts, summer.frames["year"].facts; plain.Previous == nil || year.Previous == nil || plain.PreviousFrom == year.PreviousFrom {
		t.Errorf("the period before is %+v, the year before %+v", plain, year)
	}
	if alone := facts("alone"); alone.Previous != nil || len(alone.Spark) == 0 {
		t.Errorf("compared with nothing: %+v", alone)
	}
	// Whatever the viewer chooses, what was written of the panel stays.
	other := drawn(t, m, url.Values{"compare": {"none"}}.Encode(), Scope{}, nil)
	if other.frames["year"].facts.Previous == nil || other.frames["plain"].facts.Previous != nil {
		t.Error("a viewer's choice goes before the panel's own, or is not heeded where there is none")
	}
	if bare := facts("bare"); bare.Spark != nil || bare.SparkPrior != nil || bare.Previous == nil {
		t.Errorf("without a sparkline: %+v", bare)
	}

	auto, few, many := p.frames["auto"].data.Rows(), p.frames["few"].data.Rows(), p.frames["many"].data.Rows()
	if few > 5 || few < 2 || many <= auto || many > 60 {
		t.Errorf("%d bins by themselves, %d of 5, %d of 60", auto, few, many)
	}
	for _, name := range []string{"auto", "few", "many"} {
		sum := int64(0)
		for r := range p.frames[name].data.Rows() {
			sum += p.frames[name].data.Value(r, 2).Int()
		}
		if sum != 800 {
			t.Errorf("the bins of %s hold %d rows", name, sum)
		}
	}

	if rest, top := facts("rest"), facts("top"); rest.OtherCount != 4 || rest.OtherValue == nil || top.OtherCount != 0 || top.OtherValue != nil || p.frames["top"].data.Rows() != 2 {
		t.Errorf("the rest is %+v and %+v", rest, top)
	}

	items := map[string]wire.Item{}
	for _, row := range layout(m.State().Dashboard("today")) {
		for _, item := range row.Items {
			items[item.Panel] = item
		}
	}
	if y := items["year"]; y.Compare != "previous year" || y.Format != "compact" || items["plain"].Compare != "" || items["quiet"].Highlight != "none" || items["plain"].Highlight != "" {
		t.Errorf("items %+v", items)
	}
}

func TestFiltersAreOfferedAsWritten(t *testing.T) {
	m := New(Options{Hub: hub.New(hub.Options{})})
	m.Prepare(dated("sales.csv", "day,amount,serial,region$", "2024-01-01,1,1,A", "2024-01-02,2,2,B"), false)()
	m.SetReady()
	m.PrepareWritten([]byte(optionsConfig), time.Time{})()
	d := m.State().Dashboard("today")
	said := func(scope Scope) string {
		var all []string
		for _, f := range fields(d, scope) {
			all = append(all, fmt.Sprintf("%s:%s:%v", f.Name, f.Control, f.Hidden))
		}
		return strings.Join(all, " ")
	}
	if got, want := said(Scope{}), "region::false amount:range:false day::true serial::true"; got != want {
		t.Errorf("the owner is offered %s, not %s", got, want)
	}
	guest := Scope{Guest: true, Dashboards: []string{"today"}, Allow: []string{"filters"}}
	if got, want := said(guest), "region::false amount:range:false"; got != want {
		t.Errorf("a guest is offered %s, not %s", got, want)
	}
	guest.Lock = map[string][]string{"region": {"A"}}
	if got, want := said(guest), "amount:range:false"; got != want {
		t.Errorf("a guest under a lock is offered %s, not %s", got, want)
	}
}

func TestBinsAreParted(t *testing.T) {
	for _, c := range []struct {
		from  bins
		most  int
		whole bool
	}{
		{bins{0, 5, 20}, 10, false}, {bins{0, 5, 20}, 7, false}, {bins{-3, 0.25, 30}, 50, false}, {bins{1, 1, 12}, 60, true},
		{bins{1, 1, 12}, 5, true}, {bins{1e9, 1e6, 3}, 2, true}, {bins{0, 1e-7, 36}, 3, false}, {bins{-1e300, 1e299, 20}, 4, false}, {bins{7, 1, 1}, 200, true},
	} {
		got := c.from.parted(c.most, c.whole)
		low, high := c.from.origin, c.from.origin+c.from.width*float64(c.from.n)
		end := got.origin + got.width*float64(got.n)
		near := got.width * 1e-6
		switch {
		case got.n < 1 || got.n > c.most || got.width <= 0 || math.IsInf(end, 0):
			t.Errorf("%+v in %d: %+v", c.from, c.most, got)
		case got.origin > low+near || end < high-near:
			t.Errorf("%+v in %d: %+v does not cover it", c.from, c.most, got)
		case c.whole && (got.width != math.Trunc(got.width) || got.origin != math.Trunc(got.origin)):
			t.Errorf("%+v in %d: %+v parts whole numbers", c.from, c.most, got)
		}
	}
}
