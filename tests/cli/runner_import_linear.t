#!/bin/sh
# wrkbook import: no text makes it slower than linear. Instructions are counted, not seconds: eight
# times as much of each of these texts may cost eight times as many, and a tenth more.
. tests/support/tap.sh

runner=$WRKBOOK_BUILD/wrkbook-runner
esc=$(printf '\033')
if ! command -v valgrind >/dev/null || "$runner" --version | grep -q sanit ||
    ldd "$runner" | grep -q 'asan\|ubsan\|tsan'; then
    skip 'needs valgrind, and programs without sanitizers' 'instructions of an import'
    done_testing
    exit
fi

# repeat FILE BYTES TEXT: TEXT (as printf takes it) again and again, BYTES in all.
repeat() {
    # shellcheck disable=SC2059 # the text is the format
    printf "$3" >"$T/piece"
    awk -v bytes="$2" 'BEGIN { RS = "\001" } { while (n < bytes) { printf "%s", $0; n += length($0) } }' \
        "$T/piece" | head -c "$2" >"$1"
}

# make FOLDER BYTES: texts that look like what a reader wants and never become it, or go on and on.
make() {
    mkdir "$1"
    repeat "$1/starts" "$2" 'Running 10s test @ http://x/\n'
    repeat "$1/rows" "$2" '    Latency 1.00ms 1.00ms 1.00ms 50.00%%\n'
    repeat "$1/quantiles" "$2" '     50.000%%  1.00ms\n'
    repeat "$1/prompts" "$2" '$ wrk -t1 -c1 -d1s http://x/ \\\n'
    repeat "$1/one-line" "$2" 'Running 10s test @ http://x/ Requests/sec: '
    repeat "$1/digits" "$2" '9'
    repeat "$1/blanks" "$2" ' \t'
    repeat "$1/empty-lines" "$2" '\n'
    repeat "$1/colours" "$2" "${esc}[1m"
    repeat "$1/quotes" "$2" 'server,value\n"a""b'
    repeat "$1/columns" "$2" 'server,value,'
    repeat "$1/rows.csv" "$2" 'server,value\na,1\n'
    repeat "$1/brackets" "$2" '['
    repeat "$1/objects" "$2" '{"a":'
    repeat "$1/list" "$2" '[{"latencyAvg": "1ms", "totalRequests": 1}, '
    repeat "$1/keys" "$2" 'Document Path: /\nConcurrency Level: 1\nTransactions: 1 hits\nSummary:\n'
    repeat "$1/traffic" "$2" 'finished in 1s, 1 req/s\nrequests: 1 total\nstatus codes: 1 2xx\n'
    repeat "$1/histogram" "$2" '  0.001 [1]\t|###\n'
    repeat "$1/spectrum" "$2" ' Value Percentile TotalCount 1/(1-Percentile)\n 1.0 0.5 1 2.00\n'
    repeat "$1/intervals" "$2" '#[Histogram log format version 1.3]\nTag=a,1.0,1.0,5.0,HISTFAAAABN4nGN\n'
    python3 - "$1/results.json" "$2" <<'EOF'
import json, sys
n = int(sys.argv[2]) // 40
json.dump({**{f'pad{i}': i for i in range(n)}, 'frameworks': [], 'duration': 15, 'queryIntervals': [],
           'concurrencyLevels': list(range(n)),
           'rawData': {'json': {f'f{i}': [] for i in range(n)} | {'a': [{'totalRequests': 5}] * n}}}, open(sys.argv[1], 'w'))
EOF
    repeat "$1/blocks" "$2" "$(sed 's/%/%%/g' samples/article/uwsgi.log)\n"
}

# cost FOLDER: instructions of a dry run.
cost() {
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
        "$runner" import --dry-run "$1" 2>&1 >/dev/null | sed -n 's/.*I *refs: *//p' | tr -d ,
}

mkdir "$T/none"
make "$T/small" 16000
make "$T/large" 128000
none=$(cost "$T/none")
small=$(cost "$T/small")
large=$(cost "$T/large")
diag "instructions: $none for nothing, $small for 16 kB of each, $large for 128 kB"
ok 'each text costs something' test $((small - none)) -gt 1000000
ok 'eight times the text costs at most 8.8 times the instructions' \
    test $(((large - none) * 10)) -le $(((small - none) * 88))

done_testing
