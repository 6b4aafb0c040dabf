#!/bin/sh
# What compare writes for benchstat is read by benchstat itself: the medians are the same, and wherever it
# shows a change that we do not, or the other way round, a comment in the file says why. It is built once a
# build folder, where there is a go that takes it (1.26): 13 s on two cores, its two modules fetched.
. tests/support/tap.sh

version=v0.0.0-20260908200009-22c9c6c9d4da
benchstat=$WRKBOOK_BUILD/benchstat-$version/benchstat
if [ ! -x "$benchstat" ]; then
    if ! command -v go >/dev/null; then
        skip 'no go on the PATH to build benchstat with' 'what compare writes, read by benchstat'
        done_testing
    fi
    case $(GOTOOLCHAIN=local go env GOVERSION) in
    go1.2[6-9]* | go1.[3-9][0-9]* | go[2-9]*) ;;
    *)
        skip "$(GOTOOLCHAIN=local go env GOVERSION) is older than what benchstat takes (1.26)" \
            'what compare writes, read by benchstat'
        done_testing
        ;;
    esac
    GOTOOLCHAIN=local GOFLAGS=-modcacherw GOBIN=${benchstat%/*} \
        go install "golang.org/x/perf/cmd/benchstat@$version" >"$T/err" 2>&1 || diag "$(cat "$T/err")"
fi

# 60 cases, unequal numbers of runs, changes of 0 to 15 %; every third one rounded so that figures tie.
python3 - "$T" <<'PY'
import random, sys
draw = random.Random(20261127)
sides = {"old": [], "new": []}
for case in range(60):
    base = draw.choice((300, 4000, 19000, 70000))
    cv = draw.uniform(0.005, 0.04)
    shift = draw.choice((0, 0, 0, 0.01, 0.03, 0.06, 0.15)) * draw.choice((-1, 1))
    step = base / 100 if case % 3 == 0 else 0.01
    for side, factor in (("old", 1), ("new", 1 + shift)):
        for run in range(draw.randint(4, 12)):
            rate = round(round(draw.gauss(base * factor, base * cv) / step) * step, 2)
            sides[side].append(f"case{case:02d},{rate:.2f},{1e9 / rate:.0f},complete")
for side, rows in sides.items():
    print("server,requests_per_s,latency_p50_ns,status", *rows, sep="\n", file=open(f"{sys.argv[1]}/{side}.csv", "w"))
PY
import() {
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$1.db" "$1.csv" 2>"$T/err" || cat "$T/err" >&2
}
cd "$T" || exit 2
import old
import new
"$WRKBOOK" compare old.db new.db --format benchstat -o both.txt
"$WRKBOOK" compare old.db new.db --format json -o compare.json
"$benchstat" -format csv -col side both.txt >theirs.csv 2>notes
is "$(grep -v 'need >= [0-9]* samples' notes)" '' 'benchstat reads it without a word'

python3 - >points <<'PY'
import csv, json, re
def point(good, name, why=""):
    print(("ok " if good else "not ok ") + name + ("" if good else ": %r" % (why,)))
fields = {"req/s": "requests_per_s", "p50-sec": "latency_p50_ns"}
theirs, metric = {}, None
for row in csv.reader(open("theirs.csv")):
    if len(row) == 7 and row[0] == "" and row[1] in fields:
        metric = fields[row[1]]
    elif len(row) == 7 and row[0].startswith("HTTP/server="):
        theirs[row[0].removeprefix("HTTP/server="), metric] = row
ours = {(r["labels"]["server"], r["metric"]): r for r in json.load(open("compare.json"))["rows"] if r["metric"] != "errors"}
point(set(theirs) == set(ours) and len(ours) == 120, "all cases and metrics are there", (len(theirs), len(ours)))

# it shows ns as seconds
medians = [(key, (r[f"median_{side}_per_s"] if key[1] == "requests_per_s" else r[f"median_{side}_ns"] / 1e9), float(theirs[key][at]))
           for key, r in ours.items() for side, at in (("a", 1), ("b", 3))]
bad = [m for m in medians if abs(m[1] / m[2] - 1) > 1e-12]
point(not bad, "the medians are those of benchstat", bad[:3])
changes = [(key, r["delta_median_pct"], float(theirs[key][5].rstrip("%"))) for key, r in ours.items() if theirs[key][5] != "~"]
point(all(abs(a - b) <= 0.0051 for key, a, b in changes), "and the changes of the medians", changes[:3])

# Without ties both are exact. benchstat's p has three decimals, and one of exactly 0 it leaves out.
def p(row):
    found = re.match(r"p=([0-9.]+) ", row[6])
    return float(found[1]) if found else 0.0
exact = [(key, r["p"], p(theirs[key])) for key, r in ours.items() if r["p_method"] == "exact"]
bad = [e for e in exact if abs(e[1] - e[2]) > 0.00051]
point(len(exact) > 60 and not bad, "the p of figures without ties", bad)

notes = {}
for line in open("both.txt"):
    if line.startswith("#"):
        name, unit, why = re.fullmatch(r"# HTTP/server=(\S+) (\S+): (.*)\n", line).groups()
        notes[name, fields[unit.replace("p50-ns", "p50-sec")]] = why
differ = {key for key, r in ours.items() if (theirs[key][5] == "~") == (r["word"] in ("slower", "faster"))}
point(differ <= set(notes), "where one of both shows a change and the other none, a comment says why", differ - set(notes))
idle = {key: why for key, why in notes.items() if key not in differ and "figures tie" not in why}
point(not idle, "and only there, unless figures tie", idle)
point(len(notes) < 40 and all(any(why in n for n in notes.values()) for why in ("smaller than what matters", "over all cases", "tie")),
      "all three reasons occur", notes)
both = [key for key, r in ours.items() if theirs[key][5] != "~" and r["word"] in ("slower", "faster")]
point(len(both) >= 30 and all((ours[k]["word"] == "faster") == ((theirs[k][5][0] == "+") == (k[1] == "requests_per_s")) for k in both),
      "what both show is better or worse by both", len(both))
PY
while read -r line; do
    case $line in
    'ok '*) pass "${line#ok }" ;;
    'not ok '*) fail "${line#not ok }" ;;
    *) diag "$line" ;;
    esac
done <points
is "$(grep -c '^ok ' points)" 8 'as many points as the reader has to make'

# The other Go text: of one database.
"$WRKBOOK" export --format gobench --db old.db -o export.txt
"$benchstat" -format csv -filter .unit:req/s export.txt >export.csv 2>notes
is "$(grep -v 'need >= [0-9]* samples' notes)" '' 'benchstat reads export --format gobench without a word'
is "$(python3 -c '
import csv
print(*sorted((r[0], float(r[1])) for r in csv.reader(open("export.csv")) if len(r) == 3 and r[0].startswith("HTTP/")))')" \
    "$(python3 -c '
import json
print(*sorted(("HTTP/server=" + r["labels"]["server"], float(r["median_a_per_s"])) for r in json.load(open("compare.json"))["rows"]
              if r["metric"] == "requests_per_s"))')" 'with the same medians'

"$ROOT/tests/golden/hostile_sides" "$T"
rm -f old.db new.db
import old
import new
"$WRKBOOK" compare old.db new.db --format benchstat -o hostile.txt
"$benchstat" -format csv -col side hostile.txt >hostile.csv 2>notes
is "$(cat notes)" '' 'benchstat reads hostile names without a word'
python3 - >got <<'PY'
import csv, re
for row in csv.reader(open("hostile.csv", encoding="utf-8")):
    if row and row[0].startswith("HTTP/framework="):
        print(re.sub("%([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), row[0].removeprefix("HTTP/framework=")))
PY
{
    cat "$ROOT/tests/golden/hostile.names"
    echo plain
} >wanted
same got wanted 'and these are the names'

done_testing
