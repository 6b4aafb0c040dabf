#!/bin/sh
# README's commands work as they stand. Every block marked `sh` runs, in order and in one folder, a
# command a test point; what is replaced is the server's address and the length of a run.
. tests/support/tap.sh

start_demo_server
port=$(sed -n 's/^steady //p' "$T/ports")

mkdir "$T/checkout"
ln -s "$ROOT/samples" "$T/checkout/samples"
ln -s "$WRKBOOK" "$T/checkout/wrkbook"
awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' README.md |
    sed "s,http://127.0.0.1:8000/,http://127.0.0.1:$port/plain,; s/-d10s/-d200ms/" >"$T/commands"
ok 'README has commands' test "$(wc -l <"$T/commands")" -ge 10
cd "$T/checkout" || exit 2
PATH=$T/checkout:$PATH
export PATH
while IFS= read -r line; do
    case $line in
    export\ * | '') continue ;;
    esac
    run sh -c "$line"
    is "$status" 0 "$line"
    [ "$status" -eq 0 ] || diag "$err"
    case $line in
    *' -o '* | *'>'* | *import* | *' run '*) ;;
    *) like "$out" . 'it prints something' ;;
    esac
done <"$T/commands"

# What the text beside them promises.
like "$(cat hello.md)" '^\| *:?-+:? *\|' 'the Markdown table is one'
run jq -r .document summary.json
is "$out" wrkbook/summary 'the JSON is a document'
is "$(sqlite3 releases.db 'SELECT count(*) FROM run_facts')" 6 'six runs are stored'

# Both files that README names for more are there, and its make targets exist.
cd "$ROOT" || exit 2
for file in CONTRIBUTING.md LICENSE samples/article/README.md tests/support/deps; do
    ok "README names $file" grep -q "$file" README.md
    ok "$file exists" test -e "$file"
done
for target in demo test install; do
    ok "make $target exists" grep -q "^$target:" Makefile
done

# The commands of samples/, from their own folders.
for folder in article logs; do
    mkdir "$T/$folder"
    cp -R "samples/$folder/." "$T/$folder/"
    cd "$T/$folder" || exit 2
    awk '/^    wrkbook/ { on = 1 } on && NF == 0 { on = 0 } on' README.md |
        sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' >"$T/commands"
    ok "samples/$folder has commands" test -s "$T/commands"
    while IFS= read -r line; do
        run sh -c "$line"
        is "$status" 0 "samples/$folder: $(echo $line)"
        [ "$status" -eq 0 ] || diag "$err"
        case $line in
        *table*hello*) last=hello ;;
        *table*split=errors*) last=errors ;;
        *table*'split=no errors'*) last=noerrors ;;
        *) last= ;;
        esac
        if [ -n "$last" ] && [ -e "$last.txt" ]; then
            same "$T/.out" "$last.txt" "and prints $last.txt, byte for byte"
        fi
    done <"$T/commands"
    cd "$ROOT" || exit 2
done

done_testing
