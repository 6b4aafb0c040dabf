#!/bin/sh
# The demo, made short: measures, prints the article's tables, ends its server, adds to its database
# a second time, and keeps what it has when it is interrupted.
. tests/support/tap.sh

cd "$T" || exit 2
# servers_left: demo servers that this test started and that still run.
servers_left() {
    pgrep -f "^$WRKBOOK_BUILD/wrkbook-demo-server $1\$" | wc -l
}

run "$WRKBOOK" demo --duration 100ms --runs 2
is "$status" 0 'the demo ends with 0'
like "$err" '^\[9/9\] hangup, page$' 'it tells where it is'
printf '%s\n' "$out" >demo.out
like "$out" '^            plain +json +page *$' 'a table of servers and frameworks'
like "$out" '^steady +[0-9.]+k? +[0-9.]+k? +[0-9.]+k?$' 'figures for the steady server'
like "$out" '^moody +[0-9.]+k? +[0-9.]+k? +[0-9.]+k?$' 'and for the moody one'
like "$out" '^hangup +errors +errors +errors$' 'errors where connections are closed unannounced'
like "$out" 'wrkbook table --db wrkbook-demo/demo.db' 'it says what to do next'
is "$(sqlite3 wrkbook-demo/demo.db 'SELECT count(*), sum(status = "complete") FROM run_facts')" \
    '18|18' '18 whole runs are stored'
is "$(sqlite3 wrkbook-demo/demo.db "SELECT count(*) FROM case_facts WHERE split = 'errors'")" 3 \
    'three cases have errors'
is "$(sqlite3 wrkbook-demo/demo.db "SELECT count(*) FROM run_facts WHERE url LIKE '%/plain'
      AND labels LIKE '%hangup%' AND errors_read >= requests - 50 AND requests > 0")" 2 \
    'every answer of the hangup server is counted, and so is every broken connection'
is "$(find . -type f ! -name '.*' | LC_ALL=C sort | tr '\n' ' ')" \
    './demo.out ./wrkbook-demo/demo.db ./wrkbook-demo/runs.txt ' \
    'it leaves its database and its record, nothing else'
order=$(sqlite3 wrkbook-demo/demo.db "
    SELECT max(requests_per_s) FROM run_facts WHERE labels LIKE '%steady%'
    GROUP BY labels ORDER BY 1 DESC" | wc -l)
is "$order" 3 'three cases of the steady server'

run "$WRKBOOK" demo --duration 50ms --runs 1
is "$status" 0 'a second demo works'
like "$err" 'Adding to what wrkbook-demo/demo.db holds' 'and says that it adds'
is "$(sqlite3 wrkbook-demo/demo.db 'SELECT count(*) FROM run_facts')" 27 'and does'

: >cut.err
# Ctrl-C: the signal goes to everything in the foreground, as from a terminal. A shell ignores it
# in what it starts with &, so perl takes it out of that again.
perl -e '$SIG{INT} = "DEFAULT"; setpgrp; exec @ARGV' "$WRKBOOK" demo --duration 3s --runs 2 \
    --dir cut >cut.out 2>cut.err &
pid=$!
tries=0
until grep -q '1/9' cut.err || [ $tries -gt 100 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
sleep 0.7
kill -s INT -- "-$pid"
status=0
wait $pid || status=$?
is "$status" 130 'Ctrl-C ends it with 130'
like "$(cat cut.err)" '^Stopped\. What was measured is in cut/demo\.db' 'it says where the rest is'
is "$(sqlite3 cut/demo.db "SELECT count(*), min(status), min(requests) > 0 FROM run_facts")" \
    '1|partial|1' 'the run under way is kept as partial'
is "$(servers_left "$pid")" 0 'its server is gone'

run "$WRKBOOK" demo --help
is "$status" 0 '--help ends with 0'
like "$out" '^Usage: wrkbook demo' '--help says how'
run "$WRKBOOK" demo --fast
is "$status" 2 'an unknown option: status 2'
is "$err" "wrkbook-demo: no option '--fast'; see wrkbook demo --help" 'and is named'
run "$WRKBOOK" demo --runs
is "$status" 2 'an option without its value: status 2'

done_testing
