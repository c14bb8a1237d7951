package view_test

import (
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// counted groups moments by a grain and returns the buckets' starts as the zone's clock shows them, with their rows.
func counted(t *testing.T, g view.Group, moments []time.Time) (starts []string, rows []int64) {
	t.Helper()
	schema := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp, Instant: true})
	b := table.NewBuilder(schema, nil)
	for _, m := range moments {
		b.Append(table.IntValue(table.Timestamp, m.UnixMicro()))
	}
	g.Column = "at"
	v, err := view.New(schema, view.Query{Groups: []view.Group{g}, Measures: []view.Measure{{Name: "n", Op: view.Count}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Answer(t.Context(), b.Table())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range cells(a.Table) {
		starts = append(starts, time.UnixMicro(r[0].Int()).In(g.Zone).Format("2006-01-02T15:04Z07:00"))
		rows = append(rows, r[1].Int())
	}
	return starts, rows
}

func every(from time.Time, step time.Duration, n int) []time.Time {
	var out []time.Time
	for i := range n {
		out = append(out, from.Add(time.Duration(i)*step))
	}
	return out
}

func TestDaysOfClockChangesHave23And25Hours(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct {
		from   time.Time
		starts []string
		rows   []int64
	}{
		{time.Date(2024, 3, 30, 0, 0, 0, 0, berlin), []string{"2024-03-30T00:00+01:00", "2024-03-31T00:00+01:00", "2024-04-01T00:00+02:00"}, []int64{24, 23, 24}},
		{time.Date(2024, 10, 26, 0, 0, 0, 0, berlin), []string{"2024-10-26T00:00+02:00", "2024-10-27T00:00+02:00", "2024-10-28T00:00+01:00"}, []int64{24, 25, 24}},
	} {
		starts, rows := counted(t, view.Group{Grain: view.Day, Zone: berlin}, every(c.from, time.Hour, int(c.rows[0]+c.rows[1]+c.rows[2])))
		if !slices.Equal(starts, c.starts) || !slices.Equal(rows, c.rows) {
			t.Errorf("%v %v, want %v %v", starts, rows, c.starts, c.rows)
		}
	}
}

func TestTheHourThatIsReadTwiceIsTwoBuckets(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	from := time.Date(2024, 10, 26, 23, 0, 0, 0, time.UTC) // 01:00 in summer time
	starts, rows := counted(t, view.Group{Grain: view.Hour, Zone: berlin}, every(from, 30*time.Minute, 8))
	if want := []string{"2024-10-27T01:00+02:00", "2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00", "2024-10-27T03:00+01:00"}; !slices.Equal(starts, want) || !slices.Equal(rows, []int64{2, 2, 2, 2}) {
		t.Errorf("%v %v, want %v", starts, rows, want)
	}
}

func TestADayThatBeginsAtOneOClock(t *testing.T) {
	// In 2018 São Paulo's clocks went from 23:59:59 of 3 November to 01:00 of the 4th; Havana reads the hour after
	// midnight twice in autumn; Apia had no 30 December 2011.
	for _, c := range []struct {
		zone  string
		from  time.Time
		want  []string
		hours []int64
	}{
		{"America/Sao_Paulo", time.Date(2018, 11, 3, 3, 0, 0, 0, time.UTC), []string{"2018-11-03T00:00-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"}, []int64{24, 23, 1}},
		{"America/Havana", time.Date(2023, 11, 4, 4, 0, 0, 0, time.UTC), []string{"2023-11-04T00:00-04:00", "2023-11-05T00:00-04:00"}, []int64{24, 24}},
		{"Pacific/Apia", time.Date(2011, 12, 29, 10, 0, 0, 0, time.UTC), []string{"2011-12-29T00:00-10:00", "2011-12-31T00:00+14:00"}, []int64{24, 24}},
	} {
		starts, rows := counted(t, view.Group{Grain: view.Day, Zone: zone(t, c.zone)}, every(c.from, time.Hour, 48))
		if !slices.Equal(starts, c.want) || !slices.Equal(rows, c.hours) {
			t.Errorf("%s: %v %v, want %v %v", c.zone, starts, rows, c.want, c.hours)
		}
	}
}

func TestBucketsKeepTheOffsetOfHalfHours(t *testing.T) {
	kolkata := zone(t, "Asia/Kolkata")
	starts, _ := counted(t, view.Group{Grain: view.Hour, Zone: kolkata}, every(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), 20*time.Minute, 4))
	if want := []string{"2024-01-01T05:00+05:30", "2024-01-01T06:00+05:30"}; !slices.Equal(starts, want) {
		t.Errorf("%v, want %v", starts, want)
	}
}

// FuzzBucketsCutTheTimeLine: buckets ascend, hold what they begin with, and a day's begins on that day by the zone's
// clock.
func FuzzBucketsCutTheTimeLine(f *testing.F) {
	f.Add(int64(1_541_300_000), uint8(5), uint8(0))
	f.Add(int64(1_711_846_800), uint8(4), uint8(1))
	f.Add(int64(-3_000_000_000), uint8(6), uint8(2))
	f.Add(int64(1_325_239_200), uint8(5), uint8(3))
	names := []string{"America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Monrovia", "America/Havana"}
	f.Fuzz(func(t *testing.T, seconds int64, grain, place uint8) {
		if seconds < -1<<37 || seconds > 1<<37 {
			return
		}
		z := zone(t, names[int(place)%len(names)])
		g := view.Group{Grain: view.Millisecond + view.Grain(grain)%9, Zone: z, Column: "at"}
		schema := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp, Instant: true})
		v, err := view.New(schema, view.Query{Groups: []view.Group{g}, Measures: []view.Measure{{Name: "n", Op: view.Count}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		// Each moment alone, so that nothing of the moment before helps.
		bucket := func(at time.Time) time.Time {
			b := table.NewBuilder(schema, nil)
			b.Append(table.IntValue(table.Timestamp, at.UnixMicro()))
			a, err := v.Answer(t.Context(), b.Table())
			if err != nil {
				t.Fatal(err)
			}
			return time.UnixMicro(a.Table.Value(0, 0).Int()).In(z)
		}
		last := time.Time{}
		for at := time.Unix(seconds, 0).In(z).Add(-36 * time.Hour); at.Unix() < seconds+36*3600; at = at.Add(17 * time.Minute) {
			start := bucket(at)
			switch {
			case start.After(at):
				t.Fatalf("%v lies before its bucket %v", at, start)
			case start.Before(last):
				t.Fatalf("the bucket of %v begins at %v, before the one before: %v", at, start, last)
			case !bucket(start).Equal(start):
				t.Fatalf("the bucket of %v begins at %v, which lies in that of %v", at, start, bucket(start))
			case g.Grain == view.Day && start.YearDay() != at.YearDay():
				t.Fatalf("the day of %v begins at %v", at, start)
			}
			last = start
		}
	})
}
