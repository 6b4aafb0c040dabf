#!/bin/sh
# summary: the first look. Whole outputs are golden (report_golden.t); here is what must hold.
. tests/support/tap.sh

"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/r.db" --label benchmark=live \
    "$ROOT/tests/golden/runs.csv" 2>"$T/err" || cat "$T/err" >&2

run "$WRKBOOK" summary --db "$T/r.db"
is "$status" 0 'done'
is "$err" '' 'nothing on stderr'
like "$out" '^Runs:  13 in 4 cases, 1 of them cut short' 'facts: runs'
like "$out" '^Load:  1 thread, 200 connections, 10 s' 'facts: load'
like "$out" '^gunicorn/flask +19[0-9.]+ +19260 ± 260 .* 6 stable +██████ +none$' 'a line a case'
like "$out" 'read 14403, timeout 62 in 1 of 2 runs$' 'errors in words'
like "$out" '^\* runs cut short or failed are left out: gunicorn/hug$' 'notes name the cases'
like "$out" '^\* repeat until each case has 5 runs' 'what to do next'
unlike "$out" "$(hostname)|$T|$(date +%Y)-" 'no host, path or clock'

run "$WRKBOOK" summary --db "$T/r.db" --ascii
is "$(printf '%s' "$out" | LC_ALL=C tr -d '\n -~' | wc -c)" 0 '--ascii is ASCII'

# labels that fit no usual layout: every label a row, never a question back
printf 'size,mode,run_no,requests_per_s\n1,a,1,10\n1,b,1,20\n2,a,1,30\n' >"$T/odd.csv"
printf 'server,framework,extra,run_no,requests_per_s\ns,f,1,1,10\ns,f,2,1,20\n' >"$T/two.csv"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/odd.db" "$T/odd.csv" 2>/dev/null
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/two.db" "$T/two.csv" 2>/dev/null
run "$WRKBOOK" summary --db "$T/odd.db"
like "$out" '^a/1 ' 'other labels: rows of all of them'
run "$WRKBOOK" summary --db "$T/two.db"
is "$status" 0 'a layout that does not fit: done all the same'
like "$out" '1/f/s|f/1/s' 'with every label in the row'

run "$WRKBOOK" summary --db "$T/none.db"
is "$status" 2 'no database: status 2'
run "$WRKBOOK" summary --help
like "$out" 'wrkbook summary --db results.db' '--help has examples'

printf 'server,run_no,requests_per_s\n' >"$T/apart.csv"
for rate in 100.1 100.2 99.9 100.0 50.0 100.3 99.8; do echo "a,$((n += 1)),$rate"; done >>"$T/apart.csv"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/apart.db" "$T/apart.csv" 2>/dev/null
run "$WRKBOOK" summary --db "$T/apart.db" --outliers
like "$out" ': without run 5: median 100\.0 -> 100\.1, mean 92\.9 -> 100\.1, cv 20\.4 % -> 0\.2 %$' '--outliers: with and without'
run "$WRKBOOK" summary --db "$T/apart.db"
unlike "$out" 'without run' 'only on request'

done_testing
