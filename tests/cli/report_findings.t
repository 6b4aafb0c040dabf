#!/bin/sh
# findings: the article's one log is explained from its text alone; plain sqlite3 sees the same.
. tests/support/tap.sh

cat >"$T/uwsgi.log" <<'EOT'
Running 10s test @ http://wsgi:8000
  1 threads and 200 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    11.18ms   45.49ms   1.39s    99.46%
    Req/Sec     3.49k     3.99k    8.71k    64.10%
  14403 requests in 10.02s, 1.25MB read
  Socket errors: connect 0, read 14403, write 0, timeout 62
Requests/sec:   1437.38
Transfer/sec:    127.74KB
EOT
sed -e '/Socket errors/d' -e 's/11\.18ms/135.00ms/' -e 's/3\.49k/1.45k/' "$T/uwsgi.log" >"$T/good.log"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/f.db" --label server=uwsgi "$T/uwsgi.log" 2>"$T/i" ||
    cat "$T/i" >&2
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/f.db" --label server=gunicorn "$T/good.log" 2>"$T/i" ||
    cat "$T/i" >&2

run "$WRKBOOK" findings --db "$T/f.db"
is "$status" 0 'done'
is "$err" '' 'nothing on stderr'
text=$(printf '%s' "$out" | tr -s ' \n' ' ')
like "$text" 'close after each reply, in 1 of 1 run' 'read errors equal requests'
like "$text" 'read errors as replies \(14403, 14403\)' 'with the figures'
like "$text" '91 bytes a reply' 'and the size of a reply'
like "$text" 'Either the server closes .* or its replies have no length' 'what the text leaves open'
like "$text" 'latency = 16\.07: of 200 connections' '16 of 200 connections busy'
like "$text" '2\.4 times the real rate' 'Req/Sec against the rate'
like "$text" '62 replies came later than the timeout' 'timeouts as wrk counts them'
like "$text" 'Try: ' 'what to try'
unlike "$out" 'gunicorn' 'a clean run has none'
unlike "$out" "$T|$(date +%Y)-" 'no path or clock'

run "$WRKBOOK" findings --db "$T/f.db" --where server=gunicorn
is "$status" 0 'no finding is an answer'
like "$out" '^No findings' 'and says so'
run "$WRKBOOK" findings --db "$T/f.db" --format tsv
like "$out" '^case	finding	runs_found	runs	run_id	run_no	sentence	advice$' 'tsv: head'
is "$(printf '%s\n' "$out" | wc -l)" 5 'tsv: a row a run and finding'
is "$(printf '%s\n' "$out" | awk -F '\t' '{ print NF }' | sort -u)" 8 'tsv: eight fields each'
"$WRKBOOK" findings --db "$T/f.db" --format json >"$T/f.json"
like "$(cat "$T/f.json")" '"document":	"wrkbook/findings"' 'json: names itself'
ok 'json: is JSON' python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["version"] == 1
(case,) = d["cases"]
assert case["labels"] == {"server": "uwsgi"} and case["runs"] == 1
assert [f["finding"] for f in case["findings"]] == [
    "close after each reply", "few connections busy", "late replies", "stalls"]
assert all(f["runs"][0]["sentence"] and f["advice"] for f in case["findings"])
' "$T/f.json"

# SQL users see the same, in the view and in run_facts.
is "$(sqlite3 "$T/f.db" 'SELECT group_concat(finding) FROM (SELECT finding FROM findings ORDER BY 1)')" \
    'close after each reply,few connections busy,late replies,stalls' 'the view, in sqlite3'
is "$(sqlite3 "$T/f.db" 'SELECT json_array_length(findings) FROM run_facts ORDER BY run_id')" \
    "$(printf '4\n0')" 'run_facts.findings is a JSON list'

# What reads only shows them beside the figures, never in the rows of a CSV.
run "$WRKBOOK" summary --db "$T/f.db"
like "$out" '^\* close after each reply \(see wrkbook findings\): uwsgi$' 'summary notes them'
run "$WRKBOOK" table --db "$T/f.db" --rows server
like "$out" '^\* stalls \(see wrkbook findings\): uwsgi$' 'a table notes them'
run "$WRKBOOK" table --db "$T/f.db" --rows server --format csv
unlike "$out" 'stalls' 'a CSV does not'

# A finding of latencies is of no use under rates: 1000/s x 50 ms are 50 open on 10 connections.
cat >"$T/padded.txt" <<'LOG'
Running 10s test @ http://127.0.0.1:8000/
  1 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    50.00ms   10.00ms  200.00ms   80.00%
    Req/Sec     1.00k    10.00     1.10k    80.00%
  10000 requests in 10.00s, 1.00MB read
Requests/sec:   1000.00
Transfer/sec:    102.40KB
LOG
"$WRKBOOK" import --db "$T/p.db" --label server=a "$T/padded.txt" >"$T/out" 2>&1 || cat "$T/out" >&2
run "$WRKBOOK" findings --db "$T/p.db"
like "$out" 'mean above the possible, in 1 of 1 run' 'findings tells it'
run "$WRKBOOK" table --db "$T/p.db" --cell latency_mean
like "$out" '^\* mean above the possible' 'a table of latencies notes it'
run "$WRKBOOK" table --db "$T/p.db" --cell best
unlike "$out" 'mean above' 'a table of rates does not'
run "$WRKBOOK" summary --db "$T/p.db"
unlike "$out" 'mean above' 'nor does the summary, which shows no latency'

run "$WRKBOOK" findings --db "$T/none.db"
is "$status" 2 'no database: status 2'
run "$WRKBOOK" findings --db "$T/f.db" --format xml
is "$status" 2 'no such format: status 2'
like "$err" "text, tsv or json, not 'xml'" 'and says which there are'
run "$WRKBOOK" findings --help
like "$out" 'wrkbook findings --db results.db' '--help has examples'

done_testing
