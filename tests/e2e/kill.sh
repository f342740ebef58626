#!/bin/sh
# kill.sh - kill -9 of tablet and server at random moments while they record
# and sync; then all must converge: nothing that was acknowledged is missing,
# nothing is there twice.
#
# usage: sh tests/e2e/kill.sh BUILD_DIR [KILLS] [SEED]
set -eu
. "$(dirname "$0")/lib.sh"
kills=${2:-25}
seed=${3:-1}
command -v jq >/dev/null || skip_all "no jq here"

# The next pseudo-random number below $1 (Park and Miller).
roll() {
    seed=$((seed * 48271 % 2147483647))
    rolled=$((seed % $1))
}

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
: >"$work/saved"

# What a tablet does until it is killed, in a process group of its own. An
# id goes to $work/saved when the record was acknowledged.
cat >"$work/shift.sh" <<'END'
bin=$1 work=$2 tablet=$3 n=$4
id='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
record() {
    "$bin/beatbookctl" record ASB-09 "note=entry $1 of tablet $tablet" \
        --dir "$work/$tablet" >"$work/record.$tablet" 2>>"$work/errors" &&
        grep -Eo "$id" "$work/record.$tablet" | tail -n 1 >>"$work/saved"
}
for part in 1 2; do
    record "$n.$part"
    "$bin/beatbookctl" sync --dir "$work/$tablet"
done
END

n=0
while [ $n -lt "$kills" ]; do
    n=$((n + 1))
    roll 2
    tablet=$([ "$rolled" = 0 ] && echo a || echo b)
    setsid sh "$work/shift.sh" "$bin" "$work" $tablet $n \
        >>"$work/run.log" 2>&1 &
    run=$!
    roll 900
    sleep "$(printf '0.%03d' "$rolled")"
    roll 3
    if [ "$rolled" = 0 ]; then
        kill_server
        start_server
        wait $run 2>/dev/null || :
    else
        kill_group $run
    fi
done
ok "$kills kills, $(grep -c '' "$work/saved") records acknowledged"

for t in a b; do
    check "tablet $t converges" ctl sync $t
    [ "$(status_of $t .waiting)" = 0 ] || not_ok "tablet $t: 0 waiting"
    check "tablet $t: fsck is clean" ctl fsck $t
done
check "the council exports everything" \
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$work/all"
stop_server
check "the server's log verifies" \
    "$bin/beatbook-server" fsck --dir "$work/server"
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor \
    "$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)"
cut -d, -f1 "$work/all/records.csv" | sort >"$work/exported"
sort -u "$work/saved" >"$work/want"
missing=$(comm -13 "$work/exported" "$work/want" | grep -c '' || :)
twice=$(uniq -d "$work/exported" | grep -c '' || :)
[ "$missing" = 0 ] || not_ok "$missing acknowledged records are missing"
ok "no acknowledged record is missing"
[ "$twice" = 0 ] || not_ok "$twice records are there twice"
ok "none is there twice"
done_testing
