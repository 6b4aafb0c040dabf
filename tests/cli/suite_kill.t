#!/bin/sh
# kill -9 of a suite at 20 random moments: --resume ends with exactly the planned runs, none twice,
# and the next start cleans up what the killed one left. WRKBOOK_SEED=N repeats the moments.
. tests/support/tap.sh

KILLS=20
DB=$T/killed.db
seed=${WRKBOOK_SEED:-$$}

# Servers of this test alone are found by their path.
cp "$WRKBOOK_BUILD/tests/support/responder" "$T/"
living() {
    pgrep -cf -- "^$T/responder" || :
}

cat >"$T/killed.json" <<JSON
{
  "name": "killed",
  "labels": {"benchmark": "killed"},
  "load": {"threads": 1, "connections": 2, "duration": "100ms", "timeout": "1s", "runs": 16},
  "cooldown": "0s",
  "targets": [
    {"labels": {"server": "one"}, "start": ["$T/responder", "--port", "{port}"],
     "url": "http://127.0.0.1:{port}/", "stop": {"within": "2s"}},
    {"labels": {"server": "two"}, "start": ["$T/responder", "--port", "{port}"],
     "url": "http://127.0.0.1:{port}/", "stop": {"within": "2s"}}
  ]
}
JSON

# The moments, in ms after the start.
moments=$(awk -v seed="$seed" -v n=$KILLS 'BEGIN {
    srand(seed); for (i = 0; i < n; i++) print int(50 + 2500 * rand()) }')

killed=0
stored=
resume=
for ms in $moments; do
    "$WRKBOOK" suite "$T/killed.json" --db "$DB" -q $resume >"$T/out" 2>&1 &
    pid=$!
    sleep "$(awk -v ms="$ms" 'BEGIN { print ms / 1000 }')"
    if kill -9 $pid 2>/dev/null; then killed=$((killed + 1)); fi
    wait $pid 2>/dev/null
    # Killed before its campaign was there, the call is to be made again, not resumed.
    if [ -e "$DB" ] && [ "$(sqlite3 "$DB" 'SELECT count(*) FROM campaigns' 2>/dev/null)" = 1 ]; then
        resume=--resume
        stored="$stored $(sqlite3 "$DB" 'SELECT count(*) FROM run_facts')"
    fi
done
is $killed $KILLS "the suite was killed $KILLS times (seed $seed)"
diag "runs stored after each kill:$stored"
ok "some runs were stored between the kills" test "${stored##* }" -gt 0

run "$WRKBOOK" suite "$T/killed.json" --db "$DB" -q $resume
is "$status" 0 "then it goes on to its end"
is "$(sqlite3 "$DB" "SELECT count(*) || ' ' || sum(status = 'complete') FROM run_facts")" '32 32' \
    "with exactly the planned runs"
is "$(sqlite3 "$DB" "SELECT count(*) FROM (SELECT DISTINCT labels, round FROM run_facts)")" 32 \
    "none twice"
is "$(sqlite3 "$DB" "SELECT count(*) || ' ' || (ended_at IS NOT NULL) FROM campaigns")" '1 1' \
    "as one campaign, that has ended"
is "$(sqlite3 "$DB" 'PRAGMA integrity_check')" ok "in a sound database"
is "$(living)" 0 "and no server is left running"

run "$WRKBOOK" suite "$T/killed.json" --db "$DB" --resume
is "$status" 2 "there is nothing to resume any more"
like "$err" 'no unfinished campaign' "and that is said"

done_testing
