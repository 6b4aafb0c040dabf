#!/bin/sh
# `wrkbook suite`: the matrix runs whole, a wrong file is refused, Ctrl-C stores.
# Bad targets: suite_targets.t; options: suite_options.t; killed ones: suite_kill.t.
. tests/support/tap.sh

support=$WRKBOOK_BUILD/tests/support
DB=$T/suite.db

# suite NAME TARGETS REST: writes $T/NAME.json with short runs.
suite() {
    cat >"$T/$1.json" <<EOF
{
  "name": "$1",
  "labels": {"benchmark": "$1"},
  "load": {"threads": 1, "connections": 4, "duration": "300ms", "timeout": "1s", "runs": 2},
  "cooldown": "0s",
  "targets": [$2]$3
}
EOF
}

# responder LABEL ARG...: a target that answers at once.
responder() {
    label=$1
    shift
    extra=
    for word in "$@"; do extra="$extra, \"$word\""; done
    printf '{"labels": {"server": "%s"}, "start": ["%s", "--port", "{port}"%s],
      "url": "http://127.0.0.1:{port}/", "stop": {"within": "2s"}}' \
        "$label" "$support/responder" "$extra"
}

# count CONDITION: of stored runs.
count() {
    sqlite3 "$DB" "SELECT count(*) FROM run_facts WHERE $1"
}

suite whole "$(responder a), $(responder b --body-size 2000)" ',
  "matrix": {"framework": ["x", "y"]},
  "skip": [{"server": "b", "framework": "y", "because": "does not exist"}]'
run "$WRKBOOK" suite "$T/whole.json" --dry-run --db "$DB"
is "$status" 0 "--dry-run is content"
ok "--dry-run stores nothing" test ! -e "$DB"
like "$out" 'framework' "and shows the plan"

run "$WRKBOOK" suite "$T/whole.json" --db "$DB"
is "$status" 0 "a whole matrix runs"
is "$(count "status = 'complete' AND requests > 0")" 6 "3 cells x 2 runs are stored"
is "$(sqlite3 "$DB" "SELECT group_concat(n) FROM (SELECT count(DISTINCT round) AS n FROM run_facts
    GROUP BY labels)")" 2,2,2 "each cell has each round"
is "$(sqlite3 "$DB" "SELECT count(*) FROM (SELECT round, row_number() OVER (ORDER BY order_no) AS n
    FROM run_facts) WHERE round <> (n + 2) / 3")" 0 "interleaved: every cell once, then again"
is "$(sqlite3 "$DB" "SELECT state || ' ' || because FROM published")" "n/a does not exist" \
    "a skip is a declared n/a"
is "$(sqlite3 "$DB" "SELECT kind || ' ' || planned_runs || ' ' || (ended_at IS NOT NULL) || ' ' ||
    (suite LIKE '%\"whole\"%') FROM campaigns")" "suite 6 1 1" "the campaign keeps its suite"
is "$(sqlite3 "$DB" "SELECT count(*) FROM probes WHERE reused = 1 AND framing = 'length'
    AND status = 200")" 12 "two probes a run saw the connection reused"
is "$(count "server_command LIKE '%responder%' AND server_ready_ns > 0 AND server_cpu_ns > 0")" 6 \
    "each run knows its server"
run "$WRKBOOK" table --db "$DB" --format article
like "$out" '^b +[0-9.]+[kM] +n/a$' "the table, in the file's order, shows the skipped pair as n/a"
run "$WRKBOOK" findings --db "$DB" --where server=a
unlike "$out" 'closed' "a healthy server is not accused"

# Ctrl-C stores, stops the server, says how to go on.
suite stopped "$(responder s1)"
timeout -s INT 2 "$WRKBOOK" suite "$T/stopped.json" --db "$DB" --duration 20s 2>"$T/err" </dev/null
like "$(cat "$T/err")" 'go on with: wrkbook suite .* --resume' "Ctrl-C says how to go on"
is "$(count "labels LIKE '%stopped%' AND status = 'partial'")" 1 "and stores what was measured"
is "$(pgrep -cf -- "$support/responder --port" || :)" 0 "and stops the server"

# The same cell by wrk.
suite bywrk "$(responder w)" 
sed -i 's/"runs": 2/"runs": 1, "engine": "wrk"/; s/300ms/1s/' "$T/bywrk.json"
run "$WRKBOOK" suite "$T/bywrk.json" --db "$DB"
is "$status $(count "labels LIKE '%bywrk%' AND tool = 'wrk' AND requests > 0 AND
    (SELECT log_id FROM runs r WHERE r.run_id = run_facts.run_id) > 0")" "0 1" \
    "\"engine\": \"wrk\" runs wrk and keeps its text"

# Bad files are refused before anything starts.
sed 's/"connections"/"conections"/' "$T/whole.json" >"$T/bad.json"
run "$WRKBOOK" suite "$T/bad.json" --db "$DB"
is "$status" 2 "an unknown key is refused"
like "$err" 'bad\.json:4:[0-9]+: .*conections.*connections' "with its place and the nearest word"

done_testing
