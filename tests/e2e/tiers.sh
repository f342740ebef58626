#!/bin/sh
# tiers.sh - restricted and sealed records with the real programs: who reads
# them, who doesn't, who gets them later, and what a shut out one gets.
#
# usage: sh tests/e2e/tiers.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"

add_officer() { # NUMBER NAME ROLE
    check "$2 is $3" "$bin/beatbook-server" officer --dir "$work/server" \
        --add "$1" --name "$2" --role "$3"
}
# fails WHAT WORDS COMMAND...: it fails and says WORDS
fails() {
    what=$1
    words=$2
    shift 2
    if "$@" >"$work/check.log" 2>&1; then
        not_ok "$what"
    fi
    grep -q -- "$words" "$work/check.log" ||
        { sed 's/^/# /' "$work/check.log"; not_ok "$what: it says so"; }
    ok "$what"
}
sync_all() {
    for t in "$@"; do
        ctl sync "$t" >"$work/check.log" 2>&1 ||
            { sed 's/^/# /' "$work/check.log"; not_ok "tablet $t syncs"; }
    done
}
# reads TABLET RECORD WORDS; lists TABLET: how many closed records
reads() { ctl shared "$1" "$2" 2>/dev/null | grep -q -- "$3"; }
lists() { ctl shared "$1" | wc -l | tr -d ' '; }
# holds_none TABLET WORDS: in no file of its folder, in no list, no export
holds_none() {
    ! grep -rqa -- "$2" "$work/$1" || return 1
    ctl export "$1" --out "$work/export.csv"
    ! grep -q -- "$2" "$work/export.csv" || return 1
}

make_council
start_server
enrol_tablet author 4127
enrol_tablet colleague 4188
ctl sync author >"$work/check.log" 2>&1 || not_ok "the author's tablet syncs"

concern() {
    ctl record author PRV danger_now=no "about=somebody" \
        "facts=quince marmalade" source=saw
}
hate() {
    ctl record author HATE "note=$1" "place=51.5 -3.1" in_danger_now=no \
        "strands=race;religion" perceived_by=victim "what_happened=$1"
}
fails "a concern is refused while nobody could read it" "must name a" concern
before=$(hate "gooseberry paint")
add_officer 4301 "Lena Lead" safeguarding-lead
enrol_tablet lead 4301
sync_all author
fails "and while one person could" "only one person" concern
add_officer 4302 "Dai Deputy" safeguarding-deputy
enrol_tablet deputy 4302
sync_all author lead
prevent=$(concern)
hate=$(hate "medlar insult")
ok "a concern and a hate incident are recorded"
sync_all author colleague lead deputy

reads lead "$prevent" "quince marmalade" || not_ok "the lead reads the concern"
reads deputy "$prevent" "quince marmalade" || not_ok "the deputy, too"
ok "lead and deputy read the concern"
reads lead "$hate" "medlar insult" || not_ok "the lead reads the incident"
reads lead "$before" "gooseberry paint" ||
    not_ok "the lead reads what was made before there was a lead"
ok "the lead reads hate incidents, older than the role, too"
! reads author "$prevent" quince || not_ok "the author can't read it any more"
reads author "$hate" "medlar insult" || not_ok "the author reads the other"
ok "the author keeps a reference of the concern, and the incident"
[ "$(lists colleague)" = 0 ] || not_ok "a colleague's list is empty"
for words in quince medlar gooseberry; do
    holds_none colleague $words || not_ok "a colleague's folder has $words"
done
[ "$(ctl status colleague --json | jq .received)" -gt 0 ] ||
    not_ok "the colleague received something at all"
ok "a plain colleague's store, lists and export hold nothing of it"
for words in quince medlar gooseberry; do
    ! grep -rqa -- $words "$work/server" || not_ok "the server has $words"
done
ok "nor do the server's database and log"

# The lead's console: the key under the passphrase opens what was shared.
web="https://127.0.0.1:$web_port"
browse() { # PATH [CURL OPTIONS]
    path=$1
    shift
    curl -sSk --max-time 20 -b "$work/jar" -c "$work/jar" -H "Origin: $web" \
        "$@" "$web$path"
}
sign_in() { # NUMBER
    rm -f "$work/jar"
    token=$(browse /sign-in |
        sed -n 's/.*name="token" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
    browse /sign-in --data-urlencode "token=$token" \
        --data-urlencode "number=$1" \
        --data-urlencode "passphrase=$(cat "$work/passphrase")" >"$work/in.log"
}
sync_all author lead
sign_in 4301
browse "/closed/$prevent" >"$work/page.html"
grep -q "quince marmalade" "$work/page.html" ||
    not_ok "the lead reads the concern in the console"
ok "the lead reads the concern in the console"
sign_in 4188
browse "/closed/$prevent" >"$work/page.html"
! grep -q "quince marmalade" "$work/page.html" ||
    not_ok "a colleague reads nothing there"
ok "a colleague reads nothing there"

check "the council exports everything" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all"
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor "$anchor"
! grep -rqa -e quince -e medlar "$work/all" || not_ok "the bundle is closed"
ok "the bundle carries ciphertext, its CSV nothing"

# A deputy who comes later is given what a present one has.
add_officer 4303 "Nia New" safeguarding-deputy
enrol_tablet new 4303
[ "$(lists new)" = 0 ] || not_ok "nothing yet"
sync_all lead
sync_all new
reads new "$prevent" "quince marmalade" || not_ok "the new deputy reads it"
reads new "$before" "gooseberry paint" || not_ok "and what is older"
ok "a deputy added later reads it after a present holder's next sync"

# A code for one officer is good for that one only.
code=$("$bin/beatbook-server" enrol --dir "$work/server" --device bound \
    --weak-storage --officer 4203 | tail -n 1)
fails "another officer can't use it" "isn't for officer 4188" \
    "$bin/beatbookctl" enrol --dir "$work/wrong" --code "$code" --officer 4188
code=$("$bin/beatbook-server" enrol --dir "$work/server" --device bound \
    --weak-storage --officer 4203 | tail -n 1)
check "the one it was made for can" "$bin/beatbookctl" enrol \
    --dir "$work/bound" --code "$code" --officer 4203

# Whoever is shut out gets nothing from the next request on.
check "the new deputy's access ends" "$bin/beatbook-server" officer \
    --dir "$work/server" --revoke 4303
check "a tablet's access ends" "$bin/beatbook-server" device \
    --dir "$work/server" --revoke colleague
late=$(hate "loganberry")
check "it goes on recording" ctl record colleague ASB note=late \
    "place=51.5 -3.1" category=ASB
sync_all author lead
before_sync=$(ctl status colleague --json | jq .received)
fails "and sending, and is told" "access was ended. What is written" \
    ctl sync colleague
[ "$(ctl status colleague --json | jq .received)" = "$before_sync" ] ||
    not_ok "a tablet that was shut out gets nothing"
ok "a tablet that was shut out gets nothing"
check "the officer who was shut out syncs" ctl sync new
! reads new "$late" loganberry || not_ok "the new deputy reads nothing new"
ok "an officer who was shut out reads nothing new"
fails "and the PIN opens the tablet no more" "locked out" \
    "$bin/beatbookctl" sync --dir "$work/new"
reads lead "$late" loganberry || not_ok "the lead does"
ok "the lead goes on reading"
check "the council exports everything again" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all2"
check "and the bundle holds" "$bin/beatbook-verify" "$work/all2" \
    --anchor "$anchor"
done_testing
