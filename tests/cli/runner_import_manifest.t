#!/bin/sh
# wrkbook import --manifest: labels, start times and settings from a list of paths.
. tests/support/tap.sh

db=$T/a.db
import() {
    run "$WRKBOOK_BUILD/wrkbook-runner" import --db "$db" "$@"
}
sql() {
    sqlite3 -separator ' ' "$db" "$1"
}

mkdir -p "$T/logs/hello" "$T/logs/data"
for name in hello/a hello/b data/a data/b; do
    { echo "$name" && cat samples/article/uwsgi.log; } >"$T/logs/$name.log"
done
gzip "$T/logs/data/b.log"

# ---- JSON, in the folder that it is about

cat >"$T/logs/manifest.json" <<'END'
{
  "hello": {"benchmark": "hello", "timeout_ns": "10s", "started_at": "2018-06-05T12:00:00Z"},
  "hello/a.log": {"server": "gunicorn", "run_no": 7, "load": 0.1,
                  "started_at": "2018-06-05T13:30:00.25Z"},
  "./hello/b.log": {"benchmark": "greeting", "threads": 8},
  "data/a.log": {"server": "a \"quoted\" one"},
  "data/b.log": {"server": "packed"},
  "data/c.log": {"server": "missing"}
}
END
import --label benchmark=option --label host=blade7 --set timeout_ns=3s --manifest "$T/logs/manifest.json" \
    "$T/logs"
is "$status" 0 'a folder is imported by a manifest in it'
like "$err" '^4 files: 4 runs, 0 published figures; 1 of the manifest.s paths not found' \
    '... which is no log itself'
like "$err" '^data/c.log$' '... and what it names in vain is told'
like "$err" '^start times: 2 from the manifest, 2 from the time of the file$' \
    '... and where start times are from'
is "$(sql "SELECT r.run_no, f.labels FROM runs AS r JOIN run_facts AS f USING (run_id)
    ORDER BY r.log_id" | tr '\n' ';')" \
    '1 {"benchmark":"option","host":"blade7","server":"a \"quoted\" one"};1 {"benchmark":"option","host":"blade7","server":"packed"};7 {"benchmark":"hello","host":"blade7","load":"0.1","server":"gunicorn"};1 {"benchmark":"greeting","host":"blade7"};' \
    'labels: a file wins over its folder, both over --label; also of a packed file'
is "$(sql 'SELECT timeout_ns / 1000000000, started_from FROM runs ORDER BY log_id' | tr '\n' ' ')" \
    '3 file 3 file 10 manifest 10 manifest ' 'settings win over --set'
is "$(sql "SELECT started_at FROM runs WHERE started_from = 'manifest' ORDER BY log_id" | tr '\n' ' ')" \
    '2018-06-05T13:30:00.25Z 2018-06-05T12:00:00Z ' 'start times are those of the manifest'
is "$(sql 'SELECT DISTINCT threads FROM runs')" 1 'what a log says is not changed'

# ---- CSV, from elsewhere

db=$T/b.db
printf 'path,server,started_at,run_no\nlogs/hello/a.log,"a, b",2018-06-05T12:00:00Z,3\nlogs/hello/b.log,c,,\n' \
    >"$T/list.csv"
import --manifest "$T/list.csv" "$T/logs/hello" "$T/logs/data/a.log"
is "$status" 2 'a file that the manifest does not name fails'
like "$err" '/data/a.log: the manifest does not name it; not imported' '... and is not imported'
is "$(sql 'SELECT labels, run_no, started_from FROM run_facts ORDER BY 1' | tr '\n' ' ')" \
    '{"server":"a, b"} 3 manifest {"server":"c"} 1 file ' 'the others have the labels of their row'
db=$T/both.db
import --labels-from '{benchmark}/{server}.log' --manifest "$T/list.csv" "$T/logs/hello/a.log" \
    "$T/logs/data/a.log"
is "$(sql 'SELECT labels FROM run_facts ORDER BY 1' | tr '\n' ' ')" \
    '{"benchmark":"data","server":"a"} {"benchmark":"hello","server":"a, b"} ' \
    'the manifest wins over the path, and either will do'
import --strict --manifest "$T/logs/manifest.json" "$T/logs"
is "$status" 2 '--strict fails for a path without a file'

# ---- wrong ones

db=$T/none.db
wrong() {
    printf '%s' "$1" >"$T/wrong"
    import --manifest "$T/wrong" "$T/logs"
    is "$status" 2 "refused: $(printf '%s' "$1" | tr '\n' ';')"
    like "$err" "^wrkbook-runner: $T/wrong$2" "... $err"
}
wrong '{"a": {"server": [1]}}' ":1:8: 'server': write a text or a number"
wrong '{"a": 1}' ":1:2: 'a' has no object"
wrong '{"a": {"threads": "many"}}' ":1:8: 'threads': 'many' is no whole number"
wrong '{"a": {"run_id": 1}}' ":1:8: 'run_id' is a field that the database makes itself"
wrong '{"a": {}, "./a": {}}' ":1:11: './a' is named twice"
wrong '{"a": {"no name": "x"}}' ":1:8: 'no name' cannot name a label"
wrong '{"a": ' ':1:7: '
wrong 'file,server
a,b' ":1: no column 'path'"
wrong 'path,started_at
a,yesterday' ":2: 'started_at': 'yesterday' is no start time: write it in UTC"
wrong 'path,server
a,b,c' ':2: 3 cells under 2 columns'
wrong 'path,server
a,"b' ':2: a quoted cell has no closing quote'
wrong '' ":1: no column 'path'"
import --manifest "$T/missing.json" "$T/logs"
is "$status" 2 'a manifest that is missing fails'
like "$err" "cannot read manifest '$T/missing.json': No such file" '... by its name'
ok 'and none of them made a database' test ! -e "$db"

done_testing
