//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is a real program that saves a file: its script, for sh, makes $FILE hold what $NEW holds. $W is a scratch
// directory that is empty, $BASE the file's name, and $CSV the same rows as $NEW in CSV.
type program struct {
	name   string
	format string
	needs  []string // the commands
	module string   // of Python, or empty
	packet string   // of Node, found by NODE_PATH, or empty
	script string
	bare   bool // it leaves the file without rows for a while
}

var programs = []program{
	{name: "sh", format: "csv", script: `cat "$NEW" > "$FILE"`},
	{name: "sh, line by line", format: "ndjson", script: `while read -r line; do printf '%s\n' "$line"; done < "$NEW" > "$FILE"`},
	{name: "cp", format: "csv", needs: []string{"cp"}, script: `cp "$NEW" "$FILE"`},
	{name: "cp -p", format: "json", needs: []string{"cp"}, script: `touch -d 2001-02-03 "$NEW"; cp -p "$NEW" "$FILE"`},
	{name: "mv", format: "csv", needs: []string{"mv"}, script: `mv "$NEW" "$FILE"`},
	{name: "install", format: "csv", needs: []string{"install"}, script: `install -m 644 "$NEW" "$FILE"`},
	{name: "dd", format: "ndjson", needs: []string{"dd"}, script: `dd if="$NEW" of="$FILE" bs=7 2>/dev/null`},
	{name: "tee", format: "csv", needs: []string{"tee"}, script: `tee "$FILE" < "$NEW" >/dev/null`},
	{name: "tar -x", format: "csv", needs: []string{"tar"}, script: `cp "$NEW" "$W/$BASE"; tar -C "$W" -c "$BASE" | tar -C "$(dirname "$FILE")" -x`},
	{name: "sed -i", format: "csv", needs: []string{"sed"}, script: `sed -i -e "1r $NEW" -e d "$FILE"`},
	{name: "ed", format: "csv", needs: []string{"ed"}, script: `printf '%s\n' ",d" "r $NEW" w q | ed -s "$FILE"`},
	{name: "vim", format: "csv", needs: []string{"vim"}, script: `vim -Nu NONE -es -c 'set backupskip= writebackup' -c "%!cat $NEW" -c wq "$FILE"`},
	{name: "vim, backupcopy=yes", format: "csv", needs: []string{"vim"}, script: `vim -Nu NONE -es -c 'set backupskip= writebackup backupcopy=yes' -c "%!cat $NEW" -c wq "$FILE"`},
	{name: "emacs", format: "csv", needs: []string{"emacs"}, script: `emacs -Q --batch "$FILE" --eval "(progn (erase-buffer) (insert-file-contents \"$NEW\") (save-buffer))"`},
	// Alt-A marks, Ctrl-End and Ctrl-K take all of it, Ctrl-R reads a file, Ctrl-O saves.
	{name: "nano -B", format: "csv", needs: []string{"nano", "expect"}, script: `TERM=xterm expect -c 'set timeout 20
		spawn nano -I -B -t $env(FILE)
		expect "GNU nano"
		send "\033a\033/\013"
		send "\022"
		expect "insert"
		send "$env(NEW)\r"
		expect "Read"
		send "\030"
		expect eof' >/dev/null`},
	{name: "rsync", format: "csv", needs: []string{"rsync"}, script: `rsync -I "$NEW" "$FILE"`},
	{name: "rsync -a --inplace", format: "json", needs: []string{"rsync"}, script: `rsync -aI --inplace "$NEW" "$FILE"`},
	{name: "rsync --delay-updates", format: "csv", needs: []string{"rsync"}, script: `cp "$NEW" "$W/$BASE"; rsync -aI --delay-updates "$W/$BASE" "$(dirname "$FILE")/"`},
	{name: "curl -o", format: "csv", needs: []string{"curl"}, script: `curl -s -o "$FILE" "file://$NEW"`},
	{name: "git checkout", format: "csv", needs: []string{"git"}, script: `
		export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
		git init -q "$W/tree"; cp "$NEW" "$W/tree/$BASE"; git -C "$W/tree" add "$BASE"; git -C "$W/tree" commit -qm new
		git --git-dir "$W/tree/.git" --work-tree "$(dirname "$FILE")" checkout -q -f HEAD -- "$BASE"`},
	{name: "git stash pop", format: "csv", needs: []string{"git"}, script: `
		export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
		git init -q "$W/tree"; cp "$FILE" "$W/tree/$BASE"; git -C "$W/tree" add "$BASE"; git -C "$W/tree" commit -qm old
		cp "$NEW" "$W/tree/$BASE"; git -C "$W/tree" stash -q
		git --git-dir "$W/tree/.git" --work-tree "$(dirname "$FILE")" checkout -q stash@{0} -- "$BASE"`},
	{name: "logrotate, create", format: "csv", needs: []string{"logrotate"}, bare: true, script: `
		printf '%s {\n create 644\n rotate 1\n su root root\n}\n' "$FILE" > "$W/conf"; chmod 644 "$W/conf"
		logrotate -f -s "$W/state" "$W/conf"; cat "$NEW" >> "$FILE"`},
	{name: "logrotate, copytruncate", format: "ndjson", needs: []string{"logrotate"}, bare: true, script: `
		printf '%s {\n copytruncate\n rotate 1\n su root root\n}\n' "$FILE" > "$W/conf"; chmod 644 "$W/conf"
		logrotate -f -s "$W/state" "$W/conf"; cat "$NEW" >> "$FILE"`},
	{name: "Python csv", format: "csv", needs: []string{"python3"}, module: "csv", script: `"$PYTHON" -c "
import csv, os
rows = list(csv.reader(open(os.environ['NEW'])))
with open(os.environ['FILE'], 'w', newline='') as f:
    csv.writer(f, lineterminator='\n').writerows(rows)"`},
	{name: "Python json.dump", format: "json", needs: []string{"python3"}, module: "json", script: `"$PYTHON" -c "
import json, os
rows = json.load(open(os.environ['NEW']))
with open(os.environ['FILE'], 'w') as f:
    json.dump(rows, f, indent=1)"`},
	{name: "pandas to_csv", format: "csv", needs: []string{"python3"}, module: "pandas", script: `"$PYTHON" -c "
import os, pandas
pandas.read_csv(os.environ['NEW']).to_csv(os.environ['FILE'], index=False)"`},
	{name: "pandas to_json, lines", format: "ndjson", needs: []string{"python3"}, module: "pandas", script: `"$PYTHON" -c "
import os, pandas
pandas.read_csv(os.environ['CSV']).to_json(os.environ['FILE'], orient='records', lines=True)"`},
	{name: "pandas to_excel (openpyxl)", format: "xlsx", needs: []string{"python3"}, module: "pandas, openpyxl", script: `"$PYTHON" -c "
import os, pandas
pandas.read_csv(os.environ['CSV']).to_excel(os.environ['FILE'], index=False, engine='openpyxl')"`},
	{name: "openpyxl, changed in place", format: "xlsx", needs: []string{"python3"}, module: "openpyxl", script: `"$PYTHON" -c "
import csv, openpyxl, os
b = openpyxl.load_workbook(os.environ['FILE'])
s = b.active
s.delete_rows(1, s.max_row)
for i, row in enumerate(csv.reader(open(os.environ['CSV']))):
    s.append(row if i == 0 else [int(row[0]), int(row[1]), int(row[2]), row[3]])
b.save(os.environ['FILE'])"`},
	{name: "xlsxwriter", format: "xlsx", needs: []string{"python3"}, module: "pandas, xlsxwriter", script: `"$PYTHON" -c "
import os, pandas
pandas.read_csv(os.environ['CSV']).to_excel(os.environ['FILE'], index=False, engine='xlsxwriter')"`},
	{name: "DuckDB COPY", format: "csv", needs: []string{"python3"}, module: "duckdb", script: `"$PYTHON" -c "
import duckdb, os
duckdb.sql('copy (from read_csv(\'%s\')) to \'%s\' (header)' % (os.environ['NEW'], os.environ['FILE']))"`},
	{name: "DuckDB COPY, JSON", format: "ndjson", needs: []string{"python3"}, module: "duckdb", script: `"$PYTHON" -c "
import duckdb, os
duckdb.sql('copy (from read_csv(\'%s\')) to \'%s\' (format json)' % (os.environ['CSV'], os.environ['FILE']))"`},
	{name: "DuckDB COPY, from Node", format: "csv", needs: []string{"node"}, packet: "@duckdb/node-api", script: `node -e "
const { DuckDBInstance } = require('@duckdb/node-api');
const sql = 'copy (from read_csv(\'' + process.env.NEW + '\')) to \'' + process.env.FILE + '\' (header)';
DuckDBInstance.create().then((d) => d.connect()).then((c) => c.run(sql))"`},
	{name: "Node writeFile", format: "json", needs: []string{"node"}, script: `node -e "
const fs = require('fs');
fs.writeFileSync(process.env.FILE, JSON.stringify(JSON.parse(fs.readFileSync(process.env.NEW))))"`},
	{name: "Node createWriteStream", format: "ndjson", needs: []string{"node"}, script: `node -e "
const fs = require('fs');
fs.createReadStream(process.env.NEW).pipe(fs.createWriteStream(process.env.FILE))"`},
	{name: "LibreOffice, to xlsx", format: "xlsx", needs: []string{"soffice"}, script: `
		cp "$CSV" "$W/${BASE%.xlsx}.csv"
		soffice --headless "-env:UserInstallation=file://$W/profile" --convert-to xlsx --outdir "$(dirname "$FILE")" "$W/${BASE%.xlsx}.csv" >/dev/null 2>&1`},
	{name: "LibreOffice, to csv", format: "csv", needs: []string{"soffice"}, script: `
		cp "$NEW" "$W/$BASE"
		soffice --headless "-env:UserInstallation=file://$W/profile" --convert-to csv --outdir "$(dirname "$FILE")" "$W/$BASE" >/dev/null 2>&1`},
}

// operator has real programs save files, one after the other.
type operator struct {
	all    []*operated
	rounds int
	say    func(format string, args ...any)
}

// operated is a program, and the file that it saves over and over.
type operated struct {
	saver
	program
	python     string
	generation int
	missing    string // why it is not run
	runs       int
}

func newOperator(dir, aside string, seed uint64) *operator {
	o := &operator{say: func(format string, args ...any) { fmt.Printf(format+"\n", args...) }}
	for i, p := range programs {
		path := fmt.Sprintf("programs/p%02d.%s", i, p.format)
		r := rand.New(rand.NewPCG(seed, uint64(700+i)))
		one := &operated{program: p, generation: firstGeneration,
			saver: saver{truth: newTruth(path, p.format), r: r, file: filepath.Join(dir, path), aside: aside}}
		one.missing, one.python = lacks(p)
		o.all = append(o.all, one)
	}
	return o
}

// lacks says what of a program is not installed, and which Python has its module.
func lacks(p program) (missing, python string) {
	for _, command := range p.needs {
		if _, err := exec.LookPath(command); err != nil {
			return command + " is not installed", ""
		}
	}
	if p.packet != "" && exec.Command("node", "-e", "require('"+p.packet+"')").Run() != nil {
		return "Node finds no " + p.packet, ""
	}
	if p.module == "" {
		return "", ""
	}
	for _, python := range []string{os.Getenv("PYTHON"), "python3", "/usr/bin/python3"} {
		if python != "" && exec.Command(python, "-c", "import "+p.module).Run() == nil {
			return "", python
		}
	}
	return "Python has no " + p.module, ""
}

// run has every program that is installed save, round by round, until the end; each saves at least once.
func (o *operator) run(ctx context.Context, w *world, end time.Time) error {
	for o.rounds == 0 || time.Now().Before(end) {
		for _, one := range o.all {
			if ctx.Err() != nil {
				return nil
			}
			if one.missing != "" || o.rounds > 0 && time.Now().After(end) {
				continue
			}
			if err := w.step(func() error { return one.turn(ctx) }); err != nil {
				return fmt.Errorf("%s: %w", one.program.name, err)
			}
			one.pause(300 * time.Millisecond)
		}
		o.rounds++
	}
	return nil
}

// turn runs the program once.
func (p *operated) turn(ctx context.Context) error {
	scratch, err := os.MkdirTemp(p.aside, "program-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	p.generation++
	n := 20 + p.r.IntN(400)
	fresh, same := filepath.Join(p.aside, "new."+p.format), filepath.Join(p.aside, "same.csv")
	if err := steps(write(fresh, content(p.format, p.generation, n)), write(same, content("csv", p.generation, n))); err != nil {
		return err
	}
	p.begin(state{generation: p.generation, rows: n, pattern: "by " + p.program.name})
	defer p.finish()
	if p.bare {
		p.empty()
	}
	p.runs++
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", p.script)
	cmd.Env = append(os.Environ(), "FILE="+p.file, "BASE="+p.base(), "NEW="+fresh, "CSV="+same, "W="+scratch, "HOME="+scratch, "PYTHON="+p.python)
	out, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() == nil {
		return errors.Join(err, fmt.Errorf("%s", bytes.TrimSpace(out)))
	}
	return nil
}

// report says which programs were run and which were not.
func (o *operator) report() {
	var ran, missing []string
	for _, p := range o.all {
		if p.missing != "" {
			missing = append(missing, p.program.name+" ("+p.missing+")")
		} else {
			ran = append(ran, fmt.Sprintf("%s ×%d", p.program.name, p.runs))
		}
	}
	o.say("\nprograms that saved: %s", strings.Join(ran, ", "))
	if len(missing) > 0 {
		o.say("not run: %s", strings.Join(missing, ", "))
	}
}
