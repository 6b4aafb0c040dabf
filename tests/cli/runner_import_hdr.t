#!/bin/sh
# import of HdrHistogram's files: what its own library (PyPI hdrhistogram) wrote comes back with the
# library's own figures, and what `wrkbook export` wrote comes back as it was.
. tests/support/tap.sh

version=0.10.3
python=$WRKBOOK_BUILD/python-hdrhistogram-$version
[ -e "$python/installed" ] ||
    { python3 -m pip install -q --target "$python" --no-warn-script-location hdrhistogram==$version >"$T/err" 2>&1 &&
        touch "$python/installed"; } || cat "$T/err" >&2

# Four seconds of 5000 values each, as intervals of one log and as one distribution; the library's figures.
PYTHONPATH=$python python3 - "$T" >"$T/truth" <<'EOF' || fail 'the library writes'
import random, sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogWriter
random.seed(5)
values = [int(random.lognormvariate(14, 1)) for _ in range(20000)]
whole = HdrHistogram(1, 3600 * 10**9, 3)
with open(sys.argv[1] + '/java.hlog', 'w') as log:
    writer = HistogramLogWriter(log)
    writer.output_comment('[Logged with a test 1.0]')
    writer.output_log_format_version()
    log.write('#[StartTime: 1441812279.474 (seconds since epoch), Wed]\n')
    writer.output_legend()
    for second in range(4):
        part = HdrHistogram(1, 3600 * 10**9, 3)
        for value in values[second * 5000:(second + 1) * 5000]:
            part.record_value(value)
        whole.add(part)
        part.set_start_time_stamp(1441812279474 + second * 1000)
        part.set_end_time_stamp(1441812280474 + second * 1000)
        writer.output_interval_histogram(part)
with open(sys.argv[1] + '/java.hgrm', 'wb') as text:
    whole.output_percentile_distribution(text, 1e6)
print(whole.get_total_count(), whole.get_mean_value(), whole.get_max_value(),
      *(whole.get_value_at_percentile(p) for p in (50, 75, 90, 99, 99.9)))
EOF
names='latency_p50_ns latency_p75_ns latency_p90_ns latency_p99_ns latency_p999_ns'
# compare DB WITHIN: whether count, mean and longest are the library's, and each percentile within that share
compare() {
    columns="requests, latency_mean_ns, latency_max_ns, $(echo "$names" | sed 's/ /, /g')"
    sqlite3 -separator ' ' "$T/$1.db" "SELECT $columns FROM runs" | awk -v truth="$(cat "$T/truth")" -v within="$2" '
        { split(truth, t, " ")
          good = $1 == t[1] && ($2 - t[2]) ^ 2 <= 1e6 && ($3 - t[3]) ^ 2 <= 1e6
          for (i = 4; i <= 8; i++)
              good = good && $i >= t[i] * (1 - within) && $i <= t[i] * (1 + within)
          print good ? "same" : "differs: " $0 " / " truth }'
}
run "$WRKBOOK" import --db "$T/hlog.db" "$T/java.hlog"
is "$status" 0 '.hlog: read'
is "$(compare hlog 0.0079)" same '.hlog: the figures of the library, its buckets 1/1000 wide, ours 1/128'
is "$(sqlite3 "$T/hlog.db" "SELECT tool || ' ' || tool_version || ' ' || elapsed_ns || ' ' || started_at FROM runs")" \
    'hdrhistogram a test 1.0 4000000000 2015-09-09T15:24:39.474Z' '.hlog: four seconds, and when'
run "$WRKBOOK" import --db "$T/hgrm.db" "$T/java.hgrm"
is "$status" 0 '.hgrm: read'
inside=$(for name in $names; do echo "abs($name - T) <= ${name}_half + 100"; done | awk -v truth="$(cat "$T/truth")" \
    '{ split(truth, t, " "); sub("T", t[NR + 3]); printf "%s%s", (NR > 1 ? " AND " : ""), $0 }')
is "$(sqlite3 "$T/hgrm.db" "SELECT requests, $inside FROM runs")" '20000|1' \
    ".hgrm: the library's percentiles lie between the rows"

# A unit that is not told is not guessed.
sed 's/^\([0-9.]*,[0-9.]*\),[0-9.]*,/\1,0.0,/' "$T/java.hlog" >"$T/unit.hlog"
run "$WRKBOOK" import --db "$T/unit.db" "$T/unit.hlog"
like "$err" 'unit\.hlog:1:.*the unit of its values is not told: --format hlog-ns' 'no unit: said, with the remedy'
is "$(sqlite3 "$T/unit.db" 'SELECT count(*) FROM runs')" 0 'no unit: no run'
run "$WRKBOOK" import --db "$T/us.db" --format hlog-us "$T/unit.hlog"
is "$(sqlite3 "$T/us.db" "SELECT latency_p50_ns > 1000 * $(cut -d' ' -f4 "$T/truth") FROM runs")" 1 '--format hlog-us'

# Our own exports.
start_demo_server
"$WRKBOOK" run -t1 -c4 -d300ms --runs 2 --db "$T/n.db" --label server=a "$(demo_url steady)" >/dev/null 2>"$T/err" ||
    cat "$T/err" >&2
"$WRKBOOK" export --format hlog --db "$T/n.db" -o "$T/own.hlog"
run "$WRKBOOK" import --db "$T/own.db" "$T/own.hlog"
is "$(sqlite3 "$T/own.db" "ATTACH '$T/n.db' AS n; SELECT count(*) FROM runs AS a JOIN n.runs AS b USING (run_id, requests)
    WHERE abs(a.latency_p50_ns - b.latency_p50_ns) <= 500 AND abs(a.latency_p99_ns - b.latency_p99_ns) <= 500 AND abs(a.elapsed_ns - b.elapsed_ns) <= 500000 AND abs(a.latency_max_ns - b.latency_max_ns) <= 500
    AND abs(a.latency_mean_ns / 1.0 / b.latency_mean_ns - 1) < 1 / 128.0")" 2 'own .hlog: each run as it was'
"$WRKBOOK" export --format hgrm --db "$T/n.db" -o "$T/own.hgrm"
run "$WRKBOOK" import --db "$T/own.db" "$T/own.hgrm"
is "$(sqlite3 "$T/own.db" "SELECT requests = (SELECT sum(requests) FROM runs WHERE run_id < 3) FROM runs WHERE run_id = 3")" 1 \
    'own .hgrm: the answers of both runs'

printf '#[Histogram log format version 1.3]\n"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n1.0,1.0,5.0,HISTFAAAABN4nGN\n1.0,HISTFAAA\n' >"$T/cut.hlog"
run "$WRKBOOK" import --db "$T/cut.db" --format hlog-ns "$T/cut.hlog"
like "$err" 'cut\.hlog:3:.*(its zlib stream is cut or damaged)' 'a damaged row is named'
like "$err" 'cut\.hlog:4:.*(no row of an interval log)' 'and so is another line'

done_testing
