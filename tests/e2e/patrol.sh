#!/bin/sh
# patrol.sh - a patrol in the tablet's window while the real gpsd hears the
# demo's walk: beats and hotspots come from the council, fixes make a track,
# the control room sees the promised check-in and a call for help, the end
# sheet's figures stand in the export.
#
# usage: sh tests/e2e/patrol.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
for tool in jq python3 curl gpsd gpsfake; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
feeder=
at_end=feed_stop
feed_stop() {
    [ -z "$feeder" ] || kill -TERM "-$feeder" 2>/dev/null || :
    [ -z "$feeder" ] || wait "$feeder" 2>/dev/null || :
}

make_council
"$bin/beatbook-server" officer --dir "$work/server" --add 4009 \
    --name "Tom Ashdown" --role team-leader >"$work/leader.log"
check "the council's areas are published" "$bin/beatbook-server" areas \
    --dir "$work/server" --file "$top/assets/demo/areas.geojson"
start_server
enrol_tablet t 4127
ctl sync t >"$work/sync.log" 2>&1 || :

port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
export BEATBOOK_GPSD="127.0.0.1:$port"
awk -v start="$(date -u +%s)" -v today="$(date -u +%d%m%y)" \
    -v tomorrow="$(date -u +%d%m%y)" -v seconds=600 \
    -f "$top/assets/demo/walk.awk" >"$work/walk.nmea"
setsid gpsfake -q -n -c 0.5 -P "$port" "$work/walk.nmea" \
    >"$work/gpsfake.log" 2>&1 &
feeder=$!

# It begins in the Market Place, so that hotspot is visited, no other.
cat >"$work/window" <<END
wait-for Who is on duty?
type 246810
wait-for Quick log
wait-for ±6
tap home.tile.asb
tap log.type.ASB-09
wait-for near here. Save yours if it is another one.
tap back
tap home.start
wait-for On patrol · Beat 3
wait-for Control raises the alarm if this is missed
tap rail.map
wait-for Market Place
expect Abbey Close
expect Station Approach
expect Tanner
tap map.close
absent Abbey Close
tap map.list
wait-for Abbey Close
tap map.hotspot.0
tap map.visit
wait-for End visit
tap rail.patrol
hold sos
wait-for Sent
# nobody signs out while a patrol runs: its end comes first
tap rail.me
tap me.sign-out
wait-for and 2 more: no visit
tap end.close
absent Patrol ended at
tap end.reason.elsewhere
tap end.close
draw sign.pad
tap sheet.done
wait-for Patrol ended at
tap rail.me
tap me.sign-out
wait-for Who is on duty?
absent Quick log
type 111111
wait-for Wrong PIN
type 246810
wait-for Quick log
expect Not on patrol
quit
END
# Positions must have come before the patrol starts: the beat is theirs.
i=0
until ctl record t ASB-09 note="where" >"$work/record.log" 2>"$work/said" &&
    ! grep -q 'no position from the receiver' "$work/said"; do
    i=$((i + 1))
    [ $i -lt 20 ] || not_ok "the receiver gives positions"
done
check "a patrol starts, is seen by control, and ends" env \
    SDL_VIDEODRIVER=dummy "$bin/beatbook" --dir "$work/t" \
    --script "$work/window"
check "all of it is sent" ctl sync t

# field COLUMN: of the patrol's row in the export
field() {
    ctl export t | python3 -c 'import csv, sys
rows = [r for r in csv.DictReader(sys.stdin) if r["kind"] == "patrol"]
assert len(rows) == 1, rows
print(rows[0][sys.argv[1]])' "$1"
}
[ "$(field area)" = "Beat 3, Town Centre" ] || not_ok "the beat is in the export"
ok "the patrol's beat is the one that the receiver was in"
[ "$(field minutes)" = "abbey-close 0-0-0/15 elsewhere; market-place 0-0-0/15; \
station-approach 0-0-0/15 elsewhere; tanners-row 0-0-0/15 elsewhere" ] || {
    echo "# $(field minutes)"
    not_ok "minutes and reasons are in the export"
}
ok "minutes and reasons are in the export, none for the hotspot visited"
[ "$(field distance_mm)" -lt 100000 ] || not_ok "seconds are no kilometre"
ok "standing in the Market Place is hardly any way: $(field distance_mm) mm"

ctl export t >"$work/export.csv"
for line in "Came to Market Place" "Visit began: Market Place" \
    "Visit ended: Market Place, 0 min"; do
    [ "$(grep -c "$line" "$work/export.csv")" = 1 ] ||
        not_ok "the log says once: $line"
done
ok "coming to a hotspot, a visit and its end are in the log, once each"

# --- the control room ---
web=https://127.0.0.1:$web_port
browse() {
    path=$1
    shift
    curl -sSk --max-time 20 -b "$work/jar" -c "$work/jar" -H "Origin: $web" \
        "$@" "$web$path"
}
token_of() {
    sed -n 's/.*name="token" value="\([0-9a-f]*\)".*/\1/p' "$1" | head -n 1
}
browse /sign-in >"$work/page"
browse /sign-in --data-urlencode "token=$(token_of "$work/page")" \
    --data-urlencode "number=4009" \
    --data-urlencode "passphrase=$(cat "$work/passphrase")" >"$work/in.log"
browse /alarms >"$work/alarms"
grep -q 'I take this call' "$work/alarms" && grep -q '>SOS<' "$work/alarms" &&
    grep -q 'Amina Yusuf' "$work/alarms" && grep -q '52.400' "$work/alarms" || {
    sed 's/^/# /' "$work/alarms"
    not_ok "the console shows the call, who and where"
}
ok "the console shows the call, who and where"
grep -q 'checks in every 60 minutes' "$work/alarms" &&
    grep -q 'to be confirmed by the council' "$work/alarms" ||
    not_ok "the console says what was decided of check-ins"
ok "the console says what was decided of check-ins"
call=$(sed -n 's|.*action="/alarms/\([0-9a-f-]*\)".*|\1|p' "$work/alarms" |
    head -n 1)
browse "/alarms/$call" \
    --data-urlencode "token=$(token_of "$work/alarms")" >"$work/taken"
browse /alarms >"$work/alarms"
grep -q 'Taken by Tom Ashdown' "$work/alarms" ||
    not_ok "the call is taken once"
ok "a team leader takes the call"
if grep -q 'I take this call' "$work/alarms"; then
    not_ok "a call that is taken can't be taken again"
fi
ok "a call that is taken can't be taken again"
check "the answer reaches the tablet" ctl sync t
check "the track is in the evidence" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/bundle"
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "and the evidence holds" "$bin/beatbook-verify" "$work/bundle" \
    --anchor "$anchor"
done_testing
