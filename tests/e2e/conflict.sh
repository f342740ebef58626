#!/bin/sh
# conflict.sh - two tablets write one field without knowing of each other;
# both show both values; a person decides, and everybody agrees.
#
# usage: sh tests/e2e/conflict.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
for tool in jq curl; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
ok "two tablets enrol"

sync_both() {
    for t in a b a b; do
        ctl sync $t >"$work/sync.log" 2>&1 ||
            { sed 's/^/# /' "$work/sync.log"; not_ok "tablet $t syncs"; }
    done
}
# values TABLET RECORD FIELD: what stands there, joined by "|"
values() {
    ctl conflicts "$1" --json | jq -r --arg r "$2" --arg f "$3" \
        '[.[] | select(.record == $r) | .fields[] | select(.field == $f)
          | .values[].value] | join("|")'
}
same() { # same WHAT GOT WANT
    [ "$2" = "$3" ] || not_ok "$1: \"$2\", not \"$3\""
    ok "$1"
}
# make RECORD_NAME: a record of tablet a that both hold
make() {
    made=$(ctl record a ASB note="$1" place="51.5840 -2.9972")
    sync_both
}
# apart RECORD ONE TWO: each tablet writes its note, then they meet
apart() {
    ctl set a "$1" note="$2"
    ctl set b "$1" note="$3"
    sync_both
}

make "red car"
one=$made
apart "$one" "blue car" "green car"
same "tablet a shows both values" "$(values a "$one" note)" \
    "blue car|green car"
same "tablet b shows the same in the same order" \
    "$(values b "$one" note)" "blue car|green car"
check "it is settled on tablet b" ctl resolve b "$one" "note#2"
sync_both
same "no conflict is left on a" "$(ctl conflicts a)" "nothing is in conflict"
same "nor on b" "$(ctl conflicts b)" "nothing is in conflict"

make "wrong street"
two=$made
ctl strike a "$two" reason="entered twice"
ctl set b "$two" note="right street after all"
sync_both
same "a strike beside an edit is asked about on both" \
    "$(values a "$two" struck)$(values b "$two" struck)" "yes|noyes|no"
check "it is kept" ctl resolve a "$two" struck=no
sync_both
note_of() {
    ctl export "$1" | python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin):
    if row["record"] == sys.argv[1]:
        print(row["note"], row["struck"], row["conflict"], row["category"])' \
        "$2"
}
same "a shows it whole" "$(note_of a "$two")" \
    "right street after all no no ASB"
same "b shows the same" "$(note_of b "$two")" "$(note_of a "$two")"
done_testing
