#!/bin/sh
# tablet.sh - one tablet from the command line: enrol, record with a photo,
# sync, look; and what it says when something is in the way.
#
# usage: sh tests/e2e/tablet.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
for tool in jq openssl flock; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
photo=$data/photos/keynsham-gully-2017-06-06-orient6-gps.jpg

# fails WHAT CODE WORDS COMMAND...: exits with CODE and says WORDS.
fails() {
    what=$1 want=$2 words=$3
    shift 3
    got=0
    "$@" >"$work/fails.log" 2>&1 || got=$?
    if [ "$got" = "$want" ] && grep -q "$words" "$work/fails.log"; then
        ok "$what"
    else
        echo "# exit $got, wanted $want; wanted words: $words"
        sed 's/^/# /' "$work/fails.log"
        not_ok "$what"
    fi
}

make_council
start_server

# --- enrolment ---
fails "a folder that isn't enrolled says what comes first" 17 'enrol' \
    ctl status t --json
fails "a code with a slip is told apart" 14 'letter by letter' \
    ctl enrol t --code 'https://127.0.0.1:1#ABCD' --officer 4127
code=$("$bin/beatbook-server" enrol --dir "$work/server" --device plain |
    tail -n 1)
fails "a plain disk without leave is refused, the code stays good" 29 \
    'allow' ctl enrol t --code "$code" --officer 4127
[ ! -e "$work/t/wraps.cbor" ] || not_ok "nothing was enrolled"
enrol_tablet t 4127
ok "the tablet enrols"
[ "$(stat -c %a "$work/t/wraps.cbor" "$work/t/keystore/secret" |
    sort -u)" = 600 ] || not_ok "keys are nobody else's to read"
fails "a second enrolment is refused" 18 'already' \
    ctl enrol t --code "$code" --officer 4127

# --- recording without a network ---
stop_server
if [ -r "$photo" ]; then
    ctl record t ASB-04 note='Loud music at the bus stop' \
        place=51.3713,0.7241,5 --photo "$photo" >"$work/id"
else
    ctl record t ASB-04 note='Loud music at the bus stop' \
        place=51.3713,0.7241,5 >"$work/id"
fi 2>"$work/record.log" || {
    sed 's/^/# /' "$work/record.log"
    not_ok "a record is made without a network"
}
grep -qE '^[0-9a-f-]{36}$' "$work/id" || not_ok "its id is printed"
ok "a record is made without a network"
[ "$(status_of t '.waiting > 0')" = true ] || not_ok "it waits"
fails "sync without a server says that nothing is lost" 26 'safe on this' \
    ctl sync t

# --- and with one ---
start_server
check "sync ends with nothing waiting" ctl sync t
[ "$(status_of t '.waiting + .photos.waiting + .quarantined')" = 0 ] ||
    not_ok "nothing waits, nothing is refused"
[ "$(status_of t '.events == .acknowledged')" = true ] ||
    not_ok "every event is acknowledged"
ok "status says so, and looking leaves no event behind"
check "the store holds" ctl fsck t
ctl rebuild t | grep -q 'as before' || not_ok "a rebuild changes nothing"
ok "a rebuild changes nothing"
ctl export t | grep -q "^$(cat "$work/id"),.*Loud music" ||
    not_ok "the record stands in the export"
ok "the record stands in the export"

# --- what is in the way ---
fails "wrong use is told" 2 'category' ctl record t
fails "a field that isn't one is told, nothing is stored" 14 'nothing' \
    ctl record t ASB-04 no_such_field=1
printf 'x' >"$work/wrong"
fails "a wrong PIN is told" 24 'wrong PIN' \
    env BEATBOOK_PIN_FILE="$work/wrong" "$bin/beatbookctl" status --json \
    --dir "$work/t"
fails "two programs never open one store" 25 'another program' \
    flock "$work/t/lock" "$bin/beatbookctl" status --json --dir "$work/t"
before=$(status_of t .incarnation)
cp -a "$work/t" "$work/copy"
check "a copied folder opens" ctl record copy ASB-04 note='From the copy'
[ "$(status_of copy .incarnation)" != "$before" ] ||
    not_ok "it opens a new incarnation"
check "and syncs as one" ctl sync copy
check "the first goes on as well" ctl sync t

# Another council's server at our address.
stop_server
check "the server's store holds" "$bin/beatbook-server" fsck \
    --dir "$work/server"
mv "$work/server" "$work/ours"
make_council
start_server
fails "another council's server is named, nothing is sent" 27 \
    'another council' ctl sync t
done_testing
