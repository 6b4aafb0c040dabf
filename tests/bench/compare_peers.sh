#!/bin/sh
# compare_bench beside SciPy and benchstat, on the same figures: 10 000 cases x 50 runs a side. SciPy is
# timed on some of the cases and scaled, for all of them take minutes; benchstat makes them all, from its
# own text format, without an interval of the ratio.
set -eu
work=${TMPDIR:-/tmp}
cases=10000
few=200
fewer=10

cache=${XDG_CACHE_HOME:-$HOME/.cache}/wrkbook-bench
venv=${BENCH_SCIPY:-$cache/scipy}
if [ ! -x "$venv/bin/python3" ] || ! "$venv/bin/python3" -c 'import scipy' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check 'numpy==1.26.4' 'scipy==1.14.1'
fi
benchstat=${BENCH_BENCHSTAT:-$cache/bin/benchstat}
if [ ! -x "$benchstat" ] && ! command -v go >/dev/null; then
    echo 'benchstat is not tried: building it takes go (1.26 or later)'
    benchstat=
elif [ ! -x "$benchstat" ]; then
    GOBIN=$cache/bin go install golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
fi

"$WRKBOOK_BUILD/tests/bench/compare_bench" --write "$work"
"$WRKBOOK_BUILD/tests/bench/compare_bench" >"$work/ours"
sed -n 2,3p "$work/ours"
plain=$(sed -n 's/^ *test, ratio.*: *\([0-9.]*\) s.*/\1/p' "$work/ours")
bootstrap=$(sed -n 's/^ *with 10 000.*: *\([0-9.]*\) s.*/\1/p' "$work/ours")

"$venv/bin/python3" tests/bench/compare_by_scipy.py "$work/values.csv" $few $fewer >"$work/scipy"
awk -v p="$plain" -v b="$bootstrap" -v n=$cases -v few=$few -v fewer=$fewer '{
    test = $1 / few * n; boot = test + $2 / fewer * n
    printf "SciPy: %.0f s, scaled from %d cases: %.0f times ours (wanted: at least 20)\n", test, few, test / p
    printf "  with the bootstrap: %.0f s, scaled from %d cases: %.0f times ours\n", boot, fewer, boot / b
}' "$work/scipy"

[ -n "$benchstat" ] || exit 0
begin=$(date +%s.%N)
"$benchstat" -filter '.unit:requests/s' "$work/a.txt" "$work/b.txt" >"$work/benchstat.txt" 2>/dev/null
end=$(date +%s.%N)
"$WRKBOOK_BUILD/wrkbook-analyze" calc compare "$work/values.csv" >"$work/calc.json"
last=$(date +%s.%N)
awk -v b="$begin" -v e="$end" -v l="$last" -v p="$plain" 'BEGIN {
    printf "benchstat: %.1f s, its text read besides: %.0f times ours (wanted: at least 10)\n", e - b, (e - b) / p
    printf "  analyze calc compare, CSV read and bootstrap besides: %.1f s\n", l - e
}'
# the same "~": benchstat tests at 0.05 without a correction for so many cases, as our p does
awk '$1 ~ /^Case/ { if (/~/) same++; else other++ } END { print same + 0, other + 0 }' "$work/benchstat.txt" >"$work/theirs"
jq -r '[.cases[] | .p > 0.05] | "\(map(select(.)) | length) \(map(select(. | not)) | length)"' "$work/calc.json" >"$work/counted"
printf 'cases without and with a difference at 0.05, not corrected: benchstat %s, ours %s\n' \
    "$(cat "$work/theirs")" "$(cat "$work/counted")"
