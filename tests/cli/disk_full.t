#!/bin/sh
# A full disk: said clearly, status 2, and what was stored before is intact. On a small tmpfs where
# one may be mounted (root), and with a limit of file size everywhere.
. tests/support/tap.sh

start_demo_server
disk=$T/disk
trap 'kill $server 2>/dev/null; umount "$disk" 2>/dev/null; rm -rf "$T"' EXIT
url=$(demo_url steady)

mkdir "$T/logs" "$disk"
awk -v dir="$T/logs" 'BEGIN {
    for (i = 1; i <= 5000; i++) {
        file = dir "/run" i ".log"
        printf "Running 10s test @ http://127.0.0.1:8000/\n  1 threads and 50 connections\n" > file
        printf "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n" > file
        printf "    Latency     1.%02dms  120.50us   9.81ms   91.20%%\n", i % 100 > file
        printf "    Req/Sec     9.80k   301.00    10.40k    70.00%%\n" > file
        printf "  %d requests in 10.00s, 12.50MB read\n", 90000 + i > file
        printf "Requests/sec:   %.2f\nTransfer/sec:      1.25MB\n", (90000 + i) / 10 > file
        close(file)
    }
}'

# intact DB RUNS NAME: sound, and holds as many runs as that (an empty RUNS: any number).
intact() {
    is "$(sqlite3 "$1" 'PRAGMA integrity_check')" ok "$3: the database is sound"
    is "$(sqlite3 "$1" 'SELECT count(*) FROM runs r WHERE r.log_id IS NULL AND r.requests IS NOT
        (SELECT sum(requests) FROM slices s WHERE s.run_id = r.run_id)')" 0 "$3: its runs are whole"
    [ -z "$2" ] || is "$(sqlite3 "$1" 'SELECT count(*) FROM runs')" "$2" "$3: no run is lost or new"
    run "$WRKBOOK" summary --db "$1"
    is "$status" 0 "$3: wrkbook reads it"
}

said() {
    is "$status" 2 "$1: status 2"
    like "$err" 'wrkbook-[a-z]*: .*(full|too large|No space|no space)' "$1: it says so"
    is "$(printf '%s\n' "$err" | grep -c '^wrkbook-[a-z]*: ')" 1 "$1: it says so once"
}

# fill: takes what is left of the small disk.
fill() {
    dd if=/dev/zero of="$disk/filler" bs=4k 2>/dev/null
    dd if=/dev/zero of="$disk/filler2" bs=1 count=4096 2>/dev/null
}

if mount -t tmpfs -o size=3m tmpfs "$disk" 2>"$T/words"; then
    db=$disk/a.db
    run "$WRKBOOK" run -t1 -c2 -d50ms --runs 2 --label x=1 --db "$db" "$url"
    is "$status" 0 'two runs on the small disk'

    run "$WRKBOOK" import --label x=2 --db "$db" "$T/logs"
    said 'import onto a small disk'
    intact "$db" '' 'import onto a small disk'

    # From here on with a small database, so that the filler decides.
    rm -f "$db"*
    run "$WRKBOOK" run -t1 -c2 -d50ms --runs 2 --label x=1 --db "$db" "$url"
    kept=2
    fill
    run "$WRKBOOK" run -t1 -c2 -d50ms --runs 2 --label x=1 --db "$db" "$url"
    said 'run onto a full disk'
    intact "$db" "$kept" 'run onto a full disk'

    run "$WRKBOOK" table --db "$db" --rows x --cell best -o "$T/wanted.txt"
    is "$status" 0 'a table elsewhere works'
    fill
    run "$WRKBOOK" table --db "$db" --rows x --cell best -o "$disk/table.txt"
    said 'table -o onto a full disk'
    is "$(ls -A "$disk")" "$(printf 'a.db\nfiller\nfiller2')" 'table -o leaves no piece behind'
    rm -f "$disk/filler" "$disk/filler2"
    echo old >"$disk/table.txt"
    fill
    run "$WRKBOOK" table --db "$db" --rows x --cell best -o "$disk/table.txt"
    is "$(cat "$disk/table.txt")" old 'table -o onto a full disk leaves the old file'

    rm -f "$disk/filler" "$disk/filler2"
    "$WRKBOOK" import --label x=2 --db "$T/many.db" "$T/logs" >/dev/null 2>"$T/words"
    run "$WRKBOOK" export --format openmetrics --db "$T/many.db" -o "$disk/table.txt"
    said 'export -o of more than the disk holds'
    is "$(cat "$disk/table.txt")$(ls -A "$disk")" "$(printf 'olda.db\ntable.txt')" \
        'export -o of more than the disk holds leaves the old file, and no piece'

    run "$WRKBOOK" run -t1 -c2 -d50ms --label x=1 --db "$db" "$url"
    is "$status" 0 'with room again, run works again'
    intact "$db" $((kept + 1)) 'with room again'
else
    skip "no right to mount: $(cat "$T/words")" 'a small disk that fills up'
fi

# A limit of file size, with the signal ignored as many shells and services have it, and not.
db=$T/limited.db
run "$WRKBOOK" run -t1 -c2 -d50ms --label x=1 --db "$db" "$url"
is "$status" 0 'a run without a limit'
# shellcheck disable=SC3045 # dash has ulimit -f, in blocks of 512 bytes
run sh -c 'trap "" XFSZ; ulimit -f 1000; exec "$@"' sh \
    "$WRKBOOK" import --label x=2 --db "$db" "$T/logs"
said 'import under a limit of file size'
intact "$db" '' 'import under a limit of file size'
# shellcheck disable=SC3045
run sh -c 'ulimit -f 1000; exec "$@"' sh "$WRKBOOK" import --label x=2 --db "$db" "$T/logs"
said 'import under a limit of file size, signal on'
intact "$db" '' 'import under a limit of file size, signal on'

for verb in summary table 'export --format runs'; do
    status=0
    # shellcheck disable=SC2086 # words of a command
    "$WRKBOOK" $verb --db "$db" >/dev/full 2>"$T/.err" || status=$?
    is "$status" 2 "$verb to a full device: status 2"
    like "$(cat "$T/.err")" 'cannot write|No space|no space' "$verb to a full device: it says so"
    is "$(wc -l <"$T/.err")" 1 "$verb to a full device: once"
done

done_testing
