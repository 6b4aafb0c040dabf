#!/bin/sh
# The include check catches what the include table forbids, and passes what it allows.
. tests/support/tap.sh

check=$ROOT/tests/lint/includes
mkdir -p "$T/tree/schema" "$T/tree/runner/engine" "$T/tree/analyze" "$T/tree/report"

# tried FILE INCLUDE: the check over a tree of one file with one include line.
tried() {
    find "$T/tree" -type f -exec rm {} +
    printf '/* x */\n#include %s\n' "$2" >"$T/tree/$1"
    run "$check" "$T/tree"
}

refused() {
    tried "$1" "$2"
    is "$status" 1 "$1 with $2 is refused"
    like "$out" "^$1:2: " "and the line is named"
}

allowed() {
    tried "$1" "$2"
    is "$status" 0 "$1 with $2 is allowed"
}

refused schema/a.c '"runner/plan.h"'
refused runner/a.c '"analyze/stats.h"'
refused runner/a.c '"runner/engine/loop.h"'
refused runner/engine/a.c '"schema/store.h"'
refused runner/engine/a.c '<glib.h>'
refused runner/engine/a.c '<stdio.h>'
refused analyze/a.c '"report/table.h"'
refused analyze/a.c '<sqlite3.h>'
refused report/a.c '"runner/plan.h"'
refused report/a.h '<cjson/cJSON.h>'
refused report/a.c '"table.h"'
refused report/a.c '"../schema/store.h"'
allowed runner/a.c '"runner/engine/engine.h"'
allowed runner/engine/a.c '"schema/hist.h"'
allowed runner/engine/a.c '<sys/epoll.h>'
allowed analyze/a.c '"schema/store.h"'
allowed report/a.c '"analyze/summary.h"'
allowed schema/a.c '<sqlite3.h>'

find "$T/tree" -type f -exec rm {} +
printf '#include <string.h>\n#include "report/b.h"\n' >"$T/tree/report/b.c"
: >"$T/tree/report/b.h"
run "$check" "$T/tree"
is "$status" 0 'an empty own header is none' # nothing can be read from it
echo '/* b */' >"$T/tree/report/b.h"
run "$check" "$T/tree"
like "$out" '^report/b.c:1: .*own header first' 'the own header comes first'
find "$T/tree" -type f -exec rm {} +
echo '/* x */' | tee "$T/tree/report/x.h" >"$T/tree/analyze/x.h"
run "$check" "$T/tree"
is "$status" 1 'two files of one name are refused'
like "$out" 'called: x.h' 'and named'

done_testing
