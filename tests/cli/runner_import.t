#!/bin/sh
# wrkbook import: logs and folders into a database, second imports, refusals, what is told.
. tests/support/tap.sh

db=$T/a.db
import() {
    run "$WRKBOOK_BUILD/wrkbook-runner" import --db "$db" "$@"
}
sql() {
    sqlite3 -separator ' ' "$db" "$1"
}

# ---- one log: the article's

import --label benchmark=hello samples/article/uwsgi.log
is "$status $out" '0 ' 'a log is imported without output'
like "$err" "^1 file: 1 run, 0 published figures; in $db\$" 'the last line says what was added'
like "$err" '^start times: 1 from the time of the file$' '... and where its start time is from'
is "$(sql 'SELECT requests, errors_connect, errors_read, errors_write, errors_timeout, errors_status,
    requests_per_s, threads, connections, url, tool, status, labels FROM run_facts')" \
    '14403 0 14403 0 62 0 1437.38 1 200 http://wsgi:8000 wrk complete {"benchmark":"hello"}' \
    'its figures are those of the text'
is "$(sql 'SELECT split FROM case_facts')" errors 'its case is one with errors'
is "$(sql "SELECT started_at = strftime('%Y-%m-%dT%H:%M:', $(stat -c %Y samples/article/uwsgi.log),
    'unixepoch') || substr(started_at, 18) FROM run_facts")" 1 'its start is the time of the file'

before=$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM logs; SELECT count(*) FROM campaigns')
import samples/article/uwsgi.log
is "$status" 0 'a second import succeeds'
like "$err" "already imported as 'samples/article/uwsgi.log', nothing added" '... and says so'
is "$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM logs; SELECT count(*) FROM campaigns')" \
    "$before" '... and adds nothing'

# ---- a folder, labels from paths, order

db=$T/b.db
import --labels-from '{benchmark}/{server}__{framework}__run{run_no}.log' samples/logs/hello
is "$status" 0 'a folder is imported'
is "$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM cases' | tr '\n' ' ')" '12 4 ' \
    'all its runs are there, by case'
is "$(sql "SELECT run_no, json_extract(labels, '\$.server'), json_extract(labels, '\$.framework'),
    json_extract(labels, '\$.benchmark') FROM run_facts WHERE run_id = 1")" '1 hangup json hello' \
    'labels and number come from the path'

db=$T/order.db
mkdir -p "$T/order/sub"
for i in 1 2 10; do
    sed "s/14403 requests/1440$((i % 7)) requests/" samples/article/uwsgi.log >"$T/order/run$i.log"
done
sed 's/wsgi/other/' samples/article/uwsgi.log >"$T/order/sub/a.log"
cp samples/article/uwsgi.log "$T/order/.hidden.log"
import --label a=b "$T/order"
is "$(sql 'SELECT group_concat(replace(name, rtrim(name, replace(name, "/", "")), ""), " ")
    FROM (SELECT name FROM logs ORDER BY id)')" 'run1.log run2.log run10.log a.log' \
    'files come in the order of their numbers, folders last, hidden ones never'
is "$(sql 'SELECT group_concat(run_no) FROM run_facts')" 1,2,3,4 'runs are numbered in that order'

db=$T/path.db
import --labels-from '{server}__{framework}.log' --label x=1 samples/article/uwsgi.log "$T/order"
is "$status" 2 'a path that does not fit the template fails'
like "$err" 'uwsgi.log: its path does not end as --labels-from says; not imported' '... by its name'

# ---- precedence and settings

db=$T/set.db
printf 'server,value\ncolumn,5\n,6\n' >"$T/server_path.csv"
import --label server=option --label host=h --labels-from 'server_{server}.csv' "$T/server_path.csv"
is "$(sql "SELECT json_extract(labels, '\$.server') FROM cases ORDER BY 1" | tr '\n' ' ')" \
    'column path ' 'a column wins over the path, the path over --label'
import --set timeout_ns=10s --set threads=7 --set tool_version=4.1.0 samples/article/uwsgi.log
is "$(sql 'SELECT timeout_ns, threads, tool_version FROM run_facts')" '10000000000 1 4.1.0' \
    '--set gives what the log lacks, and changes nothing that it holds'
db=$T/started.db
import --set started_at=2018-06-05T12:00:00Z samples/article/uwsgi.log
like "$err" '^start times: 1 from --set$' 'a start time may be set'
is "$(sql 'SELECT started_at, started_from FROM run_facts')" '2018-06-05T12:00:00Z option' \
    '... and is kept as such'
db=$T/set.db

# ---- TechEmpower: raw.txt and results.json have the same labels

mkdir -p "$T/tfb"
cat >"$T/tfb/results.json" <<'EOF'
{"frameworks": ["gin"], "duration": 15, "concurrencyLevels": [16, 512], "queryIntervals": [1, 20],
 "rawData": {"update": {"gin": [
  {"latencyAvg": "1.48ms", "totalRequests": 300000, "startTime": 1755250268, "endTime": 1755250283},
  {"latencyAvg": "9.10ms", "totalRequests": 30000, "startTime": 1755250285, "endTime": 1755250300}]},
  "slocCounts": {"gin": 2545}}}
EOF
db=$T/tfb.db
import "$T/tfb"
like "$err" '^1 file: 2 runs, ' "TechEmpower's results.json is read"
run "$WRKBOOK" table --db "$db" --rows framework --cols queries --format csv
is "$(printf '%s\n' "$out" | grep -c -E '^(update,gin,1,20000|update,gin,20,2000),')" 2 \
    'its figures stand where its labels say'
db=$T/set.db

# ---- CSV

db=$T/csv.db
import --label benchmark=hello samples/article/hello.csv
import --label benchmark=data --set split=errors samples/article/errors.csv
import --label benchmark=data --set 'split=no errors' samples/article/noerrors.csv
is "$(sql 'SELECT count(*) FROM published; SELECT count(*) FROM runs' | tr '\n' ' ')" '78 0 ' \
    "the article's tables are published figures"
is "$(sql "SELECT state, count(*) FROM published GROUP BY 1 ORDER BY 1" | tr '\n' ' ')" \
    'blank 13 errors 5 n/a 18 ok 42 ' 'each cell has its state'
is "$(sql "SELECT requests_per_s, requests_per_s_half FROM published LIMIT 1")" '19340.0 5.0' \
    'a rounded rate keeps its half width'
is "$(sql "SELECT split, window_ns, window_min, window_max FROM published
    WHERE window_min = 209")" 'errors 10000000000 209.0 485.0' 'a range is of 10 s'

printf 'server,value\na,1\nb,fast\n' >"$T/bad.csv"
printf 'server,value\nc,1\n' >"$T/good.csv"
before=$(sql 'SELECT count(*) FROM published')
import "$T/bad.csv" "$T/good.csv"
is "$status" 2 'a bad cell fails'
like "$err" "^$T/bad.csv:3: column 'value': 'fast' is no number: write digits" \
    '... with file, line, column and remedy'
like "$err" '^wrkbook-runner: 1 file could not be imported' '... and the sum at the end'
is "$(sql 'SELECT count(*) FROM published')" "$((before + 1))" \
    '... and nothing of its file is stored, but the next file is'

# ---- what is not read

db=$T/odd.db
mkdir -p "$T/odd/deep"
printf 'a\0b' >"$T/odd/binary"
printf 'only text\n' >"$T/odd/text.md"
mkfifo "$T/odd/pipe"
ln -s .. "$T/odd/deep/loop"
ln -s /dev/zero "$T/odd/endless"
ln -s nowhere "$T/odd/broken"
printf 'R\0u\0' | sed '1s/^/\xff\xfe/' >"$T/odd/wide"
esc=$(printf '\033')
printf 'text\n' >"$T/odd/${esc}[31mred"
run timeout 20 "$WRKBOOK_BUILD/wrkbook-runner" import --db "$db" "$T/odd"
is "$status" 0 'what cannot be a log is passed over'
like "$err" '/binary: is no text' '... a binary file'
like "$err" '/pipe: is no regular file' '... a pipe'
like "$err" '/deep/loop: is a link to a folder' '... a loop of links'
like "$err" '/endless: is no regular file' '... a device'
like "$err" '/broken: is a link to nothing' '... a broken link'
like "$err" '/wide: is UTF-16 text; convert it: iconv' '... UTF-16, with the remedy'
like "$err" '/text.md: no run found in it' 'a text without a run is named'
unlike "$err" "$esc" 'a file name cannot reach the terminal'
like "$err" '^[0-9]+ files: 0 runs' 'and nothing was added'
is "$(sql 'SELECT count(*) FROM logs; SELECT count(*) FROM campaigns' | tr '\n' ' ')" '0 0 ' \
    '... not even a campaign'

import "$T/missing.log"
is "$status" 2 'a missing file fails'
like "$err" "missing.log: No such file or directory" '... by its name'
db=$T/none.db
import "$T/missing.log"
ok 'a misspelt name makes no database' test ! -e "$db"
head -c 1100000000 /dev/zero >"$T/large.log" 2>/dev/null || truncate -s 1100000000 "$T/large.log"
import "$T/large.log"
like "$err" 'large.log: is larger than 1 GiB; split it' 'a huge file is not read'
rm -f "$T/large.log"

# ---- what was not understood

db=$T/many.db
for run in a b; do
    head -n 2 samples/article/uwsgi.log
    for n in 1 2 3 4 5 6 7 8 9 10 11; do echo "  remark $run $n"; done
    sed -n '3,$p' samples/article/uwsgi.log
done >"$T/many.log"
import "$T/many.log"
like "$err" '^\.\.\. and 2 more; `wrkbook logs --unread` lists them all$' 'of many lines it says where they all are'
is "$("$WRKBOOK_BUILD/wrkbook-runner" logs --db "$db" --unread | grep -c 'remark')" 22 '... and there they are'
import --dry-run "$T/many.log"
like "$err" '^\.\.\. and 2 more$' '... but nowhere when nothing is stored'

db=$T/unread.db
{
    printf 'Running 10s test @ http://x/\n  1 threads and 2 connections\n  a remark %s[2J\n' "$esc"
    sed -n '3,$p' samples/article/uwsgi.log
    printf 'unable to connect to x:80 Connection refused\n'
} >"$T/remarks.log"
import "$T/remarks.log"
is "$status" 0 'a line that is not understood is no failure'
like "$err" "^$T/remarks.log:3: a remark \\?\\[2J \\(no line of wrk's\\)\$" '... it is told, cleaned'
like "$err" "^$T/remarks.log:11: unable to connect to x:80 Connection refused" \
    '... as is where wrk stopped'
is "$(sql 'SELECT line FROM unread_lines' | tr '\n' ' ')" '3 11 ' '... and kept'
import --strict "$T/remarks.log"
is "$status" 0 '--strict says nothing of a known file'
db=$T/strict.db
import --strict "$T/remarks.log"
is "$status" 2 '--strict fails'
is "$(sql 'SELECT count(*) FROM runs')" 1 '... and stores what was understood'
import tests/data/wrk/butlerx_wrk-graphs_wrk1-basic.txt
like "$err" 'wrk1-basic.txt:2: the bytes read in the printed time are not the printed Transfer/sec' \
    'figures that contradict each other are warned of'

# ---- dry run, use

db=$T/dry.db
import --dry-run --label a=b samples/article/uwsgi.log samples/article/hello.csv
is "$status" 0 'a dry run succeeds'
like "$out" '^place +labels +what +requests +requests/s +errors +started$' '... shows a table'
like "$out" '^samples/article/uwsgi.log:1  +a=b  +run of wrk  +14403  +1437.38  +14465  +20.*Z \(file\)$' \
    '... with each run'
like "$out" '^samples/article/hello.csv:7  +a=b framework=sanic server=eventlet  +published, n/a ' \
    '... and each figure'
is "$(printf '%s\n' "$out" | awk 'NR > 1 { print index($0, "a=b") }' | sort | uniq -c | wc -l)" 1 \
    '... in columns'
ok '... and makes no database' test ! -e "$db"

import --guess samples/logs
is "$status $out" '0 hello/{server}__{benchmark}__run{run_no}.log' '--guess prints a template'
like "$err" '^12 of 15 files fit:$' '... how many files fit it'
like "$err" '^  server +hangup, nginx \(2\)$' '... what it takes'
like "$err" "^  wrkbook import --labels-from 'hello/\{server\}__" '... and how to use it'
ok '... and makes no database' test ! -e "$db"
import --dry-run --labels-from "$out" samples/logs/hello
like "$out" 'hangup__plain__run1.log:1 +benchmark=plain server=hangup ' '... which can be used'
import --guess samples/article/uwsgi.log
is "$status" 1 'a path alone has no pattern'
import --guess "$T/missing"
is "$status" 2 'no file at all is an error'
like "$err" '/missing: No such file' '... that names it'

for wrong in '' '--label x samples' '--set nosuch=1 samples' '--set threads=many samples' \
    '--set split=maybe samples' '--set started_at=yesterday samples' '--format nosuch samples' '--labels-from {a samples' '--nosuch x'; do
    # shellcheck disable=SC2086 # several words
    import $wrong
    is "$status" 2 "refused: import $wrong"
    like "$err" '^wrkbook-runner: ' "... in one line: $err"
done
run "$WRKBOOK_BUILD/wrkbook-runner" import --help
is "$status" 0 '--help'
like "$out" "labels-from '\\{benchmark\\}/\\{server\\}__" '... has examples'
run "$WRKBOOK_BUILD/wrkbook-runner" import --version
like "$out" '^wrkbook [0-9]' '--version'

done_testing
