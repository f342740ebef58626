#!/bin/sh
# erase.sh - an administrator erases a record: a legal hold comes first, the
# words are then in no file of the server and of the tablets that connect,
# what comes later is not kept, and everything still proves itself.
#
# usage: sh tests/e2e/erase.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
words='red umbrella'
late='and a limp'

server() {
    verb=$1
    shift
    "$bin/beatbook-server" "$verb" --dir "$work/server" "$@"
}
# says TEXT COMMAND...: its output, shown, has the text.
says() {
    want=$1
    shift
    "$@" >"$work/said" 2>&1 || :
    sed 's/^/#   /' "$work/said"
    grep -qF "$want" "$work/said" || not_ok "it says: $want"
    ok "it says: $want"
}
# Not in a file of the server, its log and its files included.
absent() {
    if grep -rlaF --exclude-dir=backup "$1" "$work/server" \
        >"$work/found"; then
        sed 's/^/# /' "$work/found"
        not_ok "\"$1\" is in no file of the server"
    fi
    ok "\"$1\" is in no file of the server"
}

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
enrol_tablet c 4203
ctl sync a >/dev/null
"$bin/beatbookctl" record ASB-09 "note=a man with a $words" \
    --dir "$work/a" >"$work/record"
id='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
record=$(grep -Eo "$id" "$work/record" | tail -n 1)
"$bin/beatbookctl" record ASB-09 "note=a lamp is out" --dir "$work/a" \
    >/dev/null
for t in a b c; do
    check "tablet $t has it all" ctl sync $t
done
grep -qaF "$words" "$work/server/council.db"* ||
    not_ok "before, the words are there"

echo "# --- a hold, and an attempt to erase"
says 'held; 1 hold on it now' server hold --record "$record" \
    --reason 'court case 7/26' --officer 4203
says 'a legal hold stands' server erase --record "$record" --reason 'case 12'
says 'one hold released; 0 left' server release --record "$record" \
    --reason 'court case 7/26 closed'

echo "# --- the erasure"
"$bin/beatbookctl" set "$record" "note=$late" --dir "$work/c" >/dev/null
says 'erased here' server erase --record "$record" --reason 'case 12'
absent "$words"
says 'not confirmed by b' server erasures
for t in a b; do
    check "tablet $t connects" ctl sync $t
    ctl export $t >"$work/$t.csv"
    ! grep -qF "$words" "$work/$t.csv" || not_ok "tablet $t forgot the words"
    grep -qF 'a lamp is out' "$work/$t.csv" || not_ok "tablet $t has the rest"
    check "tablet $t: fsck is clean" ctl fsck $t
done
says 'not confirmed by c' server erasures
says 'it was erased before' server erase --record "$record" --reason 'case 12'

echo "# --- a tablet that had written to it, offline"
check "tablet c connects" ctl sync c
absent "$late"
check "tablet c once more" ctl sync c
says 'confirmed by every tablet' server erasures
check "tablet c: fsck is clean" ctl fsck c

echo "# --- proofs"
says ' 0 findings' server fsck
check "the council exports everything" server export --bundle "$work/all"
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor \
    "$(server fingerprint | tail -n 1)"
grep -rlaF -e "$words" -e "$late" "$work/all" && not_ok "no word in the bundle"
says '2 entries were erased by order of the council' "$bin/beatbook-verify" "$work/all"
check "the record's own bundle" server export --bundle "$work/one" \
    --record "$record"
check "it holds, too" "$bin/beatbook-verify" "$work/one" --anchor \
    "$(server fingerprint | tail -n 1)"
stop_server
says ' 0 findings' server fsck
done_testing
