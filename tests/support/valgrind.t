#!/bin/sh
# valgrind.t: a short import, a run, a summary, a table and an analysis under valgrind: no error, no
# lost memory. Needs programs built without sanitizers. Called by `make valgrind`.
. tests/support/tap.sh

wrapped() {
    name=$1
    program=$2
    shift 2
    run "$ROOT/tests/support/valgrind" "$WRKBOOK_BUILD/wrkbook-$program" "$@"
    is "$status" 0 "$name"
    [ "$status" -eq 0 ] || diag "$(printf '%s\n' "$err" | tail -40)"
}

: >"$T/ports"
"$WRKBOOK_BUILD/tests/support/demo_server" $$ >"$T/ports" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
until [ "$(wc -l <"$T/ports")" -eq 3 ]; do sleep 0.05; done
port=$(sed -n 's/^hangup //p' "$T/ports")

wrapped 'import of logs' runner import --db "$T/a.db" \
    --labels-from '{benchmark}/{server}__{framework}__run{run_no}.log' samples/logs/hello
wrapped 'import of CSV' runner import --db "$T/a.db" --label benchmark=art samples/article/hello.csv
wrapped 'run' runner run -t2 -c10 -d300ms --db "$T/a.db" --label benchmark=now \
    "http://127.0.0.1:$port/plain"
wrapped 'summary' report summary --db "$T/a.db"
for format in text article md csv tsv json; do
    wrapped "table as $format" report table --db "$T/a.db" --format $format
done
wrapped 'table of ranges' report table --db "$T/a.db" --cell range,p99 --split errors
wrapped 'pdf' report pdf --db "$T/a.db" -o "$T/a.pdf"
wrapped 'analyze summary' analyze summary --db "$T/a.db"
run "$ROOT/tests/support/valgrind" "$WRKBOOK_BUILD/wrkbook-report" table --db "$T/none.db"
is "$status" 2 'a missing database'

done_testing
