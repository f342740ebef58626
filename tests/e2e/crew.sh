#!/bin/sh
# crew.sh - two officers on one tablet: the second gets a PIN from a colleague
# or a recovery code, keeps a book of her own, and what she writes arrives.
#
# usage: sh tests/e2e/crew.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"

printf '135790' >"$work/pin-b"
printf '975310' >"$work/pin-c"
as_b() { BEATBOOK_PIN_FILE="$work/pin-b" "$@" --officer 4188; }
as_c() { BEATBOOK_PIN_FILE="$work/pin-c" "$@" --officer 4188; }
give() { BEATBOOK_NEW_PIN_FILE="$work/$1" ctl officer a "$2" "$3" "$4"; }

make_council
start_server
enrol_tablet a 4127
check "the first officer records" ctl record a ASB-03 note="one" \
    --officer 4127

if give pin-b 4999 --officer 4127 2>"$work/said"; then
    not_ok "somebody whom the council doesn't know gets no PIN"
fi
grep -q "isn't in the list" "$work/said" || not_ok "it says why"
printf '000000' >"$work/pin-wrong"
if BEATBOOK_PIN_FILE="$work/pin-wrong" give pin-b 4188 --officer 4127 \
    2>"$work/said"; then
    not_ok "a wrong PIN gives nobody another"
fi
ok "no PIN without a colleague's, nor for a stranger"
check "a colleague's PIN opens the tablet for a newcomer" \
    give pin-b 4188 --officer 4127
check "she records with her own" as_b ctl record a ASB-09 note="two"
if ctl record a ASB-09 note="three" --officer 4188 2>"$work/said"; then
    not_ok "her colleague's PIN is not hers"
fi
grep -q "wrong PIN" "$work/said" || not_ok "it says so"
ok "her colleague's PIN is not hers"

# Forgotten: one of the eight codes, each once.
ctl codes a --officer 4127 >"$work/codes"
code=$(sed -n 's/^  3  //p' "$work/codes")
check "a recovery code opens it for a new PIN" give pin-c 4188 --code "$code"
if give pin-b 4188 --code "$code" 2>"$work/said"; then
    not_ok "a code opens once"
fi
grep -q "that was used" "$work/said" || not_ok "it says so"
if as_b ctl record a ASB-09 note="four" 2>"$work/said"; then
    not_ok "the forgotten PIN is void"
fi
ok "the code opened once, and the forgotten PIN is void"
check "the new one is right" as_c ctl record a ASB-09 note="five"

check "what both wrote goes" ctl sync a --officer 4127
[ "$(ctl status a --json --officer 4127 | jq .waiting)" = 0 ] ||
    not_ok "nothing waits"
[ "$(ctl status a --json --officer 4127 | jq .quarantined)" = 0 ] ||
    not_ok "the council refused nothing"
ok "the council took all of it"

# The same at the window: the shift's check, a patrol that a colleague left
# running, a newcomer.
if [ -x "$bin/beatbook" ]; then
    cat >"$work/window.script" <<'END'
wait-for Who is on duty?
hold sos
wait-for Not sent from here
tap signin.officer.4127
type 246810
wait-for before you start
tap home.check
wait-for fit their chain
tap check.start
wait-for End patrol
tap rail.me
tap me.lock
wait-for Who is on duty?
tap signin.officer.4188
type 111111
wait-for Wrong PIN. 9 tries left.
type 975310
wait-for Amina Yusuf is on patrol on this tablet.
tap sheet.choice.hand-over
wait-for End patrol
tap rail.me
tap me.lock
wait-for Who is on duty?
tap signin.someone-else
tap sheet.choice.colleague
tap signin.officer.4127
type 246810
wait-for Who gets a PIN?
tap signin.staff.4203
wait-for Priya, choose a PIN
type 864209
wait-for Once more the same
type 864209
wait-for Marek Nowak is on patrol on this tablet.
tap sheet.choice.end
wait-for Start patrol
quit
END
    SDL_VIDEODRIVER=dummy
    export SDL_VIDEODRIVER
    check "at the window a patrol changes hands and a newcomer comes in" \
        "$bin/beatbook" --dir "$work/a" --script "$work/window.script"
    check "what the window recorded goes" ctl sync a --officer 4127
    [ "$(ctl status a --json --officer 4127 |
        jq '.waiting + .quarantined')" = 0 ] ||
        not_ok "the council takes the patrol that changed hands"
    ok "the council takes the patrol that changed hands"
fi
stop_server
"$bin/beatbook-server" export --dir "$work/server" --bundle "$work/bundle" \
    >"$work/export.log" || not_ok "a bundle is made"
"$bin/beatbook-verify" "$work/bundle" >"$work/verify.log" || [ $? = 3 ] ||
    not_ok "the bundle holds"
for officer in 4127 4188; do
    grep -q ",$officer," "$work/bundle/records.csv" ||
        not_ok "records.csv names $officer"
done
ok "the bundle tells the two apart"

# Under duress: the same tablet, the same records.
printf '864200' >"$work/pin-d"
BEATBOOK_NEW_PIN_FILE="$work/pin-d" \
    as_c ctl duress a >"$work/duress.log" || not_ok "a duress PIN is set"
BEATBOOK_PIN_FILE="$work/pin-d" ctl record a ASB-09 note="six" \
    --officer 4188 >"$work/record.log" || not_ok "it records as usual"
ok "the duress PIN records as usual"
check "the store is whole" ctl fsck a --officer 4127
done_testing
