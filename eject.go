package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard/manifest"
)

func ejectCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "eject DIR|FILE…",
		Short: "Write the dashboards as a dashira.yaml to change",
		Long: `eject prints the dashboards that serve shows as the dashira.yaml that describes them: change what
you like, leave out what you do not care about, and save it as dashira.yaml in the folder.

Exit status: 0 written, 1 nothing to read, 2 wrong usage.`,
		Example: `  dashira eject ./data
  dashira eject ./data > dashira.yaml && mv dashira.yaml data/`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "name the folder whose dashboards are wanted: dashira eject ./data")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.roots = args
			state, err := once(cmd.Context(), o)
			if err != nil {
				return err
			}
			if len(state.Dashboards()) == 0 {
				return fmt.Errorf("%s: there is nothing here that a dashboard could show", args[0])
			}
			_, err = cmd.OutOrStdout().Write(manifest.Eject(state.Dashboards()...))
			return err
		},
	}
	cmd.Flags().StringVar(&o.state, "state-dir", "", "where names are kept (default: the user's state directory)")
	return cmd
}
