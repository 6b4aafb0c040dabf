#!/bin/sh
# analyze rank and effects: the article's sentences as data, from its published tables; then from
# runs; JSON and TSV hold the same; wrong use is named.
. tests/support/tap.sh

article=$ROOT/tests/golden/article
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$@" 2>"$T/err" || cat "$T/err" >&2
}
import "$T/a.db" --label benchmark=hello "$article/hello.csv"
import "$T/a.db" --label benchmark=data --set split=errors "$article/errors.csv"
import "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"

# "Flask is slower in hello, the others are tied": the five on meinheld.
run "$WRKBOOK" analyze rank --db "$T/a.db" --where benchmark=hello --where server=meinheld
is "$status" 0 'rank of the article'
is "$(printf '%s' "$out" | jq -c '[.document, .version, .tie_margin_share]')" '["wrkbook/rank",1,0.05]' \
    'what the document is'
is "$(printf '%s' "$out" | jq -c '[.tables[0].cases[] | [.labels.framework, .rank, .letters]]')" \
    '[["hug",1,"a"],["falcon",1,"a"],["apistar",1,"a"],["bottle",1,"a"],["flask",5,"b"]]' \
    'Flask is slower, the others are neck and neck'
is "$(printf '%s' "$out" | jq -c '[.tables[0].pairs[] | .tested] | unique')" '[false]' \
    'published single figures: nothing is tested, and it says so'

run "$WRKBOOK" analyze rank --db "$T/a.db" --where benchmark=hello
is "$(printf '%s' "$out" | jq -c '.tables[0].cases[-1] | [.labels.server, .rank, .letters, .case_split]')" \
    '["uwsgi",null,null,"errors"]' 'errors: last, without rank'

# "Frameworks made less of a difference in the data benchmark."
run "$WRKBOOK" analyze effects --db "$T/a.db"
is "$status" 0 'effects of the article'
cp "$T/.out" "$T/e.json"
is "$(jq -c '[.less[] | select(.factor == "framework") | .common_cells, (.in[] | [.table.benchmark, .less])]' "$T/e.json")" \
    '[10,["hello",false],["data",true]]' 'frameworks matter less in the data benchmark'
is "$(jq -c '.tables[0] | [.published_cells, .share_interaction, .f_server, .p_framework]' "$T/e.json")" \
    '[21,null,null,null]' 'one published figure a cell: no noise is known, so nothing is tested'
is "$(jq -c '[.tables[0].left_out[] | [.labels.server, .labels.framework, .because] | join(" ")]' "$T/e.json")" \
    '["uwsgi apistar errors","uwsgi bottle errors","uwsgi falcon errors","uwsgi flask errors","uwsgi hug errors","sanic sanic disconnected"]' \
    'what the figures leave out, and why'
# the oracle set v02 is this table: R anova(lm(log(v) ~ s + f)), both orders
is "$(jq '.tables[0] | .share_server * 1e9 | round' "$T/e.json")" 926595594 'share of the servers as R'

run "$WRKBOOK" analyze effects --db "$T/a.db" --format tsv
cp "$T/.out" "$T/e.tsv"
is "$(awk -F '\t' '$1 == "hello" && $3 == "server" && $4 == "" { print $5 }' "$T/e.tsv")" \
    "$(jq -r '.tables[0].share_server' "$T/e.json")" 'TSV: the share'
is "$(awk -F '\t' '$1 == "data" && $4 == "gevent" { print $9 }' "$T/e.tsv")" \
    "$(jq -r '.tables[1].levels_server[] | select(.labels.server == "gevent") | .effect' "$T/e.json")" \
    'TSV: the effect of a level'

# runs: six against three, one, and one with errors
import "$T/r.db" "$ROOT/tests/golden/runs.csv"
run "$WRKBOOK" analyze rank --db "$T/r.db"
cp "$T/.out" "$T/r.json"
is "$(jq -c '.tables[0] | [.best_k, .unequal_runs]' "$T/r.json")" '[1,true]' 'unequal runs are named'
is "$(jq -c '[.tables[0].pairs[] | [.ahead, .behind, .tested, .different]]' "$T/r.json")" \
    '[[1,2,true,true],[1,3,false,true],[2,3,false,true]]' 'what can be tested is tested'
run "$WRKBOOK" analyze rank --db "$T/r.db" --format tsv
is "$(printf '%s\n' "$out" | awk -F '\t' 'NR > 1 { print $2, $1, $5, $6, $8 }')" 'gunicorn flask 1 a 19262.325
gunicorn hug 2 b 11004.99
uwsgi hug 3 c 481.74
uwsgi flask   1843.7649999999999' 'TSV: the same order'

# any labels make tables: one a server, the frameworks in order
run "$WRKBOOK" analyze rank --db "$T/r.db" --tables server
is "$(printf '%s' "$out" | jq -c '[.tables[] | [.table.server, (.cases[].labels.framework)]]')" \
    '[["gunicorn","flask","hug"],["uwsgi","hug","flask"]]' 'any label makes tables'

# ten rounds of one interleaved campaign, 30 % of noise in common: pairs tell apart what samples cannot
python3 - >"$T/rounds.csv" <<'PY'
noise = [100, 130, 90, 115, 105, 125, 95, 110, 120, 98]
print("server,run_no,requests_per_s")
for n, level in enumerate(noise, 1):
    print(f"fast,{n},{level * (1.06 + n / 1000)}")
    print(f"slow,{n},{level}")
PY
import "$T/p.db" "$T/rounds.csv"
rank_pair() {
    "$WRKBOOK" analyze rank --db "$T/p.db" "$@" | jq -c '.tables[0].pairs[0] | [.paired, .different]'
}
is "$(rank_pair)" '[false,false]' 'imported logs: no rounds are known, nothing is paired'
sqlite3 "$T/p.db" "UPDATE campaigns SET run_order = 'interleaved'; UPDATE runs SET round = run_no"
is "$(rank_pair)" '[true,true]' 'an interleaved campaign is compared round by round'
is "$(rank_pair --pairs never)" '[false,false]' 'unless --pairs never'
sqlite3 "$T/p.db" "UPDATE campaigns SET run_order = 'grouped'"
is "$(rank_pair)" '[false,false]' 'a grouped one is not'

for margin in 5 '5 %' x; do
    run "$WRKBOOK" analyze rank --db "$T/r.db" --tie-margin "$margin"
    echo "$status $margin"
done >"$T/got"
is "$(cat "$T/got")" '0 5
0 5 %
2 x' '--tie-margin takes a share'
like "$err" "'x' is no share" 'and says what it takes'
run "$WRKBOOK" analyze rank --db "$T/r.db" --pairs sometimes
is "$status $out" '2 ' 'unknown --pairs'
run "$WRKBOOK" analyze effects --db "$T/r.db" --format xml
is "$status $err" "2 wrkbook-analyze: --format takes json or tsv, not 'xml'" 'unknown format'
run "$WRKBOOK" analyze effects --db "$T/r.db" --rows colour
is "$status" 2 'an unknown label'
like "$err" "no case has the label 'colour'" 'is named'
run "$WRKBOOK" analyze rank --db "$T/none.db"
is "$status" 2 'no database'

# by latency: lower is better. Six apart from six: p = 2 / C(12, 6) (Mann & Whitney's table).
{
    echo 'server,run_no,requests_per_s,requests,elapsed_ns,latency_p99_ns,latency_kind,status'
    for i in 0 1 2 3 4 5; do
        echo "quick,$((i + 1)),1000,10000,10000000000,$((10 + i))000000,raw,complete"
        echo "slow,$((i + 1)),9000,90000,10000000000,$((20 + i))000000,raw,complete"
        echo "few,$((i + 1)),50,500,10000000000,5000000,raw,complete"
    done
} >"$T/l.csv"
import "$T/l.db" "$T/l.csv"
run "$WRKBOOK" analyze rank --db "$T/l.db" --metric p99
is "$(printf '%s' "$out" | jq -c '[.metric, (.tables[0].cases[] | [.labels.server, .rank, .median_ns, .best_ns])]')" \
    '["latency_p99_ns",["quick",1,12500000,10000000],["slow",2,22500000,20000000],["few",null,null,null]]' \
    'by p99: the lowest first; five answers above it are too few'
is "$(printf '%s' "$out" | jq '.tables[0].pairs[0].p * 462')" 1 'p as in the table'
run "$WRKBOOK" analyze rank --db "$T/l.db" --metric p99 --format tsv
is "$(printf '%s\n' "$out" | head -1 | tr '\t' '\n' | grep -c '_ns$')" 3 'TSV: the names carry the unit'
run "$WRKBOOK" rank --db "$T/l.db" --metric p99
like "$out" 'quick +1 +12.5ms . 2.5ms +10.00ms' 'text: in ms, the best is the lowest'
like "$out" 'slow +2 .* 1.8[0-9]. \(1.5' 'and how much longer the others take'
like "$out" 'too few answers lie above it: no rank: few' 'and why a case has no rank'
sed 's/slow\(.*\)raw/slow\1from due time/' "$T/l.csv" >"$T/q.csv"
import "$T/q.db" "$T/q.csv"
run "$WRKBOOK" analyze rank --db "$T/q.db" --metric p99
is "$status" 2 'unlike kinds of latency have no order'
like "$err" "'raw', 'from due time'.*--where latency_kind" 'and what to do is said'
run "$WRKBOOK" analyze rank --db "$T/l.db" --metric errors
like "$err" "--metric takes rate, .* not 'errors'" 'a metric that no run has a sample of'

# one number over benchmarks: a is the best of hello, b twice as fast as a in data, c lacks data
cat >"$T/s.csv" <<'CSV'
benchmark,server,run_no,requests_per_s,requests,elapsed_ns,status
hello,a,1,100,1000,10000000000,complete
hello,b,1,50,500,10000000000,complete
hello,c,1,80,800,10000000000,complete
data,a,1,10,100,10000000000,complete
data,b,1,20,200,10000000000,complete
CSV
import "$T/s.db" "$T/s.csv"
scores() {
    run "$WRKBOOK" analyze rank --db "$T/s.db" "$@"
    printf '%s' "$out" | jq -c '[.scores[] | [.labels.server, (.score | if . then . * 100 | round else . end)]]'
}
is "$(scores --score)" '[["a",7071],["b",7071],["c",null]]' 'score: 100 x sqrt(1 x 1/2)'
is "$(scores --score --weight data=3)" '[["b",8409],["a",5946],["c",null]]' 'weights: 100 x 2^(-1/4), 2^(-3/4)'
run "$WRKBOOK" analyze rank --db "$T/s.db"
is "$(printf '%s' "$out" | jq .scores)" null 'unless asked there is none'
run "$WRKBOOK" rank --db "$T/s.db" --score --weight data=3
like "$out" '^b +84.1$' 'text: the score'
like "$out" 'no score: c$' 'and who has none'
for wrong in --weight=data --weight=data=0 --weight=other=2 --where=benchmark=data; do
    run "$WRKBOOK" rank --db "$T/s.db" --score "$wrong"
    echo "$status $err"
done >"$T/got"
is "$(grep -c '^2 wrkbook-report: --' "$T/got")" 4 'wrong weights, and one table alone, are refused'

is "$("$WRKBOOK" analyze rank --db "$T/r.db" --adjust none | jq '[.adjust, ([.tables[].pairs[] | select(.p != null)] |
    length > 0 and all(.p_adj == .p))] | @csv')" '"\"none\",true"' '--adjust none: p as they are'
run "$WRKBOOK" analyze rank --db "$T/r.db" --adjust fdr
like "$err" '--adjust takes bh .*, not .fdr.' '--adjust takes a method'

done_testing
