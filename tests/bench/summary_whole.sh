#!/bin/sh
# The whole of `analyze summary`, from the file to the figures, on a database of BENCH_RUNS runs
# (200000) in BENCH_RUNS / 100 cases: beside the sqlite3 shell that only reads the same columns,
# beside pandas (with SciPy) that computes the same figures, and beside pandas that computes a
# sixth of them: centre, spread, outliers, errors. Wall time, in turn, BENCH_TRIES times (3); the
# last line says how far the figures of both are apart.
set -eu
runs=${BENCH_RUNS:-200000}
tries=${BENCH_TRIES:-3}
cases=$((runs / 100))
work=${TMPDIR:-/tmp}
here=$(pwd)
db=$work/summary.db
columns='case_id, run_id, campaign_id, run_no, tool, elapsed_ns, elapsed_ns_half, started_at, status, requests,
requests_per_s, requests_per_s_half, window_ns, windows, window_min, window_max, errors_connect, errors_read,
errors_write, errors_timeout, errors_status, latency_mean_ns, latency_mean_ns_half, latency_stdev_ns,
latency_stdev_ns_half, latency_max_ns, latency_max_ns_half, latency_p50_ns, latency_p50_ns_half, latency_p75_ns,
latency_p75_ns_half, latency_p90_ns, latency_p90_ns_half, latency_p99_ns, latency_p99_ns_half, latency_p999_ns,
latency_p999_ns_half, latency_min_ns, latency_min_ns_half, latency_p95_ns, latency_p95_ns_half, latency_kind, log_id, server_start, started_from, printed_mismatch'

# A first run by the program itself, so that the file is what it makes; the others beside it by SQL.
printf 'server,run_no,requests_per_s,requests,elapsed_ns,status\nfirst,1,19000,190000,10000000000,complete\n' \
    >"$work/first.csv"
"$here/wrkbook" import --db "$db" "$work/first.csv" 2>/dev/null
sqlite3 "$db" >/dev/null <<SQL
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(v) AS (SELECT 0 UNION ALL SELECT v + 1 FROM n WHERE v < $runs - 1)
SELECT v FROM n;
INSERT INTO cases (id, labels)
SELECT 1000 + v, '{"framework":"f' || (v % 100) || '","server":"s' || (v / 100) || '"}' FROM n WHERE v < $cases;
INSERT INTO case_labels SELECT id, 'framework', 'f' || ((id - 1000) % 100) FROM cases WHERE id >= 1000;
INSERT INTO case_labels SELECT id, 'server', 's' || ((id - 1000) / 100) FROM cases WHERE id >= 1000;
INSERT INTO runs (run_uuid, campaign_id, case_id, run_no, tool, threads, connections, timeout_ns, asked_duration_ns,
  elapsed_ns, started_at, status, requests, bytes, requests_per_s, errors_connect, errors_read, errors_write,
  errors_timeout, errors_status, latency_mean_ns, latency_stdev_ns, latency_max_ns, latency_p50_ns, latency_p99_ns,
  latency_kind)
SELECT printf('%032x', v), 1, 1000 + v % $cases, v / $cases + 1, 'wrkbook', 1, 200, 2000000000, 10000000000,
  10000000000, strftime('%Y-%m-%dT%H:%M:%SZ', 1500000000 + 11 * v, 'unixepoch'), 'complete', r, r * 160, r / 10.0,
  0, 0, 0, v % 997 = 0, 0, 10000000, 2000000, 90000000, 9000000, 30000000, 'raw'
FROM (SELECT v, 190000 + (v * 2654435761 % 1000003) * 6000 / 1000003 + (v * 40503 % 65521) * 6000 / 65521 AS r
      FROM n);
COMMIT;
SQL

# pandas of PyPI, in an environment that is kept between runs.
venv=${BENCH_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/wrkbook-bench/pandas}
if [ ! -x "$venv/bin/python3" ] || ! "$venv/bin/python3" -c 'import pandas, scipy' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check 'numpy==1.26.4' 'pandas==2.2.3' 'scipy==1.13.1'
fi

# timed NAME COMMAND...: wall time in s and peak memory in KiB, a line each.
timed() {
    name=$1
    shift
    python3 - "$work/$name" "$@" <<'PYTHON'
import resource, subprocess, sys, time
begin = time.monotonic()
with open(sys.argv[1] + ".out", "wb") as out:
    subprocess.run(sys.argv[2:], stdout=out, check=True)
with open(sys.argv[1], "a") as log:
    log.write(f"{time.monotonic() - begin:.3f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\n")
PYTHON
}

try=0
while [ $try -lt "$tries" ]; do
    timed ours "$WRKBOOK_BUILD/wrkbook-analyze" summary --db "$db" --format tsv
    timed shell sqlite3 "$db" "SELECT $columns FROM runs"
    timed pandas "$venv/bin/python3" tests/bench/summary_by_pandas.py "$db"
    timed centre "$venv/bin/python3" tests/bench/summary_by_pandas.py "$db" centre
    try=$((try + 1))
done

median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
memory() { awk '$2 > most { most = $2 } END { printf "%.0f", most / 1024 }' "$work/$1"; }
ours=$(median ours) shell=$(median shell) pandas=$(median pandas) centre=$(median centre)
printf 'analyze summary of %s runs in %s cases, %s cores: %s s, %s MiB\n' \
    "$runs" "$cases" "$(nproc)" "$ours" "$(memory ours)"
awk -v o="$ours" -v s="$shell" -v p="$pandas" -v c="$centre" -v sm="$(memory shell)" -v pm="$(memory pandas)" \
    -v cm="$(memory centre)" 'BEGIN {
    printf "  sqlite3 shell, those columns alone: %.2f s, %d MiB: ours / shell %.2f (wanted: at most 2)\n", s, sm, o / s
    printf "  pandas, the same figures:           %.2f s, %d MiB: pandas / ours %.2f (wanted: at least 5)\n", p, pm, p / o
    printf "  pandas, a sixth of the figures:     %.2f s, %d MiB: pandas / ours %.2f\n", c, cm, c / o
}'
awk -F '\t' '
    FNR == 1 { file++ }
    file == 1 && FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i }
    file == 1 && FNR > 1 && $2 != "" { for (i = 3; i <= NF; i++) sum[name[i]] += $i }
    file == 2 {
        split($0, said, " ")
        key = said[1] in sum ? said[1] : said[1] "_per_s"
        if (!(key in sum))
            next
        off = sum[key] - said[2]
        off = (off < 0 ? -off : off) / (said[2] == 0 ? 1 : said[2] < 0 ? -said[2] : said[2])
        compared++
        if (off > most) { most = off; worst = key }
    }
    END { printf "  sums over all cases of %d figures, pandas against ours: at most %.1e apart (%s)\n", compared, most, worst }
' "$work/ours.out" "$work/pandas.out"
