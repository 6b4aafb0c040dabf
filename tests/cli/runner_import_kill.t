#!/bin/sh
# wrkbook import, ended at any moment: the database opens, each run in it is whole, and the next
# import brings the rest. KILLS=50 for a long trial.
. tests/support/tap.sh

runner=$WRKBOOK_BUILD/wrkbook-runner
files=1500
template='{benchmark}/{server}__{framework}__run{run_no}.log'
tests/data/make_wrk_logs "$T/logs" $files
db=$T/a.db

# begin: starts an import in the background and waits until it has made the database.
begin() {
    "$runner" import --db "$db" --labels-from "$template" "$T/logs" 2>"$T/words" &
    pid=$!
    n=0
    while [ ! -e "$db" ] && [ $n -lt 500 ]; do
        n=$((n + 1))
        sleep 0.01
    done
}

# whole: the database is sound, and every log has its one run and every run its log. Killed before
# its first transaction it is an empty one.
whole() {
    if [ "$(sqlite3 "$db" 'SELECT count(*) FROM sqlite_master')" = 0 ]; then
        printf 'ok 0 0 0 '
        return
    fi
    sqlite3 "$db" "PRAGMA integrity_check;
        SELECT count(*) FROM logs WHERE id NOT IN (SELECT log_id FROM runs);
        SELECT count(*) FROM runs WHERE requests IS NULL OR requests_per_s IS NULL
            OR log_id NOT IN (SELECT id FROM logs);
        SELECT count(*) - count(DISTINCT log_id) FROM runs" | tr '\n' ' '
}

bad=
i=0
while [ $i -lt "${KILLS:-12}" ]; do
    i=$((i + 1))
    rm -f "$db" "$db"-*
    begin
    sleep "0.$(printf '%03d' $((i * 37 % 300)))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ "$(whole)" = 'ok 0 0 0 ' ] || bad="$bad $i:$(whole)"
done
is "$bad" '' "killed ${KILLS:-12} times: sound, and each stored run whole"

stored=$(sqlite3 "$db" 'SELECT count(*) FROM runs')
run "$runner" import --db "$db" --labels-from "$template" "$T/logs"
is "$status" 0 'the next import succeeds'
is "$(sqlite3 "$db" 'SELECT count(*) FROM runs')" $files "... and brings the rest of $stored"
is "$(whole)" 'ok 0 0 0 ' '... whole'

# ---- one long text: all of it or nothing

find "$T/logs" -type f -exec cat {} + >"$T/once.log"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do cat "$T/once.log"; done >"$T/long.log"
long=$((16 * files))

bad=
seen=
i=0
while [ $i -lt "${KILLS:-12}" ]; do
    i=$((i + 1))
    rm -f "$db" "$db"-*
    "$runner" import --db "$db" "$T/long.log" 2>"$T/words" &
    pid=$!
    n=0
    while [ ! -e "$db" ] && [ $n -lt 500 ]; do
        n=$((n + 1))
        sleep 0.01
    done
    sleep "0.$(printf '%03d' $((i * 61 % 500)))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    if [ "$(sqlite3 "$db" 'SELECT count(*) FROM sqlite_master')" = 0 ]; then continue; fi
    state=$(sqlite3 "$db" 'PRAGMA integrity_check; SELECT count(*) FROM runs;
        SELECT count(*) FROM logs; SELECT sum(bytes) FROM log_parts; SELECT count(*) FROM campaigns' |
        tr '\n' ' ')
    seen="$seen $(echo "$state" | cut -d ' ' -f 2)"
    case $state in
    'ok 0 0  0 ' | "ok $long 1 $(wc -c <"$T/long.log") 1 ") ;;
    *) bad="$bad $i:$state" ;;
    esac
done
is "$bad" '' "a long text killed ${KILLS:-12} times: all of it or no trace of it"
diag "runs found:$seen"
run "$runner" import --db "$db" "$T/long.log"
is "$status $(sqlite3 "$db" 'SELECT count(*) FROM runs; SELECT count(*) FROM logs' | tr '\n' ' ')" \
    "0 $long 1 " '... and the next import brings it'

# Ctrl-C: what was read is stored, and the status says which signal.
rm -f "$db" "$db"-*
tests/data/make_wrk_logs "$T/many" 8000
# A shell ignores SIGINT in what it starts in the background; env gives it its meaning back.
if env --default-signal=INT true 2>/dev/null; then
    env --default-signal=INT "$runner" import --db "$db" "$T/many" 2>"$T/words" &
    pid=$!
    sleep 0.1
    kill -INT $pid
    wait $pid
    status=$?
    is $status 130 'Ctrl-C ends with 130'
    like "$(cat "$T/words")" 'stopped by a signal; what was read until then is stored' '... says so'
    is "$(sqlite3 "$db" 'SELECT count(*) FROM runs')" \
        "$(sed -n 's/.*files*: \([0-9]*\) runs*,.*/\1/p' "$T/words")" '... and all it counted is there'
    is "$(whole)" 'ok 0 0 0 ' '... whole'
else
    skip 'no env --default-signal' 'Ctrl-C'
fi

done_testing
