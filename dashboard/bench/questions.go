package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// question is one that both sides answer.
type question struct {
	work  string
	query view.Query
	sql   string
	most  float64 // times DuckDB; 0: no aim
}

func sumAndMean() []view.Measure {
	return []view.Measure{{Name: "sum", Op: view.Sum, Column: "value"}, {Name: "mean", Op: view.Mean, Column: "value"}}
}

func only(column, value string) []view.Filter {
	return []view.Filter{{Column: column, Values: []table.Value{table.TextValue(table.String, value)}}}
}

var questions = []question{
	{
		"first answer: hour x status, sum and mean",
		view.Query{Groups: []view.Group{{Column: "time", Grain: view.Hour}, {Column: "status"}}, Measures: sumAndMean()},
		"select date_trunc('hour', time) b, status, sum(value), avg(value) from t group by all order by all", 1,
	},
	{
		"first answer: minute x status, sum and mean",
		view.Query{Groups: []view.Group{{Column: "time", Grain: view.Minute}, {Column: "status"}}, Measures: sumAndMean()},
		"select date_trunc('minute', time) b, status, sum(value), avg(value) from t group by all order by all", 1,
	},
	{
		"first answer: day x sensor, sum and mean",
		view.Query{Groups: []view.Group{{Column: "time", Grain: view.Day}, {Column: "sensor"}}, Measures: sumAndMean()},
		"select date_trunc('day', time) b, sensor, sum(value), avg(value) from t group by all order by all", 1,
	},
	{
		"second selection: hour x status, one sensor",
		view.Query{Where: only("sensor", "sensor-077"), Groups: []view.Group{{Column: "time", Grain: view.Hour}, {Column: "status"}}, Measures: sumAndMean()},
		"select date_trunc('hour', time) b, status, sum(value), avg(value) from t where sensor = 'sensor-077' group by all order by all", 1,
	},
	{
		"second selection: hour x sensor, one status",
		view.Query{Where: only("status", "warning"), Groups: []view.Group{{Column: "time", Grain: view.Hour}, {Column: "sensor"}}, Measures: sumAndMean()},
		"select date_trunc('hour', time) b, sensor, sum(value), avg(value) from t where status = 'warning' group by all order by all", 1,
	},
	{
		"second selection: hour, sum and mean, the most frequent status",
		view.Query{Where: only("status", "ok"), Groups: []view.Group{{Column: "time", Grain: view.Hour}}, Measures: sumAndMean()},
		"select date_trunc('hour', time) b, sum(value), avg(value) from t where status = 'ok' group by all order by all", 1,
	},
	{
		"sensor x status x hour, 1.9 M groups",
		view.Query{Groups: []view.Group{{Column: "sensor"}, {Column: "status"}, {Column: "time", Grain: view.Hour}}, Measures: sumAndMean(), Limit: 1000},
		"select sensor, status, date_trunc('hour', time) b, sum(value), avg(value) from t group by all order by all limit 1000", 0,
	},
	{
		"top 10 sensors by sum",
		view.Query{Groups: []view.Group{{Column: "sensor"}}, Measures: sumAndMean(), Order: []view.Order{{Column: "sum", Desc: true}}, Limit: 10, Other: true},
		"select sensor, sum(value) s, avg(value) from t group by all order by s desc limit 10", 0,
	},
	{
		"median and distinct by status",
		view.Query{Groups: []view.Group{{Column: "status"}}, Measures: []view.Measure{
			{Name: "median", Op: view.Median, Column: "value"}, {Name: "sensors", Op: view.Distinct, Column: "sensor"}}},
		"select status, approx_quantile(value, 0.5), approx_count_distinct(sensor) from t group by all order by all", 0,
	},
}

// firstAnswers asks both sides in turn, and ours once more after one row was appended.
func firstAnswers(ctx context.Context, c config, r *report) error {
	p := newPipe(ctx)
	defer p.Close()
	path, err := writeReadings(c, "questions.csv", c.rows)
	if err != nil {
		return err
	}
	load, duck, err := p.beside(ctx, c, path)
	if err != nil {
		return err
	}
	defer duck.Close()
	data := load.Sheets[0].Table
	var next []*table.Table // after one row more each, as the model's tables follow each other
	for i, before := 0, data; i < c.reps; i++ {
		more, err := p.grow(ctx, c.rows+i)
		if err != nil {
			return err
		}
		before = table.Diff(before, more, nil).Next()
		next = append(next, before)
	}
	for _, q := range questions {
		var ours, theirs, after []time.Duration
		var answer *view.Answer
		for i := range c.reps {
			v, err := view.New(data.Schema(), q.query, view.NewMemo(2<<30))
			if err != nil {
				return err
			}
			started := time.Now()
			if answer, err = v.Answer(ctx, data); err != nil {
				return err
			}
			ours = append(ours, time.Since(started))
			t, err := duck.answer(q.sql)
			if err != nil {
				return err
			}
			theirs = append(theirs, t)
			if i == 0 {
				for _, t := range next {
					started := time.Now()
					if _, err = v.Answer(ctx, t); err != nil {
						return err
					}
					after = append(after, time.Since(started))
				}
			}
			v.Close()
		}
		r.against(fmt.Sprintf("%s (%d groups)", q.work, answer.Groups), median(ours), median(theirs), q.most)
		r.took("… after one row was appended", median(after), 0, "")
	}
	return nil
}

// grow appends a row to the file and returns its table.
func (p *pipe) grow(ctx context.Context, row int) (*table.Table, error) {
	if err := appendTo(p.path, reading(nil, row)); err != nil {
		return nil, err
	}
	load, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	return load.Sheets[0].Table, nil
}
