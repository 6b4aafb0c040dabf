#!/bin/sh
# compare of a series of databases: at which of them each case changed, the last against the first, and
# the trend, whose figures are held against their definitions worked out by Python.
. tests/support/tap.sh

# Six versions of four cases, 8 runs each: flat with errors in v5; 10 % slower from v3 on; 1.5 % slower at each
# step; new in v2, faster in v4 and v5 only.
python3 - "$T" <<'EOF'
import csv, random, sys
random.seed(3)
cases = {'gunicorn': [1] * 6, 'uwsgi': [1, 1, .9, .9, .9, .9], 'meinheld': [1, .985, .97, .955, .94, .925],
         'sanic': [0, 1, 1, 1.1, 1.1, 1]}
for version in range(6):
    with open(f'{sys.argv[1]}/v{version + 1}.csv', 'w', newline='') as f:
        out = csv.writer(f)
        out.writerow(['server', 'run_no', 'requests', 'elapsed_ns', 'requests_per_s', 'errors_read', 'connections'])
        for server, level in cases.items():
            for run in range(8 if level[version] else 0):
                rate = round(10000 * level[version] * (1 + random.gauss(0, .006)), 1)
                out.writerow([server, run + 1, round(rate * 10), 10**10, rate,
                              3 if server == 'gunicorn' and version == 4 else 0, 100])
EOF
cd "$T" || exit 2
for v in 1 2 3 4 5 6; do
    "$WRKBOOK" import --db "v$v.db" --label benchmark=hello "v$v.csv" >/dev/null 2>err || cat err >&2
done

run "$WRKBOOK" compare v1.db v2.db v3.db v4.db v5.db v6.db
is "$status" 0 'without a gate: done'
is "$(printf '%s\n' "$out" | head -n 1)" '4 of 4 cases changed over 6 databases' 'the headline'
line() {
    printf '%s\n' "$out" | tr -s ' ' | grep "^$1 $2 "
}
like "$(line uwsgi rate)" ' −[0-9.]* % \[−[0-9.]*, −[0-9.]*\] slower at v3 \(−[0-9.]* %\)$' 'the version that made it slower'
like "$(line meinheld rate)" ' slower over the series, at no single step, trend −1\.4 % a step \(p 0\.00[0-9]\)$' \
    'small steps that add up'
is "$(line gunicorn errors)" 'gunicorn errors none none none none read 24 none broken at v5, fixed at v6' 'errors come and go'
is "$(line gunicorn rate)" '' 'the rate that did not change is not listed, whatever its errors did'
like "$(line sanic rate)" ' \? added at v2, faster at v4 \(\+[0-9.]* %\), slower at v6 \(−[0-9.]* %\)$' 'a case that came later'

run "$WRKBOOK" analyze compare v1.db v2.db v3.db v4.db v5.db v6.db
printf '%s' "$out" >series.json
is "$(jq -c '[.document, .version, (.sides | map(.name) | join(" ")), (.rows | length)]' series.json)" \
    '["wrkbook/series",1,"v1 v2 v3 v4 v5 v6",8]' 'the document'
python3 - <<'EOF' >points 2>&1
import csv, itertools, json, statistics
document = json.load(open('series.json'))
rates = {r['labels']['server']: r for r in document['rows'] if r['metric'] == 'requests_per_s'}
def medians(server):
    return [statistics.median(float(r['requests_per_s']) for r in csv.DictReader(open(f'v{v}.csv')) if r['server'] == server)
            for v in range(1, 7)]
def s(y):
    return sum((b > a) - (b < a) for a, b in itertools.combinations(y, 2))
y = medians('meinheld')
orders = list(itertools.permutations(range(6)))
p = sum(abs(s(o)) >= abs(s(y)) for o in orders) / len(orders)
slope = statistics.median((y[j] - y[i]) / (j - i) for i, j in itertools.combinations(range(6), 2)) / statistics.median(y)
got = rates['meinheld']
def point(good, name, why=''):
    print(('ok ' if good else 'not ok ') + name, '' if good else why)
point(all(abs(a / b - 1) < 1e-12 for a, b in zip(got['medians'], y)), 'medians')
point(got['trend']['s'] == s(y) and abs(got['trend']['p'] - p) < 1e-12, 'Mann and Kendall: S and p over all orders', (got['trend'], s(y), p))
point(abs(got['trend']['slope_share_per_step'] - slope) < 1e-12, 'Theil and Sen: the median of all slopes', (got['trend'], slope))
point(rates['gunicorn']['trend']['s'] is None and rates['sanic']['trend']['s'] is None, 'no trend over sides that cannot be compared')
tests = [t for r in rates.values() for t in r['steps'] + [r['whole']] if t['p_adj'] is not None]
point(len(tests) == 4 + 6 + 6 + 4, 'one family of tests: every step and the whole of each case', len(tests))
EOF
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    *) fail "${line#not ok }" ;;
    esac
done <points
is "$(wc -l <points)" 5 'all points were made'

run "$WRKBOOK" compare v1.db v2.db v3.db v4.db v5.db v6.db --format csv
is "$(printf '%s\n' "$out" | python3 -c 'import csv, sys
rows = list(csv.DictReader(sys.stdin))
print(len({(r["old"], r["new"]) for r in rows}), *sorted(r["new"] for r in rows if r["verdict"] == "slower" and r["metric"] == "requests_per_s"))')" \
    '6 v3 v6 v6 v6' 'csv: a row a step, case and metric'
run "$WRKBOOK" compare v1.db v2.db v3.db --gate 5%
is "$status" 1 'the gate: the last step is worse'
like "$out" '^gate: worse \(rate 5 %\), of the last step$' 'and says so'
run "$WRKBOOK" compare v1.db v3.db v4.db --gate 5%
is "$status" 0 'the gate: an older step does not count'
run "$WRKBOOK" compare v1.db v2.db v3.db --map server=a:b
is "$status" 2 '--map is for two'
like "$err" 'map is for two databases, not for a series' 'and says so'

# The values of a label of one database are the same series, in the order in which they were measured.
"$WRKBOOK" compare v3.db v1.db v2.db --all --metric rate >files.txt
for release in 3 1 2; do
    sqlite3 -csv -header v$release.db "SELECT l.value AS server, r.run_no, r.requests_per_s, r.elapsed_ns, r.tool, r.threads,
        r.connections, r.asked_duration_ns, r.status FROM runs AS r JOIN case_labels AS l ON l.case_id = r.case_id
        AND l.key = 'server'" >one.csv
    "$WRKBOOK_BUILD/wrkbook-runner" import --db one.db --label "release=rv$release" one.csv 2>"$T/err" || cat "$T/err" >&2
done
run "$WRKBOOK" compare one.db --series release --all --metric rate
is "$(printf '%s\n' "$out" | head -n 1)" "$(head -n 1 files.txt)" '--series LABEL: as many cases changed'
like "$out" '^rv3: .*' 'a side goes by its value'
is "$(printf '%s\n' "$out" | grep -Eo 'rate .*' | tr -s ' ')" "$(sed 's/at v/at rv/g' files.txt | grep -Eo 'rate .*' | tr -s ' ')" \
    '--series: the same figures and words'
run "$WRKBOOK" compare one.db --series campaign --ignore release --all --metric rate
is "$(printf '%s\n' "$out" | head -n 1)" "$(head -n 1 files.txt)" '--series campaign: by campaigns'
for wrong in '--series nolabel' '--series release --where release=rv1,rv2' '--series release --against release=rv1'; do
    # shellcheck disable=SC2086 # words
    run "$WRKBOOK" compare one.db $wrong
    is "$status $out" '2 ' "$wrong is refused"
done
run "$WRKBOOK" compare v1.db v2.db --series release
is "$status" 2 '--series is for one database'
mkdir x y
cp v1.db x/r.db
cp v2.db y/r.db
run "$WRKBOOK" compare x/r.db y/r.db v3.db
like "$out" '^y/r.db: ' 'files of one name go by their paths'

cp v2.db '<b>|v2.db'
run "$WRKBOOK" compare v1.db '<b>|v2.db' v3.db --format html
unlike "$out" '<b>' 'html: the name of a file is no markup'
run "$WRKBOOK" compare v1.db '<b>|v2.db' v3.db --format md
is "$(printf '%s\n' "$out" | cmark-gfm -e table | grep -c '<th[ >]')" 7 'md: nor one of Markdown'

done_testing
