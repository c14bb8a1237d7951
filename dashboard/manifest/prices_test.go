package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
)

func TestPricesOfOneThingBecomeCandles(t *testing.T) {
	bars := lines(t, repeat("Date,Open,High,Low,Close,Volume", 120, func(i int) string {
		return fmt.Sprintf("2026-%02d-%02d,%d.5,%d.9,%d.1,%d.4,%d", 1+i/28, 1+i%28, 90+i, 92+i, 89+i, 91+i, 1000+i*7%300)
	}))
	d := manifest.Recommend("acme", "", profile(bars), bars)
	var found *manifest.Panel
	for _, row := range d.Rows {
		for i := range row.Panels {
			if row.Panels[i].Mark == "candlestick" {
				found = &row.Panels[i]
			}
		}
	}
	if found == nil || strings.Join(found.Columns, " ") != "Open High Low Close" || found.Width < 8 {
		t.Fatalf("%+v in\n%s", found, describe(d))
	}
	// Of several things at once, a candle would be nobody's.
	many := quotes(t)
	if text := describe(manifest.Recommend("quotes", "", profile(many), many)); strings.Contains(text, "candlestick") {
		t.Errorf("candles of several things:\n%s", text)
	}
}
