#!/bin/sh
# The article's three tables, byte for byte, by the commands of README: import, then table.
. tests/support/tap.sh

article=$ROOT/tests/golden/article
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/a.db" "$@" 2>"$T/err" || cat "$T/err" >&2
}
import --label benchmark=hello "$article/hello.csv"
import --label benchmark=data --set split=errors "$article/errors.csv"
import --label benchmark=data --set 'split=no errors' "$article/noerrors.csv"

run "$WRKBOOK" table --db "$T/a.db" --where benchmark=hello --cell best --format article
is "$status" 0 'hello: done'
is "$err" '' 'hello: nothing on stderr'
same "$T/.out" "$article/hello.txt" 'hello.txt, every byte'

run "$WRKBOOK" table --db "$T/a.db" --where benchmark=data --where split=errors --cell range \
    --format article
same "$T/.out" "$article/errors.txt" 'errors.txt, every byte'

run "$WRKBOOK" table --db "$T/a.db" --where benchmark=data --where 'split=no errors' --cell range \
    --format article --heading-at 12,24,35,46,57,68
same "$T/.out" "$article/noerrors.txt" 'noerrors.txt, every byte, with --heading-at'

run "$WRKBOOK" table --db "$T/a.db" --where benchmark=data --where 'split=no errors' --cell range \
    --format article
sed 1d "$T/.out" >"$T/body"
sed 1d "$article/noerrors.txt" | same - "$T/body" 'noerrors.txt but its hand-set heading, by the rule'

run "$WRKBOOK" table --db "$T/a.db" --where benchmark=hello --format article -o "$T/hello.txt"
is "$out" '' '-o: nothing on stdout'
same "$T/hello.txt" "$article/hello.txt" '-o: the same bytes in the file'

# a figure that the article does not give
run "$WRKBOOK" table --db "$T/a.db" --where benchmark=data
like "$out" 'published as min - max only, which --cell range shows' 'no best: says what there is'
run "$WRKBOOK" table --db "$T/a.db" --where benchmark=hello
unlike "$out" 'only, which --cell range shows' 'a best: says nothing of it'

done_testing
