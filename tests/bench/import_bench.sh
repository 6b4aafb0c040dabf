#!/bin/sh
# import_bench.sh: how fast wrk logs are imported, IMPORT_MB (20) of them in files of about 10 kB and
# in one file, beside a user's own script (import_by_script.py) on the same logs, and beside the
# sqlite3 shell that .imports the same figures from one CSV file. Each writes a fresh database; of
# IMPORT_ROUNDS (3), taken in turns, the fastest counts. The ratios are the figures to watch; the
# rest depends on the host. IMPORT_MB=1000 IMPORT_ROUNDS=1 takes a quarter of an hour. What SQLite
# takes to write the rows bounds the ratio to the script: its own .import is 3 to 4 times as fast as
# the script on one file, and import, which keeps the texts as well, is about as fast as .import.
set -eu
mb=${IMPORT_MB:-20}
rounds=${IMPORT_ROUNDS:-3}
here=$(dirname "$0")
runner=${WRKBOOK_BUILD:-build}/wrkbook-runner
t=$(mktemp -d "${TMPDIR:-/tmp}/wrkbook-bench.XXXXXX")
trap 'rm -rf "$t"' EXIT

# timed NAME COMMAND...: adds a line "NAME seconds peak-kB" to the results.
timed() {
    name=$1
    shift
    rm -f "$t"/out.db*
    python3 - "$@" >"$t/took" 2>"$t/err" <<'END'
import resource, subprocess, sys, time
begun = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
    echo "$name $(cat "$t/took")" >>"$t/results"
}

files=$((mb * 100))
"$here/../data/make_wrk_logs" "$t/logs" $files 24
find "$t/logs" -type f -exec cat {} + >"$t/one.log"
bytes=$(wc -c <"$t/one.log")
wanted=$((files * 24))

# The same figures as text: all columns of the runs, and the labels of their cases.
"$runner" import --db "$t/out.db" "$t/one.log" 2>"$t/err"
runs=$(sqlite3 "$t/out.db" 'SELECT count(*) FROM runs')
[ "$runs" -eq $wanted ] || { echo "import_bench: $runs runs of $wanted" >&2; cat "$t/err" >&2; exit 1; }
sqlite3 -csv -header "$t/out.db" \
    'SELECT labels, runs.* FROM runs JOIN cases ON case_id = cases.id ORDER BY run_id' >"$t/runs.csv"
printf '.mode csv\n.import %s runs\n' "$t/runs.csv" >"$t/script"

round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    timed files "$runner" import --db "$t/out.db" \
        --labels-from '{benchmark}/{server}__{framework}__run{_}.log' "$t/logs"
    timed one "$runner" import --db "$t/out.db" "$t/one.log"
    timed shell sqlite3 -init "$t/script" "$t/out.db" ''
    timed script-one python3 "$here/import_by_script.py" "$t/out.db" "$t/one.log"
    timed script-files python3 "$here/import_by_script.py" "$t/out.db" "$t/logs"
done

awk -v bytes="$bytes" -v files=$files -v runs=$wanted '
!($1 in best) || $2 < best[$1] { best[$1] = $2 }
$3 > peak[$1] { peak[$1] = $3 }
function show(what, name) {
    printf "%s: %.1f MB, %d runs in %.2f s: %.1f MB/s, %.0f runs/s, at most %.0f MB of memory\n", what,
        bytes / 1e6, runs, best[name], bytes / 1e6 / best[name], runs / best[name], peak[name] / 1000
    printf "  a script of Python, re and sqlite3: %.2f s, %.1f times as long\n", best["script-" name],
        best["script-" name] / best[name]
    printf "  sqlite3 .import of the same figures: %.2f s; import takes %.2f times as long\n",
        best["shell"], best[name] / best["shell"]
}
END {
    show(sprintf("%d files", files), "files")
    show("one file", "one")
}' "$t/results"
