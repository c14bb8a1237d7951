package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// tailOptions says what to follow.
type tailOptions struct {
	dashboard string
	json      bool
	state     string
}

func tailCommand() *cobra.Command {
	var o tailOptions
	cmd := &cobra.Command{
		Use:   "tail [URL|DIR]",
		Short: "Follow the events of a running server",
		Long: `tail prints what changes, as it changes: a line for each source that was read, failed or went;
with --dashboard, every event of that dashboard. It reconnects without a gap. Without an
address it follows the server that runs.`,
		Example: `  dashira tail
  dashira tail ./data --json
  dashira tail http://localhost:7070 --dashboard orders`,
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
			base, token, err := o.find(cmd.Context(), target)
			if err != nil {
				return err
			}
			path := "api/v1/events"
			if o.dashboard != "" {
				path = "api/v1/dashboards/" + url.PathEscape(o.dashboard) + "/events"
			}
			f := &follower{url: base + path, token: token, out: cmd.OutOrStdout(), json: o.json}
			return f.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.dashboard, "dashboard", "", "follow this dashboard and not the sources")
	f.BoolVar(&o.json, "json", false, "print one JSON object a line")
	f.StringVar(&o.state, "state-dir", "", "where links are kept (default: the user's state directory)")
	return cmd
}

// find returns the address of the server that is meant, and the owner's token where this user has it.
func (o tailOptions) find(ctx context.Context, target string) (base, token string, err error) {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		return strings.TrimSuffix(target, "/") + "/", "", nil
	}
	r, err := shareOptions{folder: target, state: o.state}.server(ctx)
	if err != nil {
		return "", "", err
	}
	if r == nil {
		return "", "", fmt.Errorf("no dashira serves %s", target)
	}
	store, err := share.Open(r.dir)
	if err != nil {
		return "", "", err
	}
	return r.URL, store.OwnerToken(), nil
}

// follower follows one stream over as many connections as it takes.
type follower struct {
	url   string
	token string
	out   io.Writer
	json  bool

	last string // the id of the newest event that was printed
}

// The waits between two connections: between nothing and a bound that doubles, so that many followers do not come back
// at once.
const (
	firstWait = time.Second
	mostWait  = 30 * time.Second
)

// errEnded says that the server ended the stream for good; the reason was printed.
var errEnded = errors.New("the stream has ended")

func (f *follower) run(ctx context.Context) error {
	bound := firstWait
	for {
		got, err := f.follow(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errEnded):
			return err
		case got:
			bound = firstWait
		case f.last == "":
			return err // it was never reached: the address is wrong, and waiting does not help
		}
		fmt.Fprintf(os.Stderr, "dashira: %s; trying again\n", plain(err.Error()))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Duration(rand.Int64N(int64(bound)))):
		}
		bound = min(2*bound, mostWait)
	}
}

// follow prints the events of one connection; got says whether there were any.
func (f *follower) follow(ctx context.Context) (got bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url, nil)
	if err != nil {
		return false, err
	}
	if f.token != "" {
		r.Header.Set("Authorization", "Bearer "+f.token)
	}
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return false, refusal(response)
	}
	events := sse.NewReader(response.Body, f.last)
	for {
		e, err := events.Next()
		if err != nil {
			return got, fmt.Errorf("the connection ended: %w", err)
		}
		got = true
		f.last = e.ID
		if err := f.print(e); err != nil {
			return got, err
		}
		if e.Type == wire.EventGoodbye {
			var g wire.Goodbye
			if json.Unmarshal(e.Data, &g) == nil && g.Retry == 0 {
				return got, errEnded
			}
		}
	}
}

// print writes one event: as it came, or in a person's words.
func (f *follower) print(e sse.Event) error {
	if f.json {
		line, err := json.Marshal(struct {
			Event string          `json:"event"`
			ID    string          `json:"id,omitempty"`
			Data  json.RawMessage `json:"data"`
		}{e.Type, e.ID, e.Data})
		if err != nil {
			return fmt.Errorf("the server sent what is no JSON: %w", err)
		}
		_, err = fmt.Fprintln(f.out, string(line))
		return err
	}
	text := ""
	switch e.Type {
	case wire.EventHeartbeat, wire.EventHello:
		return nil
	case wire.EventSource:
		var s wire.Source
		if err := json.Unmarshal(e.Data, &s); err != nil {
			return err
		}
		switch {
		case s.Error != nil:
			text = fmt.Sprintf("%s  %s%s", s.Name, s.Error.Message, place(s.Error))
		case s.State == wire.StateOK:
			text = fmt.Sprintf("%s  rev %d  +%d ~%d −%d, %d rows", s.Name, s.Revision, s.Added, s.Changed, s.Removed, s.Rows)
		default:
			text = s.Name + "  " + s.State
		}
	case wire.EventPatch:
		var p wire.Patch
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return err
		}
		text = fmt.Sprintf("%s  rev %d, %d rows", p.Panel, p.Revision, p.Length)
	case wire.EventGoodbye:
		var g wire.Goodbye
		if err := json.Unmarshal(e.Data, &g); err != nil {
			return err
		}
		text = "goodbye: " + g.Reason
	default:
		text = e.Type
	}
	_, err := fmt.Fprintf(f.out, "%s  %s\n", time.Now().Format(time.TimeOnly), plain(text))
	return err
}
