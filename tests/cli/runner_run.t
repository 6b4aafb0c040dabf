#!/bin/sh
# `wrkbook run` as wrk's users type it: what it prints, what it stores, how it ends.
. tests/support/tap.sh

DB=$T/runs.db
fault=$WRKBOOK_BUILD/tests/support/faultserver

# serve PROGRAM [ARG...]: starts it; sets $port and $server (its pid).
serve() {
    rm -f "$T/port"
    "$@" >"$T/port" 2>/dev/null &
    server=$!
    tries=0
    until [ -s "$T/port" ]; do
        sleep 0.05
        tries=$((tries + 1))
        [ $tries -lt 100 ] || break
    done
    port=$(head -n 1 "$T/port")
}

stop_server() {
    kill "$server"
    wait "$server" 2>/dev/null
}

# sql QUERY: of the newest run, as r.
sql() {
    sqlite3 "$DB" "SELECT $1 FROM run_facts r ORDER BY run_id DESC LIMIT 1"
}

serve "$WRKBOOK_BUILD/tests/support/responder"
url=http://127.0.0.1:$port/

run "$WRKBOOK" run -t1 -c20 -d1s --latency --timeout 2s -H 'X-A: b' --db "$DB" \
    --label server=responder --label framework=none "$url"
is "$status" 0 "wrk's own options are taken as wrk's users type them"
like "$out" '^  requests   [0-9]+ in 1\.00 s' "the outcome says how many requests in what time"
like "$out" '^  errors     none' "and that nothing went wrong"
is "$(sql "labels")" '{"framework":"none","server":"responder"}' "labels are stored, sorted"
is "$(sql "sent = requests + failed + in_flight AND
    requests = (SELECT sum(requests) FROM slices s WHERE s.run_id = r.run_id) AND
    requests = (SELECT count FROM histograms h WHERE h.run_id = r.run_id AND kind = 'latency')")" \
    1 "slices, histogram and sent agree with the count"
is "$(sql "abs(elapsed_ns - 1000000000) <= 10000000")" 1 "the run lasts what was asked, to 10 ms"

run "$WRKBOOK" run -q -c5 -d200ms --runs 3 --label server=many --db "$DB" "$url"
is "$status:$out:$err" "0::" "-q prints nothing"
is "$(sqlite3 "$DB" "SELECT group_concat(run_no) FROM run_facts WHERE labels LIKE '%many%'")" \
    1,2,3 "--runs stores each run, numbered"

run "$WRKBOOK" run -n 1000 -c7 -d20s --db "$DB" "$url"
is "$(sql "requests || ' ' || sent || ' ' || in_flight || ' ' || status")" "1000 1000 0 complete" \
    "-n stops after exactly so many requests"

run "$WRKBOOK" run -c4 -d1s -R 500 --db "$DB" "$url"
is "$(sql "planned || ' ' || latency_kind")" "500 from due time" "-R plans rate x duration"
like "$out" '^  open rate  500 due, 500 sent' "and says so"

run "$WRKBOOK" run -c4 -d300ms --format json --db "$DB" "$url"
is "$(printf '%s' "$out" | jq -r '"\(.document) \(.version) \(.requests == .sent - .in_flight)"')" \
    "wrkbook/run 1 true" "--format json is one JSON object"

# --format wrk: read by a pattern as wrk's users write it, and by our own importer.
run "$WRKBOOK" run -t2 -c10 -d1s --format wrk --db "$DB" "$url"
printf '%s\n' "$out" >"$T/as_wrk.log"
read_by_perl=$(perl -0777 -ne '
    /Running (\d+)s test @ (\S+)\s+(\d+) threads and (\d+) connections/ or die "head";
    my @head = ($3, $4);
    /Latency\s+([\d.]+)(us|ms|s)\s+([\d.]+)(us|ms|s)\s+([\d.]+)(us|ms|s)\s+([\d.]+)%/ or die "row";
    /Req\/Sec\s+([\d.]+)(k?)\s+([\d.]+)(k?)\s+([\d.]+)(k?)\s+([\d.]+)%/ or die "rate row";
    /50%\s+[\d.]+(us|ms|s)\s+75%\s+\S+\s+90%\s+\S+\s+99%\s+[\d.]+(us|ms|s)/ or die "distribution";
    /(\d+) requests in ([\d.]+)s, [\d.]+[KMG]?B read/ or die "totals";
    my $n = $1;
    /Requests\/sec:\s+([\d.]+)/ or die "rate";
    my $rate = $1;
    /Transfer\/sec:\s+[\d.]+[KMG]?B/ or die "transfer";
    print "@head $n $rate";' "$T/as_wrk.log" 2>&1)
is "$read_by_perl" "$(sql "printf('%d %d %d %.2f', threads, connections, requests, requests_per_s)")" \
    "--format wrk: a script that reads wrk's output reads the same figures"
run "$WRKBOOK" import --db "$T/back.db" "$T/as_wrk.log"
is "$(sqlite3 "$T/back.db" "SELECT threads, connections, requests, printf('%.2f', requests_per_s),
        errors_read, printed_mismatch IS NULL FROM runs")" \
    "$(sql "threads || '|' || connections || '|' || requests || '|' ||
        printf('%.2f', requests_per_s) || '|' || errors_read || '|1'")" \
    "--format wrk: our importer reads it back to the same figures, and finds it consistent"
is "$(sqlite3 "$T/back.db" "ATTACH '$DB' AS a; SELECT max(abs(i.latency_mean_ns - o.latency_mean_ns)
        > i.latency_mean_ns_half + 1, abs(i.latency_p99_ns - o.latency_p99_ns)
        > i.latency_p99_ns_half + 1, abs(i.latency_max_ns - o.latency_max_ns)
        > i.latency_max_ns_half + 1) FROM runs i, a.runs o ORDER BY o.run_id DESC LIMIT 1")" 0 \
    "--format wrk: latencies within their rounding"

# Several requests from a file, in order.
cat >"$T/requests.jsonl" <<EOF
{"path": "/one"}

{"method": "GET", "path": "/two", "headers": {"X-Y": "z"}}
EOF
run "$WRKBOOK" run -n 10 -c1 -d5s --requests-from "$T/requests.jsonl" --db "$DB" "$url"
is "$status $(sql requests)" "0 10" "--requests-from sends what the file holds"
echo '{"path": "/", "verb": "GET"}' >>"$T/requests.jsonl"
run "$WRKBOOK" run -n 10 -c1 -d5s --requests-from "$T/requests.jsonl" --db "$DB" "$url"
is "$status" 2 "--requests-from: a line with an unknown member is refused"
like "$err" 'requests.jsonl:4: only method, path, headers and body' "with FILE:LINE"

# Expectations are an error class of their own.
run "$WRKBOOK" run -n 20 -c2 -d5s --expect-body nonsense --db "$DB" "$url"
is "$(sql "requests || ' ' || errors_expect || ' ' || errors_read")" "20 20 0" \
    "--expect-body counts other bodies, apart from socket errors"
run "$WRKBOOK" run -n 20 -c2 -d5s --expect-status 200 --db "$DB" "$url"
is "$(sql errors_expect)" 0 "--expect-status is content with what was asked for"

# Ctrl-C stores what was measured; timeout(1) tells its wish twice.
timeout -s INT 1 "$WRKBOOK" run -c5 -d20s --db "$DB" "$url" >"$T/out" 2>"$T/err" </dev/null
is "$(sql "status || ' ' || (requests > 0) || ' ' || (elapsed_ns BETWEEN 5e8 AND 3e9)")" \
    "partial 1 1" "an interrupted run is stored as partial"
"$WRKBOOK" run -c5 -d20s --runs 5 --db "$DB" "$url" >"$T/out" 2>"$T/err" </dev/null &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
is $? 143 "SIGTERM ends with 128 + 15"
is "$(sql "status")" partial "and stores the run under way"
stop_server

# What goes wrong on the wire is said in words.
serve "$fault" silent-close
run "$WRKBOOK" run -c4 -d500ms --db "$DB" "http://127.0.0.1:$port/"
is "$status" 0 "a run with errors is a run"
like "$out" 'idle: closed after a whole response without announcing it, [0-9]+ times' \
    "silent closes are named"
is "$(sql "errors_read > 0 AND requests > 0")" 1 "and counted as read errors beside good requests"
stop_server
serve "$fault" never
run "$WRKBOOK" run -c4 -d1s --timeout 300ms --db "$DB" "http://127.0.0.1:$port/"
is "$(sql "requests = 0 AND errors_timeout >= 4")" 1 "a server that never answers shows as timeouts"
like "$out" 'Not one of [0-9]+ requests got a whole response' "and in a sentence"
stop_server
serve "$fault" 404
run "$WRKBOOK" run -c4 -d300ms --db "$DB" "http://127.0.0.1:$port/"
is "$(sql "requests > 0 AND errors_status = requests AND errors_read = 0")" 1 \
    "404s are requests, and status errors"
stop_server
run "$WRKBOOK" run -c4 -d300ms --db "$DB" http://127.0.0.1:1/
is "$(sql "requests = 0 AND errors_connect > 0")" 1 "a closed port shows as connect errors"

# Wrong use: told what is right, nothing stored.
before=$(sqlite3 "$DB" 'SELECT count(*) FROM runs')
while IFS='|' read -r arguments message; do
    # shellcheck disable=SC2086 # several arguments
    run "$WRKBOOK" run --db "$DB" $arguments
    is "$status" 2 "refused: run $arguments"
    like "$err" "$message" "with the reason"
done <<EOF
|no URL given
http://a/ http://b/|only one URL
-c2 -t4 http://a/|fewer connections than threads
-d ten http://a/|--duration: 'ten' is no duration
-c 0 http://a/|--connections: 0 is out of range
-R -5 http://a/|--rate: '-5' is no rate
ftp://a/|only http, https and unix
-H nocolon http://a/|'nocolon' is no header
--label =x http://a/|cannot name a label
--format xml http://a/|none of text, wrk, json
-s post.lua http://a/|Lua scripts are not known yet
--io kqueue http://a/|none of auto, epoll, uring
--pipeline 4 --no-keepalive http://a/|cannot be pipelined
--latency-from due http://a/|only an open rate
--insecure http://a/|need an https URL
--cacert /nonexistent https://a/|trusted certificates '/nonexistent'
--requests-from /nonexistent http://a/|/nonexistent
http://no-such-host.invalid/|cannot find the address
EOF
is "$(sqlite3 "$DB" 'SELECT count(*) FROM runs')" "$before" "wrong use stores nothing"
run "$WRKBOOK" run --db "$T/no/such/folder.db" http://127.0.0.1:1/
is "$status" 2 "a database that cannot be made is said before any load"
like "$err" "cannot open database '.*folder.db': No such file" "with its name and the cause"

run "$WRKBOOK" doctor
like "$status" '^[01]$' "doctor ends with 0 or 1"
like "$out" '^. open files ' "and names what it looked at"

done_testing
