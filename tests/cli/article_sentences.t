#!/bin/sh
# What the article says of its servers, out of its published tables as data, as far as these allow;
# and what they do not allow: one figure a cell and no runs, so nothing is tested.
. tests/support/tap.sh

article=$ROOT/tests/golden/article
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/a.db" "$@" 2>"$T/err" || cat "$T/err" >&2
}
import --label benchmark=hello "$article/hello.csv"
import --label benchmark=data --set split=errors "$article/errors.csv"
import --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"

"$WRKBOOK" analyze summary --db "$T/a.db" --format json >"$T/s.json"
jq -r '.cases[] | [.labels.benchmark, .labels.server, .split, (.published[] | .stability_range)] | @tsv' \
    "$T/s.json" >"$T/cells"

is "$(awk -F '\t' '$2 == "meinheld" && $4 { print $4 }' "$T/cells" | sort | uniq -c | xargs)" '5 stable' \
    'meinheld is steady: every range of requests in 10 s is narrow'
is "$(awk -F '\t' '$2 == "meinheld" { print $3 }' "$T/cells" | grep -c '^errors')" 0 \
    'meinheld never failed'
is "$(awk -F '\t' '$2 == "eventlet" && $1 == "data" && $4 { print $4 }' "$T/cells" | sort | uniq -c | xargs)" \
    '1 noisy 4 wild' 'eventlet varied wildly'
is "$(awk -F '\t' '$3 == "errors" && $1 == "hello" { print $2 }' "$T/cells" | sort -u)" uwsgi \
    'in hello only uwsgi failed'

"$WRKBOOK" analyze rank --db "$T/a.db" --where benchmark=hello --where server=meinheld >"$T/r.json"
is "$(jq -r '.tables[0].cases[] | .labels.framework + " " + .letters' "$T/r.json" | xargs)" \
    'hug a falcon a apistar a bottle a flask b' 'Flask is slower in hello, the others are tied'

"$WRKBOOK" analyze effects --db "$T/a.db" >"$T/e.json"
is "$(jq -r '.less[] | select(.factor == "framework") | .in[] | select(.less) | .table.benchmark' "$T/e.json")" \
    data 'the framework made less of a difference in the data benchmark'
is "$(jq -c '[.tables[] | .share_server > .share_framework]' "$T/e.json")" '[true,true]' \
    'the server mattered more than the framework in both'

diag 'What the published figures do not allow:'
is "$(jq -c '[.cases[] | .stability] | unique' "$T/s.json")" '["unknown"]' \
    'how steady runs are: there are none, only ranges within them'
is "$(jq -c '[.tables[].pairs[].tested] | unique' "$T/r.json")" '[false]' \
    'a test of any two cases: the ties rest on the margin of 5 % alone'
is "$(jq -c '[.tables[] | .f_server, .share_interaction] | unique' "$T/e.json")" '[null]' \
    'telling server and framework together from noise'
is "$(jq -c '[.tables[].left_out[] | select(.because == "disconnected") | .labels.server]' "$T/e.json")" \
    '["sanic","sanic"]' 'sanic: its server and its framework cannot be told apart'

done_testing
