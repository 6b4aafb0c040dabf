#!/bin/sh
# import_bench.sh [N]: how fast N logs (10000) are imported, beside the time that the sqlite3 shell
# takes to .import the same figures from one CSV file: both write a fresh database. The ratio is
# the figure to watch; the rest depends on the host.
set -eu
n=${1:-10000}
here=$(dirname "$0")
runner=${WRKBOOK_BUILD:-build}/wrkbook-runner
t=$(mktemp -d "${TMPDIR:-/tmp}/wrkbook-bench.XXXXXX")
trap 'rm -rf "$t"' EXIT
template='{benchmark}/{server}__{framework}__run{run_no}.log'

# seconds COMMAND...: the best of three, each from a fresh database.
seconds() {
    best=
    for _ in 1 2 3; do
        rm -f "$t"/out.db*
        begun=$(date +%s%N)
        "$@" >/dev/null 2>"$t/err"
        took=$((($(date +%s%N) - begun) / 1000))
        if [ -z "$best" ] || [ $took -lt "$best" ]; then best=$took; fi
    done
    awk -v us="$best" 'BEGIN { printf "%.3f", us / 1000000 }'
}

"$here/../data/make_wrk_logs" "$t/logs" "$n"
bytes=$(find "$t/logs" -type f -exec cat {} + | wc -c)
ours=$(seconds "$runner" import --db "$t/out.db" --labels-from "$template" "$t/logs")
runs=$(sqlite3 "$t/out.db" 'SELECT count(*) FROM runs')
[ "$runs" -eq "$n" ] || { echo "import_bench: $runs runs of $n" >&2; cat "$t/err" >&2; exit 1; }

# The same figures as text: all columns of the runs, and the labels of their cases.
sqlite3 -csv -header "$t/out.db" \
    'SELECT labels, runs.* FROM runs JOIN cases ON case_id = cases.id ORDER BY run_id' >"$t/runs.csv"
printf '.mode csv\n.import %s runs\n' "$t/runs.csv" >"$t/script"
theirs=$(seconds sqlite3 -init "$t/script" "$t/out.db" '')

awk -v n="$n" -v bytes="$bytes" -v ours="$ours" -v theirs="$theirs" 'BEGIN {
    printf "import: %d logs, %.1f MB in %.2f s: %.1f MB/s, %.0f runs/s\n", n, bytes / 1e6, ours,
        bytes / 1e6 / ours, n / ours
    printf "sqlite3 .import of the same figures: %.2f s; import takes %.2f times as long\n", theirs,
        ours / theirs
}'
