#!/bin/sh
# Every format's whole output is the golden one: under LC_ALL=C and a locale with a decimal comma,
# and called from another folder.
. tests/support/tap.sh

compare() {
    for golden in "$ROOT"/tests/golden/formats/*; do
        same "$golden" "$1/${golden##*/}" "$2: ${golden##*/}"
    done
}

LC_ALL=C "$ROOT/tests/golden/make" "$T/c" >"$T/err" 2>&1 || cat "$T/err" >&2
compare "$T/c" C
is "$(find "$T/c" -type f | wc -l)" "$(find "$ROOT/tests/golden/formats" -type f | wc -l)" \
    'no output without a golden one'

# Made here, so that the test does not depend on the machine's list of locales.
mkdir "$T/locales"
if localedef -i de_DE -f UTF-8 "$T/locales/de_DE.UTF-8" 2>"$T/err" &&
    LOCPATH=$T/locales LC_ALL=de_DE.UTF-8 printf '%.1f' 1 2>/dev/null >/dev/null; then
    (
        cd / && LOCPATH=$T/locales LC_ALL=de_DE.UTF-8 "$ROOT/tests/golden/make" "$T/de"
    ) >"$T/err" 2>&1 || cat "$T/err" >&2
    ok 'the same bytes under de_DE.UTF-8 and from another folder' diff -r "$T/c" "$T/de"
else
    skip 'no localedef here' 'the same bytes under de_DE.UTF-8 and from another folder'
fi

done_testing
