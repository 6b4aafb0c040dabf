#!/bin/sh
# Each sample suite is one that `wrkbook suite` takes, and nginx's runs.
. tests/support/tap.sh

for suite in samples/python/*.json samples/suites/*.json; do
    run "$WRKBOOK" suite "$suite" --dry-run
    is "$status" 0 "$suite is taken"
    [ "$status" -eq 0 ] || diag "$err"
    like "$out" '^ +1 +[a-z]+=' 'and has cells'
done

# The article's matrix: 5 frameworks on 5 servers and sanic on its own; the rest is n/a.
run "$WRKBOOK" suite samples/python/hello.json --dry-run
like "$out" '^26 cells \(10 skipped\), at most 156 runs' 'hello.json has the whole matrix'

# A stack is a label, no suite of its own: what differs is its word, and the suite's name.
for benchmark in hello data; do
    sed -e '/"name":/d' -e 's/"stack": "2018"/"stack": "today"/' \
        "samples/python/$benchmark-2018.json" >"$T/2018"
    sed -e '/"name":/d' "samples/python/$benchmark.json" >"$T/today"
    same "$T/2018" "$T/today" "both stacks get the same $benchmark"
done

# Every app and every environment that a suite names is there.
for benchmark in hello data; do
    for framework in apistar bottle falcon flask hug sanic; do
        ok "${benchmark}_$framework" test -s "samples/python/apps/${benchmark}_$framework.py"
    done
done
ok 'the apps are Python' python3 -c '
import ast, glob
for path in glob.glob("samples/python/*.py") + glob.glob("samples/python/apps/*.py"):
    ast.parse(open(path).read(), path)'
is "$(grep -hEv '^(#|-r |[A-Za-z0-9._-]+==[0-9][0-9a-z.]*$|$)' samples/python/requirements/*.txt)" '' \
    'every version is pinned'
run samples/python/setup --only 1984
is "$status" 2 'setup refuses a stack that it does not know'
like "$err" 'today or 2018' 'and names those it knows'

# The manual of suite files knows every key that the program knows.
sed -n 's/^    {"\([a-z_]*\)", WB_KIND_.*/\1/p' runner/suite_keys.c | sort -u >"$T/keys"
while read -r key; do
    ok "samples/suites/README.md tells of $key" grep -q "[\`\"]${key}[\`\"]" samples/suites/README.md
done <"$T/keys"

# nginx's, as it is but for its port: others may run this test, or have a server there.
if ! command -v nginx >/dev/null; then
    skip 'no nginx here' 'the nginx suite runs'
    done_testing
fi
cp -R samples/suites "$T/suites"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s/18080/$port/" "$T/suites/nginx.json" "$T/suites/nginx/nginx.conf"
run "$WRKBOOK" suite "$T/suites/nginx.json" --db "$T/suites.db" --runs 1 --duration 1s
is "$status" 0 'the nginx suite runs'
[ "$status" -eq 0 ] || diag "$err"
is "$(sqlite3 "$T/suites.db" 'SELECT count(*) FROM run_facts')" 2 'both of its cells have a run'
is "$(sqlite3 "$T/suites.db" 'SELECT count(*) FROM run_facts WHERE requests > 0')" 2 'with requests'
unlike "$(cat "$T/suites/nginx/nginx.pid" 2>/dev/null)" . 'and nginx is gone'
done_testing
