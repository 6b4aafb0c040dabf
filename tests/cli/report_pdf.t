#!/bin/sh
# `wrkbook pdf`: the article's data, hostile names, and what goes wrong; read back by qpdf, pdftotext
# and pdfinfo.
. tests/support/tap.sh

article=$ROOT/tests/golden/article
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import "$@" 2>"$T/err" || cat "$T/err" >&2
}
import --db "$T/a.db" --label benchmark=hello "$article/hello.csv"
import --db "$T/a.db" --label benchmark=data --set split=errors "$article/errors.csv"
import --db "$T/a.db" --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"

# text_of FILE.pdf: its lines, blanks squeezed, with plain hyphens.
text_of() {
    pdftotext -q -layout "$1" - | sed 's/[–−]/-/g; s/  */ /g; s/^ //; s/ $//'
}

# ---- the article

run "$WRKBOOK" pdf --db "$T/a.db" --title 'Python API frameworks' -o "$T/a.pdf"
is "$status" 0 'the article: done'
is "$out$err" '' 'the article: nothing said'
run qpdf --check "$T/a.pdf"
is "$status" 0 'qpdf finds nothing wrong'
like "$(pdfinfo "$T/a.pdf" 2>/dev/null)" '^Pages: *[23]$' 'two or three pages'
like "$(pdfinfo "$T/a.pdf" 2>/dev/null)" '^Title: *Python API frameworks$' 'its title'
like "$(pdfinfo "$T/a.pdf" 2>/dev/null)" '^Creator: *wrkbook [0-9.]*$' 'its creator'
like "$(pdfinfo "$T/a.pdf" 2>/dev/null)" '^Page size: .*\(A4\)' 'A4'
unlike "$(pdfinfo "$T/a.pdf" 2>/dev/null)" 'Date' 'no date'
ok 'under 300 KB' [ "$(wc -c <"$T/a.pdf")" -lt 300000 ]
is "$(pdffonts "$T/a.pdf" 2>/dev/null | sed 1,2d | grep -vc 'yes yes yes')" 0 \
    'each font embedded, a subset, with Unicode'

text_of "$T/a.pdf" >"$T/a.txt"
for table in hello errors noerrors; do
    sed 1,2d "$article/$table.txt" | sed 's/  */ /g; s/ $//' | while read -r row; do
        ok "$table: the row of ${row%% *}" grep -qFx -e "$row" "$T/a.txt"
    done
done

for word in 'Best requests/s, cases in order' 'Requests in 10 s, lowest to highest' \
    'With socket errors'; do
    like "$(cat "$T/a.txt")" "^$word\$" "in a chart, and found: $word"
done
run "$WRKBOOK" pdf --db "$T/a.db" --no-charts -o "$T/none.pdf"
is "$status" 0 'without charts: done'
unlike "$(text_of "$T/none.pdf")" 'With socket errors' 'without charts: none'
rm "$T/none.pdf"

qpdf --qdf "$T/a.pdf" "$T/a.qdf" 2>/dev/null
is "$(grep -ac '/Dest' "$T/a.qdf")" "$(grep -ac '/FitH' "$T/a.qdf")" 'each outline entry leads somewhere'
ok 'an outline entry for each section' [ "$(grep -ac '/FitH' "$T/a.qdf")" -ge 6 ]

mkdir "$T/elsewhere"
cp "$T/a.db" "$T/elsewhere/b.db"
(cd "$T/elsewhere" && LC_ALL=C "$WRKBOOK" pdf --db b.db --title 'Python API frameworks' -o - >"$T/b.pdf")
same "$T/a.pdf" "$T/b.pdf" 'the same bytes from a copy, another folder, in LC_ALL=C, on stdout'

run "$WRKBOOK" pdf --db "$T/a.db" --paper letter -o "$T/l.pdf"
is "$status" 0 'US letter: done'
like "$(pdfinfo "$T/l.pdf" 2>/dev/null)" '^Page size: *612 x 792 pts' 'US letter'

"$WRKBOOK" pdf --db "$T/a.db" -o "$T/a4.pdf"
run "$WRKBOOK" pdf --db "$T/a.db" --old "$T/elsewhere/b.db" -o "$T/old.pdf"
is "$status" 0 'with an older database: done'

# ---- names

import --db "$T/hostile.db" tests/golden/hostile.csv
run "$WRKBOOK" pdf --db "$T/hostile.db" -o "$T/hostile.pdf"
is "$status" 0 'hostile names: done'
like "$err" "^wrkbook-report: font 'DejaVu Sans' lacks 😀ベンチ: .*--font" \
    'hostile names: what the font lacks is named'
is "$(printf '%s\n' "$err" | wc -l)" 1 'hostile names: once'
run qpdf --check "$T/hostile.pdf"
is "$status" 0 'hostile names: qpdf finds nothing wrong'
# Without the blanks, which pdftotext guesses, and in one line: long names are broken into several.
pdftotext -q -raw "$T/hostile.pdf" - | tr -d ' \n\f' >"$T/hostile.txt"
while IFS= read -r name; do
    shown=$(printf %s "$name" | tr -d ' ' | sed 's/[ベンチ😀]/�/g')
    ok "shown as it is: $(printf %.40s "$name")" grep -qF -e "$shown" "$T/hostile.txt"
done <tests/golden/hostile.names

# ---- what goes wrong

# refused NAME REGEX: the last command was, with such a sentence, and left no file.
refused() {
    is "$status" 2 "$1: status 2"
    like "$err" "^wrkbook-report: .*($2)" "$1: says so"
    is "$(printf '%s\n' "$err" | wc -l)" 1 "$1: in one line"
    ok "$1: no file" [ ! -e "$T/none.pdf" ]
}

run "$WRKBOOK" pdf --db "$T/a.db"
refused 'no -o' '-o FILE.pdf'
run "$WRKBOOK" pdf --db "$T/a.db" --paper a3 -o "$T/none.pdf"
refused 'another paper' "a4 or letter, not 'a3'"
run "$WRKBOOK" pdf --db "$T/a.db" --font 'No Such Font' -o "$T/none.pdf"
refused 'no such font' "'No Such Font' is not installed"
run "$WRKBOOK" pdf --db "$T/a.db" --font Junction -o "$T/none.pdf"
refused 'a font with CFF outlines' "'Junction' has no upright face with TrueType outlines"
mkdir "$T/fonts"
printf '<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' "$T/fonts" "$T/cache" \
    >"$T/fonts.conf"
run env FONTCONFIG_FILE="$T/fonts.conf" "$WRKBOOK" pdf --db "$T/a.db" -o "$T/none.pdf"
refused 'no font at all' 'fonts-dejavu-core'
file=$(fc-match -f '%{file}' 'DejaVu Sans:style=Book')
# Its table OS/2 holds at 8 what may be done with it; 2: not to be embedded.
perl -0777 -pe 'my $at = unpack "N", substr $_, index($_, "OS/2") + 8, 4; substr $_, $at + 8, 2, "\0\2"' \
    "$file" >"$T/fonts/One.ttf"
run env FONTCONFIG_FILE="$T/fonts.conf" "$WRKBOOK" pdf --db "$T/a.db" -o "$T/none.pdf"
refused 'a font that must not be embedded' "One.ttf': it forbids that"
cp "$file" "$T/fonts/One.ttf"
run env FONTCONFIG_FILE="$T/fonts.conf" "$WRKBOOK" pdf --db "$T/a.db" -o "$T/plain.pdf"
is "$status" 0 'a family of one face: done'
run qpdf --check "$T/plain.pdf"
is "$status" 0 'a family of one face: qpdf finds nothing wrong'

# A collection of bold and regular, in this order: the face is found by its number.
rm "$T/fonts/One.ttf"
python3 - "$T/fonts/Two.ttc" "$(fc-match -f '%{file}' 'DejaVu Sans:style=Bold')" "$file" <<'EOT'
import struct, sys
out, at = b'', 12 + 4 * 2
head = struct.pack('>4sHHI', b'ttcf', 1, 0, 2)
for name in sys.argv[2:]:
    font = bytearray(open(name, 'rb').read())
    head += struct.pack('>I', at + len(out))
    for i in range(struct.unpack('>H', font[4:6])[0]):
        entry = 12 + 16 * i + 8
        offset, = struct.unpack('>I', font[entry:entry + 4])
        font[entry:entry + 4] = struct.pack('>I', offset + at + len(out))
    out += font + bytes(-len(font) % 4)
open(sys.argv[1], 'wb').write(head + out)
EOT
run env FONTCONFIG_FILE="$T/fonts.conf" "$WRKBOOK" pdf --db "$T/a.db" -o "$T/plain.pdf"
is "$status" 0 'a collection of fonts: done'
fonts=$(pdffonts "$T/plain.pdf" 2>/dev/null)
like "$fonts" 'DejaVuSans-Bold' 'a collection of fonts: bold'
like "$fonts" 'DejaVuSans[^-]' 'a collection of fonts: regular'
is "$(text_of "$T/plain.pdf")" "$(text_of "$T/a4.pdf")" 'a collection of fonts: the same words'

mkdir "$T/bin"
# shellcheck disable=SC2016 # for the stand-in to expand
printf '#!/bin/sh\n[ "$1" = --version ] && { echo "gnuplot 5.4 patchlevel 4"; exit; }\necho "<svg"\nkill -9 $$\n' \
    >"$T/bin/gnuplot"
chmod +x "$T/bin/gnuplot"
run env PATH="$T/bin:$PATH" "$WRKBOOK" pdf --db "$T/a.db" -o "$T/none.pdf"
refused 'a gnuplot that is killed half way' 'gnuplot was stopped'

run "$WRKBOOK" pdf --db "$T/a.db" -o "$T/no/such/folder.pdf"
refused 'no such folder' 'cannot write'
run "$WRKBOOK" pdf --db "$T/a.db" -o /dev/full
refused 'a full device' 'No space|no space'
# shellcheck disable=SC3045 # dash has ulimit -f, in blocks of 512 bytes
run sh -c 'trap "" XFSZ; ulimit -f 100; exec "$@"' sh "$WRKBOOK" pdf --db "$T/a.db" -o "$T/none.pdf"
refused 'a limit of file size' 'too large'
is "$(find "$T" -name 'none*')" '' 'a limit of file size: no piece left behind'
echo old >"$T/kept.pdf"
# shellcheck disable=SC3045
run sh -c 'trap "" XFSZ; ulimit -f 100; exec "$@"' sh "$WRKBOOK" pdf --db "$T/a.db" -o "$T/kept.pdf"
is "$(cat "$T/kept.pdf")" old 'a limit of file size: the old file is as it was'

is "$(readelf -d "$WRKBOOK_BUILD/wrkbook-runner" "$WRKBOOK_BUILD/wrkbook-analyze" |
    grep -cE 'libhpdf|libfontconfig')" 0 'only wrkbook-report needs libharu'

done_testing
