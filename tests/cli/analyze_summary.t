#!/bin/sh
# analyze summary: the JSON document and the TSV hold the same figures, in base units.
. tests/support/tap.sh

"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/r.db" --label benchmark=live \
    "$ROOT/tests/golden/runs.csv" 2>"$T/err" || cat "$T/err" >&2

run "$WRKBOOK" analyze summary --db "$T/r.db"
is "$status" 0 'done'
cp "$T/.out" "$T/s.json"
is "$(jq -r '[.document, .version, .metric, .window_ns, (.cases | length)] | @csv' "$T/s.json")" \
    '"wrkbook/summary",1,"requests_per_s",10000000000,4' 'what the document is'
is "$(jq -c .steady "$T/s.json")" false 'whole runs count'
of() {
    jq -c ".cases[] | select(.labels.server == \"$1\" and .labels.framework == \"$2\") | $3" "$T/s.json"
}
is "$(of gunicorn flask '[.runs, .runs_complete, .split, .stability, .best_run_no, .median_ci_conf]')" \
    '[6,6,"no errors","stable",4,0.96875]' 'a case in order'
is "$(of gunicorn hug '[.runs, .runs_complete, .runs_partial, [.warnings[].warning]]')" \
    '[4,3,1,["few_runs","partial_runs"]]' 'partial runs are counted; warnings have names'
is "$(of uwsgi flask '[.split, .errors, .errors_read, .errors_timeout, .runs_with_errors, .best_clean_per_s]')" \
    '["errors",14465,14403,62,1,2250.1]' 'errors by class; the best of the runs without'
is "$(of uwsgi hug '[.stdev_per_s, .cv, .median_ci_lo_per_s, .runs_needed, .latency_p99_ns]')" \
    '[null,null,null,null,null]' 'one run: what does not exist is null'
is "$(of uwsgi hug '[.status_errors, .errors_status, .split]')" '[true,12,"no errors"]' \
    'status errors are told apart'
unlike "$(cat "$T/s.json")" 'nan|inf' 'no NaN'

run "$WRKBOOK" analyze summary --db "$T/r.db" --format tsv
cp "$T/.out" "$T/s.tsv"
python3 - "$T/s.json" "$T/s.tsv" >"$T/got" <<'PY'
import csv, json, sys
cases = json.load(open(sys.argv[1]))["cases"]
rows = list(csv.DictReader(open(sys.argv[2]), delimiter="\t"))
checked = 0
for case, row in zip(cases, rows, strict=True):
    for name, text in row.items():
        if name in case["labels"]:
            assert text == case["labels"][name], name
        elif name != "warnings":
            value = case[name]
            want = "" if value is None else {True: "true", False: "false"}[value] \
                if isinstance(value, bool) else value
            assert text == want if isinstance(want, str) else float(text) == want, (name, text, value)
        checked += 1
print(checked > 300)
PY
is "$(cat "$T/got")" True 'the TSV holds the same figures as the JSON'

# case_facts, the public view, says the same
for name in best_per_s median_per_s mean_per_s stdev_per_s cv window_min window_max; do
    sqlite3 "$T/r.db" "SELECT printf('%.9g', $name) FROM case_facts WHERE $name IS NOT NULL" >"$T/view"
    jq -r ".cases[].$name | select(. != null)" "$T/s.json" |
        python3 -c 'import sys
for line in sys.stdin: print("%.9g" % float(line))' >"$T/ours"
    same "$T/view" "$T/ours" "case_facts agrees: $name"
done

run "$WRKBOOK" analyze summary --db "$T/r.db" --where split=errors
is "$(printf '%s' "$out" | jq -c '[.cases[].labels.server]')" '["uwsgi"]' '--where split=errors'
run "$WRKBOOK" analyze summary --db "$T/r.db" --where server=none
is "$(printf '%s' "$out" | jq -c .cases)" '[]' 'no case: an empty list, and done'
run "$WRKBOOK" analyze summary --db "$T/r.db" --window 5s
is "$(printf '%s' "$out" | jq -c '[.window_ns, .cases[0].window_estimated]')" '[5000000000,true]' \
    '--window: of another width is estimated'
run "$WRKBOOK" analyze summary --db "$T/r.db" --format xml
is "$status" 2 'unknown format: status 2'
like "$err" '^wrkbook-analyze: --format takes json or tsv' 'and says which there are'
run "$WRKBOOK" analyze summary --help
like "$out" 'wrkbook analyze summary --db results.db' '--help has examples'
run "$WRKBOOK_BUILD/wrkbook-analyze"
is "$status" 2 'no verb: status 2'

needed() { "$WRKBOOK" analyze summary --db "$T/r.db" "$@" | jq '.cases[0].runs_needed'; }
is "$([ "$(needed --precision 1%)" -gt "$(needed)" ] && echo more)" more '--precision: the finer, the more runs'
run "$WRKBOOK" analyze summary --db "$T/r.db" --precision much
is "$status" 2 'no share: status 2'
run "$WRKBOOK" analyze summary --db "$T/r.db" --steady
is "$(printf '%s' "$out" | jq -c '[.steady, ([.cases[].warnings[] | select(.warning == "steady_unknown")] | length)]')" \
    '[true,4]' '--steady says so, and where it can do nothing: logs have no slices'

# Imported runs whose distributions are known: percentiles of all their answers together, as Python has them
# of the values themselves, not means of the runs' percentiles.
python3 - "$T" >"$T/truth" <<'EOF'
import random, sys
random.seed(7)
both = []
for name, scale in ("one", 0.001), ("two", 0.009):
    times = [round(random.lognormvariate(0, 1) * scale, 4) for _ in range(2000)]
    both += times
    with open(f"{sys.argv[1]}/{name}.csv", "w") as f:
        f.write("response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n")
        for i, t in enumerate(times):
            f.write(f"{t:.4f},0.0000,0.0000,0.0000,{t:.4f},0.0000,200,{i / 100:.4f}\n")
both.sort()
print(len(both), *(both[-(-len(both) * q // 100) - 1] for q in (50, 90, 95, 99)), both[0])
EOF
run "$WRKBOOK" import --db "$T/h.db" --label server=a "$T/one.csv" "$T/two.csv"
run "$WRKBOOK" analyze summary --db "$T/h.db"
is "$(printf '%s' "$out" | jq -r '.cases[0] | [.latency_from, .latency_count, .latency_p50_ns / 1e9, .latency_p90_ns / 1e9,
    .latency_p95_ns / 1e9, .latency_p99_ns / 1e9, .latency_min_ns / 1e9] | @tsv' | awk -v truth="$(cat "$T/truth")" '{
        split(truth, t, " ")
        good = $1 == "histogram" && $2 == t[1]
        for (i = 3; i <= 7; i++)
            good = good && ($i - t[i - 1]) ^ 2 <= (t[i - 1] / 128 + 0.00005) ^ 2
        print good ? "same" : "differs: " $0 " / " truth }')" same 'histograms of imported runs are merged'

# wrk's own histogram is corrected: of another kind, with more entries than requests.
for n in 1 2; do
    printf '{"wrk_report": 1, "url": "http://h/%s", "duration_us": 1000000, "requests": 100, "bytes": 1000,
    "errors": {"connect": 0, "read": 0, "write": 0, "status": 0, "timeout": 0},
    "latency_us": {"min": 10, "max": 9000, "mean": 100, "stdev": 3},
    "histogram_us": [[10, 150], [9000, 50]]}' $n >"$T/w$n.json"
    "$WRKBOOK" import --db "$T/w.db" --label server=a "$T/w$n.json" 2>>"$T/err" || cat "$T/err"
done
is "$(sqlite3 "$T/w.db" 'SELECT group_concat(DISTINCT kind) FROM histograms')" 'corrected latency' \
    "wrk's histogram is not taken for the answers'"
run "$WRKBOOK" analyze summary --db "$T/w.db"
is "$(printf '%s' "$out" | jq -c '.cases[0] | [.latency_kind, .latency_from, .latency_count]')" \
    '["corrected by wrk","histogram",400]' 'and told by its kind'

# A run that stands apart: named, counted, and on request shown what the rest says: Python's statistics.
python3 - >"$T/apart.csv" <<'EOF'
print('server,run_no,requests_per_s,requests,elapsed_ns')
for n, rate in enumerate((100.1, 100.2, 99.9, 100.0, 50, 100.3, 99.8), 1):
    print(f'a,{n},{rate},{round(rate * 10)},{10**10}')
EOF
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/apart.db" "$T/apart.csv" 2>"$T/err"
run "$WRKBOOK" analyze summary --db "$T/apart.db"
is "$(printf '%s' "$out" | jq -c '.cases[0] | [.outliers, .median_per_s, (.mean_per_s * 100 | round)]')" '[[5],100,9290]' \
    'an outlier is named, and counted'
is "$(printf '%s' "$out" | jq -r '.cases[0] | [.median_without_outliers_per_s, .mean_without_outliers_per_s, .stdev_without_outliers_per_s,
    .cv_without_outliers] | map(. * 1e9 | round) | @tsv')" "$(python3 -c 'import statistics as s
x = [100.1, 100.2, 99.9, 100.0, 100.3, 99.8]
print(*(round(v * 1e9) for v in (s.median(x), s.mean(x), s.stdev(x), s.stdev(x) / s.mean(x))), sep="\t")')" \
    'without it: the figures of the others'

done_testing
