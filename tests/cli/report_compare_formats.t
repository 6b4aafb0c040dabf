#!/bin/sh
# Hostile names in every format of compare, read back by programs that know nothing of us: what they read
# is the cleaned names, whole; JSON and cells hold them byte for byte, for they name cases again.
. tests/support/tap.sh

"$ROOT/tests/golden/hostile_sides" "$T"
for side in old new; do
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/$side.db" --label benchmark='=a|b <i>"q"' \
        "$T/$side.csv" 2>"$T/err" || cat "$T/err" >&2
done
formats='text md csv tsv json html junit github action-bigger action-smaller benchstat cells'
for format in $formats; do
    "$WRKBOOK" compare "$T/old.db" "$T/new.db" --format "$format" -o "$T/$format" 2>"$T/err" || cat "$T/err" >&2
done
"$WRKBOOK" compare "$T/old.db" "$T/new.db" --format csv --csv-raw -o "$T/csv-raw"
{
    cat "$ROOT/tests/golden/hostile.names"
    echo plain
} | LC_ALL=C sort >"$T/names"

# names FILE WORDS: what a reader found there, one name a line, is the names.
names() {
    LC_ALL=C sort -u "$1" >"$1.sorted"
    same "$1.sorted" "$T/names" "$2"
}

# The text of each element of a kind, and the elements in it, of HTML that was made by others or by us.
cat >"$T/elements.py" <<'PY'
import sys
from html.parser import HTMLParser
class Reader(HTMLParser):
    def __init__(self, within, tag):
        super().__init__(convert_charrefs=True)
        self.within, self.tag, self.open, self.texts, self.other = within, tag, [], [], set()
    def handle_starttag(self, tag, attributes):
        wanted = tag == self.tag and self.within in self.open
        self.open.append(tag)
        if wanted:
            self.texts.append("")
        elif self.tag in self.open[:-1]:
            self.other.add(tag)
    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass
    def handle_data(self, data):
        if self.tag in self.open and self.within in self.open:
            self.texts[-1] += data
reader = Reader(*sys.argv[2:4])
reader.feed(open(sys.argv[1], encoding="utf-8").read())
step = int(sys.argv[4])
print("\n".join(reader.texts[::step]))
if reader.other:
    print("elements within:", reader.other)
PY
elements() {
    python3 "$T/elements.py" "$@"
}

cmark-gfm --unsafe -e table -e autolink -e strikethrough "$T/md" >"$T/md.html"
elements "$T/md.html" tbody td 7 >"$T/got"
names "$T/got" 'cmark-gfm reads the names of md as text, no markup among them'
elements "$T/md.html" ul li 1 >"$T/got"
ok 'and the label that all share, and the URLs that differ' sh -c "
    grep -qF 'benchmark==a|b <i>\"q\"' '$T/got' &&
    grep -qF 'url http://old/\`id\`|<b>,=[31m -> http://new/\`id\`|<b>,=[31m, in 24 cases' '$T/got'"
unlike "$(cat "$T/got")" '^elements within' 'as text as well'

xmllint --noout "$T/html" 2>"$T/err"
is "$?$(cat "$T/err")" 0 'xmllint reads the fragment of html'
elements "$T/html" tbody th 1 >"$T/got"
names "$T/got" 'the names of html'
elements "$T/html" ul li 1 >"$T/got2"
elements "$T/md.html" ul li 1 >"$T/got"
same "$T/got2" "$T/got" 'what stands around the table is the same text in html and md'

for raw in '' -raw; do
    python3 - "$T/csv$raw" >"$T/got" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
assert all(None not in row and None not in row.values() for row in rows)
print("\n".join(row["framework"] for row in rows))
PY
    [ -n "$raw" ] || sed -i "s/^'\([=+@-]\)/\1/; t; s/^\([=+@-]\)/not guarded: \1/" "$T/got"
    names "$T/got" "python3 csv reads the names of csv$raw"
done
python3 - "$T/tsv" >"$T/got" <<'PY'
import re, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8", newline="")]
assert len({len(row) for row in rows}) == 1
at = rows[0].index("framework")
for row in rows[1:]:
    print(re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), row[at]))
PY
names "$T/got" 'the names of tsv, its escapes undone'

# Byte for byte, with all that steers a terminal: what jq reads is what the CSV held.
python3 - "$T/old.csv" >"$T/exact" <<'PY'
import csv, json, sys
for name in sorted({row["framework"] for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""))}):
    print(json.dumps(name))
PY
jq -r '[.rows[].labels.framework] | unique[] | @json' "$T/json" | python3 -c '
import json, sys
for line in sorted(json.loads(line) for line in sys.stdin):
    print(json.dumps(line))' >"$T/got"
same "$T/got" "$T/exact" 'jq reads the exact names of json'
jq -r '[.[].framework] | unique[] | @json' "$T/cells" | python3 -c '
import json, sys
for line in sorted(json.loads(line) for line in sys.stdin):
    print(json.dumps(line))' >"$T/got"
same "$T/got" "$T/exact" 'and those of cells'
jq -r '.[].name | rtrimstr(" rate")' "$T/action-bigger" >"$T/got"
names "$T/got" 'jq reads the names of action-bigger'
jq -r '.[].name | rtrimstr(" errors")' "$T/action-smaller" >"$T/got"
names "$T/got" 'and those of action-smaller'

python3 - "$T/junit" >"$T/got" <<'PY'
import sys
import xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
for case in suites.iter("testcase"):
    print(case.get("classname"))
PY
names "$T/got" "python3's XML reads the names of junit"
is "$(xmllint --xpath 'string(//property[@name = "differs"]/@value)' "$T/junit")" \
    "url http://old/\`id\`|<b>,=[31m -> http://new/\`id\`|<b>,=[31m, in 24 cases" 'and xmllint the URLs that differ'

# As the runner of a workflow reads a line: ::level name=value,name=value::message, escapes undone.
python3 - "$T/github" >"$T/got" <<'PY'
import re, sys
def undo(text, more=()):
    for code, plain in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, plain)
    return text
for line in open(sys.argv[1], encoding="utf-8"):
    level, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)\n", line).groups()
    assert level in ("error", "warning", "notice")
    names = dict(p.split("=", 1) for p in properties.split(","))
    assert list(names) == ["title"], names
    title = undo(names["title"], (("%3A", ":"), ("%2C", ",")))
    if title == "wrkbook compare":
        continue
    name = title.removesuffix(" rate slower")
    assert undo(message).startswith(name + " rate slower: 10.04k -> 9.03k, "), message
    print(name)
PY
names "$T/got" 'the names of github, in the title and in the message'

# benchstat itself: tests/cli/report_benchstat.t
python3 - "$T/benchstat" >"$T/got" <<'PY'
import re, sys
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("Benchmark"):
        name, count, value, unit = line.split()
        print(re.sub("%([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), name.split("/framework=")[1]))
PY
names "$T/got" 'the names of benchstat, one field each'

sed -n '/^---/,/^$/p' "$T/text" | sed '1d;/^$/d; s/   .*//' >"$T/got"
names "$T/got" 'the names of text begin its lines'

for format in $formats csv-raw; do
    python3 - "$T/$format" >"$T/got" <<'PY'
import sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
print([c for c in text if (ord(c) < 32 and c not in "\n\r\t") or 0x7f <= ord(c) <= 0x9f
       or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"])
PY
    is "$(cat "$T/got")" '[]' "$format: nothing in it steers a terminal"
done

done_testing
