#!/bin/sh
# html: a page of one file, looked at in Chromium: no request, no complaint, sorting, filters, themes,
# print, narrow screens, screen readers (axe), hostile names and injected scripts.
. tests/support/tap.sh

import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import "$@" 2>"$T/err" || cat "$T/err" >&2
}
article=$ROOT/tests/golden/article
import --db "$T/a.db" --label benchmark=hello "$article/hello.csv"
import --db "$T/a.db" --label benchmark=data --set split=errors "$article/errors.csv"
import --db "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"
import --db "$T/h.db" --label benchmark='=a|b <i>"q"' --set 'because=not told' "$ROOT/tests/golden/hostile.csv"
python3 -c '
print("benchmark,server,framework,requests_per_s,elapsed_ns,requests,status")
for s in range(50):
    for f in range(20):
        for r in range(5):
            rate = 1000 + (s * 7919 + f * 104729) % 5000 + r
            print(f"big,server{s},framework{f},{rate},{10**10},{rate * 10},complete")
' >"$T/l.csv"
import --db "$T/l.db" "$T/l.csv"

for name in a h l; do
    charts=
    [ $name = a ] || charts=--no-charts
    run "$WRKBOOK" html --db "$T/$name.db" -o "$T/$name.html" --title "Page <$name>" $charts
    is "$status$out$err" 0 "$name: written, without a word"
done
size=$(wc -c <"$T/a.html")
ok "the article's page is under 100 KB ($size bytes)" test "$size" -lt 100000
size=$(wc -c <"$T/l.html")
ok "1,000 cases are under 1 MB ($size bytes)" test "$size" -lt 1000000
(cd / && LC_ALL=C "$WRKBOOK" html --db "$T/a.db" -o - --title 'Page <a>') >"$T/again.html"
same "$T/a.html" "$T/again.html" 'the same bytes from another folder and locale'
is "$(xmllint --html --xpath 'count(//*[@style] | //@*[starts-with(name(), "on")] | //*[@src] | //link)' "$T/a.html" 2>/dev/null)" 0 'no style attribute, no handler, nothing from elsewhere'

# Somebody who can write into the file cannot make it run anything.
sed 's,</main>,<script>window.wbInjected = 1</script><img src="x" onerror="window.wbInjected = 2"><a href="javascript:1">x</a></main>,' \
    "$T/a.html" >"$T/injected.html"
modules=$WRKBOOK_BUILD/browser
if tests/browser/install "$modules" 2>"$T/err"; then
    pass 'the driver of the browser is installed'
else
    fail 'the driver of the browser is installed'
    cat "$T/err" >&2
fi
mkdir "$T/out"
node tests/browser/page_check.js "$modules" "$T/a.html" "$T/l.html" "$T/h.html" "$T/injected.html" "$T/out" >"$T/points" 2>"$T/err" || cat "$T/err" >&2
# points FILE: what a script in the browser found, as points of this test
points() {
    while read -r line; do
        case $line in
        'ok '*) pass "${line#ok }" ;;
        'not ok '*) fail "${line#not ok }" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <"$1"
}
points "$T/points"
is "$(grep -c '^ok ' "$T/points")" 25 'as many points as the browser has to make'
pdftotext -layout "$T/out/print.pdf" "$T/print.txt" 2>/dev/null
for figure in 19.34k 70.96k 68.02k '465 . 494' '205 . 488'; do
    like "$(cat "$T/print.txt")" "$figure" "in print: $figure"
done

# --serve: the page follows its database; other hosts' names, methods and paths are refused.
"$WRKBOOK_BUILD/wrkbook-report" html --db "$T/a.db" --no-charts --serve 127.0.0.1:0 2>"$T/serve.err" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
tries=0
until [ -s "$T/serve.err" ] || [ $tries -eq 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
url=$(sed -n 's,^\(http://127\.0\.0\.1:[0-9]*/\) follows .*,\1,p' "$T/serve.err")
# http METHOD PATH HOST: status and first line of the answer
http() {
    python3 - "$url" "$@" <<'EOF'
import http.client, sys, urllib.parse
url, method, path, host = sys.argv[1:]
c = http.client.HTTPConnection(urllib.parse.urlparse(url).netloc, timeout=10)
c.request(method, path, headers={'Host': host} if host else {})
r = c.getresponse()
print(r.status, r.read().decode().split('\n')[0])
EOF
}
is "$(http GET / '')" '200 <!DOCTYPE html>' 'served: the page'
is "$(http GET / evil.example)" "403 this host's name is not served here" "served: not by another host's name"
is "$(http POST / '')" '405 only GET' 'served: nothing but GET'
is "$(http GET /../etc/passwd '')" '404 there is only /' 'served: nothing but the page'
node tests/browser/follow_check.js "$modules" "$url" latecomer \
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/a.db" --label benchmark=hello --label server=latecomer \
    --label framework=flask samples/article/uwsgi.log >"$T/points" 2>"$T/err" || cat "$T/err" >&2
points "$T/points"
is "$(grep -c '^ok ' "$T/points")" 5 'served: as many points as the browser has to make'
is "$(ls "$T"/a.db*)" "$T/a.db" 'served: nothing is left beside the database'
kill -TERM $server
status=0
wait $server || status=$?
is "$status" 143 'served: ended by a signal, and says so'
run "$WRKBOOK" html --db "$T/a.db" --serve nowhere:80
is "$status" 2 'served: no address: status 2'
run "$WRKBOOK" html --db "$T/a.db" --serve 127.0.0.1:x
like "$err" "takes ADDRESS:PORT, such as 127.0.0.1:8000, not '127.0.0.1:x'" 'served: no port: says what is right'

run "$WRKBOOK" html --db "$T/a.db"
is "$status" 2 'no file: status 2'
like "$err" 'name it by -o FILE.html' 'no file: says how'
run "$WRKBOOK" html --db "$T/a.db" -o "$T/nowhere/x.html"
is "$status" 2 'unwritable: status 2'
like "$err" "cannot write '.*/nowhere/x.html'" 'unwritable: says where'

done_testing
