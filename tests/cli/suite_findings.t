#!/bin/sh
# Each signature that can be provoked on one host gets its finding, from real runs of a suite, and
# no other. Not asked for: what the host does beside the runs (foreign cpu, stolen cpu), and what a
# load of these small servers says of the host (idle cores, client saturated), since both depend on
# who else is at work here.
. tests/support/tap.sh

HOST="'foreign cpu', 'stolen cpu', 'idle cores', 'client saturated'"
support=$WRKBOOK_BUILD/tests/support
DB=$T/findings.db

# target NAME LOAD READY COMMAND ARG...: appends a target to $targets. `@` is the port.
targets=
drain=1s
target() {
    name=$1 load=$2 ready=$3
    shift 3
    argv=
    for word in "$@"; do
        [ "$word" != @ ] || word='{port}'
        argv="$argv${argv:+, }\"$word\""
    done
    targets="$targets${targets:+,
    }{\"labels\": {\"server\": \"$name\"}, \"start\": [$argv], \"url\": \"http://127.0.0.1:{port}/\",
     \"load\": {$load}, \"ready\": {$ready}, \"stop\": {\"within\": \"1s\"}, \"drain\": {\"within\": \"$drain\"},
     \"isolate\": \"$isolate\"}"
}
fault() { # BEHAVIOUR LOAD READY ARG...
    behaviour=$1 load=$2 ready=$3
    shift 3
    target "$behaviour" "$load" "$ready" "$support/faultserver" "$behaviour" --port @ "$@"
}
scripted() { # MODE LOAD [MS]
    target "$1" "$2" '"within": "10s"' "$support/scripted_target" "$1" @ "${3-0}"
}

# play NAME SETTINGS: runs what was gathered, once each.
play() {
    printf '{"name": "%s", "labels": {"benchmark": "%s"}, %s "cooldown": "0s", "order": "grouped",
  "load": {"threads": 1, "connections": 8, "duration": "500ms", "timeout": "2s", "runs": 1},
  "targets": [%s]}\n' "$1" "$1" "$2" "$targets" >"$T/$1.json"
    targets=
    run "$WRKBOOK" suite "$T/$1.json" --db "$DB" -q
}

# finds SERVER FINDING: its run has that finding alone; FINDING '' is none.
finds() {
    got=$(sqlite3 "$DB" "SELECT group_concat(finding, ', ') FROM (SELECT DISTINCT finding FROM findings
        WHERE run_id IN (SELECT run_id FROM run_facts WHERE labels LIKE '%\"server\":\"$1\"%')
        AND finding NOT IN ($HOST) ORDER BY finding)")
    is "$got" "$2" "$1: ${2:-nothing}"
    [ "$got" = "$2" ] || diag "$(sqlite3 "$DB" "SELECT finding, sentence FROM findings WHERE run_id IN
        (SELECT run_id FROM run_facts WHERE labels LIKE '%\"server\":\"$1\"%')")"
}

# A network of its own gives exact counters of the kernel; without the right to it, the host's own.
isolate=net
unshare -n true 2>/dev/null || isolate=none

fault keepalive '' ''
fault close '' ''
fault silent-close '' ''
fault eof '' ''
fault 404 '' '"status": 404'
fault half '' '"within": "10s"'
fault stall '"duration": "5s", "timeout": "1200ms"' '' --ms 2000
scripted narrow '"connections": 24, "duration": "5s"' 10
scripted few-files '"connections": 32'
scripted slow '"timeout": "5s"' 1500
scripted worker-dies '"duration": "1s"'
scripted worker-timeout '"duration": "1s"'
scripted recycle '"duration": "1s"'
scripted die-later '"duration": "20s"' 2500
target never '' '"within": "1s"' "$support/scripted_target" never @
play causes ''
finds keepalive ''
finds close ''
finds silent-close 'silent close'
finds eof 'replies end by close'
finds 404 'error replies'
finds half 'starved connections'
finds stall 'server stalled'
finds narrow 'listen queue overflow'
finds few-files 'server out of files'
finds slow 'nothing served'
finds worker-dies 'worker died'
finds worker-timeout 'worker killed by timeout'
finds recycle 'workers recycled'
finds die-later 'server died'
finds never 'not begun'

# What one run leaves in the queue of the next: found where nobody waits for it, gone with a drain.
work='"runs": 2, "duration": "300ms"'
scripted works-on "$work" 10
play carry '"restart": "never",'
is "$(sqlite3 "$DB" "SELECT group_concat(run_no) FROM run_facts WHERE labels LIKE '%works-on%' AND run_id IN
    (SELECT run_id FROM findings WHERE finding = 'carry-over')")" 2 \
    "restart never: the second run was begun on the first one's work, and the first on nobody's"
drain=20s
target drained "$work" '' "$support/scripted_target" works-on @ 2
play drain '"restart": "drain",'
finds drained ''
is "$(sqlite3 "$DB" "SELECT count(*) || ' ' || min(drained) || ' ' || (min(drain_ns) > 0) FROM run_facts
    WHERE labels LIKE '%drained%'")" '2 1 1' "and the time of the drain is stored"

# The client's own limit of files.
fault keepalive '"connections": 100' ''
(
    # shellcheck disable=SC3045 # the sh of Debian and those of others have it
    ulimit -n 80
    play files ''
)
got=$(sqlite3 "$DB" "SELECT group_concat(DISTINCT finding) FROM findings
    JOIN run_facts USING (run_id) WHERE labels LIKE '%\"files\"%' AND finding NOT IN ($HOST)")
is "$got" 'client out of files' "a client with 80 files for 100 connections is told so"

done_testing
