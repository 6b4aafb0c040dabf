#!/bin/sh
# A large database is read and summarised by all cores: the figures are those of one core, and of
# one connection that reads in order.
. tests/support/tap.sh

awk 'BEGIN {
    print "server,run_no,requests_per_s,requests,elapsed_ns,status,started_at"
    for (i = 0; i < 40000; i++)
        printf "s%d,%d,%d,%d,10000000000,%s,2018-06-05T%02d:%02d:%02dZ\n", i % 80, i / 80 + 1, 1900 + i * 7919 % 1009,
            19000 + i * 79190 % 10090, i % 97 ? "complete" : "partial", i / 3600, i / 60 % 60, i % 60
}' >"$T/runs.csv"
"$WRKBOOK" import --db "$T/r.db" "$T/runs.csv" >"$T/out" 2>&1 || cat "$T/out" >&2
is "$(sqlite3 "$T/r.db" 'SELECT count(*), max(run_id) - min(run_id) FROM runs')" '40000|39999' 'many, without a gap'

run "$WRKBOOK" analyze summary --db "$T/r.db"
is "$status" 0 'done'
cp "$T/.out" "$T/all.json"
is "$(jq '[.cases[].runs] | add' "$T/all.json")" 40000 'every run is there'
run taskset -c "$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')" "$WRKBOOK" analyze summary --db "$T/r.db"
is "$(cmp "$T/.out" "$T/all.json" && echo same)" same 'one core says the same'
run "$WRKBOOK" analyze summary --db "$T/r.db" --where status=complete,partial
is "$(cmp "$T/.out" "$T/all.json" && echo same)" same 'and so does one connection in order'

# A gap: run 20000 is gone, and the others are still where they were.
sqlite3 "$T/r.db" 'DELETE FROM runs WHERE run_id = (SELECT min(run_id) + 20000 FROM runs)'
run "$WRKBOOK" analyze summary --db "$T/r.db"
is "$(jq '[.cases[].runs] | add' "$T/.out")" 39999 'a file with a gap is read whole'
run "$WRKBOOK" analyze summary --db "$T/r.db" --where status=complete,partial
cp "$T/.out" "$T/ordered.json"
run "$WRKBOOK" analyze summary --db "$T/r.db"
is "$(cmp "$T/.out" "$T/ordered.json" && echo same)" same 'and as one connection reads it'
done_testing
