#!/bin/sh
# chart: every kind as SVG and PNG, hostile names shown as they are and never run, and what it says
# when gnuplot is not there, fails, or there is nothing to show.
. tests/support/tap.sh

import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import "$@" 2>"$T/err" || cat "$T/err" >&2
}
article=$ROOT/tests/golden/article
import --db "$T/a.db" --label benchmark=hello "$article/hello.csv"
import --db "$T/a.db" --label benchmark=data --set split=errors "$article/errors.csv"
import --db "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"

# Runs of our own, with slices and histograms.
start_demo_server
for name in steady moody; do
    "$WRKBOOK" run -t1 -c4 -d700ms --runs 2 --db "$T/n.db" --label benchmark=live --label server=$name \
        --label framework=plain "$(demo_url $name)" >/dev/null 2>"$T/err" || cat "$T/err" >&2
done

# texts FILE: the texts of an SVG as a foreign reader has them, one a line
texts() {
    xmllint --xpath '//*[local-name()="text"]/text()' "$1" 2>"$T/err" |
        python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))'
}
# size FILE: width and height of a PNG
size() {
    python3 -c 'import struct, sys; b = open(sys.argv[1], "rb").read(24); print(b[:8] == b"\x89PNG\r\n\x1a\n", *struct.unpack(">II", b[16:24]))' "$1"
}
draws() {
    kind=$1
    db=$2
    shift 2
    run "$WRKBOOK" chart "$kind" --db "$db" -o "$T/$kind.svg" "$@"
    is "$status$out" 0 "$kind: SVG"
    ok "$kind: well-formed" xmllint --noout "$T/$kind.svg"
    is "$(xmllint --xpath 'count(//*[local-name()="script" or local-name()="image" or local-name()="a"] | //@style | //@href)' "$T/$kind.svg")" 0 "$kind: no script, no link, no style"
    cp "$T/$kind.svg" "$T/first.svg"
    run "$WRKBOOK" chart "$kind" --db "$db" -o "$T/$kind.svg" "$@"
    same "$T/first.svg" "$T/$kind.svg" "$kind: the same bytes twice"
    run "$WRKBOOK" chart "$kind" --db "$db" -o "$T/$kind.png" "$@"
    like "$(size "$T/$kind.png")" '^True 1440 [0-9]+$' "$kind: PNG at twice the size"
}
draws matrix "$T/a.db" --where benchmark=hello
is "$(texts "$T/matrix.svg" | grep -cE '^[0-9.]+k$')" 23 'matrix: 21 figures, and two of its scale'
is "$(texts "$T/matrix.svg" | grep -c '^errors$')" 5 'matrix: five cells with errors'
draws ranking "$T/a.db" --where benchmark=hello
like "$(texts "$T/ranking.svg")" '^70\.96k$' 'ranking: the best figure'
draws ranges "$T/a.db" --where benchmark=data
like "$(texts "$T/ranges.svg")" '^465 . 494$' 'ranges: a range of the article'
is "$(texts "$T/ranges.svg" | grep -cE '^(No errors|With socket errors)$')" 2 'ranges: both groups'
draws bars "$T/n.db"
draws runs "$T/n.db"
draws latency "$T/n.db"
like "$(texts "$T/latency.svg")" '^99 %$' 'latency: a percentile at its tick'
draws windows "$T/n.db"
cp "$T/n.db" "$T/new.db"
sqlite3 "$T/new.db" "UPDATE runs SET run_uuid = run_uuid || '-', requests_per_s = requests_per_s * 2"
draws compare "$T/new.db" --old "$T/n.db"
like "$(texts "$T/compare.svg")" '^steady$' 'compare: a case by its name'

run "$WRKBOOK" chart ranking --db "$T/a.db" -o "$T/two.svg" --keep-script "$T"
is "$(cd "$T" && echo two*.svg)" 'two.svg' 'one table with rates: one picture'
ok 'the script that was kept draws it again' sh -c "gnuplot <\"\$1\" | xmllint --noout -" - "$T/ranking.gp"

# Hostile names in each place of each kind: nothing runs, all are shown.
cat >"$T/names" <<'EOF'
a|b
=1+1
@x
<script>
it's
"q"
`touch CANARY`
$(touch CANARY)
100%
{/=40 a}_2
\n
\
_*~^#&{}
'; system("touch CANARY"); #
" . system('touch CANARY') . "
ベンチ
é🎉
EOF
python3 - "$T/names" >"$T/h.csv" <<'EOF'
import csv, sys
names = open(sys.argv[1], encoding='utf-8').read().splitlines()
out = csv.writer(sys.stdout)
out.writerow(['benchmark', 'server', 'framework', 'requests_per_s', 'window_ns', 'window_min', 'window_max',
              'elapsed_ns', 'requests', 'status', 'tool'])
for i, name in enumerate(names):
    for other in (name, names[(i + 1) % 3]):
        for run in range(3):
            rate = 1000 + 100 * i + run
            out.writerow(["`touch CANARY`'; system(\"touch CANARY\")", name, other, rate, 10 ** 10, 9 * rate, 11 * rate,
                          10 ** 10, 10 * rate, 'complete', '$(touch CANARY)'])
EOF
import --db "$T/h.db" "$T/h.csv"
mkdir "$T/empty"
cp "$T/h.db" "$T/h2.db"
sqlite3 "$T/h2.db" "UPDATE runs SET run_uuid = run_uuid || '-', requests_per_s = requests_per_s * 2"
# The same names, three a table, on runs with slices and latencies.
cp "$T/n.db" "$T/slices.db"
python3 - "$T/names" "$T/slices.db" <<'EOF'
import json, sqlite3, sys
names = open(sys.argv[1], encoding='utf-8').read().splitlines()
db = sqlite3.connect(sys.argv[2])
db.row_factory = sqlite3.Row
run, = db.execute('SELECT * FROM runs LIMIT 1')
def copy(table, of, changed):
    for row in db.execute(f'SELECT * FROM {table} WHERE run_id = ?', [of]).fetchall():
        values = {**dict(row), **changed}
        db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
for i, name in enumerate(names):
    labels = {'benchmark': f'`touch CANARY`{i // 3}', 'framework': '$(touch CANARY)', 'server': name}
    case = db.execute('INSERT INTO cases (labels) VALUES (?)', [json.dumps(labels, ensure_ascii=False, separators=(',', ':'))]).lastrowid
    db.executemany('INSERT INTO case_labels VALUES (?, ?, ?)', [(case, key, value) for key, value in labels.items()])
    copy('runs', run['run_id'], {'run_id': 1000 + i, 'run_uuid': f'copy {i}', 'case_id': case, 'run_no': 1})
    copy('slices', run['run_id'], {'run_id': 1000 + i})
    copy('histograms', run['run_id'], {'run_id': 1000 + i})
db.commit()
EOF
for kind in matrix ranking runs ranges compare bars latency windows; do
    case $kind in
        bars | latency | windows) set -- --db "$T/slices.db" ;;
        *) set -- --db "$T/h2.db" --old "$T/h.db" ;;
    esac
    run sh -c "cd \"\$1\" && shift && \"\$@\"" - "$T/empty" "$WRKBOOK" chart $kind "$@" -o "$T/h-$kind.svg"
    is "$status" 0 "$kind of hostile names"
    for svg in "$T/h-$kind".svg "$T/h-$kind"-*.svg; do
        [ ! -e "$svg" ] || texts "$svg"
    done >"$T/h-$kind.txt"
    missing=
    while read -r name; do
        grep -qF -e "$name" "$T/h-$kind.txt" || missing="$missing $name"
    done <"$T/names"
    is "$missing" '' "$kind: every name is in the picture"
done
is "$(find "$T" -name CANARY)" '' 'nothing of it was run'

# Without gnuplot, and with one that fails.
empty=$T/empty
report=$WRKBOOK_BUILD/wrkbook-report
run env PATH="$empty" "$report" chart matrix --db "$T/a.db" -o "$T/none.svg"
is "$status" 2 'no gnuplot: status 2'
like "$err" 'drawn by gnuplot 5\.4 or later, and there is none in the PATH; install gnuplot' 'no gnuplot: says what to install'
ok 'no gnuplot: no file' test ! -e "$T/none.svg"
run env PATH="$empty" "$report" pdf --db "$T/a.db" -o "$T/none.pdf"
is "$status" 2 'no gnuplot: no PDF'
like "$err" '\(--no-charts\)' 'no gnuplot: the way out is named'
run env PATH="$empty" "$report" article --db "$T/a.db" -o "$T/plain"
is "$status" 0 'no gnuplot: the article is written'
is "$(grep -c '^Charts are left out: ' "$T/plain/article.md")" 1 'no gnuplot: the article says so, once'

mkdir "$T/bin"
fake() {
    printf '#!/bin/sh\n%s\n' "$1" >"$T/bin/gnuplot"
    chmod +x "$T/bin/gnuplot"
    run env PATH="$T/bin:$PATH" "$report" chart matrix --db "$T/a.db" -o "$T/none.svg"
    is "$status" 2 "$2: status 2"
    like "$err" "$3" "$2: says so"
    ok "$2: no file" test ! -e "$T/none.svg"
}
answer="if [ \"\$1\" = --version ]; then echo 'gnuplot 5.4 patchlevel 4'; exit; fi; cat >/dev/null"
fake "$answer; echo 'line 3: no such thing' >&2; exit 1" 'a gnuplot that fails' 'gnuplot failed with status 1: line 3: no such thing$'
fake "$answer; kill -9 \$\$" 'a gnuplot that is killed' 'took too long or was killed'
fake "$answer; kill -SEGV \$\$" 'a gnuplot that crashes' 'ended by a signal'
fake "$answer" 'a gnuplot that draws nothing' 'drew nothing'
fake "$answer; echo '<svg viewBox=\"0 0 9 9\"><blink/></svg>'" 'a picture that nobody knows' "the element 'blink'"
fake "$answer; echo '<svg viewBox=\"0 0 9 9\"><g>'" 'half a picture' 'cannot be read'
fake "if [ \"\$1\" = --version ]; then echo 'gnuplot 4.6 patchlevel 6'; exit; fi; exit 1" 'an old gnuplot' "need gnuplot 5\.4 or later, this one says 'gnuplot 4\.6"

refused() {
    wanted=$1
    shift
    run "$WRKBOOK" chart "$@"
    is "$status" 2 "refused: $wanted: status 2"
    like "$err" "$wanted" "refused: $wanted"
}
refused 'chart takes matrix, ranking, .* or compare$' --db "$T/a.db"
refused "chart takes matrix, .*, not 'pie'" pie --db "$T/a.db" -o "$T/x.svg"
refused 'name it by -o FILE.svg or -o FILE.png' matrix --db "$T/a.db"
refused 'holds nothing that the chart .latency. could show' latency --db "$T/a.db" -o "$T/x.svg"
refused "cannot write '/nowhere/x.svg'" matrix --db "$T/a.db" -o /nowhere/x.svg

done_testing
