#!/bin/sh
# compare on runs that were measured here, against servers of which it is known what changed: nothing, an
# answer that waits, connections that break, another load. Nothing here rests on what a busy machine does to
# a figure: the true changes are by a factor of a hundred, or are errors; of the unchanged rate nothing is asked.
. tests/support/tap.sh

# measured DB BEHAVIOUR RUNS CONNECTIONS: runs of one case against such a server; late answers wait 50 ms.
measured() {
    : >"$T/port"
    "$WRKBOOK_BUILD/tests/support/faultserver" "$2" --ms 50 >"$T/port" &
    server=$!
    trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
    tries=0
    until [ -s "$T/port" ] || [ $tries -eq 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    "$WRKBOOK" run -t1 -c"$4" -d300ms --runs "$3" --label server=s --label path=/ --db "$T/$1.db" \
        "http://127.0.0.1:$(cat "$T/port")/" >"$T/out" 2>&1 || cat "$T/out" >&2
    kill $server
    wait $server 2>/dev/null
}
measured old keepalive 4 16
measured same keepalive 4 16
measured slow late 4 16
measured broken once-in-ten 4 16
measured other keepalive 4 32
measured short keepalive 1 16
cd "$T" || exit 2
sha256sum -- *.db >before

compared() {
    wanted=$1
    name=$2
    shift 2
    run "$WRKBOOK" compare "$@"
    is "$status" "$wanted" "$name: $wanted"
}
row() {
    printf '%s\n' "$out" | tr -s ' ' | grep "^s/[^ ]* $1 "
}
compared 0 'the same server again' old.db same.db --gate errors:+0
is "$(row errors)" '' 'nor are there errors'
compared 1 'answers that wait 50 ms' old.db slow.db --gate 50%
like "$(row rate)" ' rate slower .* −9[0-9]\.[0-9] % ' 'more than nine tenths slower'
like "$(row p50)" ' p50 slower .* [0-9]{5,}\.[0-9]+us ' 'the latency is the wait'
compared 0 'and away again is no worse' slow.db old.db --gate 50%
like "$(row rate)" ' rate faster ' 'but faster'
compared 1 'connections that break' old.db broken.db --gate 99%
like "$(row errors)" ' errors broken none read [0-9]+' 'errors in the new one only: broken'
compared 1 'whatever metric the gate is on' old.db broken.db --gate p99:+99%
compared 0 'told, and no more, without a gate' old.db broken.db
compared 4 'errors that are gone hide what the rate was' broken.db old.db --gate 50%
like "$(row errors)" ' errors fixed read [0-9]+ none' 'errors that are gone: fixed'
compared 4 'another number of connections' old.db other.db --gate 95%
like "$out" 'connections 16 -> 32' 'which is named'
compared 3 'one run' old.db short.db --gate 0.1%
compared 2 'a database that is not there' old.db missing.db --gate 5%
sha256sum -c before >"$T/err" 2>&1
is $? 0 'no file was changed'
done_testing
