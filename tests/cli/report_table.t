#!/bin/sh
# table: options, where output goes, and what it says when it cannot.
. tests/support/tap.sh

"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/r.db" --label benchmark=live \
    "$ROOT/tests/golden/runs.csv" 2>"$T/err" || cat "$T/err" >&2
db=$T/r.db

run "$WRKBOOK" table --help
is "$status" 0 '--help: done'
like "$out" 'wrkbook table --db results.db' '--help has examples'
like "$out" '^  p99 ' '--help lists the cells'
like "$out" '^  article ' '--help lists the formats'

# --top: the first rows of the order; the best ones where nobody chose another
rows() {
    printf '%s\n' "$out" | sed -n '/^---/,/^$/p' | sed '/^-/d; /^$/d; s/ .*//'
}
run "$WRKBOOK" table --db "$db" --rows server,framework --cols '' --sort best
all=$(rows)
run "$WRKBOOK" table --db "$db" --rows server,framework --cols '' --top 2
is "$(rows)" "$(printf '%s\n' "$all" | head -n 2)" '--top 2: the two best'
run "$WRKBOOK" table --db "$db" --rows server,framework --cols '' --top 1 --sort name
is "$(rows)" "$(printf '%s\n' "$all" | LC_ALL=C sort | head -n 1)" '--top 1 --sort name: the first of that order'

# a field of runs as an axis: what --where takes, told in every format
run "$WRKBOOK" table --db "$db" --rows server,framework --cols connections
like "$out" '^ +connections=200$' '--cols connections: a column for each number'
run "$WRKBOOK" table --db "$db" --rows campaign --cols server,framework --format csv --wide
like "$out" '^live,1,' '--rows campaign: one without a name goes by its number'
run "$WRKBOOK" table --db "$db" --rows asked_duration_ns,server --cols framework --where server=gunicorn
like "$out" '^10 s/gunicorn +19.39k ' '--rows asked_duration_ns: a time as people read it'
run "$WRKBOOK" table --db "$db" --tables connections --cell best --format csv
like "$out" '^live,200,flask,gunicorn,19391.52,' 'csv has a column of the field'

printf 'server,run_no,requests_per_s,status,connections\na,1,100,complete,50\na,2,300,complete,200\n' >"$T/two.csv"
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/two.db" "$T/two.csv" 2>"$T/err" || cat "$T/err" >&2
run "$WRKBOOK" table --db "$T/two.db"
like "$out" 'runs of unlike load count together .*--cols connections' 'one cell of two loads: a note says how to part them'
run "$WRKBOOK" article --db "$T/two.db" --cols connections --no-charts -o "$T/two"
is "$status" 0 '--cols connections: an article, too'
ok '... that calls the loads by name' grep -q 'connections=200 has the highest median' "$T/two/article.md"

# --totals geomean: a row below the table, that says what it rests on
run "$WRKBOOK" table --db "$db" --rows server,framework --cols '' --cell best,p99 --totals geomean
like "$out" '^geometric mean +4857\.[0-9]+$' '--totals geomean: the geometric mean of 19391.52, 12270.86 and 481.74'
like "$out" 'geometric mean over 3 rows that have all figures; left out: uwsgi/flask' '... says what is left out'
like "$out" 'no geometric mean, as too few rows have a figure: p99' '... and which column has none'
run "$WRKBOOK" table --db "$db" --rows server,framework --cols '' --totals geomean --wide --format json
is "$(printf '%s' "$out" | jq -c '.tables[0].geometric_mean | [.rows, .left_out, (.cells[0] * 100 | round)]')" \
    '[3,[{"server":"uwsgi","framework":"flask"}],485773]' '--totals geomean --wide: beside the rows of json'

# refusals: status 2, one line on stderr that says what is right, nothing on stdout
refused() {
    name=$1
    wanted=$2
    shift 2
    run "$WRKBOOK" table --db "$db" "$@"
    is "$status" 2 "$name: status 2"
    is "$out" '' "$name: nothing on stdout"
    like "$err" "^wrkbook-report: .*$wanted" "$name: says why"
    is "$(printf '%s\n' "$err" | wc -l)" 1 "$name: in one line"
}
refused 'unknown cell' "no cell 'bets'; there are: best median" --cell bets
refused 'unknown format' "--format takes text, article, md" --format pdf
refused 'unknown label in --rows' "no case has the label 'sever', and runs have no such field; labels are: benchmark" --rows sever
refused 'unknown label in --where' 'sever' --where sever=x
refused 'no case left' 'no case' --where server=nginx
refused 'two cases in one cell' 'differ in: framework.*--where' --rows server --cols '' --tables ''
refused 'bad split' "split=... takes 'errors' or 'no errors'" --where split=maybe
refused 'bad --split' "--split takes 'errors'" --split status
refused 'bad --sort' '--sort takes best' --sort size
refused 'bad --color' '--color takes auto' --color red
refused 'bad --window' '--window: ' --window ten
refused 'bad --top' '--top: ' --top 0
refused '--top of a long format' '--top takes a table: add --wide' --top 2 --format csv
refused 'bad --totals' '--totals takes geomean' --totals sum
refused '--totals of a long format' '--totals takes a table: add --wide' --totals geomean --format csv
refused '--totals of ranges' 'takes rates or latencies' --totals geomean --cell range
refused 'bad --heading-at' 'byte offsets such as' --heading-at 1,x --format article
refused 'stray argument' "unexpected argument 'x.db'" x.db
refused 'unwritable -o' "cannot write '/nowhere/x.csv'" -o /nowhere/x.csv
db=$T/none.db
refused 'missing database' "none.db" --cell best
echo 'this is no database, but a text of some length' >"$T/text.db"
db=$T/text.db
refused 'no database' 'text.db' --cell best
db=$T/r.db

# -o: format by name, whole or not at all, the mode that umask gives
run "$WRKBOOK" table --db "$db" --cell best,errors -o "$T/out.csv"
is "$status" 0 '-o: done'
like "$(head -1 "$T/out.csv")" '^benchmark,framework,server,best_per_s,errors_connect,' \
    '-o x.csv chooses csv'
(umask 027 && "$WRKBOOK" table --db "$db" -o "$T/mode.md")
is "$(stat -c %a "$T/mode.md")" 640 '-o: the mode that umask gives'
like "$(cat "$T/mode.md")" '^\| gunicorn ' '-o x.md chooses md'
mkfifo "$T/pipe"
(cat "$T/pipe" >"$T/piped") &
"$WRKBOOK" table --db "$db" --format tsv -o "$T/pipe"
wait
ok '-o to a pipe writes into it' test -p "$T/pipe"
ok '-o to a pipe: the table came out' grep -q best_per_s "$T/piped"
run "$WRKBOOK" table --db "$db" -o -
like "$out" '^gunicorn ' '-o - is stdout'
ok 'full disk: status 2' sh -c '"$0" table --db "$1" >/dev/full 2>/dev/null; [ $? -eq 2 ]' \
    "$WRKBOOK" "$db"

# colour
run "$WRKBOOK" table --db "$db"
unlike "$out" "$(printf '\033')" 'no colour into a pipe'
run "$WRKBOOK" table --db "$db" --color always
like "$out" "$(printf '\033')\[1m" '--color always: the best is bold'
# the best of a column carries the colour, and the words stay without it
is "$(printf '%s' "$out" | sed "s/$(printf '\033')\[[0-9]*m//g")" \
    "$("$WRKBOOK" table --db "$db" --color never)" 'colour adds nothing but colour'

# the database is only read
cp "$db" "$T/before.db"
"$WRKBOOK" table --db "$db" --cell best,range,p99 >/dev/null
same "$db" "$T/before.db" 'the database is not changed by reading it'
chmod 444 "$db"
run "$WRKBOOK" table --db "$db"
is "$status" 0 'a database that may only be read is enough'

# published as ranges alone: the best is nowhere, and every format says so
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/p.db" --label benchmark=data --set 'split=no errors' \
    "$ROOT/tests/golden/article/noerrors.csv" 2>"$T/err" || cat "$T/err" >&2
why='published as min .*max only.* which .*cell range shows'
for format in text md html latex asciidoc rst; do
    run "$WRKBOOK" table --db "$T/p.db" --format $format
    is "$status" 0 "$format without a figure: done"
    like "$out" "$why" "$format: says what was published instead"
    unlike "$out" 'begin.tabular|<table|list-table|===|^.---' "$format: no table without a row"
done
run "$WRKBOOK" table --db "$T/p.db" --format article
is "$status" 2 'article without a figure: not done'
like "$err" "$why" 'article: says why beside its output'
like "$err" 'no case has a figure for --cell best' '... and that there is none'
run "$WRKBOOK" table --db "$T/p.db" --cell best,range --format article
is "$status" 0 'article of best and range: done'
like "$out" '^meinheld   465 - 494 ' 'the figures that there are'
like "$err" "no case here has a figure for 'best'" 'the other is told on stderr'

# cases with errors
run "$WRKBOOK" table --db "$db" --cell best --format csv
like "$out" '^live,flask,uwsgi,,errors,false,errors' 'a case with errors has no figure in a table of all'
run "$WRKBOOK" table --db "$db" --where split=errors --cell best --format csv
like "$out" '^live,flask,uwsgi,2250.1,errors,false,ok' 'and has it in a table of such cases'
run "$WRKBOOK" table --db "$db" --cell errors,runs --format csv
like "$out" '^live,flask,uwsgi,0?,14403,0?,62,0,2,errors,false,errors' 'counts stay'
run "$WRKBOOK" table --db "$db" --where server=uwsgi,gunicorn --format csv --sort best
like "$(printf '%s\n' "$out" | sed -n 2p)" 'gunicorn' '--sort best: rows of csv, too'

done_testing
