#!/bin/sh
# wipe.sh - a lost tablet is closed for good by order of the council: what
# it had not sent arrives or lies sealed in a file, its keys are gone, also
# when it is killed at any write; nothing but that order does it.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh

command -v strace >/dev/null || skip_all "strace is not installed"
command -v convert >/dev/null || skip_all "imagemagick is not installed"
server() {
    verb=$1
    shift
    "$bin/beatbook-server" "$verb" --dir "$work/server" "$@"
}
device_of() { ctl status "$1" --json | jq -r .device; }
order() {
    server wipe --device "$1" --reason 'left on a bus' >"$work/order.log" 2>&1
}
# is WHAT GOT WANT
is() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: $2, not $3"; fi
}
quiet() { "$@" >"$work/quiet.log" 2>&1; }
record() {
    quiet ctl record "$1" ASB-04 note="$2" || {
        sed 's/^/# /' "$work/quiet.log"
        not_ok "a record is made"
    }
}
# How many keys are left: 0 once closed.
keys() { find "$work/$1" -name secret -o -name wraps.cbor | wc -l; }
sealed() { find "$work/$1" -name 'unsent-*.sealed' | wc -l; }
# How often NOTE stands in the council's records.
held() {
    rm -rf "$work/bundle"
    server export --bundle "$work/bundle" >"$work/export.log" 2>&1 ||
        not_ok 'the council exports'
    grep -c "$1" "$work/bundle/records.csv"
}

make_council
start_server
for tablet in lost other cut; do
    enrol_tablet $tablet 4127
done
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    enrol_tablet "kill$n" 4188
    record "kill$n" "kill-$n-unsent"
done

# --- the order ---
record lost sent-before
quiet ctl sync lost || not_ok 'it syncs'
record lost not-sent-yet
id=$(device_of lost)
order "$id" || not_ok 'an administrator gives the order'
is 'the list says that it was not obeyed yet' \
    "$(server wipe | grep -c "$id.*not obeyed yet")" 1
check 'another tablet goes on' ctl sync other
is 'and keeps its keys' "$(keys other)" 2
quiet ctl sync lost && not_ok 'the tablet says that it was closed'
grep -q 'closed for good' "$work/quiet.log" ||
    not_ok 'the tablet says that it was closed'
ok 'the tablet says that it was closed'
is 'its keys are gone' "$(keys lost)" 0
is 'what was not sent has arrived' "$(held not-sent-yet)" 1
is 'so no sealed file is left' "$(sealed lost)" 0
is 'the list says that it was obeyed' \
    "$(server wipe | grep -c "$id.*  obeyed")" 1
quiet ctl status lost --json && not_ok 'nobody opens it any more'
ok 'nobody opens it any more'

# --- killed at each write on the way ---
writes=60
n=1
closed=0
while [ "$n" -le 12 ]; do
    order "$(device_of "kill$n")" || not_ok 'the order is given'
    at=$((n * 2))
    quiet strace -f -o "$work/strace.log" -e trace=fsync,fdatasync \
        -e "inject=fsync,fdatasync:signal=SIGKILL:when=$at" \
        "$bin/beatbookctl" sync --dir "$work/kill$n"
    [ "$(keys "kill$n")" = 0 ] && closed=$((closed + 1))
    quiet ctl sync "kill$n" # opened again: it goes on where it was
    is "killed at write $at, it is closed when next used" \
        "$(keys "kill$n")" 0
    have=$(held "kill-$n-unsent")
    [ "$have" = 1 ] || [ "$(sealed "kill$n")" = 1 ] ||
        not_ok "killed at write $at, what was not sent is safe"
    n=$((n + 1))
done
ok 'and what was not sent is at the council or sealed'

# --- no network when it is obeyed ---
convert -size 640x480 plasma: "$work/photo.jpg"
quiet ctl record cut ASB-04 note=with-a-photo --photo "$work/photo.jpg" ||
    not_ok 'a photo is taken'
order "$(device_of cut)" || not_ok 'the order is given'
# Killed once the order is stored and all is sealed, at the next bytes to
# the council: before it is obeyed, before anything more is sent.
at=1
while [ "$(keys cut)" = 2 ] && ! strings -a "$work/cut/log/beatbookctl.log" |
    grep -q 'sealed in'; do
    [ "$at" -gt 20 ] && not_ok 'the order arrives'
    quiet strace -f -o /dev/null -e trace=sendto \
        -e "inject=sendto:signal=SIGKILL:when=$at" \
        "$bin/beatbookctl" sync --dir "$work/cut"
    at=$((at + 1))
done
stop_server
quiet ctl sync cut
is 'without a network it is closed all the same' "$(keys cut)" 0
is 'what was not sent lies sealed in a file' "$(sealed cut)" 1
check 'the council takes it in from there' server import \
    --sealed "$work"/cut/unsent-*.sealed
is 'the record is there' "$(held with-a-photo)" 1
photos=$(find "$work/bundle/blobs" -type f | wc -l)
is 'and both its pictures' "$photos" 2
check "the council's log holds" "$bin/beatbook-server" fsck \
    --dir "$work/server"
done_testing
