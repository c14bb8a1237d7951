package derive_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/derive"
	"github.com/dashira/dashira/table/expr"
)

var (
	orders = table.NewSchema(
		table.Field{Name: "id", Type: table.Int}, table.Field{Name: "customer", Type: table.String},
		table.Field{Name: "amount", Type: table.Float}, table.Field{Name: "cost", Type: table.Float},
	)
	customers = table.NewSchema(
		table.Field{Name: "customer", Type: table.String}, table.Field{Name: "country", Type: table.String}, table.Field{Name: "id", Type: table.Int},
	)
	spec = derive.Spec{
		Lookups: []derive.Lookup{{Table: "customers", Schema: customers, On: "customer"}},
		Fields: []derive.Field{
			{Name: "rate", Expr: "margin / amount"}, // needs the one after it
			{Name: "margin", Expr: "amount - cost"},
			{Name: "home", Expr: `coalesce(country == "FR", false)`},
		},
		Where: "amount > 1",
	}
)

type order struct {
	customer     string
	amount, cost float64
}

// chunk makes a chunk of orders; an empty customer is an empty cell.
func chunk(dict *table.Dict, list []order) *table.Chunk {
	b := table.NewBuilder(orders, []*table.Dict{nil, dict, nil, nil})
	for i, o := range list {
		c := table.TextValue(table.String, o.customer)
		if o.customer == "" {
			c = table.Value{}
		}
		b.Append(table.IntValue(table.Int, int64(i)), c, table.FloatValue(o.amount), table.FloatValue(o.cost))
	}
	return b.Table().Chunks()[0]
}

func customersOf(rows ...[2]string) *table.Table {
	b := table.NewBuilder(customers, nil)
	for i, r := range rows {
		b.Append(table.TextValue(table.String, r[0]), table.TextValue(table.String, r[1]), table.IntValue(table.Int, int64(100+i)))
	}
	return b.Table()
}

func text(t *table.Table) string {
	var b strings.Builder
	for r := range t.Rows() {
		for c := range t.Schema().Len() {
			fmt.Fprintf(&b, "%s|", t.Schema().Field(c).Format(t.Value(r, c)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestLooksUpAndComputes(t *testing.T) {
	d, err := derive.New(orders, spec)
	if err != nil {
		t.Fatal(err)
	}
	data := table.New(orders, chunk(table.NewDict(), []order{{"a", 10, 4}, {"b", 8, 8}, {"", 2, 1}, {"nobody", 4, 1}, {"a", 0.5, 0}}))
	others := customersOf([2]string{"a", "FR"}, [2]string{"b", "DE"}, [2]string{"a", "XX"})
	got, notes, err := d.Apply(data, func(string) *table.Table { return others })
	if err != nil {
		t.Fatal(err)
	}
	want := "0|a|10|4|FR|100|6|0.6|true|\n1|b|8|8|DE|101|0|0|false|\n2||2|1|||1|0.5|false|\n3|nobody|4|1|||3|0.75|false|\n"
	if text(got) != want {
		t.Errorf("derived:\n%s", text(got))
	}
	if f := got.Schema().Field(5); f.Name != "customers.id" {
		t.Errorf("the second id is called %q", f.Name)
	}
	n := notes[0]
	if n.Duplicate != 1 || n.Twice.Text() != "a" || n.Missing != 1 || n.Absent.Text() != "nobody" || n.Gone {
		t.Errorf("the lookup says %+v", n)
	}
	// Without the other table its columns are empty and everything else is there.
	got, notes, err = d.Apply(data, func(string) *table.Table { return nil })
	if err != nil || got.Rows() != 4 || !notes[0].Gone || !got.Value(0, 4).IsNull() || got.Value(0, 6).Float() != 6 {
		t.Errorf("without customers: %v, %+v\n%s", err, notes, text(got))
	}
}

// TestAChangeDerivesWhatRefersToIt: chunks that a change does not concern stay the same objects, so nothing that was
// answered of them is computed again.
func TestAChangeDerivesWhatRefersToIt(t *testing.T) {
	d, err := derive.New(orders, spec)
	if err != nil {
		t.Fatal(err)
	}
	dict := table.NewDict()
	one, two := chunk(dict, []order{{"a", 10, 4}}), chunk(dict, []order{{"b", 8, 8}, {"c", 3, 1}})
	apply := func(data, other *table.Table) []*table.Chunk {
		got, _, err := d.Apply(data, func(string) *table.Table { return other })
		if err != nil {
			t.Fatal(err)
		}
		return got.Chunks()
	}
	first := apply(table.New(orders, one, two), customersOf([2]string{"a", "FR"}, [2]string{"b", "DE"}))
	more := apply(table.New(orders, one, two, chunk(dict, []order{{"a", 7, 1}})), customersOf([2]string{"a", "FR"}, [2]string{"b", "DE"}))
	if len(more) != 3 || more[0] != first[0] || more[1] != first[1] {
		t.Error("an appended chunk derives the others anew")
	}
	// b moves to another country: only the second chunk refers to it.
	moved := apply(table.New(orders, one, two), customersOf([2]string{"a", "FR"}, [2]string{"b", "IT"}))
	if moved[0] != first[0] {
		t.Error("a chunk that does not refer to the changed row is derived anew")
	}
	if moved[1] == first[1] || moved[1].Column(4).Text(0) != "IT" {
		t.Error("a chunk that refers to the changed row keeps what was")
	}
}

// TestDerivedAgainEqualsDerivedOnce: whatever was derived before, the result is that of a derivation that has seen nothing.
func TestDerivedAgainEqualsDerivedOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	kept, err := derive.New(orders, spec)
	if err != nil {
		t.Fatal(err)
	}
	dict := table.NewDict()
	var chunks []*table.Chunk
	var people [][2]string
	for i := range 12 {
		people = append(people, [2]string{fmt.Sprint("c", i), "FR"})
	}
	made := func() *table.Chunk {
		var list []order
		for range 1 + r.IntN(5) {
			list = append(list, order{fmt.Sprint("c", r.IntN(15)), float64(r.IntN(10)), float64(r.IntN(10))})
		}
		return chunk(dict, list)
	}
	for round := range 80 {
		switch r.IntN(4) {
		case 0:
			chunks = append(chunks, made())
		case 1:
			if len(chunks) > 0 {
				chunks = append([]*table.Chunk(nil), chunks...)
				chunks[r.IntN(len(chunks))] = made()
			}
		case 2:
			people = append([][2]string(nil), people...)
			people[r.IntN(len(people))][1] = fmt.Sprint("country", r.IntN(3))
		case 3:
			people = append([][2]string(nil), people...)
			people[r.IntN(len(people))][0] = fmt.Sprint("c", r.IntN(15))
		}
		data, others := table.New(orders, chunks...), customersOf(people...)
		fresh, err := derive.New(orders, spec)
		if err != nil {
			t.Fatal(err)
		}
		got, gotNotes, err := kept.Apply(data, func(string) *table.Table { return others })
		if err != nil {
			t.Fatal(err)
		}
		want, wantNotes, err := fresh.Apply(data, func(string) *table.Table { return others })
		if err != nil {
			t.Fatal(err)
		}
		if text(got) != text(want) || gotNotes[0] != wantNotes[0] {
			t.Fatalf("round %d: %+v\n%s\nfrom scratch: %+v\n%s", round, gotNotes, text(got), wantNotes, text(want))
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		spec derive.Spec
		want string
	}{
		{derive.Spec{Fields: []derive.Field{{Name: "x", Expr: "amount - marign"}, {Name: "margin", Expr: "amount"}}}, `Did you mean "margin"?`},
		{derive.Spec{Fields: []derive.Field{{Name: "x", Expr: "y"}, {Name: "y", Expr: "x"}}}, "go in a circle"},
		{derive.Spec{Fields: []derive.Field{{Name: "amount", Expr: "1"}}}, "already"},
		{derive.Spec{Where: "amount"}, "true or false"},
		{derive.Spec{Where: "amuont > 1"}, `Did you mean "amount"?`},
		{derive.Spec{Lookups: []derive.Lookup{{Table: "customers", Schema: customers, On: "custmer"}}}, `Did you mean "customer"?`},
		{derive.Spec{Lookups: []derive.Lookup{{Table: "customers", Schema: customers, On: "customer", Key: "id"}}}, "one type in both"},
	} {
		_, err := derive.New(orders, c.spec)
		var fault *derive.Fault
		var at *expr.Error
		if !errors.As(err, &fault) || !errors.As(err, &at) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v; it should say %q", c.spec, err, c.want)
		}
	}
}
