#!/bin/sh
# export: every format read by a reader that we did not write: OpenMetrics by Prometheus' own parser,
# line protocol by a parser of it, .hlog by HdrHistogram, CSV by python3, JUnit by xmllint, wrk's text
# by the patterns that people write for it. Numbers are held against SQL over the database. Tried by
# hand: hyperfine's scripts, github-action-benchmark's and Bencher's schemas. (benchstat: report_benchstat.t; JUnit: report_junit.t.)
. tests/support/tap.sh

start_demo_server
# hostile labels, one of them with lines of wrk's; "hangup" has errors
for name in steady hangup; do
    "$WRKBOOK" run -t2 -c4 -d500ms --runs 2 --format wrk --db "$T/n.db" --label "server=$name" \
        --label 'framework== a"b\c,{x}<y>' --label 'benchmark=wrk Requests/sec: 99' "$(demo_url $name)" \
        >>"$T/ran" 2>"$T/err" || :
done
db=$T/n.db
sqlite3 "$db" 'INSERT INTO resources VALUES (1, 0, 9007199254740993, 4096, 2, 7, NULL, 0, 0.5, 0, NULL),
    (3, 0, 1, 2, 3, 4, 5, 6, 0.25, 0, 1)'
sql() {
    sqlite3 "$db" "$1"
}
for format in runs slices samples wrk gobench hyperfine bencher action-bigger action-smaller openmetrics influx hlog junit; do
    run "$WRKBOOK" export --format $format --db "$db" -o "$T/$format"
    is "$status$out$err" 0 "$format: written, without a word"
done
run "$WRKBOOK" export --format hgrm --db "$db" --where server=steady -o "$T/hgrm"
is "$status" 0 'hgrm: of one case'
"$WRKBOOK" export --format runs --db "$db" --window 200ms -o "$T/windows"
for format in runs influx gobench hyperfine; do
    "$WRKBOOK" export --format $format --db "$db" --where split=errors -o "$T/$format.errors"
    is "$(grep -c hangup "$T/$format.errors") $(grep -c steady "$T/$format.errors")" '2 0' \
        "$format: --where split=errors"
done

# runs: import reads them back, and still knows that windows of 10 s are estimates of these runs
"$WRKBOOK" import --db "$T/again.db" "$T/runs" >/dev/null 2>"$T/err"
is "$(sqlite3 "$T/again.db" "ATTACH '$db' AS a" "SELECT count(*) FROM runs AS b JOIN a.runs AS r USING (run_id)
    WHERE b.requests = r.requests AND b.requests_per_s = r.requests_per_s AND b.latency_p99_ns = r.latency_p99_ns")" \
    4 'runs: import reads the CSV back'
like "$("$WRKBOOK" table --db "$T/again.db" --rows server --cols '' --cell range 2>&1)" 'min - max estimated from runs of another length' \
    'runs: read back, min - max of short runs are estimates still'

# wrk's text: what was printed when the runs were made; and import reads it back
grep -v '^#' "$T/wrk" >"$T/wrk.plain"
run cmp "$T/wrk.plain" "$T/ran"
is "$status" 0 'wrk: what run --format wrk printed'
"$WRKBOOK" import --db "$T/back.db" "$T/wrk" >/dev/null 2>"$T/err"
near() {
    for figure; do
        printf ' AND abs(b.%s - r.%s) <= b.%s_half + 1e-9' "$figure" "$figure" "$figure"
    done
}
is "$(sqlite3 "$T/back.db" "ATTACH '$db' AS a" "SELECT count(*) FROM runs AS b JOIN a.runs AS r USING (run_id)
    WHERE b.requests = r.requests AND b.threads = r.threads AND b.connections = r.connections
    AND b.url = r.url AND b.errors_read = r.errors_read AND b.printed_mismatch IS NULL
    $(near bytes requests_per_s elapsed_ns latency_mean_ns latency_stdev_ns latency_max_ns latency_p50_ns latency_p99_ns)")" \
    4 'wrk: import reads every figure back, within its rounding'

python=$WRKBOOK_BUILD/python
wanted='prometheus-client==0.21.1 line-protocol-parser==1.1.1 hdrhistogram==0.10.3'
if [ "$(cat "$python/installed" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$python"
    # shellcheck disable=SC2086 # three words
    python3 -m pip install -q --target "$python" --no-warn-script-location $wanted >"$T/err" 2>&1 &&
        echo "$wanted" >"$python/installed" || cat "$T/err" >&2
fi
PYTHONPATH=$python python3 - "$db" "$T" >"$T/points" 2>"$T/err" <<'EOF' || cat "$T/err" >&2
import csv, json, os, re, sqlite3, sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
from line_protocol_parser import parse_line
from prometheus_client.openmetrics.parser import text_string_to_metric_families

db, folder = sys.argv[1:]
con = sqlite3.connect(db)
one = lambda sql: con.execute(sql).fetchone()
text = lambda name: open(os.path.join(folder, name), encoding='utf-8', newline='').read()
rows = lambda name: list(csv.DictReader(open(os.path.join(folder, name), encoding='utf-8', newline='')))
hostile = '= a"b\\c,{x}<y>'
def point(good, name, why=''):
    print(('ok ' if good else 'not ok ') + name + ('' if good else ': %r' % (why,)))

runs = rows('runs')
want = one('SELECT count(*), sum(requests), sum(errors_read) FROM run_facts')
got = (len(runs), sum(int(r['requests']) for r in runs), sum(int(r['errors_read']) for r in runs))
point(got == want, 'runs: python3 reads the figures of run_facts', (got, want))
point({r['framework'] for r in runs} == {"'" + hostile}, 'runs: a label that begins with = is guarded', runs[0]['framework'])
columns = 'window_ns, windows, window_min, window_max'
want = [tuple(map(float, r)) for r in con.execute('SELECT %s FROM run_facts ORDER BY run_id' % columns)]
got = [tuple(float(r[c]) for c in columns.split(', ')) for r in runs]
point(got == want, 'runs: the windows of run_facts', (got, want))
sums = {}
for run, requests in con.execute('SELECT run_id, sum(requests) FROM slices WHERE slice < 4 GROUP BY run_id, slice / 2'):
    sums.setdefault(str(run), []).append(requests)
got = {r['run_id']: (r['windows'], float(r['window_min']), float(r['window_max'])) for r in rows('windows')}
point(got == {r: ('2', min(w), max(w)) for r, w in sums.items()}, 'runs: --window 200ms, of its slices', (got, sums))
got = [(s['server'], list(s.values())[3:]) for s in rows('samples')]
want = [('steady', '1,1,0,9007199254740993,4096,2,7,,0,0.5,0,'), ('hangup', '3,1,0,1,2,3,4,5,6,0.25,0,1')]
point(got == [(a, b.split(',')) for a, b in want], 'samples: each second, empty where not known', got)

wrk = text('wrk')
want = list(con.execute('SELECT requests_per_s, requests, latency_max_ns FROM run_facts ORDER BY run_id'))
got = [float(x) for x in re.findall(r'Requests/sec:\s+([\d.]+)', wrk)]
point(got == [round(w[0], 2) for w in want], 'wrk: the usual pattern finds the rates, and those alone', (got, want))
point([int(x) for x in re.findall(r'(\d+) requests in', wrk)] == [w[1] for w in want], 'wrk: and the requests')
unit = {'us': 1e3, 'ms': 1e6, 's': 1e9}
got = [float(x) * unit[u] for x, u in re.findall(r'Latency +\S+ +\S+ +([\d.]+)(us|ms|s) ', wrk)]
point(len(got) == 4 and all(abs(a / w[2] - 1) < 0.006 for a, w in zip(got, want)), 'wrk: and the maxima', (got, want))
slices = rows('slices')
want = one('SELECT count(*), sum(requests) FROM slices')
point((len(slices), sum(int(s['requests']) for s in slices)) == want, 'slices: all of them, with their requests', want)

families = {f.name: f for f in text_string_to_metric_families(text('openmetrics'))}
total = sum(s.value for s in families['wrkbook_requests'].samples if s.name == 'wrkbook_requests_total')
point(total == one('SELECT sum(requests) FROM run_facts')[0], 'openmetrics: the requests', total)
read = sum(s.value for s in families['wrkbook_errors'].samples if s.labels['class'] == 'read')
point(read == one('SELECT sum(errors_read) FROM run_facts')[0] and read > 0, 'openmetrics: the read errors', read)
count = sum(s.value for s in families['wrkbook_latency_seconds'].samples if s.name.endswith('_count'))
point(count == one("SELECT sum(count) FROM histograms WHERE kind = 'latency'")[0], 'openmetrics: the latencies', count)
point(families['wrkbook_requests'].samples[0].labels['framework'] == hostile, 'openmetrics: a hostile label as it is')

lines = [parse_line(line) for line in text('influx').splitlines()]
got = sum(line['fields']['requests'] for line in lines)
point(got == one('SELECT sum(requests) FROM run_facts')[0], 'influx: the requests', got)
point(all(line['tags']['framework'] == hostile for line in lines), 'influx: a hostile label as it is', lines[0]['tags'])
begun = [r[0] for r in con.execute("SELECT strftime('%s', started_at) FROM run_facts ORDER BY run_id")]
point(sorted(str(line['time'] // 10**9) for line in lines) == sorted(begun), 'influx: the times', begun)

reader, counted, number = HistogramLogReader(os.path.join(folder, 'hlog'), HdrHistogram(1, 2**43 - 1, 2)), 0, 0
shares = []
while True:
    interval = reader.get_next_interval_histogram()
    if interval is None:
        break
    number += 1
    counted += interval.get_total_count()
    shares.append(tuple(interval.get_value_at_percentile(p) for p in (50, 90, 99)))
want = one("SELECT count(*), sum(count) FROM histograms WHERE kind = 'latency'")
point((number, counted) == want, 'hlog: HdrHistogram counts the same', (number, counted, want))
want = sorted(con.execute('SELECT latency_p50_ns, latency_p90_ns, latency_p99_ns FROM run_facts'))
point(sorted(shares) == want, 'hlog: HdrHistogram has the same percentiles of each run', (shares, want))

hyper = json.loads(text('hyperfine'))['results']
times = sorted(t for r in hyper for t in r['times'])
want = sorted(1000 / r[0] for r in con.execute('SELECT requests_per_s FROM run_facts'))
point(all(abs(a / b - 1) < 1e-12 for a, b in zip(times, want)) and len(times) == len(want), 'hyperfine: seconds for 1000 requests', (times, want))
point([r['parameters'] for r in hyper] == [{'server': 'steady'}, {'server': 'hangup'}], 'hyperfine: the labels that differ as parameters')
bmf = json.loads(text('bencher'))
number = lambda x: type(x) in (int, float)
fields = {'value', 'lower_value', 'upper_value'}
point(all('value' in m and set(m) <= fields and all(map(number, m.values())) for c in bmf.values() for m in c.values()),
      'bencher: measures as its schema has them', bmf)
medians = dict(con.execute("SELECT labels ->> 'server', median_per_s FROM case_facts"))
point({k: m['throughput']['value'] for k, m in bmf.items()} == medians, 'bencher: the medians', (bmf, medians))
bigger, smaller = json.loads(text('action-bigger')), json.loads(text('action-smaller'))
point({e['name']: e['value'] for e in bigger} == {k + ' rate': v for k, v in medians.items()}, 'action-bigger: the medians', bigger)
point({e['name'] for e in smaller} == {k + w for k in medians for w in (' p50', ' p99', ' errors')}, 'action-smaller: latencies, errors', smaller)
kinds = {'name': str, 'unit': str, 'range': str, 'extra': str}
point(all({'name', 'unit', 'value'} <= set(e) and all(number(v) if k == 'value' else type(v) is kinds.get(k) for k, v in e.items())
          for e in bigger + smaller), 'both: entries as github-action-benchmark wants them', bigger)

table = [line.split() for line in text('hgrm').splitlines()[2:] if not line.startswith('#')]
total = one("SELECT sum(count) FROM histograms JOIN run_facts USING (run_id) WHERE kind = 'latency' AND labels LIKE '%steady%'")[0]
point(int(table[-1][2]) == total and float(table[-1][1]) == 1, 'hgrm: its last row counts all', (table[-1], total))
point(all(float(a[0]) <= float(b[0]) and float(a[1]) < float(b[1]) and int(a[2]) <= int(b[2]) for a, b in zip(table, table[1:])), 'hgrm: values, shares and counts rise')
go = [line.split() for line in text('gobench').splitlines() if line.startswith('Benchmark')]
point(len(go) == len(runs) and all(len(g) % 2 == 0 and g[1].isdigit() for g in go), 'gobench: fields as the format wants them', go[0])
EOF
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    *) fail "${line#not ok }" ;;
    esac
done <"$T/points"
is "$(grep -c '^ok ' "$T/points")" 28 'as many points as the readers have to make'
is "$(xmllint --xpath 'concat(/testsuites/@tests, " ", count(//testcase), " ", count(//failure))' "$T/junit")" '2 2 1' 'junit: two cases, one failed'

refused() {
    wanted=$1
    shift
    run "$WRKBOOK" export "$@"
    is "$status" 2 "refused: $wanted: status 2"
    like "$err" "$wanted" "refused: $wanted"
}
refused "--format takes runs, slices, .*, not 'xml'" --format xml --db "$db"
refused '--format takes runs, slices' --db "$db"
refused 'the distribution of one case, and there are 2' --format hgrm --db "$db"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/p.db" "$ROOT/tests/golden/article/hello.csv" 2>"$T/err"
refused 'holds no run to export' --format runs --db "$T/p.db"

refused 'holds no run that wrkbook made itself: wrkbook logs prints' --format wrk --db "$T/back.db"
refused 'holds no run that fits --where to export' --format influx --db "$db" --where server=none
refused "cannot write '$T/none/x': No such" --format runs --db "$db" -o "$T/none/x"

# What is written does not gather in memory: four times the runs need no more of it.
python3 - "$WRKBOOK" "$T" >"$T/memory" 2>&1 <<'EOF'
import os, subprocess, sys
wrkbook, folder = sys.argv[1:]
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'
peak = []
for n in (6000, 24000):
    table, db, out = (os.path.join(folder, 'many%d.%s' % (n, kind)) for kind in ('csv', 'db', 'out'))
    with open(table, 'w') as f:
        f.write('server,requests,elapsed_ns,requests_per_s,status,started_at\n')
        for i in range(n):
            f.write('s%d,%d,10000000000,%d,complete,2026-01-01T00:00:%02d.%03dZ\n' % (i % 9, i * 10, i, i // 1000, i % 1000))
    subprocess.run([wrkbook, 'import', '--db', db, table], check=True, capture_output=True)
    child = os.fork()
    if child == 0:
        os.execv(wrkbook, [wrkbook, 'export', '--format', 'runs', '--db', db, '-o', out])
    _, status, usage = os.wait4(child, 0)
    peak.append(usage.ru_maxrss if status == 0 else 0)
    lines = sum(1 for _ in open(out))
print('flat' if lines == 24001 and 0 < peak[1] < 1.25 * peak[0] else (peak, lines))
EOF
is "$(cat "$T/memory")" flat 'runs: memory does not grow with their number'

done_testing
