package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

func metricsCommand() *cobra.Command {
	var o tailOptions
	var scrape bool
	cmd := &cobra.Command{
		Use:   "metrics [URL|DIR]",
		Short: "Print how a running server does, or what Prometheus needs to scrape it",
		Long: `metrics prints the figures of a running server as Prometheus reads them from /metrics. With
--scrape-config it prints the lines for prometheus.yml instead: they hold a token that
opens /metrics and nothing else.`,
		Example: `  dashira metrics
  dashira metrics ./data | grep streams
  dashira metrics ./data --scrape-config >> prometheus.yml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(cmd, "%q is one word too many", args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := ""
			if len(args) == 1 {
				target = args[0]
			}
			if scrape {
				return scrapeConfig(cmd, o, target)
			}
			base, token, err := o.find(cmd.Context(), target)
			if err != nil {
				return err
			}
			r, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, base+"metrics", nil)
			if err != nil {
				return err
			}
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return refusal(response)
			}
			_, err = io.Copy(cmd.OutOrStdout(), response.Body)
			return err
		},
	}
	f := cmd.Flags()
	f.BoolVar(&scrape, "scrape-config", false, "print a scrape job for prometheus.yml, with its token")
	f.StringVar(&o.state, "state-dir", "", "where links are kept (default: the user's state directory)")
	return cmd
}

// refusal says in the server's words why it did not answer.
func refusal(response *http.Response) error {
	var p wire.Problem
	if json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&p) == nil && p.Title != "" {
		return fmt.Errorf("%s", p.Title)
	}
	return fmt.Errorf("%s: %s", response.Request.URL.Redacted(), response.Status)
}

func scrapeConfig(cmd *cobra.Command, o tailOptions, target string) error {
	r, err := shareOptions{folder: target, state: o.state}.server(cmd.Context())
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("no dashira serves %s", target)
	}
	store, err := share.Open(r.dir)
	if err != nil {
		return err
	}
	address, err := url.Parse(r.URL)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), `  - job_name: dashira
    authorization:
      credentials: %s
    static_configs:
      - targets: ["%s"]
`, store.ScrapeToken(), address.Host)
	return err
}
