package watcher_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/watcher"
)

// program is one way in which a real program saves data.csv, whose text is before, so that it becomes after.
type program struct {
	name   string
	needs  string // the command
	python string // a module that python3 must have
	script string // for sh, in the watched folder, with $W a scratch directory beside it
}

const (
	before = "name,n\na,1\nb,2\n"
	after  = "name,n\na,1\nb,3\n"
)

var programs = []program{
	{name: "sh", needs: "sh", script: `printf 'name,n\na,1\nb,3\n' > data.csv`},
	{name: "sed", needs: "sed", script: `sed -i s/b,2/b,3/ data.csv`},
	{name: "vim", needs: "vim", script: `vim -Nu NONE -es -c 'set backupskip= writebackup' -c '%s/b,2/b,3/' -c 'wq' data.csv`},
	{name: "vim in place", needs: "vim", script: `vim -Nu NONE -es -c 'set backupcopy=yes' -c '%s/b,2/b,3/' -c 'wq' data.csv`},
	{name: "emacs", needs: "emacs", script: `emacs -Q --batch data.csv --eval '(progn (goto-char (point-min)) (while (search-forward "b,2" nil t) (replace-match "b,3")) (save-buffer))'`},
	{name: "ed", needs: "ed", script: `printf '%s\n' ,s/b,2/b,3/ w q | ed -s data.csv`},
	{name: "cp", needs: "cp", script: `sed s/b,2/b,3/ data.csv > $W/new; cp $W/new data.csv`},
	{name: "cp -p", needs: "cp", script: `sed s/b,2/b,3/ data.csv > $W/new; touch -d '2001-02-03' $W/new; cp -p $W/new data.csv`},
	{name: "mv", needs: "mv", script: `sed s/b,2/b,3/ data.csv > $W/new; mv $W/new data.csv`},
	{name: "dd", needs: "dd", script: `sed s/b,2/b,3/ data.csv > $W/new; dd if=$W/new of=data.csv bs=1 2>/dev/null`},
	{name: "rsync", needs: "rsync", script: `sed s/b,2/b,3/ data.csv > $W/data.csv; rsync -aI $W/data.csv .`},
	{name: "rsync --inplace", needs: "rsync", script: `sed s/b,2/b,3/ data.csv > $W/data.csv; rsync -aI --inplace $W/data.csv .`},
	{name: "rsync --delay-updates", needs: "rsync", script: `sed s/b,2/b,3/ data.csv > $W/data.csv; rsync -aI --delay-updates $W/data.csv .`},
	{name: "tar", needs: "tar", script: `mkdir $W/t; sed s/b,2/b,3/ data.csv > $W/t/data.csv; tar -C $W/t -c data.csv | tar -x`},
	{name: "git checkout", needs: "git", script: `export GIT_DIR=$W/git GIT_WORK_TREE=. GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q $W/git; cp data.csv $W/old
sed s/b,2/b,3/ data.csv > $W/new
GIT_WORK_TREE=$W/tree; mkdir $W/tree; cp $W/new $W/tree/data.csv; git add data.csv 2>/dev/null || (cd $W/tree && git add data.csv); git commit -qm new
GIT_WORK_TREE=.; git checkout -q -f HEAD -- data.csv`},
	{name: "logrotate copytruncate", needs: "logrotate", script: `printf '%s/data.csv {\n copytruncate\n rotate 1\n su root root\n}\n' "$PWD" > $W/conf; logrotate -f -s $W/state $W/conf; printf 'name,n\na,1\nb,3\n' > data.csv`},
	{name: "curl", needs: "curl", script: `sed s/b,2/b,3/ data.csv > $W/new; curl -s -o data.csv file://$W/new`},
	{name: "python csv", needs: "python3", python: "csv", script: `python3 -c "
import csv
w = csv.writer(open('data.csv', 'w', newline=''), lineterminator='\n')
w.writerows([['name', 'n'], ['a', 1], ['b', 3]])"`},
	{name: "pandas", needs: "python3", python: "pandas", script: `python3 -c "
import pandas
d = pandas.read_csv('data.csv'); d.loc[1, 'n'] = 3; d.to_csv('data.csv', index=False)"`},
	{name: "duckdb", needs: "python3", python: "duckdb", script: `python3 -c "
import duckdb
duckdb.sql(\"create table t as from 'data.csv'; update t set n = 3 where name = 'b'; copy t to 'data.csv'\")"`},
}

// TestRealPrograms lets programs save, and wants the new text and nothing else, be it in between or beside it.
func TestRealPrograms(t *testing.T) {
	t.Parallel()
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(p.needs); err != nil {
				t.Skipf("%s is not installed", p.needs)
			}
			if p.python != "" && exec.Command("python3", "-c", "import "+p.python).Run() != nil {
				t.Skipf("python3 has no %s", p.python)
			}
			root, scratch := t.TempDir(), t.TempDir()
			file := filepath.Join(root, "data.csv")
			write(t, file, before)
			r := record(t, root, watcher.Options{
				Accept: func(p string) bool { return strings.HasSuffix(p, ".csv") },
				Lines:  func(string) bool { return true }})
			<-r.w.Ready()
			r.expect(t, "data.csv", "whole", before)
			cmd := exec.Command("sh", "-c", p.script)
			cmd.Dir, cmd.Env = root, append(os.Environ(), "W="+scratch, "HOME="+scratch)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", p.name, err, out)
			}
			text, err := os.ReadFile(file)
			if err != nil || string(text) != after {
				t.Fatalf("the program left %q, %v", text, err)
			}
			r.expect(t, "data.csv", "whole", after)
			r.nothingElse(t)
		})
	}
}
