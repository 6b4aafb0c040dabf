#!/bin/sh
# `wrkbook import` of fresh output of ab, hey, h2load and siege, made here against nginx: the count of
# requests is nginx's own, other figures are held against each tool's second format.
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
HOME=$T hey -n 300 -c 4 -o csv "$url/hello" >"$T/hey.csv"
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

cat "$T/ab.log" "$T/hey.log" "$T/h2load.log" "$T/siege.log" >"$T/all.log"
is "$(ask all 'group_concat(tool)' | tr , '\n' | sort | tr '\n' ' ')" 'ab h2load hey siege ' \
    "four tools in one file are four runs"
done_testing
