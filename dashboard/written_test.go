package dashboard_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// slugs lists the dashboards that there are.
func slugs(m *dashboard.Model) string {
	var all []string
	for _, d := range m.State().Dashboards() {
		all = append(all, d.Slug)
	}
	return strings.Join(all, " ")
}

func write(m *dashboard.Model, text string) { m.PrepareWritten([]byte(text), time.Unix(1, 0))() }

// complaint is the error of the dashira.yaml, empty where it is in order.
func complaint(t *testing.T, m *dashboard.Model) string {
	t.Helper()
	s := m.State().SourceAt(dashboard.WrittenFile)
	switch {
	case s == nil:
		t.Fatal("there is no dashira.yaml")
	case (s.Error == nil) != (s.State == wire.StateOK) || (s.Error == nil) != (s.Counts.Error == 0):
		t.Fatalf("state %s, %d errors, %v", s.State, s.Counts.Error, s.Error)
	case s.Error == nil:
		return ""
	}
	return s.Error.Message
}

func hundredOrders() []order {
	r := rand.New(rand.NewPCG(1, 1))
	var orders []order
	for i := range 100 {
		orders = append(orders, newOrder(r, i))
	}
	return orders
}

const salesYAML = `
dashboards:
  sales: {title: Sales, table: orders, rows: [{items: [{mark: kpi, y: sum(amount)}, {mark: bar, x: sum(amount), y: region}]}]}
  pieces: {table: orders, rows: [{items: [{mark: kpi, y: sum(pieces)}]}]}
`

func TestWhatIsWrittenTakesThePlaceOfTheAutomaticDashboard(t *testing.T) {
	m := newModel(t, "w")
	write(m, salesYAML)
	m.Prepare(loadOf(hundredOrders()), false)()
	m.SetReady()
	if got := slugs(m); got != "sales pieces" || complaint(t, m) != "" {
		t.Fatalf("%s, %s", got, complaint(t, m))
	}
	s := selectionOf(t, "")
	snapshot, err := m.SnapshotAt(context.Background(), dashboard.Scope{}, "sales", s, 0)
	if err != nil || snapshot.Title != "Sales" || len(snapshot.Frames) != 2 {
		t.Fatalf("%+v, %v", snapshot, err)
	}
	// A guest of either dashboard may see the table's rows, and of another may not.
	for slug, may := range map[string]bool{"sales": true, "pieces": true, "orders": false} {
		_, err := m.Rows(context.Background(), dashboard.Scope{Guest: true, Dashboards: []string{slug}, Allow: []string{"rows"}}, "orders", dashboard.RowsQuery{})
		if (err == nil) != may {
			t.Errorf("%s: %v", slug, err)
		}
	}
	m.WrittenGone()
	if got := slugs(m); got != "orders" || m.State().SourceAt(dashboard.WrittenFile) != nil {
		t.Errorf("after it is gone: %s", got)
	}
}

func TestABrokenFileLeavesWhatIsThere(t *testing.T) {
	m := newModel(t, "w")
	m.Prepare(loadOf(hundredOrders()), false)()
	m.SetReady()
	write(m, salesYAML)
	was := m.State().Revision
	for _, c := range []struct{ text, says string }{
		{"dashboards: [", ""},
		{strings.Replace(salesYAML, "y: region", "y: regoin", 1), `"regoin" is not a column of orders`},
		{strings.Replace(salesYAML, "table: orders", "table: order", 1), `"order" is not the name of a table here`},
	} {
		write(m, c.text)
		if said := complaint(t, m); said == "" || !strings.Contains(said, c.says) {
			t.Errorf("%q: %q", c.text, said)
		}
		if got := slugs(m); got != "sales pieces" || m.State().Revision != was {
			t.Errorf("%q: %s at %d", c.text, got, m.State().Revision)
		}
	}
	write(m, salesYAML)
	if said := complaint(t, m); said != "" || m.State().Revision != was {
		t.Errorf("healed: %q, revision %d after %d", said, m.State().Revision, was)
	}
}

// withColumn adds a column to the orders.
func withColumn(name string, orders []order) *ingest.Load {
	load := loadOf(orders)
	old := load.Sheets[0].Table
	field := table.Field{Name: name, Type: table.Int}
	b := table.NewBuilder(table.NewSchema(append(slices.Clone(orderSchema.Fields()), field)...), nil)
	for r := range old.Rows() {
		row := []table.Value{}
		for c := range orderSchema.Len() {
			row = append(row, old.Value(r, c))
		}
		b.Append(append(row, table.IntValue(table.Int, r))...)
	}
	load.Sheets[0].Table = b.Table()
	load.Sheets[0].Columns = append(load.Sheets[0].Columns, ingest.Column{Field: field})
	return load
}

func TestAColumnThatComesMendsWhatIsWrittenOfIt(t *testing.T) {
	m := newModel(t, "w")
	orders := hundredOrders()
	m.Prepare(loadOf(orders), false)()
	m.SetReady()
	write(m, "dashboards: {cost: {table: orders, rows: [{items: [{mark: kpi, y: sum(cost)}]}]}}")
	if said := complaint(t, m); !strings.Contains(said, `"cost" is not a column`) || slugs(m) != "orders" {
		t.Fatalf("%s with %s", said, slugs(m))
	}
	m.Prepare(withColumn("cost", orders), false)()
	if said := complaint(t, m); said != "" || slugs(m) != "cost" {
		t.Fatalf("%s with %s", said, slugs(m))
	}
	// When the column goes again, the dashboard stays with its address, and says what it misses.
	m.Prepare(loadOf(orders), false)()
	if said := complaint(t, m); !strings.Contains(said, `"cost" is not a column`) || slugs(m) != "cost" {
		t.Fatalf("%s with %s", said, slugs(m))
	}
	snapshot, err := m.SnapshotAt(context.Background(), dashboard.Scope{}, "cost", selectionOf(t, ""), 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range snapshot.Frames {
		if f.Error == "" {
			t.Errorf("%s does not say that its column is gone", name)
		}
	}
}

func TestAnAddressNeverComesToShowAnotherTable(t *testing.T) {
	m := newModel(t, "w")
	m.Prepare(loadOf(hundredOrders()), false)()
	stock := loadOf(hundredOrders())
	stock.Path = "stock.csv"
	m.Prepare(stock, false)()
	m.SetReady()
	write(m, "dashboards: {orders: {table: stock}}")
	if said := complaint(t, m); !strings.Contains(said, "address of another table") || slugs(m) != "orders stock" {
		t.Fatalf("%q with %s", said, slugs(m))
	}
}

func TestTheTimeZoneThatIsWrittenCounts(t *testing.T) {
	m := newModel(t, "w")
	m.Prepare(loadOf(hundredOrders()), false)()
	m.SetReady()
	stream, err := m.Open(t.Context(), dashboard.Scope{}, "orders", selectionOf(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	next := follow(t, stream)
	next()
	write(m, "timezone: Asia/Tokyo\nweek_start: sunday")
	for e := next(); e.Type != wire.EventLayout; e = next() {
		if e.Type == wire.EventPatch {
			t.Fatalf("a patch before the layout: %s", e.Data)
		}
	}
}

func TestHistoryShowsTheDashboardsOfItsTime(t *testing.T) {
	m := newModel(t, "w")
	m.Prepare(loadOf(hundredOrders()), false)()
	m.SetReady()
	before := m.State().Revision
	write(m, salesYAML)
	after := m.State().Revision
	if after != before+1 {
		t.Fatalf("%d, then %d", before, after)
	}
	if d := m.At(before).Dashboard("orders"); d == nil || m.At(before).Dashboard("sales") != nil {
		t.Error("the past has the dashboards of today")
	}
	if d := m.At(after).Dashboard("sales"); d == nil {
		t.Error("the dashboards of now are not there")
	}
}

func TestFilesAreReadAgainWhenTheFileSaysSo(t *testing.T) {
	var reread []string
	m := dashboard.New(dashboard.Options{Hub: hub.New(hub.Options{}), OnReading: func(files []string) { reread = append(reread, files...) }})
	m.Prepare(loadOf(hundredOrders()), false)()
	m.SetReady()
	for _, c := range []struct {
		text  string
		again bool
	}{
		{"sources: {orders: {decimal: ','}}", true},
		{"title: Shop\nsources: {orders: {decimal: ','}}", false},
		{"sources: [", false},
		// A dashboard that only fits what the file will be read as: the reading counts before the dashboard does.
		{"sources: {orders: {header_rows: 2}}\ndashboards: {d: {table: orders, rows: [{items: [{mark: kpi, y: sum(later)}]}]}}", true},
		{"{}", true},
	} {
		reread = nil
		write(m, c.text)
		if got := len(reread) > 0; got != c.again {
			t.Errorf("%s: %v are read again", c.text, reread)
		}
	}
	write(m, "sources: {orders: {decimal: ','}}")
	if got := m.ReadAs("orders.csv"); got.Decimal != "," {
		t.Errorf("%+v", got)
	}
	reread = nil
	if m.WrittenGone(); len(reread) != 1 || m.ReadAs("orders.csv").Decimal != "" {
		t.Errorf("%v", reread)
	}
}

// TestATableThatChangesWhileWhatIsWrittenIsReadCounts: between the reading of a dashira.yaml and its coming into force a
// table may change, or one that is joined to it.
func TestATableThatChangesWhileWhatIsWrittenIsReadCounts(t *testing.T) {
	m := newModel(t, "w")
	orders := hundredOrders()
	m.Prepare(withColumn("cost", orders), false)()
	m.SetReady()
	publish := m.PrepareWritten([]byte("dashboards: {cost: {table: orders, rows: [{items: [{mark: kpi, y: sum(cost)}]}]}}"), time.Now())
	m.Prepare(loadOf(orders), false)()
	publish()
	if said := complaint(t, m); !strings.Contains(said, `"cost" is not a column`) {
		t.Fatalf("the column is gone, and it says %q", said)
	}
	m.Prepare(withColumn("cost", orders), false)()
	if said := complaint(t, m); said != "" || slugs(m) != "cost" {
		t.Fatalf("%s with %s", said, slugs(m))
	}
}

// TestAFileThatStaysWrongIsNotLookedAtAnewWithEveryChange holds how much memory changes take that do not concern it: to know
// a calculated field, all rows have to be looked at.
func TestAFileThatStaysWrongIsNotLookedAtAnewWithEveryChange(t *testing.T) {
	m := newModel(t, "w")
	r := rand.New(rand.NewPCG(1, 1))
	var orders []order
	for i := range 30_000 {
		orders = append(orders, newOrder(r, i))
	}
	m.Prepare(loadOf(orders), false)()
	m.SetReady()
	taken := func(f func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	once := taken(func() {
		write(m, "tables: {orders: {fields: {each: amount / pieces}}}\ndashboards: {cost: {table: orders, rows: [{items: [{mark: kpi, y: sum(each)}, {mark: kpi, y: sum(cost)}]}]}}")
	})
	if said := complaint(t, m); !strings.Contains(said, `"cost" is not a column`) {
		t.Fatal(said)
	}
	const changes = 50
	all := taken(func() {
		for i := range changes {
			m.Writing("orders.csv", time.Unix(int64(10+i), 0), false)
		}
	})
	if all > once {
		t.Errorf("%d changes that do not concern the file took %d bytes, reading it took %d", changes, all, once)
	}
	// What concerns it is seen all the same.
	m.Prepare(withColumn("cost", orders[:100]), false)()
	if said := complaint(t, m); said != "" || slugs(m) != "cost" {
		t.Errorf("%s with %s", said, slugs(m))
	}
}
