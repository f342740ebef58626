#!/bin/sh
# renew.sh - certificates end, everywhere and at the worst time, and no
# tablet is lost: renewal by itself, killed at each write; re-key after 400
# days in a drawer; a new issuing CA, new roots, an expired root. The clock
# of all programs is moved by libfaketime; nothing waits.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh

fake=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
[ -n "$fake" ] || skip_all "libfaketime is not installed"
command -v strace >/dev/null || skip_all "strace is not installed"
if ldd "$bin/beatbookctl" | grep -q asan; then
    skip_all "AddressSanitizer wants to be the first library"
fi
export LD_PRELOAD="$fake" FAKETIME_DONT_FAKE_MONOTONIC=1
# Its mend for an old glibc makes a monotonic wait end at once.
export FAKETIME_FORCE_MONOTONIC_FIX=0
day() { export FAKETIME="+$1d"; }
# The server lives on another day from here on.
server_day() {
    stop_server
    day "$1"
    start_server
}
device_of() { ctl status "$1" --json | jq -r .device; }
# says WHAT TEXT COMMAND...: its output has TEXT, whatever its exit code.
says() {
    what=$1
    text=$2
    shift 2
    "$@" >"$work/says.log" 2>&1
    if grep -q "$text" "$work/says.log"; then
        ok "$what"
    else
        sed 's/^/# /' "$work/says.log"
        not_ok "$what"
    fi
}
quiet() { "$@" >"$work/quiet.log" 2>&1; }
record() { quiet ctl record "$1" ASB-04 note="$2"; }
ca() {
    stop_server
    check "$1" "$bin/beatbook-server" renew-ca --dir "$work/server" \
        --safe "$work/safe" $2
    start_server
}

day 0
make_council
mv "$work/server/safe" "$work/safe"
start_server
enrol_tablet first 4127
enrol_tablet drawer 4188
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    enrol_tablet "kill$n" 4203
done
check 'the first sync of the first day' ctl sync first

# --- renewal from half of its life ---
tablet_log() { cat "$work/$1/log/beatbookctl.log"; }
# renewed TABLET: how often its certificate was replaced
renewed() { tablet_log "$1" | grep -c 'new certificate is in use'; }
# is WHAT GOT WANT
is() { [ "$2" = "$3" ] && ok "$1" || not_ok "$1: $2, not $3"; }

server_day 30
quiet ctl sync first
is 'nothing is renewed before half of its life' "$(renewed first)" 0
server_day 50
quiet ctl sync first
is 'from half of its life on it is renewed by itself' "$(renewed first)" 1
quiet ctl sync first
is 'and then left alone' "$(renewed first)" 1

# --- killed at each write on the way ---
writes=$(strace -f -o "$work/strace.log" -e trace=fsync,fdatasync \
    "$bin/beatbookctl" sync --dir "$work/kill0" >"$work/quiet.log" 2>&1
    grep -c 'sync(' "$work/strace.log")
step=$(((writes + 14) / 15))
n=1
at=1
while [ "$n" -le 15 ] && [ "$at" -le "$writes" ]; do
    quiet strace -f -o /dev/null -e trace=fsync,fdatasync \
        -e "inject=fsync,fdatasync:signal=SIGKILL:when=$at" \
        "$bin/beatbookctl" sync --dir "$work/kill$n"
    quiet ctl sync "kill$n" || {
        sed 's/^/# /' "$work/quiet.log"
        not_ok "killed at write $at of $writes, it syncs again by itself"
    }
    n=$((n + 1))
    at=$((at + step))
done
ok "killed at $((n - 1)) of $writes writes, each tablet syncs again by itself"
server_day 100
i=1
while [ "$i" -lt "$n" ]; do
    quiet ctl sync "kill$i" || {
        sed 's/^/# /' "$work/quiet.log"
        not_ok "tablet kill$i had its certificate renewed"
    }
    i=$((i + 1))
done
ok 'and after the old certificate ended, each has its new one'

# --- a new issuing CA, the old one ends ---
server_day 300
enrol_tablet goes_on 4127
ca 'the issuing CA is replaced with the key from the safe' ''
check 'tablets of the old CA go on' ctl sync goes_on

# --- 400 days in a drawer ---
server_day 400
record drawer 'written before the tablet was found' ||
    not_ok 'an expired certificate keeps nobody from writing'
ok 'an expired certificate keeps nobody from writing'
says 'the tablet says what to do' 'Ask your administrator' ctl sync drawer
id=$(device_of drawer)
"$bin/beatbook-server" rekey --device "$id" --dir "$work/server" \
    >"$work/rekey.log" 2>&1 || not_ok 'an administrator lets it ask'
check 'after one supervised step all is stored' ctl sync drawer
waiting=$(status_of drawer .waiting)
[ "$waiting" = 0 ] || not_ok "nothing waits after the re-key"
ok 'nothing waits after the re-key'

# --- a new root, followed without a hand ---
enrol_tablet follows 4203
enrol_tablet misses 4203
server_day 410
ca 'the root is replaced' --new-root
check 'tablets of the old root go on' ctl sync follows
server_day 450
quiet ctl sync follows
is 'they learn the new root as they renew' "$(renewed follows)" 1
ca 'the root is replaced once more' --new-root
check 'who knows the first new root follows to the second' ctl sync follows
check 'and so does who knows only the old one' ctl sync misses

# --- the root itself ends ---
stop_server
day 7800
start_server
ca 'a root that ended is replaced' --new-root
record misses 'twenty years late' || not_ok 'it still writes'
quiet ctl sync misses && not_ok 'an expired root is not believed'
ok 'an expired root is not believed'
id=$(device_of misses)
code=$("$bin/beatbook-server" rekey --device "$id" --dir "$work/server" |
    tail -n 1)
says 'a code for another tablet is refused' 'for another tablet' \
    ctl rekey follows --code "$code"
check 'with the code of the council the tablet syncs again' \
    ctl rekey misses --code "$code"
waiting=$(status_of misses .waiting)
[ "$waiting" = 0 ] || not_ok 'nothing waits in the end'
ok 'nothing waits in the end'
stop_server
check "the council's log holds" "$bin/beatbook-server" fsck \
    --dir "$work/server"
done_testing
