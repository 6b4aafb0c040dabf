#!/bin/sh
# Hostile names in every format, read back by programs that know nothing of us: what they read is
# the cleaned names (tests/golden/hostile.names), whole and in order.
. tests/support/tap.sh

names=$ROOT/tests/golden/hostile.names
"$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/h.db" --label benchmark=h \
    "$ROOT/tests/golden/hostile.csv" 2>"$T/err" || cat "$T/err" >&2

# The row `plain`: hostile names are its columns, in the order of the file.
table() {
    "$WRKBOOK" table --db "$T/h.db" --where server=plain "$@"
}

table --format csv >"$T/guarded.csv"
python3 - "$T/guarded.csv" >"$T/got" <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    print(row["framework"])
PY
# the guard against formulas is part of the field
{
    sed "s/^\([=+@-]\)/'\1/" "$names"
    echo plain
} >"$T/wanted"
same "$T/got" "$T/wanted" 'python3 csv reads the guarded names of csv'

table --format csv --csv-raw >"$T/raw.csv"
python3 - "$T/raw.csv" >"$T/got" <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    print(row["framework"])
PY
{
    cat "$names"
    echo plain
} >"$T/plain"
same "$T/got" "$T/plain" 'python3 csv reads the names of csv --csv-raw'

table --format tsv | python3 -c '
import re, sys
rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
at = rows[0].index("framework")
for row in rows[1:]:
    print(re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), row[at]))
' >"$T/got"
same "$T/got" "$T/plain" 'the names of tsv, its escapes undone'

table --format json | jq -r '.rows[].labels.framework' >"$T/got"
same "$T/got" "$T/plain" 'jq reads the names of json'
table --format json --wide | jq -r '.tables[0].columns[].framework' >"$T/got"
same "$T/got" "$T/plain" 'jq reads the names of json --wide'

# xmllint reads the fragment as XML; the text of each cell of the heading.
{
    echo '<div>'
    table --format html
    echo '</div>'
} >"$T/t.html"
xmllint --xpath '//thead/tr/th[position() > 1]' "$T/t.html" >"$T/th" 2>"$T/err" || diag "$(cat "$T/err")"
python3 -c '
import html, re, sys
for cell in re.findall(r"<th[^>]*>(.*?)</th>", open(sys.argv[1], encoding="utf-8").read(), re.S):
    print(html.unescape(cell))
' "$T/th" >"$T/got"
same "$T/got" "$T/plain" 'xmllint reads the names of html'

# docutils makes HTML of rst, asciidoctor of AsciiDoc: python3 reads the cells of the heading.
cat >"$T/heading.py" <<'PY'
import sys
from html.parser import HTMLParser
class Heading(HTMLParser):
    cells, inside = [], False
    def handle_starttag(self, tag, attributes):
        if tag == "th":
            self.inside = True
            self.cells.append("")
        elif self.inside and tag not in ("p", "br"):
            self.cells[-1] += f"<{tag}>"
    def handle_endtag(self, tag):
        if tag == "th":
            self.inside = False
    def handle_data(self, text):
        if self.inside:
            self.cells[-1] += text
heading = Heading(convert_charrefs=True)
heading.feed(open(sys.argv[1], encoding="utf-8").read())
for cell in heading.cells[1:int(sys.argv[2]) + 1]:
    print(cell.strip("\n"))
PY
n=$(wc -l <"$T/plain")
table --format rst >"$T/t.rst"
python3 -m docutils --halt=2 --report=2 --writer=html5 "$T/t.rst" >"$T/rst.html" 2>"$T/err" || diag "$(head -c 400 "$T/err")"
python3 "$T/heading.py" "$T/rst.html" "$n" >"$T/got"
same "$T/got" "$T/plain" 'docutils reads the names of rst'
table --format asciidoc >"$T/t.adoc"
asciidoctor -s -o "$T/adoc.html" --failure-level=WARN "$T/t.adoc" 2>"$T/err" || diag "$(cat "$T/err")"
python3 "$T/heading.py" "$T/adoc.html" "$n" >"$T/got"
same "$T/got" "$T/plain" 'asciidoctor reads the names of asciidoc'

# LaTeX's own words are a closed set: with the commands undone the names are left, and nothing that TeX
# would act on stands bare. Accents are composed: pdflatex stops at one of its own. (By hand, as its
# packages are too heavy here: pdftotext reads every name as it is from what pdflatex with T1 sets, but
# Japanese and the emoji, which want xelatex.)
table --format latex >"$T/t.tex"
python3 - "$T/t.tex" >"$T/got" <<'PY'
import re, sys
words = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<",
         "textgreater": ">", "textbar": "|", "textquotesingle": "'", "textasciigrave": "`"}
row = re.search(r"\\toprule\n(.*?) \\\\\n\\midrule", open(sys.argv[1], encoding="utf-8").read(), re.S)[1]
for cell in re.split(r"(?<!\\) & ", row)[1:]:
    bare = re.sub(r"\\text[a-z]+\{\}|\\[{}$&#%_]|\{\}", "", cell)
    assert not re.search(r"[\\{}$&#%_~^]", bare), cell
    cell = re.sub(r"(?<!\})(?<!\\)\{\}", "", re.sub(r"\\(text[a-z]+)\{\}", lambda m: "\0" + words[m[1]], cell))
    print(re.sub(r"\0(.)", r"\1", re.sub(r"(?<!\0)\\([{}$&#%_])", r"\1", cell)))
PY
python3 -c 'import sys, unicodedata
sys.stdout.write(unicodedata.normalize("NFC", open(sys.argv[1], encoding="utf-8").read()))' "$T/plain" >"$T/composed"
same "$T/got" "$T/composed" 'the names of latex, its commands undone'

# cmark-gfm makes HTML, python3 reads it: the text of each cell of the heading
table --format md | cmark-gfm --unsafe -e table -e autolink -e strikethrough >"$T/md.html"
python3 - "$T/md.html" >"$T/got" <<'PY'
import sys
from html.parser import HTMLParser
class Cells(HTMLParser):
    cells, inside, other = [], False, []
    def handle_starttag(self, tag, attrs):
        if tag == "th":
            self.inside = True
            self.cells.append("")
        elif self.inside:
            self.other.append(tag)
    def handle_endtag(self, tag):
        if tag == "th":
            self.inside = False
    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data
reader = Cells()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
print("\n".join(reader.cells[1:]))
if reader.other:
    print("elements in cells:", reader.other)
PY
same "$T/got" "$T/plain" 'cmark-gfm reads the names of md as text, no markup among them'
is "$(grep -c '<table>' "$T/md.html")" 1 'cmark-gfm sees one table in md'

# as rows, with all five kinds in one grid
"$WRKBOOK" table --db "$T/h.db" --where framework=plain --cols '' --rows server --cell best,range \
    --format text >"$T/rows.text"
for word in errors '100 – 200' 19.34k; do
    ok "text shows $word" grep -q -e "$word" "$T/rows.text"
done
ok 'text says of a row of n/a alone that it is left out' \
    grep -q -F 'no row, as there is no figure: <script>alert(1)</script>, ' "$T/rows.text"
table >"$T/columns.text"
ok 'text shows n/a beside figures' grep -q '^plain .* errors  *n/a ' "$T/columns.text"
"$WRKBOOK" table --db "$T/h.db" --where framework=plain --cell best,range --format csv --csv-raw |
    python3 -c '
import csv, io, sys
rows = list(csv.DictReader(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")))
print(sorted({r["state"] for r in rows}))
print(all(r["best_per_s"] == "" and r["window_min"] == "" for r in rows if r["state"] != "ok"))
print({r["published"] for r in rows if r["state"] == "ok"})
' >"$T/got"
printf "['blank', 'errors', 'n/a', 'ok']\nTrue\n{'true'}\n" | same "$T/got" - \
    'csv: all states, no figure where the state is not ok, published said'

# no control character and no change of direction reaches any output
for format in text article md csv tsv json html latex asciidoc rst; do
    table --format $format --cell best,range >"$T/out"
    python3 - "$T/out" >"$T/got" <<'PY'
import sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
bad = [c for c in text if (ord(c) < 32 and c not in "\n\r\t") or 0x7f <= ord(c) <= 0x9f
       or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"]
print(len(bad))
PY
    is "$(cat "$T/got")" 0 "$format: nothing in it steers a terminal"
done

done_testing
