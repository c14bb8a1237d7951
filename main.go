// Command dashira turns a folder of CSV, Excel and JSON files into a live dashboard that anyone with the link can
// watch. This file is the command line; what it wires together is described in docs/ARCHITECTURE.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the release build.
var version = ""

// The exit statuses, as --help and the guides tell them.
const (
	exitOK      = 0 // ended as asked
	exitFailure = 1 // could not start, or could not go on
	exitUsage   = 2 // the command line makes no sense
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes a command line and returns its exit status.
func run(ctx context.Context, args []string, out, said io.Writer) int {
	cmd := rootCommand()
	cmd.SetArgs(args)
	cmd.SetOut(out)
	cmd.SetErr(said)
	err := cmd.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errUnreadable), errors.Is(err, context.Canceled): // why was said, or is known to who stopped it
		return exitFailure
	case errors.As(err, &usage):
		fmt.Fprintf(said, "dashira: %s\n\nTry: %s --help\n", plain(usage.text), usage.command)
		return exitUsage
	}
	fmt.Fprintf(said, "dashira: %s\n", plain(err.Error()))
	return exitFailure
}

// usageError says what is wrong with a command line.
type usageError struct{ command, text string }

func (e *usageError) Error() string { return e.text }

func usagef(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd.CommandPath(), fmt.Sprintf(format, args...)}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "dashira",
		Short: "A folder of CSV, Excel and JSON files becomes a live dashboard",
		Long: `dashira turns a folder of CSV, Excel and JSON files into a live dashboard that anyone
with the link can watch: every change that lands on disk is on every screen a moment
later. It talks to no other machine, and writes nothing into your folder but the
dashira.yaml that you save with Edit.

Exit status: 0 ended as asked, 1 could not start or go on, 2 wrong usage.`,
		Example: `  dashira serve ./data              watch a folder, open the dashboard
  dashira serve sales.csv           watch a single file
  dashira serve ./data --lan        let colleagues in the same network look
  dashira demo                      see it move, without a file of your own
  dashira share sales --expires 1d  a link to one dashboard, for a day
  dashira inspect sales.csv         what was understood of a file, and why
  dashira eject ./data              the dashboards as a dashira.yaml to change
  dashira check ./data              what is wrong with the files, for a script`,
		SilenceUsage: true, SilenceErrors: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef(cmd, "there is no command %q%s", args[0], suggest(cmd, args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usagef(cmd, "%s", err) })
	root.AddCommand(serveCommand(), demoCommand(), shareCommand(), inspectCommand(), convertCommand(), checkCommand(), ejectCommand(), tailCommand(), metricsCommand(), versionCommand())
	return root
}

func suggest(cmd *cobra.Command, word string) string {
	if names := cmd.SuggestionsFor(word); len(names) > 0 {
		return "; did you mean " + strings.Join(names, " or ") + "?"
	}
	return ""
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "dashira "+versionText())
			return err
		},
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef(cmd, "%q is one word too many", args[0])
	}
	return nil
}

// versionText is the released version, or the revision of the source it was built from.
func versionText() string {
	if version != "" {
		return version
	}
	text := "0.1.0-dev"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				text += "+" + s.Value[:12]
			}
		}
	}
	return text
}
