#!/bin/sh
# What a suite may ask for beyond its matrix: only some cells, runs until the interval is narrow, the
# canary, a network namespace of the run's own.
. tests/support/tap.sh

support=$WRKBOOK_BUILD/tests/support
DB=$T/options.db

# suite NAME LOAD SETTINGS TARGET_SETTINGS: writes $T/NAME.json: servers a and b, as matrix.
suite() {
    cat >"$T/$1.json" <<JSON
{"name": "$1", "labels": {"benchmark": "$1"}, "cooldown": "0s", $3
 "load": {"threads": 1, "connections": 8, "duration": "200ms", "timeout": "1s", $2},
 "matrix": {"server": ["a", "b"]},
 "targets": [{"start": ["$support/scripted_target", "limits", "{port}"],
   "url": "http://127.0.0.1:{port}/", $4 "stop": {"within": "2s"}}]}
JSON
}
# ask NAME EXPRESSION: of the runs of a benchmark.
ask() {
    sqlite3 "$DB" "SELECT $2 FROM run_facts WHERE labels LIKE '%\"benchmark\":\"$1\"%'"
}

# A cell's median of six runs at a fixed rate is known; rates that nothing fixes never agree so well.
suite narrow '"rate": 400, "runs": {"min": 3, "max": 9, "until_ci": "20%"}' '"order": "grouped",' ''
run timeout -s KILL 4 "$WRKBOOK" suite "$T/narrow.json" --db "$DB" --seed 1
before=$(ask narrow 'count(*)')
ok "a suite with until_ci was killed on its way ($before runs)" test "$before" -gt 0 -a "$before" -lt 12
run "$WRKBOOK" suite "$T/narrow.json" --db "$DB" --seed 1 --resume
is "$status" 0 "--resume ends it"
is "$(ask narrow "count(*) || ' ' || sum(labels LIKE '%\"a\"%') || ' ' || max(round)")" '12 6 6' \
    "runs until the median's interval is narrow: six are the fewest that have one, those before the kill among them"
suite wide '"runs": {"min": 2, "max": 4, "until_ci": "0.01%"}' '"order": "grouped",' ''
run "$WRKBOOK" suite "$T/wide.json" --db "$DB"
is "$(ask wide "count(*) || ' ' || max(round)")" '8 4' "or until the most runs that are wanted"

# A comparison's list of cells to repeat.
suite listed '"runs": 1' '' ''
printf '{"document": "wrkbook/compare", "repeat": [{"server": "b"}]}\n' >"$T/repeat.json"
run "$WRKBOOK" suite "$T/listed.json" --db "$DB" --cells "$T/repeat.json"
is "$status $(ask listed "group_concat(json_extract(labels, '\$.server'))")" '0 b' "--cells runs those alone"
printf '[{"server": "c"}]\n' >"$T/none.json"
run "$WRKBOOK" suite "$T/listed.json" --db "$DB" --cells "$T/none.json"
is "$status" 2 "--cells without a cell of the suite is refused"
like "$err" "none of the 1 cells in '.*none\.json' is in this suite" "and says so"

suite seen '"runs": 2' '' ''
run "$WRKBOOK" suite "$T/seen.json" --db "$DB" --canary
is "$(ask seen "count(*) || ' ' || (min(canary_per_s) > 100)")" '4 1' "--canary stores the host's own speed beside each run"
is "$(ask listed 'count(canary_per_s)')" 0 "which is not measured unasked"

# Exact counters: nobody else connects in the run's own network.
if unshare -n true 2>/dev/null; then
    suite alone '"runs": 1' '' '"isolate": "net", "somaxconn": 77, "ready": {"body": "77"},'
    run "$WRKBOOK" suite "$T/alone.json" --db "$DB"
    is "$status $(ask alone "count(*) || ' ' || sum(status = 'complete')")" '0 2 2' \
        "isolated: the server sees the suite's somaxconn"
    is "$(sqlite3 "$DB" "SELECT count(*) FROM counters AS p JOIN counters AS a USING (run_id)
        JOIN run_facts USING (run_id) WHERE labels LIKE '%alone%' AND p.name = 'PassiveOpens' AND a.name = 'ActiveOpens'
        AND p.value = a.value AND p.value = connections_opened")" 2 \
        "and the kernel counted as many connects taken as made, those of the run"
else
    skip "no right to a network namespace" "isolated runs"
fi

done_testing
