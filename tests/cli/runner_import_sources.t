#!/bin/sh
# wrkbook import: where a text comes from. Packed files, standard input, texts too long to be held.
. tests/support/tap.sh

runner=$WRKBOOK_BUILD/wrkbook-runner
log=samples/article/uwsgi.log
template='{benchmark}/{server}__{framework}__run{run_no}.log'
import() {
    run "$runner" import --db "$db" "$@"
}
sql() {
    sqlite3 -separator ' ' "$db" "$1"
}

# ---- packed

db=$T/packed.db
mkdir -p "$T/packed/hello"
gzip -c $log >"$T/packed/hello/a__b__run1.log.gz"
{ cat $log && echo '# 2'; } | zstd -q -c >"$T/packed/hello/a__b__run2.log.zst"
{ gzip -c $log && echo '# 3' | gzip -c; } >"$T/packed/hello/a__b__run3.log.gz"
{ zstd -q -c $log && echo '# 4' | zstd -q -c; } >"$T/packed/hello/a__b__run4.odd"
import --labels-from "$template" "$T/packed"
is "$status" 2 'a packed file is named as its text would be'
like "$err" 'run4.odd: its path does not end as --labels-from says' '... or does not fit'
is "$(sql 'SELECT run_no, requests FROM run_facts ORDER BY run_no' | tr '\n' ' ')" \
    '1 14403 2 14403 3 14403 ' 'gzip, zstd, and gzip in two members are read'
import "$T/packed/hello/a__b__run4.odd"
is "$(sql 'SELECT count(*) FROM runs')" 4 'packed is what a file holds, not what it is called'
"$runner" logs --db "$db" 1 >"$T/back"
ok 'the text is kept, not how it was packed' cmp -s $log "$T/back"
import $log
like "$err" "already imported as '$T/packed/hello/a__b__run1.log.gz'" '... so that it is known unpacked'

mkdir "$T/damaged"
head -c 200 "$T/packed/hello/a__b__run1.log.gz" >"$T/damaged/cut.gz"
head -c 200 "$T/packed/hello/a__b__run2.log.zst" >"$T/damaged/cut.zst"
printf '\037\213\010\000garbage, and more of it' >"$T/damaged/bad.gz"
printf 'R\0u\0' | sed '1s/^/\xff\xfe/' | gzip -c >"$T/damaged/wide.gz"
before=$(sql 'SELECT count(*) FROM logs')
import "$T/damaged"
is "$status" 2 'damaged packed files fail'
for f in cut.gz cut.zst bad.gz; do
    like "$err" "/$f: is packed with [a-z]+, and damaged or cut" "... $f by its name"
done
like "$err" '/wide.gz: is UTF-16 text' '... and UTF-16 is seen within'
is "$(sql 'SELECT count(*) FROM logs')" "$before" '... and nothing of them is stored'

# Bombs: 200 MB of one run's text packed to nearly nothing, 2 GB of zeros in zstd's few bytes.
awk 'BEGIN { for (i = 0; i < 400000; i++) print "                                                  " \
    "                                                                                                  " \
    "                                                                                                  " \
    "                                                                                                  " \
    "                                                                                                  " \
    "                                                                                                  " }' |
    { cat $log - && cat $log; } | zstd -q -c >"$T/ratio.log.zst"
head -c 2000000000 /dev/zero | tr '\0' '\n' | zstd -q -c >"$T/size.log.zst"
db=$T/bomb.db
import "$T/ratio.log.zst" "$T/size.log.zst"
is "$status" 2 'a bomb is refused'
like "$err" '/ratio.log.zst: unpacks to more than 300 times its size' '... by its ratio'
like "$err" '/size.log.zst: unpacks to more than' '... or its size'
is "$(sql 'SELECT (SELECT count(*) FROM logs) + (SELECT count(*) FROM log_parts)
    + (SELECT count(*) FROM runs) + (SELECT count(*) FROM campaigns)' 2>/dev/null)" 0 \
    '... and leaves no trace'

# ---- standard input

db=$T/stdin.db
status=0
"$runner" import --db "$db" --label a=b - <$log 2>"$T/.err" || status=$?
is "$status" 0 'standard input is read'
is "$(sql "SELECT requests, labels, started_from FROM run_facts")" '14403 {"a":"b"} file' \
    '... a file there has its time'
zstd -q -c tests/data/wrk/kislerdm_web-server-benchmark_go-net-http.txt |
    "$runner" import --db "$db" - 2>"$T/.err"
is "$(sql "SELECT started_at IS NULL AND started_from IS NULL FROM run_facts WHERE run_id > 1
    GROUP BY 1")" 1 '... a pipe has none; packed or not'
is "$(sql 'SELECT name FROM logs ORDER BY id' | tr '\n' ' ')" '- - ' '... under the name that it was given'

# ---- long texts

# 9 MB: read in pieces. What is odd lies where pieces may be cut: anywhere.
db=$T/long.db
awk 'NR > 0 { text = text $0 "\n" } END {
    for (i = 1; i <= 20000; i++) {
        if (i % 3 == 0) printf "$ wrk -t1 -c%d -d10s http://wsgi:8000\n", i % 400 + 1
        if (i % 7 == 0) { sub(/Latency/, "a remark\n    Latency", text) }
        printf "%s", text
        if (i % 7 == 0) sub(/a remark\n    /, "", text)
    }
}' $log >"$T/long.log"
import "$T/long.log"
is "$status" 0 'a long text is imported'
is "$(sql 'SELECT count(*), min(requests), max(requests), count(DISTINCT run_no) FROM runs')" \
    '20000 14403 14403 20000' '... with all its runs'
is "$(sql 'SELECT count(*), count(DISTINCT line) FROM unread_lines')" '2857 2857' \
    '... and what was not understood'
"$runner" logs --db "$db" 1 >"$T/back"
ok '... and comes back byte for byte' cmp -s "$T/long.log" "$T/back"
is "$(sql 'SELECT sha256 FROM logs')" "$(sha256sum <"$T/long.log" | cut -d ' ' -f 1)" \
    '... under its digest'
is "$(sql 'SELECT count(*) > 10 AND max(bytes) <= 1048576 FROM log_parts')" 1 '... in parts'
like "$err" '; 2857 lines not understood' '... told once'

# Each run where its text begins.
sql "SELECT log_line FROM runs ORDER BY run_id" >"$T/long.lines"
grep -n '^Running' "$T/long.log" | cut -d : -f 1 >"$T/wanted.lines"
ok 'each run is at its line' cmp -s "$T/long.lines" "$T/wanted.lines"

before=$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM log_parts; SELECT count(*) FROM campaigns;
    SELECT count(*) FROM unread_lines')
cp "$T/long.log" "$T/again.log"
import "$T/again.log"
is "$status" 0 'a long text that is known succeeds'
like "$err" "^1 file: 0 runs, .* 1 already known" '... says so'
is "$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM log_parts; SELECT count(*) FROM campaigns;
    SELECT count(*) FROM unread_lines')" "$before" '... and adds nothing'
import "$log" "$T/again.log"
is "$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM campaigns' | tr '\n' ' ')" '20001 2 ' \
    '... nor takes anything with it'
run "$runner" import --db "$T/no.db" --dry-run "$T/long.log"
is "$(printf '%s\n' "$out" | grep -c 14403)" 20000 'a dry run of it shows each run'

{ cat "$T/long.log" && printf 'a\0b\n'; } >"$T/late.log"
import "$T/late.log"
like "$err" '/late.log: is no text \(it holds zero bytes\)' 'what is no text at its end is passed over'
{ cat "$T/long.log" && head -c 5000000 /dev/zero | tr '\0' x; } >"$T/line.log"
import "$T/line.log"
is "$status" 2 'a line that fills memory fails'
like "$err" '/line.log: has a line of more than 4 MiB' '... and says so'
is "$(sql 'SELECT count(*) FROM runs; SELECT count(*) FROM logs' | tr '\n' ' ')" '20001 2 ' \
    '... and nothing of either is stored'

# ---- the same database from many threads, whatever their turns

tests/data/make_wrk_logs "$T/logs" 3000
for i in 1 2; do
    db=$T/order$i.db
    import --labels-from "$template" "$T/logs"
    sql 'SELECT run_id, case_id, run_no, log_id, log_line, requests, latency_p99_ns FROM runs;
        SELECT id, name, sha256 FROM logs; SELECT * FROM cases' >"$T/order$i"
done
ok 'two imports of a folder number everything alike' cmp -s "$T/order1" "$T/order2"
is "$(sql 'SELECT count(*) FROM runs AS r JOIN logs AS l ON l.id = r.log_id
    WHERE r.run_id <> l.id')" 0 '... in the order of the files'

# ---- a database of oha, packed and through a pipe; other databases are none

db=$T/oha.db
sqlite3 "$T/rows.db" "CREATE TABLE oha (url TEXT NOT NULL, start REAL NOT NULL, start_latency_correction REAL,
    end REAL NOT NULL, duration REAL NOT NULL, status INTEGER NOT NULL, len_bytes INTEGER NOT NULL,
    run INTEGER NOT NULL);
    WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO oha SELECT 'http://127.0.0.1/', i / 3000.0, NULL, i / 3000.0 + 0.001, 0.001, 200, 12,
        1795728000 FROM n"
gzip -k "$T/rows.db"
import "$T/rows.db.gz"
# The last 4 answers of the first 10 s (at 1 ms each) are whole in the next 10 s.
is "$status" 0 "oha's database is imported, longer than what is read at once"
is "$(sql "SELECT requests, bytes, latency_p50_ns BETWEEN 1e6 AND 1.01e6, windows, window_min, window_max FROM run_facts")" \
    '60000 720000 1 2 29996 30000' '... with windows of its rows'
is "$(sql 'SELECT (SELECT sum(requests) FROM slices), (SELECT sum(count) FROM histograms)')" '60000 60000' \
    '... with slices and histogram'
run sh -c "exec '$runner' import --db '$db' - <'$T/rows.db'"
like "$err" 'already imported' '... known again when it comes unpacked, from a pipe'
"$runner" logs --db "$db" 1 | cmp -s - "$T/rows.db"
is $? 0 '... and kept byte for byte'
import "$db"
like "$err" 'is a database, and none of oha$' 'our own database is none of oha'
sqlite3 "$T/view.db" "CREATE TABLE oha_rows (a); CREATE VIEW oha AS SELECT * FROM oha_rows"
import "$T/view.db"
is "$status" 2 'a view of that name is refused'
done_testing
