package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
)

func checkCommand() *cobra.Command {
	var o serveOptions
	var asJSON, strict bool
	cmd := &cobra.Command{
		Use:   "check DIR|FILE…",
		Short: "Tell what is wrong with the files and the dashira.yaml",
		Long: `check reads everything as serve does and prints what a person should look at: files that cannot be
read, cells that were set aside, and every mistake in the dashira.yaml, each with its place.

Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage. Warnings count with --strict.`,
		Example: `  dashira check ./data
  dashira check ./data --strict --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "name the folder to check: dashira check ./data")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.roots = args
			state, err := once(cmd.Context(), o)
			if err != nil {
				return err
			}
			out := newTerminal(false)
			out.out = cmd.OutOrStdout()
			wrong, doubtful := 0, 0
			for _, s := range state.Sources() {
				if s.State == wire.StateError && s.Counts.Error == 0 {
					wrong++
				}
				wrong += s.Counts.Error
				doubtful += s.Counts.Warning
				if asJSON {
					err = json.NewEncoder(cmd.OutOrStdout()).Encode(checked(s))
				} else {
					out.check(s)
				}
				if err != nil {
					return err
				}
			}
			if !asJSON {
				out.printf("%s, %s in %s\n", many(wrong, "problem"), many(doubtful, "warning"), many(len(state.Sources()), "file"))
			}
			if wrong > 0 || strict && doubtful > 0 {
				return errUnreadable
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "print one JSON object for each file")
	f.BoolVar(&strict, "strict", false, "warnings are failures too")
	f.StringVar(&o.state, "state-dir", "", "where names are kept (default: the user's state directory)")
	return cmd
}

// checkedSource is one line of check --json.
type checkedSource struct {
	Path        string            `json:"path"`
	State       string            `json:"state"`
	Rows        int64             `json:"rows"`
	Counts      wire.Counts       `json:"counts"`
	Error       *wire.LoadError   `json:"error"`
	Diagnostics []wire.Diagnostic `json:"diagnostics"`
}

func checked(s *dashboard.Source) checkedSource {
	c := checkedSource{
		Path: s.Path, State: s.State, Rows: s.Rows, Error: s.Error, Diagnostics: []wire.Diagnostic{},
		Counts: wire.Counts{Info: s.Counts.Info, Warning: s.Counts.Warning, Error: s.Counts.Error},
	}
	for _, d := range s.Diagnostics {
		c.Diagnostics = append(c.Diagnostics, dashboard.Describe(d))
	}
	return c
}

// check prints what is to be looked at in one source, nothing where nothing is.
func (t *terminal) check(s *dashboard.Source) {
	line := func(paint func(string) string, what, place, message, hint string) {
		t.printf("%s%s  %s  %s\n", plain(s.Path), plain(place), paint(what), plain(message))
		if hint != "" {
			t.printf("    %s\n", t.dim(plain(hint)))
		}
	}
	said := false
	for _, d := range s.Diagnostics {
		if d.Severity == ingest.Info {
			continue
		}
		at := ""
		if d.Sheet != "" {
			at += ": " + d.Sheet
		}
		if d.Line > 0 {
			at += fmt.Sprintf(":%d", d.Line)
		}
		if d.Column != "" {
			at += ":" + d.Column
		}
		paint := t.warn
		if d.Severity == ingest.Error {
			paint, said = t.bad, true
		}
		line(paint, string(d.Code), at, dashboard.Sentence(d.Message), dashboard.Sentence(d.Hint))
	}
	if s.Error != nil && !said {
		at := ""
		if s.Error.Line > 0 {
			at = fmt.Sprintf(":%d", s.Error.Line)
			if s.Error.Column > 0 {
				at += fmt.Sprintf(":%d", s.Error.Column)
			}
		}
		line(t.bad, "unreadable", at, s.Error.Message, s.Error.Hint)
	}
}
