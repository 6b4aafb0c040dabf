#!/bin/sh
# Kill -9 at random moments of run, import and demo, 50 times in all. After each: wrkbook reads the
# database, SQLite finds it sound, each run in it is whole, and the next write works.
# WRKBOOK_SEED=N repeats the moments of a former try as far as a clock can.
. tests/support/tap.sh

seed=${WRKBOOK_SEED:-$(date +%s)}
diag "WRKBOOK_SEED=$seed"
state=$((seed % 2147483647))

# random N: sets $random to a number from 0 to N - 1 (Park and Miller's generator).
random() {
    state=$((state * 48271 % 2147483647))
    random=$((state % $1))
}

# pause_up_to MS: waits a random time below it; sets $paused.
pause_up_to() {
    random "$1"
    paused=$(printf '%d.%03d' $((random / 1000)) $((random % 1000)))
    sleep "$paused"
}

# What must hold of every stored run; prints the runs for which it does not.
not_whole="
SELECT r.run_id, r.requests, r.status,
       (SELECT sum(requests) FROM slices s WHERE s.run_id = r.run_id) AS sliced,
       (SELECT count FROM histograms h WHERE h.run_id = r.run_id AND kind = 'latency') AS counted
FROM runs r
WHERE r.log_id IS NULL AND (sliced IS NOT r.requests OR counted IS NOT r.requests
                            OR r.sent IS NOT r.requests + r.failed + r.in_flight)
   OR r.log_id IS NOT NULL AND (r.requests IS NULL
                                OR NOT EXISTS (SELECT 1 FROM logs l WHERE l.id = r.log_id));
SELECT 'case without run', id FROM cases WHERE id NOT IN (SELECT case_id FROM runs);
SELECT 'lost slices', run_id FROM slices WHERE run_id NOT IN (SELECT run_id FROM runs);
PRAGMA foreign_key_check;"

sql() {
    sqlite3 -cmd '.timeout 15000' "$@"
}

# sound DB: what is wrong with it, in words; nothing if it is as it must be. A database that does
# not exist yet, or has no run yet, is sound: the kill came first.
sound() {
    [ -e "$1" ] || return 0
    if ! "$WRKBOOK" summary --db "$1" >"$T/summary" 2>"$T/words"; then
        grep -Eq 'holds no case yet|nothing was stored' "$T/words" || cat "$T/words"
    fi
    sql "$1" 'PRAGMA integrity_check' 2>&1 | grep -vx ok
    sql "$1" "SELECT 1 FROM sqlite_schema WHERE name = 'runs'" | grep -q 1 || return 0
    sql "$1" "$not_whole" 2>&1
}

runs_in() {
    sql "$1" 'SELECT count(*) FROM runs' 2>/dev/null || echo 0
}

# checked NAME DB COMMAND...: one test point a kill: the database is sound, the command (the next
# write) works, and the database is sound again.
checked() {
    name=$1
    db=$2
    shift 2
    before=$(sound "$db")
    kept=$(runs_in "$db")
    run "$@"
    after=$(sound "$db")
    if [ -z "$before$after" ] && [ "$status" -eq 0 ] && [ "$(runs_in "$db")" -gt 0 ]; then
        pass "$name after $paused s: ${kept:-0} runs, all whole"
    else
        fail "$name after $paused s"
        diag "after the kill: $before"
        diag "next write: status $status, $err"
        diag "after it: $after"
    fi
}

start_demo_server
url=$(demo_url steady)
hangup=$(demo_url hangup)

# ---- run: many short ones, so that most kills come near a write ---------------------------------
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    target=$url
    [ $((i % 4)) -ne 0 ] || target=$hangup
    "$WRKBOOK" run -t1 -c10 -d20ms --slice 1ms --runs 100 --label kill=run --db "$T/run.db" "$target" \
        >"$T/out" 2>&1 &
    pid=$!
    pause_up_to 700
    kill -9 $pid
    wait $pid 2>/dev/null
    checked "run $i" "$T/run.db" \
        "$WRKBOOK" run -t1 -c2 -d20ms --label kill=next --db "$T/run.db" "$url"
done

# ---- import: 3000 logs in one call, begun anew until it comes through ---------------------------
mkdir "$T/logs"
awk -v dir="$T/logs" 'BEGIN {
    for (i = 1; i <= 3000; i++) {
        file = dir "/hello__server" i % 7 "__run" i ".log"
        printf "Running 10s test @ http://127.0.0.1:8000/\n  1 threads and 50 connections\n" > file
        printf "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n" > file
        printf "    Latency     1.%02dms  120.50us   9.81ms   91.20%%\n", i % 100 > file
        printf "    Req/Sec     9.80k   301.00    10.40k    70.00%%\n" > file
        printf "  %d requests in 10.00s, 12.50MB read\n", 90000 + i > file
        printf "Requests/sec:   %.2f\nTransfer/sec:      1.25MB\n", (90000 + i) / 10 > file
        close(file)
    }
}'
"$WRKBOOK" import --db "$T/timed.db" --label kill=import "$T/logs" >/dev/null 2>"$T/words"
is $? 0 'the import without a kill works'
is "$(runs_in "$T/timed.db")" 3000 'and stores every log'
start=$(date +%s%3N)
rm "$T/timed.db"
"$WRKBOOK" import --db "$T/timed.db" --label kill=import "$T/logs" >/dev/null 2>&1
whole_ms=$(($(date +%s%3N) - start))
diag "an import takes $whole_ms ms"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    rm -f "$T/import.db"*
    "$WRKBOOK" import --db "$T/import.db" --label kill=import "$T/logs" >"$T/out" 2>&1 &
    pid=$!
    # Every other one early, while the file is made and its journal changes.
    if [ $((i % 2)) -eq 0 ]; then pause_up_to 25; else pause_up_to "$whole_ms"; fi
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    checked "import $i" "$T/import.db" \
        "$WRKBOOK" import --db "$T/import.db" --label kill=import "$T/logs"
    [ "$(runs_in "$T/import.db")" -eq 3000 ] || fail "import $i: the next one did not complete it"
done

# ---- demo: with all it started (as a closed terminal does), or the script alone ------------------
cd "$T" || exit 2
for i in 1 2 3 4 5 6 7 8 9 10; do
    setsid "$WRKBOOK" demo --duration 60ms --runs 2 >"$T/out" 2>&1 &
    pid=$!
    pause_up_to 1500
    if [ $((i % 2)) -eq 0 ]; then
        kill -s KILL -- "-$pid" 2>/dev/null
    else
        kill -9 $pid 2>/dev/null
    fi
    wait $pid 2>/dev/null
    tries=0
    while pgrep -f "wrkbook-demo-server $pid\$" >/dev/null && [ $tries -lt 40 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
    if [ $tries -ge 40 ]; then fail "demo $i: its server outlived it"; fi
    checked "demo $i" "$T/wrkbook-demo/demo.db" \
        "$WRKBOOK" run -t1 -c2 -d20ms --label kill=next --db "$T/wrkbook-demo/demo.db" "$url"
done

done_testing
