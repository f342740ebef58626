#!/bin/sh
# gps.sh - a patrol through the real gpsd, fed by gpsfake: a recorded walk,
# logs of real receivers, no fix, a cold start, a torn stream, a receiver
# that is 1,024 weeks off, and none at all.
#
# usage: sh tests/e2e/gps.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
[ -d "$data/gps" ] || skip_all "no receivers' logs (BEATBOOK_DATA)"
for tool in jq python3 gpsd gpsfake gpsbabel; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
nmea=$data/gps/nmea-gpsd
feeder=
at_end=feed_stop

feed_stop() {
    [ -z "$feeder" ] || kill -TERM "-$feeder" 2>/dev/null || :
    [ -z "$feeder" ] || wait "$feeder" 2>/dev/null || :
    feeder=
}
# feed LOG [SECONDS]: a gpsd that hears LOG again and again, a sentence each
# 0.02 s; BEATBOOK_GPSD says where it is.
feed() {
    port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
    export BEATBOOK_GPSD="127.0.0.1:$port"
    setsid gpsfake -q -n -c "${2:-0.02}" -P "$port" "$1" \
        >"$work/gpsfake.log" 2>&1 &
    feeder=$!
}
# record NOTE: what was said lies in $work/said
record() {
    ctl record t ASB-09 note="$1" >"$work/record.log" 2>"$work/said" ||
        { sed 's/^/# /' "$work/said"; not_ok "$1: it is recorded"; }
}
# field NOTE COLUMN: of that record's row in the export
field() {
    ctl export t | python3 -c 'import csv, sys
rows = [r for r in csv.DictReader(sys.stdin) if r["note"] == sys.argv[1]]
assert len(rows) == 1, rows
print(rows[0][sys.argv[2]])' "$1" "$2"
}
# near NOTE LATITUDE LONGITUDE: within 0.1 degree
near() {
    field "$1" place | python3 -c 'import sys
lat, lon = map(float, sys.stdin.read().split()[:2])
sys.exit(not (abs(lat - float(sys.argv[1])) < 0.1 and
              abs(lon - float(sys.argv[2])) < 0.1))' "$2" "$3" ||
        { echo "# at $(field "$1" place)"; not_ok "$1: the place is right"; }
    ok "$1: the place is right"
}
clocks() { status_of t ".clocks.$1"; }

make_council
start_server
enrol_tablet t 4127
[ "$(clocks with_gnss)" = 0 ] || not_ok "without a receiver no time of one"

# --- a recorded walk: places without accuracy, as its file has none ---
# No GGA and GSA: the file knows no satellites, and none in use is no fix.
gpsbabel -t -i gpx -f "$data"/gps/gpx/kent-*.gpx -x track,fix=3d \
    -o nmea,gpgga=0,gpgsa=0 -F "$work/kent.log"
feed "$work/kent.log"
for i in 1 2 3; do
    record "walk $i"
done
feed_stop
near "walk 1" 51.37 0.73
[ "$(for i in 1 2 3; do field "walk $i" place; done | sort -u |
    grep -c '')" = 3 ] || not_ok "the walk goes on from record to record"
ok "the walk goes on from record to record"
[ -z "$(field "walk 1" place_accuracy_m)" ] ||
    not_ok "an accuracy that nobody gave is not made up"
ok "an accuracy that nobody gave is not made up"
[ "$(clocks with_gnss)" -ge 3 ] || not_ok "the receiver's time is stored"
[ "$(clocks gnss_differs)" = "$(clocks with_gnss)" ] ||
    not_ok "a walk of years ago is flagged"
ok "the receiver's time is stored, a walk of years ago is flagged"
[ "$(field "walk 1" made | cut -c1-4)" = "$(date -u +%Y)" ] ||
    not_ok "the tablet's own clock stands beside it, as it was"
ok "the tablet's own clock stands beside it, as it was"

# --- real receivers ---
for case in "neo-m8n 44.07 -121.31" "mt3339 44.07 -121.31" \
    "nmea-rtk 41.57 -93.75" "sirfstarv-nmea 44.07 -121.31" \
    "ublox-lea-5h 51.93 4.58"; do
    # shellcheck disable=SC2086 # three words
    set -- $case
    feed "$nmea/$1.log"
    record "$1"
    feed_stop
    near "$1" "$2" "$3"
    field "$1" place_accuracy_m | grep -qE '^[0-9]+\.[0-9]{3}$' ||
        not_ok "$1: with its accuracy"
    ok "$1: with its accuracy, $(field "$1" place_accuracy_m) m"
done

# --- no fix, cold start, torn stream, no receiver ---
# placeless NOTE: it has no place, and that was said.
placeless() {
    [ -z "$(field "$1" place)" ] || not_ok "$1: no place"
    grep -q 'no position from the receiver' "$work/said" ||
        not_ok "$1: it is said that there is no place"
    ok "$1: recorded without a place, and told"
}
feed "$nmea/tn200.log"
record "no fix"
feed_stop
placeless "no fix"
feed "$nmea/gp-320fw-2019-04-07-coldboot.log"
record "cold start"
feed_stop
near "cold start" 48.15 11.58
awk 'NR % 3 == 0 { print substr($0, 1, length($0) / 2); next }
    NR % 7 == 0 { printf "%s", substr($0, 5); next } { print }' \
    "$nmea/neo-m8n.log" >"$work/torn.log"
feed "$work/torn.log"
record "torn stream"
feed_stop
near "torn stream" 44.07 -121.31
record "receiver gone"
placeless "receiver gone"

# --- a receiver that counts its weeks in ten bits ---
# gpsd puts right what lies before its own making, and so moves a date that
# was right into the future: that is what reaches us.
python3 - >"$work/old.log" <<'END'
import datetime
start = datetime.datetime.utcnow() + datetime.timedelta(weeks=1024)
for i in range(60):
    at = start + datetime.timedelta(seconds=i)
    for text in ("GPRMC,%s.00,A,5122.2780,N,00043.4460,E,0.1,,%s,,,A" %
                 (at.strftime("%H%M%S"), at.strftime("%d%m%y")),
                 "GPGGA,%s.00,5122.2780,N,00043.4460,E,1,08,1.1,8.0,M,,M,,"
                 % at.strftime("%H%M%S")):
        sum = 0
        for c in text:
            sum ^= ord(c)
        print("$%s*%02X" % (text, sum), end="\r\n")
END
weeks_before=$(clocks gnss_weeks_off)
feed "$work/old.log" 0.5
record "1,024 weeks"
feed_stop
near "1,024 weeks" 51.37 0.72
[ "$(clocks gnss_weeks_off)" -gt "$weeks_before" ] || {
    status_of t .clocks | sed 's/^/# /'
    not_ok "1,024 weeks: flagged"
}
ok "1,024 weeks: flagged, not refused"

# --- and all of it reaches the council ---
unset BEATBOOK_GPSD
check "the patrol syncs" ctl sync t
[ "$(status_of t .waiting)" = 0 ] || not_ok "nothing waits"
[ "$(status_of t .quarantined)" = 0 ] || not_ok "nothing is refused"
ok "nothing waits, nothing is refused for its clocks"
done_testing
