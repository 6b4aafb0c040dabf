# tap.sh: what a tests/cli/*.t script sources first:
#
#   . tests/support/tap.sh
#
# Tests run from the top of the checkout. It gives $ROOT (that folder), $WRKBOOK (the front door,
# on the build under test), $WRKBOOK_BUILD (programs; tests/support/* helpers under it), $T (a
# folder of its own, removed at the end) and the functions below. Ends with: done_testing
# shellcheck shell=sh disable=SC2034 # set here for those who source it

ROOT=$(pwd)
WRKBOOK_BUILD=${WRKBOOK_BUILD:-$ROOT/build}
case $WRKBOOK_BUILD in /*) ;; *) WRKBOOK_BUILD=$ROOT/$WRKBOOK_BUILD ;; esac
WRKBOOK_LIBEXEC=$WRKBOOK_BUILD
WRKBOOK=$ROOT/wrkbook
export WRKBOOK_BUILD WRKBOOK_LIBEXEC
unset WRKBOOK_DB NO_COLOR MAKEFLAGS MAKELEVEL MFLAGS || :
LC_ALL=C.UTF-8
export LC_ALL
T=$(mktemp -d "${TMPDIR:-/tmp}/wrkbook-test.XXXXXX")
echo '0 0' >"$T/.tap"
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run COMMAND...: runs it without input; sets $status, $out (stdout) and $err (stderr).
run() {
    status=0
    "$@" </dev/null >"$T/.out" 2>"$T/.err" || status=$?
    out=$(cat "$T/.out")
    err=$(cat "$T/.err")
}

# start_demo_server: the demo's server with its three ports, ended with this script ($server is its
# pid; a script with an EXIT trap of its own ends it there). demo_url NAME: of steady, moody, hangup.
start_demo_server() {
    : >"$T/ports"
    "$WRKBOOK_BUILD/tests/support/demo_server" $$ >"$T/ports" &
    server=$!
    trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
    tries=0
    until [ "$(wc -l <"$T/ports")" -eq 3 ] || [ $tries -eq 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}
demo_url() {
    echo "http://127.0.0.1:$(sed -n "s/^$1 //p" "$T/ports")/plain"
}

# diag TEXT...: words under a failed point.
diag() {
    printf '%s\n' "$*" | sed 's/^/# /'
}

# point WORDS NAME BAD: one test point. The count lies in a file, so that a point at the end of a
# pipe, in a shell of its own, counts as well.
point() {
    read -r tap_n tap_bad <"$T/.tap"
    tap_n=$((tap_n + 1))
    echo "$tap_n $((tap_bad + $3))" >"$T/.tap"
    printf '%s %d - %s\n' "$1" $tap_n "$2"
}

# pass NAME, fail NAME: one test point.
pass() {
    point ok "$1" 0
}
fail() {
    point 'not ok' "$1" 1
}

# ok NAME COMMAND...: the command succeeds.
ok() {
    tap_name=$1
    shift
    if "$@"; then pass "$tap_name"; else fail "$tap_name"; diag "failed: $*"; fi
}

# is GOT WANTED NAME: the same text.
is() {
    if [ "$1" = "$2" ]; then
        pass "$3"
    else
        fail "$3"
        diag "got:    $1"
        diag "wanted: $2"
    fi
}

# like TEXT REGEX NAME, unlike TEXT REGEX NAME: an extended regular expression, line by line.
like() {
    if printf '%s\n' "$1" | grep -Eq -e "$2"; then
        pass "$3"
    else
        fail "$3"
        diag "got:      $1"
        diag "not like: $2"
    fi
}
unlike() {
    if printf '%s\n' "$1" | grep -Eq -e "$2"; then
        fail "$3"
        diag "got:  $1"
        diag "like: $2"
    else
        pass "$3"
    fi
}

# same FILE FILE NAME: byte for byte.
same() {
    if cmp -s "$1" "$2"; then
        pass "$3"
    else
        fail "$3"
        diff "$1" "$2" 2>&1 | head -40 | sed 's/^/# /'
    fi
}

# skip WHY NAME: a point that cannot be tried here; counted and shown as skipped.
skip() {
    point ok "$2 # SKIP $1" 0
}

# done_testing: the plan, and the exit status.
done_testing() {
    read -r tap_n tap_bad <"$T/.tap"
    printf '1..%d\n' $tap_n
    exit $((tap_bad > 0))
}
