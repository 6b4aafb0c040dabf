#!/bin/sh
# fuzz.t DIR SECONDS: each fuzz target under DIR for so many seconds, from the corpus in the tree
# (tests/fuzz/corpus/NAME/); new inputs stay under DIR. What breaks it is kept and named.
. tests/support/tap.sh

dir=${1:-$WRKBOOK_BUILD/fuzz}
seconds=${2:-3}
for source in tests/fuzz/*_fuzz.c; do
    [ -e "$source" ] || continue
    name=$(basename "$source" _fuzz.c)
    work=$dir/work/$name
    mkdir -p "$work"
    run "$dir/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -verbosity=1 -print_final_stats=1 -artifact_prefix="$work-broken-by-" \
        "$work" "tests/fuzz/corpus/$name"
    if [ "$status" -eq 0 ]; then
        runs=$(printf '%s\n' "$err" | sed -n 's/^stat::number_of_executed_units: *//p')
        pass "$name: $runs inputs in $seconds s"
    else
        fail "$name"
        diag "$(printf '%s\n' "$err" | tail -40)"
    fi
done
done_testing
