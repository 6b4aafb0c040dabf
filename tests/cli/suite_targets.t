#!/bin/sh
# Targets that misbehave in each way, in one suite: each ends with its own clear message, the suite
# with exit status 1, every other cell is measured, and nothing is left running.
. tests/support/tap.sh

DB=$T/targets.db
cp "$WRKBOOK_BUILD/tests/support/scripted_target" "$T/"

# target MODE MS [READY]: a target that is named by its mode.
targets=
target() {
    targets="$targets${targets:+,
    }{\"labels\": {\"server\": \"$1\"}, \"start\": [\"$T/scripted_target\", \"$1\", \"{port}\", \"$2\"],
     \"url\": \"http://127.0.0.1:{port}/\", \"ready\": {\"body\": \"Hello World!\", \"within\": \"$3\"},
     \"stop\": {\"within\": \"300ms\"}}"
}
target serve 0 10s
target never 0 500ms
target deaf 0 500ms
target die-at-start 0 10s
target die-later 1500 10s
target crash 1500 10s
target daemon 0 10s
target background 0 10s
target ignore-term 0 10s
target late 700 10s
target wrong-body 0 500ms
target 500 0 500ms
targets="$targets,
    {\"labels\": {\"server\": \"missing\"}, \"start\": [\"$T/no-such-program\", \"{port}\"],
     \"url\": \"http://127.0.0.1:{port}/\"}"
cat >"$T/targets.json" <<JSON
{"name": "targets", "cooldown": "0s", "load": {"threads": 1, "connections": 4, "duration": "300ms", "runs": 1},
 "targets": [$targets]}
JSON
# What dies in its run has a run to die in.
sed -i -E '/"die-later"|"crash"/s/\{"labels"/{"load": {"duration": "20s"}, "labels"/' "$T/targets.json"

run "$WRKBOOK" suite "$T/targets.json" --db "$DB"
is "$status" 1 "a suite with runs that failed ends with 1"
is "$(sqlite3 "$DB" "SELECT group_concat(s, ' ') FROM (SELECT json_extract(labels, '\$.server') AS s
    FROM run_facts WHERE status = 'complete' AND requests > 0 ORDER BY s)")" 'daemon ignore-term late serve' \
    "every cell that can be measured is"
is "$(sqlite3 "$DB" "SELECT count(*) FROM run_facts WHERE status = 'failed'")" 9 "each other is one failed run"
is "$(pgrep -cf -- "^$T/scripted_target" || :)" 0 "and nothing is left running"

# fails MODE WORDS: why its run failed.
fails() {
    like "$(sqlite3 "$DB" "SELECT failure || ' / ' || coalesce(server_end, '') || ' / ' ||
        coalesce(server_output, '') FROM run_facts WHERE labels LIKE '%\"server\":\"$1\"%'")" "$2" "$1: $2"
    like "$err" "$2" "$1: the user is told as well"
}
fails never 'is not ready within 0\.5 s: nothing listens on its port'
fails deaf 'it listens, but does not answer'
fails die-at-start 'ended before it was ready: exit status 3'
fails wrong-body "answers with the body 'Goodbye' \(7 bytes\) instead of 'Hello World!' \(12 bytes\)"
fails 500 'answers with status 500 instead of 200'
fails background 'went into the background \(exit status 0\)'
fails missing "cannot start '.*no-such-program': No such file"
fails die-later 'exit status 9'
fails crash 'signal 6 \(Aborted\)'
like "$err" 'no such application' "the last lines of a server that died are shown"
is "$(sqlite3 "$DB" "SELECT count(*) FROM run_facts WHERE server_end IS NOT NULL AND elapsed_ns < 5e9 AND
    errors_connect < 1000")" 2 "a load of 20 s ends with its server, at once and without a storm of connects"

# stopped MODE: forced and note of its stop.
stopped() {
    sqlite3 "$DB" "SELECT forced || ' ' || note FROM server_stops AS s JOIN runs AS r USING (campaign_id, server_start)
        JOIN run_facts AS f ON f.run_id = r.run_id WHERE f.labels LIKE '%\"server\":\"$1\"%'"
}
like "$(stopped serve)" '^0 stopped by TERM to the leader in [0-9.]+ s$' "what each stop took is stored"
like "$(stopped ignore-term)" '^1 1 of its processes took KILL after TERM' "force is told from the server's own signal"
like "$(stopped daemon)" '^1 1 of its processes took TERM' "so is a daemon that left the session"
is "$(sqlite3 "$DB" "SELECT group_concat(s) FROM (SELECT json_extract(labels, '\$.server') AS s FROM findings
    JOIN run_facts USING (run_id) WHERE finding = 'hard to stop' ORDER BY s)")" daemon,ignore-term \
    "and is a finding of the runs with that server"

done_testing
