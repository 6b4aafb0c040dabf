#!/bin/sh
# rank for people: the article's sentence, runs, every format, hostile names, wrong use.
. tests/support/tap.sh

article=$ROOT/tests/golden/article
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$@" 2>"$T/err" || cat "$T/err" >&2
}
import "$T/a.db" --label benchmark=hello "$article/hello.csv"
import "$T/r.db" "$ROOT/tests/golden/runs.csv"

run "$WRKBOOK" rank --db "$T/a.db" --where server=meinheld,uwsgi --where framework=flask,hug,bottle --ascii
is "$status" 0 'rank of the article'
is "$out" 'benchmark=hello: requests/s, cases in order of what was published

                  rank   published  first is faster  group
---------------  ------  ---------  ---------------  -----
meinheld/hug          1     70.96k                   a
meinheld/bottle       1     68.80k            1.03x  a
meinheld/flask        3     35.51k            2.00x  b
uwsgi/bottle     errors
uwsgi/flask      errors
uwsgi/hug        errors

* neck and neck with the first: meinheld/hug, meinheld/bottle
* cases that share a letter are neck and neck: within 5.0 %, or not told apart at the level of 5 % over all pairs
* 3 of 3 pairs have too few runs for a test (it takes 4 a side): told apart where their ranges are
* errors: no rank: uwsgi/bottle, uwsgi/flask, uwsgi/hug
* published, number of runs unknown: meinheld/hug, meinheld/bottle, meinheld/flask' 'the table'

import "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"
run "$WRKBOOK" rank --db "$T/a.db" --where benchmark=data --where server=meinheld
like "$out" '^benchmark=data: requests/s, no case has a rank$' 'only ranges were published: no order'
unlike "$out" 'best of' '... and no column without a figure'

run "$WRKBOOK" rank --db "$T/r.db"
cp "$T/.out" "$T/text"
like "$out" '^gunicorn/flask +1 +19260 . 260 +19235.86 +a$' 'median with its interval, best of as many runs as all have'
like "$out" '^gunicorn/hug +2 .* 1\.75. \(1\.57 . 1\.88\) +b$' 'how far behind, with its interval'
like "$out" '^uwsgi/flask +errors$' 'errors: no rank'
like "$out" '^\* 2 of 3 pairs have too few runs for a test \(it takes 4 a side\)' 'what was not tested'
run "$WRKBOOK" rank --db "$T/r.db" --ascii
is "$(printf '%s' "$out" | LC_ALL=C tr -d '\000-\177')" '' '--ascii'

for format in json tsv; do
    run "$WRKBOOK" rank --db "$T/r.db" -o "$T/rank.$format"
    "$WRKBOOK" analyze rank --db "$T/r.db" --format $format >"$T/same"
    same "$T/rank.$format" "$T/same" "$format: that of analyze rank, by the name of the file"
done

# hostile names: one row each, nothing that a reader takes for markup
import "$T/h.db" "$ROOT/tests/golden/hostile.csv"
run "$WRKBOOK" rank --db "$T/h.db" --format md
is "$status" 0 'hostile names in Markdown'
run "$WRKBOOK" rank --db "$T/h.db" --color always
is "$(printf '%s' "$out" | sed 's/\x1b\[[0-9]*m//g' | tr -cd '\033' | wc -c)" 0 'no foreign escape gets through'

run "$WRKBOOK" rank --db "$T/r.db" --format pdf
is "$status $err" "2 wrkbook-report: --format takes text, md, json or tsv, not 'pdf'" 'unknown format'
run "$WRKBOOK" rank --db "$T/r.db" --where server=none
is "$status" 2 'no case is left'

done_testing
