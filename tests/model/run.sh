#!/bin/sh
# run.sh - explores sync.pml with spin: every state within the bounds, no
# counter-example; then the model broken on purpose in five ways, and each
# must be found. Prints TAP; the figures stand behind "#".
#
# usage: sh tests/model/run.sh [BUILD_DIR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/beatbook-model.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
command -v spin >/dev/null || {
    echo "1..0 # skipped: no spin here"
    exit 77
}
cases=0
failed=0
megabytes=2048
deepest=200000

say() { # say CODE TEXT: "ok" when CODE is 0
    cases=$((cases + 1))
    if [ "$1" = 0 ]; then
        echo "ok $cases - $2"
    else
        echo "not ok $cases - $2"
        sed 's/^/# /' "$work/log"
        failed=1
    fi
}
# explore FOR BOUNDS: makes pan for "safety" or "liveness" and runs it.
explore() {
    kind=-DNFAIR=4 options='-a -f'
    [ "$1" = liveness ] || { kind='-DSAFETY -DNOCLAIM'; options=; }
    shift
    (
        cd "$work"
        rm -f pan pan.c ./*.trail
        # shellcheck disable=SC2086 # the options are words
        spin -a "$@" "$here/sync.pml" &&
            cc -O1 -w -DCOLLAPSE -DMEMLIM=$megabytes $kind -o pan pan.c &&
            ./pan -m$deepest $options
    ) >"$work/log" 2>&1
}
errors() { sed -n 's/^.*errors: \([0-9]*\)$/\1/p' "$work/log"; }
figures() {
    awk '/states, stored/ { states = $1 }
        /total actual memory/ { mb = $1 }
        /elapsed time/ { s = $4 }
        /depth reached/ { depth = $6 }
        END { printf "# %s states, depth %s %s MB, %s s\n", states, depth,
            mb, s }' "$work/log"
}
# holds WHAT FOR BOUNDS
holds() {
    what=$1
    shift
    code=0
    explore "$@" && [ "$(errors)" = 0 ] &&
        ! grep -q 'too small\|memory limit\|not completed' "$work/log" ||
        code=1
    say $code "$what"
    figures
}
# found WHAT MACRO
found() {
    code=0
    explore safety -DFAULTS=2 -DTOKENS=2 "-D$2" &&
        [ "$(errors)" = 1 ] && grep -q 'assertion violated' "$work/log" ||
        code=1
    say $code "found: $1"
    grep 'assertion violated' "$work/log" | sed 's/^/# /'
}

holds "2 tablets, 2 entries, any 3 faults: every promise is kept" \
    safety -DTOKENS=2 -DFAULTS=3
holds "2 tablets, 3 entries, any 2 faults: every promise is kept" \
    safety -DTOKENS=3 -DFAULTS=2
holds "2 tablets, 2 entries, any 2 faults: under fairness it comes to rest" \
    liveness -DTOKENS=2 -DFAULTS=2
found "a restored server that compares no receipts" BREAK_NO_RESTART
found "a server that compares no histories" BREAK_NO_FORK
found "a tablet that doesn't say what it repeats" BREAK_NO_LINK
found "a receipt that leaves before the commit" BREAK_ACK_FIRST
found "a new certificate that begins with an empty store" BREAK_REKEY_WIPES
echo "1..$cases"
exit $failed
