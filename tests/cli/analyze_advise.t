#!/bin/sh
# `wrkbook analyze advise`: runs that are missing, their cost, and the list that `suite --cells` takes.
. tests/support/tap.sh

DB=$T/advise.db
{
    echo 'server,run_no,requests_per_s,requests,elapsed_ns,status'
    i=0
    for values in 'steady 1000 1001 999 1002 998 1000' 'noisy 800 920 700 850 780 810' \
        'close 1100 1180 1040 1090 1150 1120' 'broken 500 501 502 503 504 505'; do
        name=${values%% *}
        for rate in ${values#* }; do
            i=$((i + 1))
            echo "$name,$i,$rate,$((rate * 10)),10000000000,complete"
        done
    done
} >"$T/runs.csv"
sed -i 's/$/,0/; 1s/,0$/,errors_read/; /^broken/s/,0$/,7/' "$T/runs.csv"
run "$WRKBOOK" import --db "$DB" "$T/runs.csv"
run "$WRKBOOK" analyze advise --db "$DB"
is "$status" 0 "advise is given"
printf '%s' "$out" >"$T/advise.json"

# of NAME FIELD: of a case's advice.
of() {
    jq -r ".cases[] | select(.labels.server == \"$1\") | .$2" "$T/advise.json"
}
is "$(jq -r '[.cases[].labels.server] | join(" ")' "$T/advise.json")" 'close steady noisy' \
    "of the cases without errors, in their order"
printf 'value\n800\n920\n700\n850\n780\n810\n' >"$T/noisy.csv"
is "$(of noisy runs_for_precision)" "$("$WRKBOOK" analyze calc sample "$T/noisy.csv" | jq .runs_needed)" \
    "runs for the precision are those of the one formula"
is "$(of steady runs_for_precision) $(of steady runs_for_order)" '2 null' \
    "a steady case that is told apart already"
is "$(of noisy runs_missing)" "$(($(of noisy runs_wanted) - 6))" "what is missing is what there is not"
is "$(of noisy missing_s)" "$(($(of noisy runs_missing) * 10))" "at 10 s a run"
is "$(jq '.missing_s' "$T/advise.json")" "$(jq '[.cases[].missing_s] | add' "$T/advise.json")" "and in all"
run "$WRKBOOK" analyze advise --db "$DB" --precision 20% --format tsv
is "$(printf '%s\n' "$out" | awk -F '\t' '$1 == "noisy" { print $3 }')" 4 \
    "a wider interval wants fewer: qt(0.975, 3) 0.0904 / 2 = 0.144, with 3 runs 0.225"

cat >"$T/suite.json" <<'JSON'
{"name": "x", "matrix": {"server": ["steady", "noisy", "close"]},
 "targets": [{"url": "http://127.0.0.1:1/{server}"}]}
JSON
run "$WRKBOOK" suite "$T/suite.json" --dry-run --cells "$T/advise.json"
is "$status" 0 "suite --cells takes it"
like "$out" 'server=noisy' "and plans the cell that wants runs"
unlike "$out" 'server=steady' "and none that has enough"
run "$WRKBOOK" analyze advise --db "$DB" --precision much
is "$status" 2 "a precision that is none is refused"

done_testing
