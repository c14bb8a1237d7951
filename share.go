package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// shareOptions says what a link is to allow.
type shareOptions struct {
	folder   string
	expires  string
	password string
	label    string
	lock     []string
	allow    []string
	list     bool
	owner    bool
	revoke   string
	state    string
	json     bool
}

func shareCommand() *cobra.Command {
	var o shareOptions
	cmd := &cobra.Command{
		Use:   "share DASHBOARD",
		Short: "Make a view-only link to one dashboard",
		Long: `share makes a link to one dashboard, live and view-only, that ends by itself. Whoever has
the link sees that dashboard and nothing else. It asks the running server; with none
running it needs --folder, and the link works once that folder is served.

The link is printed once and kept nowhere: only whoever has it can use it.`,
		Example: `  dashira share sales
  dashira share sales --expires 1h --password 'open sesame'
  dashira share sales --lock region=EU --allow filters
  dashira share --list
  dashira share --revoke q7f3k2m9
  dashira share --owner`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.list || o.owner || o.revoke != "":
				return noArgs(cmd, args)
			case len(args) == 0:
				return usagef(cmd, "name the dashboard to share: dashira share sales")
			case len(args) > 1:
				return usagef(cmd, "%q is one word too many", args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.list:
				return listShares(cmd.Context(), o, cmd.OutOrStdout())
			case o.revoke != "":
				return revokeShare(cmd.Context(), o)
			case o.owner:
				return launchLink(cmd.Context(), o, cmd.OutOrStdout())
			}
			return makeShare(cmd, o, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.folder, "folder", "", "the served folder, where several servers run or none does")
	f.StringVar(&o.expires, "expires", "7d", "when the link ends: 1h, 7d, 2w, 2026-12-24; at most 90 days")
	f.StringVar(&o.password, "password", "", "ask for this password")
	f.StringVar(&o.label, "label", "", "a word for the list of links, such as who it is for")
	f.StringSliceVar(&o.lock, "lock", nil, "show only rows with this value: column=value")
	f.StringSliceVar(&o.allow, "allow", nil, "let the viewer do more: filters, rows, history")
	f.BoolVar(&o.list, "list", false, "list the links")
	f.BoolVar(&o.owner, "owner", false, "a link for yourself into another browser; it works once, within ten minutes")
	f.StringVar(&o.revoke, "revoke", "", "end the link with this id, at once")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.StringVar(&o.state, "state-dir", "", "where links are kept (default: the user's state directory)")
	return cmd
}

// server finds the running server that the options mean; nil where none runs.
func (o shareOptions) server(ctx context.Context) (*running, error) {
	base := o.state
	if base == "" {
		var err error
		if base, err = share.DefaultDir(); err != nil {
			return nil, fmt.Errorf("find the state directory: %w", err)
		}
	}
	alive, err := findRunning(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("look for running servers: %w", err)
	}
	if o.folder != "" {
		dir, err := share.FolderDir(base, o.folder)
		if err != nil {
			return nil, err
		}
		for _, r := range alive {
			if r.dir == dir {
				return r, nil
			}
		}
		return nil, nil
	}
	switch len(alive) {
	case 0:
		return nil, fmt.Errorf("no dashira is running; start one, or name the folder with --folder")
	case 1:
		return alive[0], nil
	}
	var folders []string
	for _, r := range alive {
		folders = append(folders, r.Root)
	}
	return nil, fmt.Errorf("several are running; name one with --folder: %s", strings.Join(folders, ", "))
}

// store opens the links of a folder that no server has open.
func (o shareOptions) store() (*share.Store, error) {
	dir, err := stateDir(serveOptions{state: o.state, roots: []string{o.folder}})
	if err != nil {
		return nil, err
	}
	return share.Open(dir)
}

func makeShare(cmd *cobra.Command, o shareOptions, dashboard string) error {
	lock := map[string][]string{}
	for _, l := range o.lock {
		column, value, ok := strings.Cut(l, "=")
		if !ok {
			return usagef(cmd, "--lock takes column=value, not %q", l)
		}
		lock[column] = append(lock[column], value)
	}
	request := wire.ShareRequest{Dashboards: []string{dashboard}, Lock: lock, Allow: o.allow, Expires: o.expires, Label: o.label}
	if o.password != "" {
		request.Password = &o.password
	}
	out := cmd.OutOrStdout()
	r, err := o.server(cmd.Context())
	if err != nil {
		return err
	}
	if r == nil {
		return o.storeShare(request, out)
	}
	var made wire.ShareCreated
	if err := r.call(cmd.Context(), http.MethodPost, "api/v1/shares", request, &made); err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(out).Encode(made)
	}
	fmt.Fprintln(out, made.URL)
	fmt.Fprintf(os.Stderr, "Ends %s. End it sooner: dashira share --revoke %s\n", until(made.Expires), made.ID)
	if made.Reach.Local {
		fmt.Fprintln(os.Stderr, made.Reach.Hint)
	}
	return nil
}

// storeShare makes a link while no server runs.
func (o shareOptions) storeShare(request wire.ShareRequest, out io.Writer) error {
	expires, err := share.ParseExpiry(request.Expires, time.Now())
	if err != nil {
		return err
	}
	store, err := o.store()
	if err != nil {
		return err
	}
	grant, token, err := store.Create(share.Request{
		Label: request.Label, Dashboards: request.Dashboards, Lock: request.Lock, Allow: request.Allow, Expires: expires, Password: o.password,
	})
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(out).Encode(wire.ShareCreated{ID: grant.ID, Token: token, Expires: grant.Expires.Format(time.RFC3339)})
	}
	fmt.Fprintf(out, "/s#%s\n", token)
	fmt.Fprintf(os.Stderr, "Put the server's address in front. It works while %s is served, until %s.\n", o.folder, grant.Expires.Local().Format(time.DateTime))
	return nil
}

func listShares(ctx context.Context, o shareOptions, out io.Writer) error {
	r, err := o.server(ctx)
	if err != nil {
		return err
	}
	var list wire.Shares
	if r != nil {
		if err := r.call(ctx, http.MethodGet, "api/v1/shares", nil, &list); err != nil {
			return err
		}
	} else {
		store, err := o.store()
		if err != nil {
			return err
		}
		for _, g := range store.List() {
			list.Shares = append(list.Shares, wire.Share{
				ID: g.ID, Label: g.Label, Dashboards: g.Dashboards, Expires: g.Expires.Format(time.RFC3339), Revoked: g.Revoked,
			})
		}
	}
	if o.json {
		return json.NewEncoder(out).Encode(list.Shares)
	}
	if len(list.Shares) == 0 {
		fmt.Fprintln(out, "No links yet. Make one: dashira share DASHBOARD")
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tDASHBOARD\tENDS\tWATCHING\tLABEL")
	for _, s := range list.Shares {
		ends := until(s.Expires)
		if s.Revoked {
			ends = "ended"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", s.ID, plain(strings.Join(s.Dashboards, ", ")), ends, s.Viewers, plain(s.Label))
	}
	return w.Flush()
}

// launchLink lets the owner in with another browser.
func launchLink(ctx context.Context, o shareOptions, out io.Writer) error {
	r, err := o.server(ctx)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("no dashira serves %s", o.folder)
	}
	var link wire.Launch
	if err := r.call(ctx, http.MethodPost, "api/v1/launch", struct{}{}, &link); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, link.URL)
	return err
}

func revokeShare(ctx context.Context, o shareOptions) error {
	r, err := o.server(ctx)
	if err != nil {
		return err
	}
	if r != nil {
		return r.call(ctx, http.MethodDelete, "api/v1/shares/"+o.revoke, nil, nil)
	}
	store, err := o.store()
	if err != nil {
		return err
	}
	return store.Revoke(o.revoke)
}

// call asks a running server in the owner's name.
func (r *running) call(ctx context.Context, method, path string, body, into any) error {
	store, err := share.Open(r.dir)
	if err != nil {
		return err
	}
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(encoded)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, r.URL+path, payload)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+store.OwnerToken())
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the server at %s: %w", r.URL, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		var p wire.Problem
		if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&p); err != nil || p.Title == "" {
			return fmt.Errorf("the server at %s answered %s", r.URL, response.Status)
		}
		text := p.Title
		if p.Detail != "" {
			text += ": " + p.Detail
		}
		if len(p.Allowed) > 0 {
			text += "; there are: " + strings.Join(p.Allowed, ", ")
		}
		return fmt.Errorf("%s", text)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// until is a time of the API in the words of a person here.
func until(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return t.Local().Format("2006-01-02 15:04")
}
