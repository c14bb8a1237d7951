package manifest_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
)

// repeat makes CSV text of a header and n rows.
func repeat(header string, n int, row func(i int) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		b.WriteString(row(i) + "\n")
	}
	return b.String()
}

func shapes() map[string]string {
	return map[string]string{
		"no rows":      "a,b,c",
		"one row":      "name,amount,at\nada,12.5,2024-01-01",
		"one column":   repeat("amount", 100, func(i int) string { return fmt.Sprint(i * i) }),
		"one text":     repeat("name", 100, func(i int) string { return "name " + strings.Repeat("x", i%17) }),
		"only text":    repeat("a,b,c", 200, func(i int) string { return fmt.Sprintf("a%d,b%d,text %d", i%3, i%7, i) }),
		"only numbers": repeat("x,y,z", 200, func(i int) string { return fmt.Sprintf("%d,%d.5,%d", i*7%101, i*i%89, i*31%97) }),
		"no time":      repeat("region,amount", 200, func(i int) string { return fmt.Sprintf("r%d,%d.25", i%5, i*i%89) }),
		"all null":     "a,b\n,\n,\n,\n,\n,\n,",
		"ids only":     repeat("order_id,customer_id", 200, func(i int) string { return fmt.Sprintf("%d,%d", 1000+i, i%40) }),
		"constants":    repeat("currency,year", 50, func(int) string { return "EUR,2024" }),
		"same labels":  repeat("a b,a_b,aB,A_B", 60, func(i int) string { return fmt.Sprintf("%d.5,%d.25,%d.125,%d.5", i, i*i, i*7%13, i*3%17) }),
		"named rows":   repeat("rows,data,rows_2", 60, func(i int) string { return fmt.Sprintf("r%d,d%d,%d.5", i%3, i%4, i) }),
		"odd names":    repeat("\"\",\"  \",☃,日付", 60, func(i int) string { return fmt.Sprintf("%d.5,%d.25,s%d,2024-01-%02d", i, i*i, i%3, i%28+1) }),
		"times and text": repeat("at,note", 60, func(i int) string {
			return fmt.Sprintf("2024-03-%02d,%s", i%28+1, strings.Repeat("word ", 20)+fmt.Sprint(i))
		}),
		"plan": repeat("month,revenue,revenue_target,region", 48, func(i int) string {
			return fmt.Sprintf("%d-%02d-01,%d,%d,r%d", 2024+i/24, i/2%12+1, 1000+i*i%89, 1100+i*10, i%2)
		}),
		"daily plan": repeat("day,actual,plan", 280, func(i int) string {
			return fmt.Sprintf("2024-%02d-%02d,%d,%d", i/28+1, i%28+1, 1000+i*i%89, 1100+i*10)
		}),
		"wide": repeat(strings.Join(wide(func(i int) string { return fmt.Sprintf("column_%d", i) }), ","), 80, func(row int) string {
			return strings.Join(wide(func(i int) string {
				if i%3 == 0 {
					return fmt.Sprintf("v%d", row*i%(i%9+2))
				}
				return fmt.Sprintf("%d.5", row*(i+7)%(i+11))
			}), ",")
		}),
	}
}

func wide(cell func(int) string) []string {
	out := make([]string, 300)
	for i := range out {
		out[i] = cell(i)
	}
	return out
}

func TestEveryShapeOfTableGivesADashboard(t *testing.T) {
	for name, text := range shapes() {
		t.Run(name, func(t *testing.T) {
			data := lines(t, text)
			profiles := profile(data)
			d := manifest.Recommend("orders", "", profiles, data)
			check(t, d)
			if again := manifest.Recommend("orders", "", profiles, data); !reflect.DeepEqual(d, again) {
				t.Error("the same table gave another dashboard")
			}
			check(t, manifest.Recommend("orders", "", profiles, nil))
		})
	}
}

func TestNoColumnsGiveADashboard(t *testing.T) {
	d := manifest.Recommend("", "", nil, table.New(table.NewSchema()))
	check(t, d)
}

func TestValuesNeverMakeAProposalStale(t *testing.T) {
	sales := func(n, regions int) *table.Table {
		return lines(t, repeat("at,region,amount", n, func(i int) string { return fmt.Sprintf("2024-%02d-01,r%d,%d.5", i%12+1, i%regions, i*i%97) }))
	}
	few, many := sales(100, 3), sales(2000, 40)
	d := manifest.Recommend("sales", "", profile(few), few)
	if d.Stale(few.Schema(), few.Rows()) || d.Stale(many.Schema(), many.Rows()) {
		t.Error("stale by values")
	}
	typed := lines(t, "at,region,amount\n2024-01-01,r1,many")
	if !d.Stale(typed.Schema(), 2000) {
		t.Error("not stale when a type changed")
	}
	more := lines(t, "at,region,amount,cost\n2024-01-01,r1,1.5,2.5")
	if !d.Stale(more.Schema(), 2000) {
		t.Error("not stale when a column came")
	}
}

func TestAProposalFromAHandfulOfRowsIsMadeAnewOnce(t *testing.T) {
	text := func(n int) *table.Table {
		return lines(t, repeat("region,amount", n, func(i int) string { return fmt.Sprintf("r%d,%d.5", i%3, i) }))
	}
	d := manifest.Recommend("sales", "", profile(text(3)), nil)
	if d.Stale(text(3).Schema(), 30) {
		t.Error("stale before there are rows enough")
	}
	if !d.Stale(text(3).Schema(), 60) {
		t.Error("not stale when the table has grown past its beginnings")
	}
	d = manifest.Recommend("sales", "", profile(text(60)), nil)
	if d.Stale(text(60).Schema(), 600) {
		t.Error("stale a second time")
	}
}
