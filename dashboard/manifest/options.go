package manifest

import (
	"fmt"
	"slices"
	"strconv"
)

// Options are what a person says of how one panel is drawn, where it is not as that mark is drawn by itself.
type Options struct {
	Format      string // of the numbers, in place of the measure's own
	Compare     string // kpi: what it is compared with, whatever the viewer has chosen; empty: as chosen
	NoSparkline bool   // kpi
	Bins        int    // histogram: as many at most; 0: as the values suggest
	NoOther     bool   // bar, ranked, donut: the categories beyond the limit are left out and not summed up
	NoHighlight bool   // changed values do not flash
}

// formats are the ways in which numbers can be written.
var formats = []string{"integer", "decimal(2)", "compact", "percent", "currency", "duration", "bytes", "id"}

// comparisons are what a figure can be compared with.
var comparisons = []string{"previous period", "previous year", "target", "none"}

// highlights say what of a panel is lit up for a moment.
var highlights = []string{"changes", "none"}

// mostBins is how many bins a histogram can be asked for.
const mostBins = 200

// options reads how a panel is to be drawn.
func (s *subject) options(panel *Panel, item itemSpec, p *problems) {
	if n := item.keys["format"]; n != nil {
		if panel.Format = p.scalar(n); !validFormat(panel.Format) {
			p.unknown(n, n.text, "a format", formats)
		}
	}
	if n := item.keys["compare"]; n != nil {
		switch panel.Compare = p.scalar(n); {
		case !slices.Contains(comparisons, panel.Compare):
			p.unknown(n, n.text, "a comparison", comparisons)
		case panel.Compare == "target" && panel.Target == nil:
			p.at(n, "There is no target to compare this figure with.", "Add \"target\" with a number or a measure.")
		}
	}
	if n := item.keys["sparkline"]; n != nil {
		shown, ok := p.truth(n)
		panel.NoSparkline = ok && !shown
	}
	if n := item.keys["bins"]; n != nil && p.scalar(n) != "auto" {
		bins, err := strconv.Atoi(n.text)
		if err != nil || bins < 2 || bins > mostBins {
			p.at(n, fmt.Sprintf("%q is no number of bins.", n.text), fmt.Sprintf("Write auto, or how many at most: from 2 to %d.", mostBins))
		}
		panel.Bins = bins
	}
	if n := item.keys["other"]; n != nil {
		shown, ok := p.truth(n)
		panel.NoOther = ok && !shown
	}
	if n := item.keys["highlight"]; n != nil {
		if !slices.Contains(highlights, p.scalar(n)) {
			p.unknown(n, n.text, "what lights up", highlights)
		}
		panel.NoHighlight = n.text == "none"
	}
	for i := range panel.Tabs {
		panel.Tabs[i].Options = panel.Options
	}
}

// itemOptions writes into an item what is not as by itself.
func itemOptions(item Item, o Options) {
	if o.Format != "" {
		item["format"] = o.Format
	}
	if o.Compare != "" {
		item["compare"] = o.Compare
	}
	if o.NoSparkline {
		item["sparkline"] = false
	}
	if o.Bins > 0 {
		item["bins"] = o.Bins
	}
	if o.NoOther {
		item["other"] = false
	}
	if o.NoHighlight {
		item["highlight"] = "none"
	}
}
