#!/bin/sh
# compare: what changed between two databases, in people's words; the gate's exit status; and what
# is no database to compare: a clear sentence, status 2, and both files as they were.
. tests/support/tap.sh

for side in old new; do
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/$side.db" --label benchmark=live \
        "$ROOT/tests/golden/compare-$side.csv" 2>"$T/err" || cat "$T/err" >&2
done
cd "$T" || exit 2

# ---- text: cases that were made so: 10 % slower, 6 % faster, errors in one run ... ------------------

run "$WRKBOOK" compare old.db new.db
is "$status" 0 'without a gate: done'
is "$(printf '%s\n' "$out" | head -n 1)" \
    '10 cases: 1 broken, 1 slower, 1 faster, 1 fixed, 1 gone, 1 added; 1 not comparable, 1 too few runs, 1 cannot tell, 1 no difference' \
    'the headline counts all cases, each once'
line() {
    printf '%s\n' "$out" | tr -s ' ' | grep "^$1 $2 "
}
like "$(line nginx/flask rate)" ' slower 20\.00k 18\.00k −10\.0 % ' 'ten per cent less: slower'
like "$(line gunicorn/hug rate)" ' faster 10\.00k 10\.60k \+6\.0 % ' 'six per cent more: faster'
like "$(line gunicorn/hug p50)" ' faster .* −5\.7 % ' 'a lower latency is faster: 1/1.06'
like "$(line uwsgi/hug errors)" ' broken none read 14$' 'errors that appeared: broken'
like "$(line uwsgi/hug rate)" ' broken 12\.00k 13\.08k \?$' 'nine per cent more with new errors is not faster'
like "$(line uwsgi/flask errors)" ' fixed read 7 none$' 'errors that are gone: fixed'
like "$(line meinheld/hug rate)" ' gone 30\.00k \?$' 'only in the old one: gone'
like "$(line bjoern/hug rate)" ' added 40\.00k \?$' 'only in the new one: added'
is "$(line gunicorn/falcon rate)" '' 'what did not change is not listed'
like "$out" '^differs: connections 200 -> 100, in 1 case: not compared \(--allow connections compares it\)$' \
    'another setting is named once'
like "$out" '^\* cannot tell about rate, .*: nginx/falcon \([0-9.]+ %\)$' \
    'what cannot be told is named, with what would have been shown'
like "$out" '^\* worth another run: 4 cases' 'as many are worth another run as --format cells lists'
is "$("$WRKBOOK" compare old.db new.db --format cells | jq length)" 4 'cells lists as many'
like "$out" '^rate: .* over 5 of 10 cases$' 'the mean says over how many'
like "$out" '^\* too few runs .*: uwsgi/falcon$' 'too few runs are named'
first=$(printf '%s\n' "$out" | grep -n '^uwsgi/hug' | head -n 1 | cut -d: -f1)
last=$(printf '%s\n' "$out" | grep -n '^gunicorn/hug' | tail -n 1 | cut -d: -f1)
ok 'broken stands above slower above faster' test "$first" -lt "$last"

run "$WRKBOOK" compare old.db new.db --all
like "$(line gunicorn/falcon rate)" ' no difference 15\.00k 15\.00k ~ ' '--all: no difference'
like "$(line nginx/falcon rate)" ' cannot tell .* these runs would show a change of [0-9.]+ %; [0-9]+ runs' \
    '--all: what these runs could have shown, and how many would'
like "$(line nginx/hug rate)" ' not comparable .* connections 200 -> 100$' '--all: why not comparable'
run "$WRKBOOK" compare old.db new.db --all --allow connections --metric rate --ascii
like "$(line nginx/hug rate)" '~ \[-' '--allow compares it, --ascii has plain minus signs'
unlike "$out" ' p50 ' '--metric rate: no latencies'
run "$WRKBOOK" compare new.db new.db --where server=nginx --against server=nginx,gunicorn
is "$status" 2 'two parts that are one case: not done'
run "$WRKBOOK" compare new.db --where server=nginx --against server=gunicorn --all
is "$status" 0 'two values of a label of one database'
like "$(line hug rate)" ' not comparable 18\.00k 10\.60k \?' 'cases match without that label'

# What differs from case to case takes one line; the head says of which days the runs are.
for side in old new; do
    {
        echo server,url,requests_per_s,status,started_at
        for server in a b c; do
            echo "$server,http://$side/$server,100,complete,2018-06-0${#side}T10:00:00Z"
        done
        [ $side = old ] || echo c,http://new/c,100,complete,2018-06-09T10:00:00Z
    } >"urls-$side.csv"
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "urls-$side.db" "urls-$side.csv" 2>"$T/err" || cat "$T/err" >&2
done
run "$WRKBOOK" compare urls-old.db urls-new.db
is "$(printf '%s\n' "$out" | grep -c '^differs: url')" 1 'URLs that differ from case to case take one line'
like "$out" '^differs: url http://old/a -> http://new/a and 2 more, in 3 cases$' 'which says how many there are'
like "$out" '^old: 3 runs of 2018-06-03 in 3 cases$' 'the day of the runs'
like "$out" '^new: 4 runs of 2018-06-03 to 2018-06-09 in 3 cases$' 'the days of the runs'

# Two campaigns of one database, by number; the new one has both sets of cases.
cp old.db both.db
"$WRKBOOK_BUILD/wrkbook-runner" import --db both.db --label benchmark=live \
    "$ROOT/tests/golden/compare-new.csv" 2>"$T/err"
run "$WRKBOOK" compare old.db new.db
cp "$T/.out" two.txt
run "$WRKBOOK" compare both.db --where campaign=1 --against campaign=2
same "$T/.out" two.txt 'campaigns 1 and 2 of one database are the same comparison'
run "$WRKBOOK" compare both.db --where campaign=1 --against campaign=3
is "$status" 2 'a campaign that is not there'

# analyze compare is the same data.
run "$WRKBOOK" analyze compare old.db new.db
is "$(printf '%s' "$out" | jq -c '[.document, .version, .cases_compared, (.rows | length)]')" \
    '["wrkbook/compare",1,5,40]' 'the document wrkbook/compare'
cp "$T/.out" a.json
"$WRKBOOK" compare old.db new.db --format json >b.json
same a.json b.json 'compare --format json is the same document'
is "$(jq -c '[.rows[] | select(.labels.server == "uwsgi" and .labels.framework == "hug") |
    [.metric, .word, .verdict_reason]][0:2]' a.json)" \
    '[["errors","broken","errors_appeared"],["requests_per_s","broken","errors_appeared"]]' \
    'broken has its reason'
jq -r '.rows[] | [.metric, .word, (.p // "" | tostring), (.ratio // "" | tostring)] | @tsv' a.json >j.tsv
"$WRKBOOK" analyze compare old.db new.db --format tsv >t.tsv
python3 - t.tsv >p.tsv <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1]), delimiter="\t"):
    print(row["metric"], row["word"], *(repr(float(row[k])) if row[k] else "" for k in ("p", "ratio")), sep="\t")
PY
python3 - j.tsv p.tsv >got <<'PY'
import sys
def rows(path):
    for line in open(path):
        f = line.rstrip("\n").split("\t")
        yield f[:2] + [float(x) if x else None for x in f[2:]]
print(list(rows(sys.argv[1])) == list(rows(sys.argv[2])))
PY
is "$(cat got)" True 'the TSV holds the same figures'
is "$(jq -c '[.rows[] | select(.labels.server == "nginx" and .labels.framework == "flask" and
    .metric == "requests_per_s")][0] | [.p, .p_method, (.ratio * 1e9 | round), .n_a, .n_b]' a.json)" \
    '[0.0021645021645021645,"exact",900000000,6,6]' 'all of 6 below all of 6: p is 2/924, the ratio 0.9'

# ---- gate ------------------------------------------------------------------------------------------

gate() {
    wanted=$1
    name=$2
    shift 2
    run "$WRKBOOK" compare "$@"
    is "$status" "$wanted" "$name"
}
gate 1 'new errors and a slower case: 1' old.db new.db --gate 5%
like "$out" '^gate: worse \(rate 5 %\)$' 'and says so'
only() {
    server=$1
    framework=$2
    shift 2
    run "$WRKBOOK" compare old.db new.db --where "server=$server" --where "framework=$framework" "$@"
}
for case in 'nginx flask 5% 1' 'nginx flask 20% 0' 'nginx flask rate:-5% 1' 'nginx flask p99:+5% 1' \
    'nginx flask p99:+20% 0' 'gunicorn hug 5% 0' 'uwsgi hug 50% 1' 'uwsgi hug errors:+0 1' \
    'gunicorn falcon 5% 0' 'nginx falcon 5% 3' 'nginx falcon 20% 0' 'uwsgi falcon 5% 0' 'uwsgi falcon 0.5% 3' 'nginx hug 5% 4' \
    'uwsgi flask 5% 4'; do
    # shellcheck disable=SC2086 # words
    set -- $case
    only "$1" "$2" --gate "$3"
    is "$status" "$4" "$1/$2 --gate $3: $4"
done
gate 0 'a limit that only latencies break, on the rate: 0' old.db new.db --where server=gunicorn \
    --where framework=hug,falcon --gate 5%
sqlite3 new.db 'VACUUM INTO "other.db"'
sqlite3 other.db "UPDATE case_labels SET value = 'x' || value; UPDATE cases SET labels = replace(labels, ':\"', ':\"x')"
gate 4 'nothing in common never passes: 4' old.db other.db --gate 50%
gate 4 'nor with --gate errors:+0' old.db other.db --gate errors:+0
gate 0 'without a gate it is only told' old.db other.db
like "$out" '^18 cases: 9 gone, 9 added$' 'as gone and added'
for bad in 5 +5% p99:-5% rate:+5% nothing:5% p99:+0 x ''; do
    gate 2 "--gate '$bad' is refused" old.db new.db --gate "$bad"
    is "$out" '' "--gate '$bad': nothing on stdout"
done

# auto: the old database holds five campaigns of the same, within 3 %; the new one is 2 % or 10 % off.
campaigns() {
    for n in $2; do
        awk -v f="$n" 'BEGIN {
            print "server,run_no,requests_per_s,errors_read,status,threads,connections,asked_duration_ns,tool"
            for (i = 1; i <= 6; i++)
                printf "nginx,%d,%.2f,0,complete,1,200,10000000000,wrk\n", i, 20000 * f * (1 + i / 5000)
        }' >"$1-$n.csv"
        "$WRKBOOK_BUILD/wrkbook-runner" import --db "$1.db" "$1-$n.csv" 2>"$T/err" || cat "$T/err" >&2
    done
}
campaigns aa '1 1.03 0.99 1.01 0.98'
campaigns near 0.99
campaigns far 0.90
gate 0 '--gate auto: within what repeated campaigns show' aa.db near.db --gate auto
like "$out" 'gate: passed \(rate [45]\.?[0-9]* %; learned from 10 comparisons' 'and says what was learned'
gate 1 '--gate auto: beyond it' aa.db far.db --gate auto
gate 2 '--gate auto: one campaign teaches nothing' near.db far.db --gate auto

# ---- rounds of one interleaved campaign, most of whose noise both have in common ------------------

python3 - >rounds.csv <<'PY'
noise = [100, 130, 90, 115, 105, 125, 95, 110, 120, 98]
print("variant,run_no,requests_per_s")
for n, level in enumerate(noise, 1):
    print(f"old,{n},{level}")
    print(f"new,{n},{level * (0.94 - n / 1000)}")
PY
"$WRKBOOK_BUILD/wrkbook-runner" import --db rounds.db rounds.csv 2>"$T/err" || cat "$T/err" >&2
rounds() {
    run "$WRKBOOK" compare rounds.db --where variant=old --against variant=new --metric rate --gate 3% "$@"
}
rounds
is "$status" 3 'imported logs have no rounds: the change is in the noise'
unlike "$out" 'round by round' 'and nothing is paired'
rounds --pairs always
is "$status" 1 '--pairs always takes the numbers of the runs'
sqlite3 rounds.db "UPDATE campaigns SET run_order = 'interleaved'; UPDATE runs SET round = run_no"
rounds
is "$status" 1 'a campaign that went round by round is compared so'
like "$out" '^compared round by round: 1 case, 10 rounds$' 'and says so'
like "$out" ' rate +slower .* −6\.[0-9] % \[−6\.[0-9], −6\.[0-9]\]' 'the change that all rounds have'
rounds --pairs never
is "$status" 3 'unless --pairs never'

# ---- what is no database to compare ----------------------------------------------------------------

echo 'not a database, whatever its name says' >text.db
sqlite3 foreign.db 'CREATE TABLE t (x); INSERT INTO t VALUES (1)'
: >empty.db
"$WRKBOOK_BUILD/wrkbook-runner" import --db nothing.db empty.db 2>"$T/err" || :
cp new.db newer.db
sqlite3 newer.db 'PRAGMA user_version = 999'
cp new.db damaged.db
size=$(wc -c <new.db)
dd if=/dev/urandom of=damaged.db bs=4096 seek=1 count=$((size / 4096 - 2)) conv=notrunc 2>/dev/null
mkdir folder.db
cp "$ROOT/tests/data/db/version1.db" older.db
ln -s new.db alias.db
sha256sum old.db new.db text.db foreign.db empty.db newer.db damaged.db older.db >before
refused() {
    run "$WRKBOOK" compare "$@"
    is "$status" 2 "$*: status 2"
    is "$out" '' "$*: nothing on stdout"
    is "$(printf '%s\n' "$err" | wc -l)" 1 "$*: one sentence"
}
for bad in 'text.db it is no wrkbook database' 'foreign.db a database of another program' \
    'empty.db is empty: nothing was stored' 'newer.db needs database version 999' \
    'damaged.db is damaged' 'missing.db [Nn]o such file' 'folder.db .'; do
    file=${bad%% *}
    refused old.db "$file"
    like "$err" "^wrkbook-report: .*$file.*${bad#* }" "$file: says why"
    refused "$file" new.db
    refused old.db "$file" --gate 5%
done
refused new.db new.db
like "$err" "'new.db' and 'new.db' are the same file; .* --where and --against" 'the same file twice'
refused new.db alias.db
refused new.db
like "$err" 'two databases are needed' 'one database without parts'
refused old.db new.db --format xml
refused old.db new.db --metric p98
refused old.db new.db --adjust fdr
refused old.db new.db --min-effect x
refused old.db new.db --by nolabel
run "$WRKBOOK" compare older.db new.db
is "$status" 0 'an older schema is read as it is'
sqlite3 new.db 'BEGIN IMMEDIATE' '.shell touch locked; while [ -e locked ]; do sleep 0.05; done' >/dev/null 2>&1 &
for _ in $(seq 100); do
    [ ! -e locked ] || break
    sleep 0.05
done
refused old.db new.db
like "$err" "'new.db' is being written to by another program" 'a file that is being written to'
rm -f locked
wait
sha256sum -c before >"$T/err" 2>&1
is $? 0 'no file was changed'
ok 'nothing was left beside them' test -z "$(ls -- *-journal *-wal *-shm 2>/dev/null)"

# --adjust: which correction decides; Holm's is always told beside.
for how in bh holm none; do
    "$WRKBOOK" analyze compare old.db new.db --adjust $how >$how.json
done
is "$(jq -c .adjust bh.json holm.json none.json | tr '\n' ' ')" '"bh" "holm" "none" ' '--adjust is said'
is "$(jq '[.rows[] | select(.p_adj != null)] | length > 3 and all(.p_adj == .p_adj_holm)' holm.json)" true 'holm decides'
is "$(jq '[.rows[] | select(.p_adj != null)] | length > 3 and all(.p_adj == .p)' none.json)" true 'none does'
is "$(jq '[.rows[] | select(.p_adj != null)] | all(.p_adj >= .p and .p_adj <= .p_adj_holm) and any(.p_adj < .p_adj_holm)' bh.json)" true \
    'bh lies between'

run "$WRKBOOK" compare --help
is "$status" 0 '--help'
like "$out" 'wrkbook compare old.db new.db --gate 5%' '--help has examples'
for word in junit benchstat cells p999; do
    like "$out" "^  $word " "--help names $word"
done
done_testing
