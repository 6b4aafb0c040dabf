#!/bin/sh
# export: every format read by a reader that we did not write: OpenMetrics by Prometheus' own parser,
# line protocol by a parser of it, .hlog by HdrHistogram, CSV by python3, JUnit by xmllint. Numbers are
# held against SQL over the database. (benchstat reads the Go text: tried by hand, see its format.)
. tests/support/tap.sh

start_demo_server
# hostile labels; "hangup" has errors
for name in steady hangup; do
    "$WRKBOOK" run -t1 -c4 -d500ms --runs 2 --db "$T/n.db" --label benchmark=live --label "server=$name" \
        --label 'framework== a"b\c,{x}<y>' "$(demo_url $name)" >/dev/null 2>"$T/err" || :
done
db=$T/n.db
sql() {
    sqlite3 "$db" "$1"
}
for format in runs slices gobench hyperfine bencher action-bigger action-smaller openmetrics influx hlog junit; do
    run "$WRKBOOK" export --format $format --db "$db" -o "$T/$format"
    is "$status$out$err" 0 "$format: written, without a word"
done
run "$WRKBOOK" export --format hgrm --db "$db" --where server=steady -o "$T/hgrm"
is "$status" 0 'hgrm: of one case'

python=$WRKBOOK_BUILD/python
wanted='prometheus-client==0.21.1 line-protocol-parser==1.1.1 hdrhistogram==0.10.3'
if [ "$(cat "$python/installed" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$python"
    # shellcheck disable=SC2086 # three words
    python3 -m pip install -q --target "$python" --no-warn-script-location $wanted >"$T/err" 2>&1 &&
        echo "$wanted" >"$python/installed" || cat "$T/err" >&2
fi
PYTHONPATH=$python python3 - "$db" "$T" >"$T/points" 2>"$T/err" <<'EOF' || cat "$T/err" >&2
import csv, json, os, sqlite3, sys
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
want = [tuple(r) for r in con.execute('SELECT latency_p50_ns, latency_p90_ns, latency_p99_ns FROM run_facts ORDER BY 1')]
point(sorted(shares) == want, 'hlog: HdrHistogram has the same percentiles of each run', (shares, want))

hyper = json.loads(text('hyperfine'))['results']
times = sorted(t for r in hyper for t in r['times'])
want = sorted(1000 / r[0] for r in con.execute('SELECT requests_per_s FROM run_facts'))
point(all(abs(a / b - 1) < 1e-12 for a, b in zip(times, want)) and len(times) == len(want), 'hyperfine: seconds for 1000 requests', (times, want))
point(hyper[0]['parameters']['framework'] == hostile, 'hyperfine: the labels as parameters')
bmf = json.loads(text('bencher'))
point(all(m['throughput']['value'] > 0 for m in bmf.values()) and len(bmf) == 2, 'bencher: a measure a case', bmf)
point(any(e['unit'] == 'requests/s' for e in json.loads(text('action-bigger'))), 'action-bigger: rates')
point(all(set(e) >= {'name', 'unit', 'value'} for e in json.loads(text('action-smaller'))), 'action-smaller: name, unit, value')

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
is "$(grep -c '^ok ' "$T/points")" 20 'as many points as the readers have to make'
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

done_testing
