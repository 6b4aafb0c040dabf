#!/bin/sh
# The front door: finds the programs, hands verb and arguments on untouched, helps who is lost.
. tests/support/tap.sh

run "$WRKBOOK" --help
is "$status" 0 '--help ends with 0'
like "$out" '^Usage: wrkbook VERB' '--help begins with the usage'
is "$err" '' '--help says nothing on stderr'
help=$out
for program in runner report; do
    "$WRKBOOK_BUILD/wrkbook-$program" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' >"$T/verbs"
    ok "wrkbook-$program lists verbs" test -s "$T/verbs"
    while IFS= read -r verb; do
        like "$help" "^  $verb " "wrkbook --help lists $verb of wrkbook-$program"
    done <"$T/verbs"
done

run "$WRKBOOK"
is "$status" 2 'no verb: status 2'
like "$err" '^Usage: ' 'no verb: the usage on stderr'
is "$out" '' 'no verb: nothing on stdout'

run "$WRKBOOK" --version
is "$status" 0 '--version ends with 0'
like "$out" '^wrkbook [0-9]+\.[0-9]+\.[0-9]+' '--version says the version'
version=$out

run "$WRKBOOK" tabel
is "$status" 2 'unknown verb: status 2'
is "$err" "wrkbook: no verb 'tabel', did you mean 'table'?; see wrkbook --help" 'with a hint'
run "$WRKBOOK" bananas
is "$err" "wrkbook: no verb 'bananas'; see wrkbook --help" 'no hint where nothing is near'
run "$WRKBOOK" ''
is "$status" 2 'an empty verb: status 2'

# Stand-ins that show what they were given.
mkdir "$T/libexec"
for program in runner analyze report demo; do
    {
        echo '#!/bin/sh'
        # shellcheck disable=SC2016 # for the stand-in to expand
        echo 'printf "<%s>" "${0##*/}" "$@"; exit 7'
    } >"$T/libexec/wrkbook-$program"
    chmod +x "$T/libexec/wrkbook-$program"
done
WRKBOOK_LIBEXEC=$T/libexec
run "$WRKBOOK" run -t1 'a  b' '' '$x' '*'
is "$out" '<wrkbook-runner><run><-t1><a  b><><$x><*>' 'arguments go on untouched'
is "$status" 7 'the exit status comes back'
for verb in suite import merge doctor logs; do
    run "$WRKBOOK" $verb --help
    is "$out" "<wrkbook-runner><$verb><--help>" "$verb goes to wrkbook-runner"
done
for verb in summary table compare rank findings chart pdf html article export; do
    run "$WRKBOOK" $verb
    is "$out" "<wrkbook-report><$verb>" "$verb goes to wrkbook-report"
done
run "$WRKBOOK" analyze summary --format tsv
is "$out" '<wrkbook-analyze><summary><--format><tsv>' 'analyze goes without its own name'
run "$WRKBOOK" demo --short
is "$out" '<wrkbook-demo><--short>' 'demo goes to the demo'

# Where programs are looked for.
mkdir -p "$T/checkout/build" "$T/prefix/bin" "$T/prefix/libexec/wrkbook" "$T/elsewhere"
unset WRKBOOK_LIBEXEC
cp "$WRKBOOK" "$T/checkout/"
: >"$T/checkout/Makefile"
run "$T/checkout/wrkbook" summary
is "$status" 2 'a checkout that is not built: status 2'
like "$err" "run 'make' in '$T/checkout'" 'and says what to do'
cp "$T/libexec/"* "$T/checkout/build/"
run "$T/checkout/wrkbook" summary
is "$out" '<wrkbook-report><summary>' 'a checkout: build/ beside it'
cp "$WRKBOOK" "$T/prefix/bin/"
run "$T/prefix/bin/wrkbook" summary
like "$err" "^wrkbook: wrkbook-report is not in '$T/prefix/libexec/wrkbook'\$" 'installed: says where'
cp "$T/libexec/"* "$T/prefix/libexec/wrkbook/"
run "$T/prefix/bin/wrkbook" summary
is "$out" '<wrkbook-report><summary>' 'installed: ../libexec/wrkbook'
ln -s "$T/prefix/bin/wrkbook" "$T/elsewhere/wrkbook"
run "$T/elsewhere/wrkbook" summary
is "$out" '<wrkbook-report><summary>' 'through a symbolic link'

# make install puts all of it where the front door looks (install-files: without building).
make -s B="$WRKBOOK_BUILD" DESTDIR="$T/dest" PREFIX=/opt/wb install-files >"$T/install.log" 2>&1 </dev/null
is $? 0 'make install works'
run "$T/dest/opt/wb/bin/wrkbook" --version
is "$out" "$version" 'the installed wrkbook starts its programs'
ok 'samples are installed' test -e "$T/dest/opt/wb/share/wrkbook/samples/README.md"
make -s B="$WRKBOOK_BUILD" DESTDIR="$T/dest" PREFIX=/opt/wb uninstall >"$T/install.log" 2>&1
is "$(find "$T/dest" -type f)" '' 'make uninstall leaves no file'

done_testing
