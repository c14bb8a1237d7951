package dashboard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// copied is a table as somebody keeps it who follows its stream and does what package wire says of the events, slowly
// and obviously.
type copied struct {
	t        *testing.T
	model    *dashboard.Model
	next     func() sse.Event
	schema   wire.RowsSchema
	rows     [][]any // of the revision, whole rows
	work     [][]any // with the events so far of a revision that has more
	revision uint64
	resets   int
	events   int
}

func copyTable(t *testing.T, m *dashboard.Model, lastID string) *copied {
	t.Helper()
	stream, err := m.OpenTable("orders")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = stream.Log().Serve(w, r, hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) { return stream.Snapshot() }})
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", lastID)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		response.Body.Close()
		stream.Close()
	})
	reader := sse.NewReader(response.Body, lastID)
	return &copied{t: t, model: m, next: func() sse.Event {
		e, err := reader.Next()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}}
}

// read returns the rows at a revision as JSON has them.
func (c *copied) read(revision uint64) [][]any {
	c.t.Helper()
	rows, err := c.model.Rows(c.t.Context(), dashboard.Scope{}, "orders", dashboard.RowsQuery{Revision: revision})
	if err != nil {
		c.t.Fatal(err)
	}
	out := [][]any{}
	for part, err := range rows.Parts {
		if err != nil {
			c.t.Fatal(err)
		}
		for r := range part.Rows() {
			row := make([]any, part.Schema().Len())
			for i := range row {
				v := part.Value(r, i)
				row[i] = dashboard.Cell(part.Schema().Field(i), v, dashboard.Exact(v))
			}
			out = append(out, row)
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		c.t.Fatal(err)
	}
	return parse[[][]any](c.t, b)
}

// until applies events until the copy is at a revision.
func (c *copied) until(revision uint64) {
	c.t.Helper()
	for c.revision < revision {
		c.step()
	}
}

func (c *copied) step() sse.Event {
	c.t.Helper()
	e := c.next()
	c.events++
	var base, revision uint64
	more := false
	switch e.Type {
	case wire.EventSchema:
		c.schema = parse[wire.RowsSchema](c.t, e.Data)
		return e
	case wire.EventReset:
		r := parse[wire.RowsReset](c.t, e.Data)
		c.resets++
		c.rows, c.revision = c.read(r.Revision), r.Revision
		c.work = slices.Clone(c.rows)
		if int64(len(c.rows)) != r.Rows {
			c.t.Fatalf("%d rows, the reset says %d", len(c.rows), r.Rows)
		}
		return e
	case wire.EventDelete:
		d := parse[wire.RowsDelete](c.t, e.Data)
		base, revision, more = d.Base, d.Revision, d.More
		for k, at := range slices.Backward(d.At) {
			for j, name := range c.schema.Key {
				if want := c.rows[at][c.column(name)]; !reflect.DeepEqual(want, d.Keys[j][k]) {
					c.t.Fatalf("row %d has the key %v, the event says %v", at, want, d.Keys[j][k])
				}
			}
			c.work = slices.Delete(c.work, int(at), int(at)+1)
		}
	case wire.EventAppend:
		a := parse[wire.RowsAppend](c.t, e.Data)
		base, revision, more = a.Base, a.Revision, a.More
		for k := range a.Values[0] {
			row := make([]any, len(a.Values))
			for i := range row {
				row[i] = a.Values[i][k]
			}
			at := len(c.work)
			if a.At != nil {
				at = int(a.At[k])
			}
			c.work = slices.Insert(c.work, at, row)
		}
	case wire.EventUpdate:
		u := parse[wire.RowsUpdate](c.t, e.Data)
		base, revision, more = u.Base, u.Revision, u.More
		for k, at := range u.At {
			row := slices.Clone(c.work[at])
			for i, name := range u.Columns {
				if !reflect.DeepEqual(row[c.column(name)], u.Old[i][k]) {
					c.t.Fatalf("%s of row %d was %v, the event says %v", name, at, row[c.column(name)], u.Old[i][k])
				}
				row[c.column(name)] = u.Values[i][k]
			}
			c.work[at] = row
		}
	default:
		c.t.Fatalf("%s came: %s", e.Type, e.Data)
	}
	if base != c.revision {
		c.t.Fatalf("the %s is based on %d, the copy is at %d", e.Type, base, c.revision)
	}
	if !more {
		c.rows, c.revision = slices.Clone(c.work), revision
	}
	return e
}

func (c *copied) column(name string) int {
	return slices.IndexFunc(c.schema.Columns, func(col wire.TableColumn) bool { return col.Name == name })
}

// same compares the copy with the table.
func (c *copied) same() {
	c.t.Helper()
	if want := c.read(0); !reflect.DeepEqual(c.rows, want) {
		c.t.Fatalf("at revision %d the copy has\n%v\nand the table\n%v", c.revision, c.rows, want)
	}
}

// scatter changes the orders anywhere: rows come in the middle too, and rows that came before others go behind them.
func scatter(r *rand.Rand, orders []order, next *int) []order {
	orders = edit(r, orders, next)
	for range r.IntN(3) {
		orders = slices.Insert(orders, r.IntN(len(orders)+1), newOrder(r, *next))
		*next++
	}
	return orders
}

func replayRows(t *testing.T, seed uint64, rounds int, keyed bool) {
	r := rand.New(rand.NewPCG(seed, 7))
	m := newModel(t, "e")
	next := 0
	var orders []order
	for range 40 {
		orders = append(orders, newOrder(r, next))
		next++
	}
	save := func() uint64 {
		load := loadOf(orders)
		if !keyed {
			load.Sheets[0].Key = nil
		}
		m.Prepare(load, false)()
		return m.State().Table("orders").Revision
	}
	save()
	c := copyTable(t, m, "")
	c.until(1)
	for round := range rounds {
		for range 1 + round%3 { // now and then several changes at once
			orders = scatter(r, orders, &next)
			save()
		}
		orders = append(orders, newOrder(r, next))
		next++
		c.until(save())
		c.same()
	}
	if c.resets != 1 {
		t.Errorf("the rows had to be read %d times", c.resets)
	}
}

func TestRowEventsAddUpToTheTable(t *testing.T) {
	for seed := range uint64(3) {
		for _, keyed := range []bool{true, false} {
			t.Run(fmt.Sprintf("seed %d keyed %v", seed, keyed), func(t *testing.T) {
				t.Parallel()
				replayRows(t, seed, 9, keyed)
			})
		}
	}
}

func FuzzRowEventsAddUpToTheTable(f *testing.F) {
	f.Add(uint64(99), true)
	f.Fuzz(func(t *testing.T, seed uint64, keyed bool) { replayRows(t, seed, 6, keyed) })
}

func TestEachKindOfRowEvent(t *testing.T) {
	m := newModel(t, "e")
	orders := []order{{"A-1", 20_000, "North", 1, 10}, {"A-2", 20_001, "South", 2, 20}, {"A-3", 20_002, "", 3, 30}}
	save := func() { m.Prepare(loadOf(orders), false)() }
	save()
	c := copyTable(t, m, "")
	c.until(1)
	if c.schema.Table != "orders" || !slices.Equal(c.schema.Key, []string{"order_id"}) || len(c.schema.Columns) != 5 || c.schema.Columns[4].Unit != "EUR" {
		t.Errorf("the schema is %+v", c.schema)
	}
	expect := func(want ...string) {
		t.Helper()
		save()
		for _, text := range want {
			if e := c.step(); e.Type+" "+string(e.Data) != text {
				t.Errorf("%s %s and not\n%s", e.Type, e.Data, text)
			}
		}
		c.same()
	}
	orders = append(orders, order{"A-4", 20_003, "West", 1 << 60, 40})
	save()
	if e := c.step(); e.Type != wire.EventSchema || !c.schema.Columns[3].Exact {
		t.Errorf("the first integer that a double would change is not announced: %s %s", e.Type, e.Data)
	}
	expect(`append {"base":1,"revision":2,"values":[["A-4"],["2024-10-07"],["West"],["1152921504606846976"],[40]]}`)
	orders[1].amount = 21
	expect(`update {"base":2,"revision":3,"keys":[["A-2"]],"at":[1],"columns":["amount"],"values":[[21]],"old":[[20]]}`)
	orders = slices.Delete(orders, 0, 1)
	expect(`delete {"base":3,"revision":4,"keys":[["A-1"]],"at":[0]}`)
	orders = slices.Insert(orders, 0, order{"A-0", 19_999, "North", 1, 5})
	orders[2].region = "East"
	orders = orders[:3]
	save()
	if e := c.step(); e.Type != wire.EventSchema || c.schema.Columns[3].Exact {
		t.Errorf("%s %s", e.Type, e.Data)
	}
	expect(`delete {"base":4,"revision":5,"keys":[["A-4"]],"at":[2],"more":true}`,
		`append {"base":4,"revision":5,"at":[0],"values":[["A-0"],["2024-10-03"],["North"],[1],[5]],"more":true}`,
		`update {"base":4,"revision":5,"keys":[["A-3"]],"at":[2],"columns":["region"],"values":[["East"]],"old":[[null]]}`)
}

func TestARowStreamResumesWhereItWas(t *testing.T) {
	m := newModel(t, "e")
	r := rand.New(rand.NewPCG(5, 5))
	next := 0
	orders := edit(r, edit(r, nil, &next), &next)
	m.Prepare(loadOf(orders), false)()
	first := copyTable(t, m, "")
	first.until(1)
	id := ""
	for range 3 {
		orders = append(orders, newOrder(r, next))
		next++
		m.Prepare(loadOf(orders), false)()
		e := first.step()
		if id == "" {
			id = e.ID
		}
	}
	later := copyTable(t, m, id)
	later.schema, later.rows, later.revision = first.schema, first.read(2), 2
	later.work = slices.Clone(later.rows)
	later.until(4)
	later.same()
	if later.events != 2 || later.resets != 0 {
		t.Errorf("%d events and %d resets", later.events, later.resets)
	}
	for _, foreign := range []string{"x-1", "e-1", "e-99999999999999"} {
		c := copyTable(t, m, foreign)
		c.until(4)
		// The stream may still stand at the state before, and tell the last change after it.
		if c.same(); c.resets != 1 || c.events < 2 || c.events > 3 {
			t.Errorf("%s: %d events and %d resets", foreign, c.events, c.resets)
		}
	}
}

func TestALargeStepIsAReset(t *testing.T) {
	m := newModel(t, "e")
	r := rand.New(rand.NewPCG(1, 1))
	var orders []order
	for n := range 20_200 {
		orders = append(orders, newOrder(r, n))
	}
	m.Prepare(loadOf(orders[:100]), false)()
	c := copyTable(t, m, "")
	c.until(1)
	m.Prepare(loadOf(orders), false)()
	if e := c.step(); e.Type != wire.EventReset || c.resets != 2 || string(e.Data) != `{"revision":2,"rows":20200}` {
		t.Errorf("%s came: %.100s", e.Type, e.Data)
	}
	orders = append(orders, newOrder(r, len(orders)))
	m.Prepare(loadOf(orders), false)()
	if e := c.step(); e.Type != wire.EventAppend {
		t.Errorf("%s came: %.100s", e.Type, e.Data)
	}
	c.same()
}

func TestMovedColumnsAreTold(t *testing.T) {
	m := newModel(t, "e")
	load := func(fields ...table.Field) {
		b := table.NewBuilder(table.NewSchema(fields...), nil)
		row := make([]table.Value, len(fields))
		for i := range row {
			row[i] = table.IntValue(table.Int, 7)
		}
		b.Append(row...)
		var columns []ingest.Column
		for _, f := range fields {
			columns = append(columns, ingest.Column{Field: f})
		}
		m.Prepare(&ingest.Load{Path: "orders.csv", Format: "csv", Sheets: []ingest.Sheet{{Table: b.Table(), Columns: columns}}}, false)()
	}
	a, b := table.Field{Name: "a", Type: table.Int}, table.Field{Name: "b", Type: table.Int}
	load(a)
	c := copyTable(t, m, "")
	c.until(1)
	load(a, b)
	c.until(2)
	if c.same(); len(c.schema.Columns) != 2 || c.schema.Revision != 2 || c.resets != 2 {
		t.Errorf("%+v after %d resets", c.schema, c.resets)
	}
	a.Unit = "EUR"
	load(a, b)
	c.until(3)
	if c.same(); c.schema.Columns[0].Unit != "EUR" {
		t.Errorf("%+v", c.schema)
	}
	// Only what is said of them changes: the rows stand.
	before := c.events
	named := m.State().Table("orders")
	labelled := &ingest.Load{Path: "orders.csv", Format: "csv", Sheets: []ingest.Sheet{{
		Table: named.Data, Key: []string{"b"}, Columns: []ingest.Column{{Field: a}, {Field: b}},
	}}}
	m.Prepare(labelled, false)()
	if e := c.step(); e.Type != wire.EventSchema || !slices.Equal(c.schema.Key, []string{"b"}) || c.events != before+1 {
		t.Errorf("%s %s", e.Type, e.Data)
	}
}

func TestATableThatGoesEndsItsStream(t *testing.T) {
	m := newModel(t, "e")
	m.Prepare(loadOf([]order{{"A-1", 20_000, "North", 1, 10}}), false)()
	stream, err := m.OpenTable("orders")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	ended := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = stream.Log().Serve(w, r, hub.Stream{Goodbye: func(reason string, _ time.Duration) (string, []byte) {
			ended <- reason
			return wire.EventGoodbye, []byte("{}")
		}})
	}))
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	m.Gone("orders.csv")
	if reason := <-ended; reason != "gone" {
		t.Errorf("it ends with %q", reason)
	}
	if _, err := m.OpenTable("orders"); err != dashboard.ErrNoTable {
		t.Errorf("opening it again: %v", err)
	}
}
