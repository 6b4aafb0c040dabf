#!/bin/sh
# wrkbook logs: the list of what was imported, and each text again, byte for byte.
. tests/support/tap.sh

db=$T/a.db
logs() {
    run "$WRKBOOK_BUILD/wrkbook-runner" logs --db "$db" "$@"
}
esc=$(printf '\033')

logs
is "$status" 2 'no database, no list'
like "$err" '^wrkbook-runner: ' '... in one line'

# A name and a line that would turn a terminal red, bytes that are no UTF-8, no line end at the end.
{
    printf 'Running 10s test @ http://x/\n  1 threads and 2 connections\n  a remark %s[31m\n' "$esc"
    sed -n '3,$p' samples/article/uwsgi.log
    printf '\377\376 the end %s[0m' "$esc"
} >"$T/${esc}[31mred.log"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$db" --campaign old samples/article/uwsgi.log \
    "$T/${esc}[31mred.log" samples/article/hello.csv 2>/dev/null

logs
is "$status $err" '0 ' 'the list is made'
is "$(printf '%s\n' "$out" | wc -l)" 4 'a heading and a line a log'
like "$out" "^ +1 +$(wc -c <samples/article/uwsgi.log) +[0-9]+ +1 +0 +0 +[-0-9T:]+ +samples/article/uwsgi.log\$" \
    'a log: its number, bytes, runs, published figures, unread lines, name'
like "$out" '^ +2 .* 1 +0 +1 .*/\?\[31mred.log$' '... a line of it that was not understood'
like "$out" '^ +3 .* 0 +[1-9][0-9]* +0 .*/hello.csv$' '... the published figures of a table'
unlike "$out" "$esc" 'a file name cannot reach the terminal'

for i in 1 2 3; do
    case $i in
    1) file=samples/article/uwsgi.log ;;
    2) file="$T/${esc}[31mred.log" ;;
    *) file=samples/article/hello.csv ;;
    esac
    "$WRKBOOK_BUILD/wrkbook-runner" logs --db "$db" $i >"$T/back"
    ok "log $i comes back byte for byte" cmp -s "$file" "$T/back"
done
"$WRKBOOK_BUILD/wrkbook-runner" logs --db "$db" samples/article/uwsgi.log >"$T/back"
ok 'a log is found by its name' cmp -s samples/article/uwsgi.log "$T/back"

logs --unread
like "$out" 'red.log:3: a remark \?\[31m \(no line of wrk.s\)$' 'unread lines as FILE:LINE, cleaned'
unlike "$out" "$esc" '... for a terminal'
logs --unread 1
is "$status $out" '0 ' '... of one log'

run sh -c "'$WRKBOOK_BUILD/wrkbook-runner' logs --db '$db' --format json | jq -r '.document,
    .version, (.logs[0] | .log, .name, .bytes, .runs, .unread_lines, .campaign, .sha256)'"
is "$(printf '%s ' $out)" "wrkbook/logs 1 1 samples/article/uwsgi.log $(wc -c <samples/article/uwsgi.log) 1 0 old $(
    sha256sum samples/article/uwsgi.log | cut -d ' ' -f 1) " 'the list as JSON'

logs 99
is "$status" 2 'a number that is none fails'
like "$err" 'has no log 99' '... and says so'
logs nosuch.log
is "$status" 2 'a name that is none fails'
like "$err" "has no log 'nosuch.log'; .wrkbook logs. lists them" '... with the remedy'
logs --format tsv
is "$status" 2 'a format that is none fails'

# As older versions packed it: zlib, here that of Python.
sqlite3 "$db" "UPDATE logs SET encoding = 'zlib', content = x'$(python3 -c 'import sys, zlib
print(zlib.compress(open(sys.argv[1], "rb").read(), 4).hex())' samples/article/uwsgi.log)' WHERE id = 1"
"$WRKBOOK_BUILD/wrkbook-runner" logs --db "$db" 1 >"$T/back"
ok 'a log that an older version packed comes back' cmp -s samples/article/uwsgi.log "$T/back"

# ---- what is damaged, what is old

sqlite3 "$db" "UPDATE logs SET content = substr(content, 1, length(content) / 2) WHERE id = 1"
logs 1
is "$status" 2 'half a log fails'
like "$err" 'log 1 is damaged' '... and says so'
cp tests/data/db/version1.db "$T/version1.db"
db=$T/version1.db
logs
is "$status" 0 'an older database is listed as it is'

run "$WRKBOOK" logs --help
is "$status" 0 '--help by the front door'
like "$out" 'byte for byte' '... has examples'

done_testing
