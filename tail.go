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
	table     string
	after     string // the id of the newest event that is known already
	json      bool
	state     string
}

func tailCommand() *cobra.Command {
	var o tailOptions
	cmd := &cobra.Command{
		Use:   "tail [URL|DIR]",
		Short: "Follow the events of a running server",
		Long: `tail prints what changes, as it changes: a line for each source that was read, failed or went;
with --dashboard, every event of that dashboard; with --table, the rows of that table that
came, changed or went. It reconnects without a gap, and says so where the server cannot
tell what was missed. Without an address it follows the server that runs; the token of a
server elsewhere is read from DASHIRA_TOKEN.`,
		Example: `  dashira tail
  dashira tail ./data --json
  dashira tail ./data --table orders
  dashira tail http://localhost:7070 --dashboard orders`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(cmd, "%q is one word too many", args[1])
			}
			if o.dashboard != "" && o.table != "" {
				return usagef(cmd, "--dashboard and --table are two streams: follow one")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := ""
			if len(args) == 1 {
				target = args[0]
			}
			path := "api/v1/events"
			switch {
			case o.dashboard != "":
				path = "api/v1/dashboards/" + url.PathEscape(o.dashboard) + "/events"
			case o.table != "":
				path = "api/v1/tables/" + url.PathEscape(o.table) + "/events"
			}
			f := &follower{
				find: func(ctx context.Context) (address, token string, err error) {
					base, token, err := o.find(ctx, target)
					return base + path, token, err
				},
				out: &teller{out: cmd.OutOrStdout(), json: o.json, now: time.Now}, last: o.after,
			}
			return f.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.dashboard, "dashboard", "", "follow this dashboard and not the sources")
	f.StringVar(&o.table, "table", "", "follow the rows of this table")
	f.StringVar(&o.after, "after", "", "go on behind the event with this id")
	f.BoolVar(&o.json, "json", false, "print one JSON object a line")
	f.StringVar(&o.state, "state-dir", "", "where links are kept (default: the user's state directory)")
	return cmd
}

// find returns the address of the server that is meant, and the owner's token where this user has it.
func (o tailOptions) find(ctx context.Context, target string) (base, token string, err error) {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		return strings.TrimSuffix(target, "/") + "/", os.Getenv("DASHIRA_TOKEN"), nil
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
	// find says where the server is now: one that was started anew may have another port.
	find func(context.Context) (address, token string, err error)
	out  *teller

	last string        // the id of the newest event that was printed
	wait time.Duration // that the server asked for before it ended the last connection, 0 if it did not
}

// The waits between two connections: between nothing and a bound that doubles, so that many followers do not come back
// at once.
const (
	firstWait = time.Second
	mostWait  = 30 * time.Second
)

// silence is how long a connection may say nothing before it counts as dead: two and a half times the server's
// heartbeat, at the longest that one can be.
const silence = 75 * time.Second

// errEnded says that the server ended the stream for good; the reason was printed.
var errEnded = errors.New("the stream has ended")

func (f *follower) run(ctx context.Context) error {
	bound := firstWait
	reached := false
	for {
		f.wait = 0
		got, err := f.follow(ctx)
		reached = reached || got
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errEnded):
			return err
		case got:
			bound = firstWait
		case !reached:
			return err // the address is wrong, and waiting does not help
		}
		// Streams end when they have reached their age, and go on where they were: no news for a person.
		if !got || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			fmt.Fprintf(os.Stderr, "dashira: %s; trying again\n", plain(err.Error()))
		}
		wait := f.wait
		if wait == 0 {
			wait = time.Duration(rand.Int64N(int64(bound)))
			bound = min(2*bound, mostWait)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// follow prints the events of one connection; got says whether there were any.
func (f *follower) follow(ctx context.Context) (got bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	address, token, err := f.find(ctx)
	if err != nil {
		return false, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	dead := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer dead.Stop()
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
		if errors.Is(context.Cause(ctx), errSilent) {
			return got, errSilent
		}
		if err != nil {
			return got, fmt.Errorf("the connection ended: %w", err)
		}
		got = true
		dead.Reset(silence)
		if err := f.out.tell(e); err != nil {
			return got, err
		}
		f.last = e.ID
		if e.Type == wire.EventGoodbye {
			var g wire.Goodbye
			if json.Unmarshal(e.Data, &g) == nil && g.Retry == 0 {
				return got, errEnded
			}
			f.wait = time.Duration(g.Retry) * time.Millisecond
		}
	}
}

var errSilent = errors.New("the server said nothing for too long")
