#!/bin/sh
# A host that becomes slow half way: the interleaved order still ranks the servers rightly, the
# grouped order blames the one that came later. The quick server needs two thirds of the slow one's
# CPU for a reply; what comes half way are hogs on the servers' core.
. tests/support/tap.sh

RUNS=4
target=$WRKBOOK_BUILD/tests/support/scripted_target

# server LABEL MS
server() {
    printf '{"labels": {"server": "%s"}, "start": ["%s", "work", "{port}", "%s"],
     "url": "http://127.0.0.1:{port}/", "stop": {"within": "2s"}, "pin": {"server": "0"}}' \
        "$1" "$target" "$2"
}

# measure ORDER: a campaign in $T/ORDER.db, with hogs from its second half on.
measure() {
    db=$T/$1.db
    printf '{"name": "drift", "order": "%s", "cooldown": "0s", "seed": 1,
  "load": {"threads": 1, "connections": 4, "duration": "400ms", "timeout": "2s", "runs": %s},
  "targets": [%s, %s]}' "$1" $RUNS "$(server slow 3)" "$(server quick 2)" >"$T/$1.json"
    "$WRKBOOK" suite "$T/$1.json" --db "$db" -q 2>"$T/err" &
    suite=$!
    while kill -0 $suite 2>/dev/null &&
        [ "$(sqlite3 "$db" 'SELECT count(*) FROM run_facts' 2>/dev/null || echo 0)" -lt $RUNS ]; do
        sleep 0.05
    done
    hogs=
    # Each in a session of its own: the kernel shares a core by sessions.
    for _ in 1 2 3 4 5 6; do
        setsid taskset -c 0 timeout 60 sh -c 'while :; do :; done' &
        hogs="$hogs $!"
    done
    wait $suite
    suite_status=$?
    for hog in $hogs; do kill "$hog"; done
    wait
    is $suite_status 0 "$1: all runs were made"
}

# first ORDER: the server of the higher median.
first() {
    "$WRKBOOK" table --db "$T/$1.db" --rows server --cell median --format tsv --sort median |
        awk -F '\t' 'NR > 1 && $2 > best { best = $2; name = $1 } END { print name }'
}

measure interleaved
is "$(first interleaved)" quick "interleaved: the quick server is first"
measure grouped
is "$(first grouped)" slow "grouped: the one that was measured before the hogs came is first"
is "$(sqlite3 "$T/interleaved.db" 'SELECT run_order FROM campaigns')$(
    sqlite3 "$T/grouped.db" 'SELECT run_order FROM campaigns')" interleavedgrouped \
    "and the order is stored, so that a reader can tell"
for order in interleaved grouped; do
    diag "$order: $(sqlite3 "$T/$order.db" "SELECT group_concat(json_extract(labels, '\$.server') || ' '
        || CAST(requests_per_s AS INTEGER), ', ') FROM (SELECT * FROM run_facts ORDER BY order_no)")"
done

done_testing
