#!/bin/sh
# article -o DIR: a folder that says what the data says, that can be made again byte for byte from
# its own data, and that is there whole or not at all.
. tests/support/tap.sh

import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import "$@" 2>"$T/err" || cat "$T/err" >&2
}
article=$ROOT/tests/golden/article
import --db "$T/a.db" --label benchmark=hello "$article/hello.csv"
import --db "$T/a.db" --label benchmark=data --set split=errors "$article/errors.csv"
import --db "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"
import --db "$T/r.db" "$ROOT/tests/golden/runs.csv"

run "$WRKBOOK" article --db "$T/a.db" -o "$T/a" --title 'Six servers'
is "$status$out$err" 0 'the article: done, without a word'
is "$(stat -c %a "$T/a")" "$(mkdir "$T/plain" && stat -c %a "$T/plain")" 'a folder as others are'
text=$(cat "$T/a/article.md")
like "$text" '^# Six servers$' 'its title'
like "$text" '^47 cases measured in 2 tables, 1[0-9] of them with socket errors\.$' 'the result in a sentence'
like "$text" '^meinheld/hug has the highest published figure, 70\.96k requests/s; neck and neck with it: meinheld/falcon, meinheld/apistar, meinheld/bottle and sanic/sanic\.$' 'who leads, and who is neck and neck'
like "$text" '^5 of 26 cases had socket errors: all 5 of uwsgi\.$' 'who had errors'
like "$text" 'framework made less of a difference in benchmark=data .* than in benchmark=hello' "the article's own sentence on frameworks"
like "$text" '^- Only published figures, of unknown runs: neither an interval nor a test' 'what cannot be concluded'
"$WRKBOOK" table --db "$T/a.db" --where benchmark=hello --format md | sed -n '/^|/p' >"$T/table"
is "$(grep -cFxf "$T/table" "$T/a/article.md")" "$(wc -l <"$T/table")" 'the table is that of the verb table'

# The figures as somebody else reads them: the CSV of the folder against the article's own.
python3 - "$article/hello.csv" "$T/a/tables/best-hello.csv" >"$T/got" <<'EOF'
import csv, sys
wanted = {(r['server'], r['framework']): r['value'] for r in csv.DictReader(open(sys.argv[1]))}
rows = list(csv.reader(open(sys.argv[2], newline='')))
bad = 0
for row in rows[1:]:
    for name, got in zip(rows[0][1:], row[1:]):
        text = wanted[row[0], name]
        value = str(float(text[:-1]) * 1000) if text.endswith('k') else text
        same = abs(float(got) - float(value)) < 1e-6 if text.endswith('k') else got == value
        bad += not same
print(len(rows) - 1, len(rows[0]) - 1, bad)
EOF
is "$(cat "$T/got")" '6 6 0' "the folder's CSV holds the article's figures exactly"

is "$(python3 - "$T/a/tables/all.csv" "$article/noerrors.csv" <<'EOF'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1], newline='')) if r['benchmark'] == 'data' and r['split'] == 'no errors']
got = {(r['server'], r['framework']): (r['window_min'], r['window_max']) for r in rows if r['window_min']}
want = {(r['server'], r['framework']): (r['min'], r['max']) for r in csv.DictReader(open(sys.argv[2])) if r['min'].isdigit()}
print(len(want) > 9, got == want or (got, want))
EOF
)" 'True True' 'all.csv: every range exactly, min and max apart'

# again COMMAND-LINE-FOLDER NAME: what its README says, done
again() {
    (
        cd "$1" || exit
        command=$(grep '^  wrkbook article' README)
        eval "\"$WRKBOOK\" ${command#*wrkbook}"
        diff -r --exclude=again . again
    ) >"$T/diff" 2>&1
    is "$?$(cat "$T/diff")" 0 "$2: its README's command makes the same bytes"
}
again "$T/a" 'published figures'
sqlite3 "$T/r.db" "UPDATE runs SET foreign_cpu_share = 0.5 WHERE run_no = 1;
    UPDATE campaigns SET suite = '{\"name\":' || char(10, 9) || '\"\`\`\`' || char(27) || '\"}' || char(10)"
run "$WRKBOOK" article --db "$T/r.db" -o "$T/r" --where server=gunicorn --title "It's \$(id) here"
again "$T/r" 'runs, a part of them, a title for a shell to fall for'
text=$(cat "$T/r/article.md")
n=$(sqlite3 "$T/r/data.db" 'SELECT sum(foreign_cpu_share > 0.1) || " of " || count(*) FROM run_facts')
like "$text" "^- \*\*Disturbed\*\*: $n runs: see" 'a host with other programs: at the top'
like "$text" "^- In $n runs other programs took CPU time" 'and among what cannot be concluded'
is "$(sed -n '/^The suite file/,$p' "$T/r/article.md" | tail -n +3)" "$(printf '````\n{"name":\n "```"}\n````')" \
    'the suite file, cleaned, in a fence that it cannot end'
is "$(sqlite3 "$T/r/data.db" 'SELECT count(*), count(DISTINCT labels ->> "server") FROM run_facts')" \
    "$(sqlite3 "$T/r.db" "SELECT count(*), 1 FROM run_facts WHERE labels ->> 'server' = 'gunicorn'")" 'data.db: those runs alone'
is "$(sqlite3 "$T/r/data.db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok 'data.db is sound'
run "$WRKBOOK" article --db "$T/a.db" --old "$T/r.db" -o "$T/two" --title Two
is "$status" 0 'with an older database'
like "$(cat "$T/two/article.md")" '^## What changed$' 'with an older database: what changed is told'
again "$T/two" 'two databases'

run "$WRKBOOK" article --db "$ROOT/tests/data/db/version1.db" -o "$T/v1"
is "$status$err" 0 'a database of an older version'
again "$T/v1" 'a database of an older version'
like "$(cat "$T/v1/article.md")" 'Runs.*: 1 in 1 case$' 'a database of an older version: its run is told'
is "$(sqlite3 "$T/v1/data.db" 'SELECT requests FROM run_facts')" 14403 'a database of an older version: and copied'

# Hostile names: shown by a foreign reader as text, no markup among it.
import --db "$T/h.db" --label benchmark='=a|b <i>"q"' --set 'because=not told' "$ROOT/tests/golden/hostile.csv"
run "$WRKBOOK" article --db "$T/h.db" -o "$T/h"
is "$status" 0 'hostile names'
cmark-gfm --unsafe -e table -e autolink "$T/h/article.md" >"$T/h.html"
is "$(grep -cE '<(script|i|a)\b|<img src="[^c]' "$T/h.html")" 0 'hostile names: no markup of theirs'
like "$(cat "$T/h/article.md")" '^- Not measured \(n/a\): .*: not told\.$' 'what is n/a, and why'
like "$(cat "$T/h.html")" '&lt;script&gt;' 'hostile names: shown as they are'
ok 'hostile names: no control in the text' sh -c "! LC_ALL=C grep -q '[[:cntrl:]]' \"\$1\"" - "$T/h/article.md"

# Whole or not at all.
refused() {
    wanted=$1
    shift
    run "$WRKBOOK" article "$@"
    is "$status" 2 "refused: $wanted: status 2"
    like "$err" "$wanted" "refused: $wanted"
}
refused 'name it by -o DIR' --db "$T/a.db"
refused 'it is not empty' --db "$T/a.db" -o "$T/a"
refused "no such file|cannot open|No such file" --db "$T/none.db" -o "$T/b"
refused 'cannot write folder' --db "$T/a.db" -o "$T/nowhere/b"
mkdir "$T/small"
if mount -t tmpfs -o size=48k tmpfs "$T/small" 2>"$T/err"; then
    refused 'cannot write' --db "$T/a.db" -o "$T/small/b"
    is "$(ls -A "$T/small")" '' 'a full disk: nothing is left'
    umount "$T/small"
else
    skip 'no tmpfs may be mounted here' 'a full disk'
fi
is "$(cd "$T" && echo ./*.unfinished.*)" './*.unfinished.*' 'no unfinished folder is left'

done_testing
