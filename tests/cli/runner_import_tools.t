#!/bin/sh
# `wrkbook import` of fresh output of load tools, made here against nginx: the count of requests is
# nginx's own, other figures are held against each tool's second format. ab, hey, h2load and siege are
# packages, autocannon is installed here. Building bombardier, vegeta, fortio, k6 and oha takes longer
# than all other tests: they are asked where they are on the PATH, and what they once wrote is read by
# tests/unit/import_tool_texts_test.c and its neighbours (tests/data/tools) everywhere.
. tests/support/tap.sh

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$T/nginx.conf" <<EOF
daemon off; master_process off; pid $T/nginx.pid; error_log $T/error.log;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $T/b; proxy_temp_path $T/p; fastcgi_temp_path $T/f; uwsgi_temp_path $T/u;
    scgi_temp_path $T/s;
    server {
        listen 127.0.0.1:$port;
        location = /hello { return 200 "Hello World!"; }
        location = /none { return 404 "none"; }
        location = /status { stub_status; }
    }
}
EOF
nginx -c "$T/nginx.conf" -e "$T/error.log" 2>/dev/null &
nginx=$!
trap 'kill $nginx 2>/dev/null; rm -rf "$T"' EXIT
url=http://127.0.0.1:$port

# served: requests that nginx has counted, the one that asks included.
served() {
    python3 -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode().split("\n")[2].split()[2])' "$url/status" 2>/dev/null
}
for _ in 1 2 3 4 5 6 7 8 9 10; do
    if served >/dev/null; then break; fi
    sleep 0.2
done

# make_log NAME COMMAND...: the tool's output, below its command line; $count: what nginx served it.
make_log() {
    name=$1
    shift
    before=$(served)
    {
        printf '$'
        printf ' %s' "$@"
        printf '\n'
        HOME=$T "$@" 2>&1
    } >"$T/$name.log"
    count=$(($(served) - before - 1))
}
# ask NAME EXPRESSION: of the one run that came of the log.
ask() {
    [ -e "$T/$1.db" ] || "$WRKBOOK" import --db "$T/$1.db" "$T/$1.log" >/dev/null 2>&1
    sqlite3 "$T/$1.db" "SELECT $2 FROM run_facts"
}

make_log ab ab -q -e "$T/ab.csv" -n 700 -c 7 "$url/hello"
is "$(ask ab "tool || ' ' || requests || ' ' || connections")" "ab $count 7" "ab: nginx's count"
is "$(ask ab "url || ' ' || errors_connect || errors_read || errors_write || errors_status")" "$url/hello 0000" \
    "ab: its URL, and no errors"
# The CSV of percentiles has three decimals of a ms, the text whole ms.
ok "ab: p50 as in its CSV" test "$(ask ab "abs(latency_p50_ns / 1e6 - $(awk -F, '$1 == 50 { print $2 }' "$T/ab.csv")) <= 1")" = 1
make_log ab404 ab -q -k -n 300 -c 3 "$url/none"
is "$(ask ab404 "requests || ' ' || errors_status")" "$count $count" "ab: answers of 404 are requests and status errors"

make_log hey hey -n 300 -c 4 "$url/hello"
is "$(ask hey "tool || ' ' || requests || ' ' || connections || ' ' || errors_status || errors_read")" \
    "hey $count 4 00" "hey: nginx's count"
# wrk's own numbers, whole, by the script in samples/: its text, the JSON and the CSV say the same. wrk
# leaves what is under way at its end uncounted: at most one request a connection.
make_log wrk env WRK_JSON="$T/wrk.json" WRK_CSV="$T/wrk.csv" WRK_CONNECTIONS=4 wrk -t1 -c4 -d1s \
    -s samples/wrk/report.lua "$url/hello"
cp "$T/wrk.json" "$T/wrkjson.log"
cp "$T/wrk.csv" "$T/wrkcsv.log"
requests=$(ask wrk requests)
ok "wrk's done(): nginx's count ($count), but what was under way ($requests)" \
    test "$requests" -le "$count" -a "$count" -le $((requests + 4))
for name in wrkjson wrkcsv; do
    is "$(ask $name "tool || ' ' || requests || ' ' || errors_read || errors_connect || errors_timeout")" "wrk $requests 000" \
        "wrk's done(), ${name#wrk}: the text's requests"
done
figures="latency_mean_ns, latency_p50_ns, latency_p999_ns, latency_max_ns, timeout_ns, substr(started_at, 1, 19), bytes"
is "$(ask wrkcsv "printf('%s %s %d %d %d %d %s %s %d', connections, url, $figures)")" "$(ask wrkjson "printf('%s %s %d %d %d %d %s %s %d', connections, url, $figures)")" \
    "wrk's done(): the CSV says what the JSON says"
is "$(ask wrkjson "connections || ' ' || threads || ' ' || latency_kind || ' ' || url")" "4 1 corrected by wrk $url/hello" \
    "wrk's done(): what it was asked"
is "$(ask wrkjson "(SELECT max_ns FROM histograms WHERE kind = 'corrected latency') = latency_max_ns AND
    (SELECT count FROM histograms) >= requests AND abs((SELECT sum_ns * 1.0 / count FROM histograms) / latency_mean_ns - 1) < 1e-4")" 1 \
    "wrk's done(): the histogram has its longest and its mean"

HOME=$T hey -n 300 -c 4 -o csv "$url/hello" >"$T/heycsv.log"
cp "$T/heycsv.log" "$T/hey.csv"
is "$(ask heycsv "tool || ' ' || requests || ' ' || errors_status || ' ' || (SELECT sum(count) FROM histograms)")" \
    'hey 300 0 300' "hey's CSV: all requests, and a histogram of them"
ok "hey's CSV: mean and maximum are those of its rows" test "$(ask heycsv "abs(latency_mean_ns / 1e9 -
    $(awk -F, 'NR > 1 { sum += $1 } END { print sum / (NR - 1) }' "$T/hey.csv")) < 1e-6
    AND latency_max_ns = round(1e9 * $(awk -F, 'NR > 1 && $1 > max { max = $1 } END { print max }' "$T/hey.csv"))")" = 1
is "$(($(wc -l <"$T/hey.csv") - 1))" "$(ask hey requests)" "hey: as many as its CSV has rows"
printf '$ hey -n 40 -c 2 http://127.0.0.1:1/\n' >"$T/refused.log"
HOME=$T hey -n 40 -c 2 http://127.0.0.1:1/ >>"$T/refused.log" 2>&1
is "$(ask refused "requests || ' ' || errors_connect")" '0 40' "hey: connects that were refused"

make_log h2load h2load --h1 -n 400 -c 4 -t 2 --log-file="$T/h2load.tsv" "$url/hello"
is "$(ask h2load "tool || ' ' || requests || ' ' || connections || ' ' || threads || ' ' || errors_read")" \
    "h2load $count 4 2 0" "h2load: nginx's count"
is "$(wc -l <"$T/h2load.tsv")" "$(ask h2load requests)" "h2load: as many as its log file has lines"
# Its log file has the time of each request in us; the text rounds their mean.
ok "h2load: the mean time of its log file" test "$(ask h2load "abs(latency_mean_ns / 1e3 -
    $(awk '{ sum += $3 } END { print sum / NR }' "$T/h2load.tsv")) <= 0.02 * latency_mean_ns / 1e3 + 1")" = 1

make_log siege siege -q -c 2 -r 60 -b --json-output "$url/hello"
is "$(ask siege "tool || ' ' || requests || ' ' || errors_read")" "siege $count 0" "siege: nginx's count"

# ---- autocannon: its tables and its JSON. Requests that were open at the end are not counted.

npm=$WRKBOOK_BUILD/npm-autocannon-7.15.0
[ -e "$npm/node_modules/.bin/autocannon" ] ||
    npm install --no-save --no-audit --no-fund --silent --prefix "$npm" autocannon@7.15.0 >"$T/npm" 2>&1 ||
    diag "$(cat "$T/npm")"
PATH=$PATH:$npm/node_modules/.bin
make_log autocannon autocannon -c 5 -a 700 "$url/none"
is "$(ask autocannon "tool || ' ' || requests || ' ' || errors_status || ' ' || connections || ' ' || url")" \
    "autocannon $count $count 5 $url/none" "autocannon: nginx's count"
make_log cannonjson autocannon -j -c 5 -d 1 "$url/hello"
is "$(ask cannonjson "tool || ' ' || ($count - requests BETWEEN 0 AND 5) || ' ' ||
    (SELECT log_line > 20 FROM runs)")" 'autocannon 1 1' \
    "autocannon's JSON, below its tables: one run, and nginx's count"
make_log cannontimed autocannon -c 5 -d 1 "$url/hello"
# Its mean comes from a histogram of three digits: exact in one sample, within 1/2048 in a late second.
is "$(ask cannontimed "tool || ' ' || (abs($count - requests) <= 5 + $count / 2048)")" 'autocannon 1' \
    "autocannon's thousands: nginx's count"

# ---- programs that take long to build

for tool in bombardier vegeta fortio k6 oha; do
    command -v $tool >/dev/null || diag "$tool is not here: kept outputs of it are read by the unit tests"
done
if command -v bombardier >/dev/null; then
    make_log bombardier bombardier -c 4 -n 500 -l "$url/hello"
    is "$(ask bombardier "requests || ' ' || connections || ' ' || url")" "$count 4 $url/hello" "bombardier: nginx's count"
    make_log bombjson bombardier -c 4 -n 500 -l -p r -o json "$url/none"
    is "$(ask bombjson "requests || ' ' || errors_status")" "$count $count" "bombardier's JSON: nginx's count"
fi
if command -v vegeta >/dev/null; then
    before=$(served)
    echo "GET $url/hello" | vegeta attack -duration=1s -rate=100 >"$T/vegeta.bin"
    count=$(($(served) - before - 1))
    vegeta report "$T/vegeta.bin" >"$T/vegeta.log"
    vegeta report -type=json "$T/vegeta.bin" >"$T/vegetajson.log"
    is "$(ask vegeta requests) $(ask vegetajson requests)" "$count $count" "vegeta, both reports: nginx's count"
fi
if command -v fortio >/dev/null; then
    before=$(served)
    fortio load -quiet -json "$T/fortio.log" -n 400 -c 4 -qps 400 "$url/hello" >/dev/null 2>&1
    count=$(($(served) - before - 1))
    is "$(ask fortio requests)" "$count" "fortio: nginx's count"
fi
if command -v k6 >/dev/null; then
    printf "import http from 'k6/http';\nexport const options = { vus: 4, iterations: 400 };\n" >"$T/k6.js"
    echo "export default function () { http.get('$url/hello'); }" >>"$T/k6.js"
    make_log k6 k6 run --no-color --summary-export="$T/k6json.log" "$T/k6.js"
    is "$(ask k6 requests) $(ask k6json requests)" "$count $count" "k6, text and JSON of one run: nginx's count"
    ok "k6: the mean of its JSON" test "$(ask k6 "abs(latency_mean_ns - $(ask k6json latency_mean_ns)) <= latency_mean_ns / 50")" = 1
fi
if command -v oha >/dev/null; then
    make_log oha oha --no-tui -n 400 -c 4 "$url/hello"
    is "$(ask oha "requests || ' ' || connections")" "$count 4" "oha: nginx's count"
    make_log told oha --no-tui -n 400 -c 4 --db-url "$T/ohadb.log" --output-format json -o "$T/ohajson.log" "$url/none"
    is "$(ask ohajson requests) $(ask ohadb "requests || ' ' || errors_status")" "$count $count $count" \
        "oha, JSON and database of one run: nginx's count"
    is "$(ask ohajson latency_max_ns)" "$(ask ohadb latency_max_ns)" "... and the same maximum"
fi

cat "$T/ab.log" "$T/hey.log" "$T/h2load.log" "$T/siege.log" >"$T/all.log"
is "$(ask all 'group_concat(tool)' | tr , '\n' | sort | tr '\n' ' ')" 'ab h2load hey siege ' \
    "four tools in one file are four runs"
done_testing
