#!/bin/sh
# odd_inputs.sh - what real receivers and real files do, in the running
# window: a receiver that says its place and nothing else (GLL), one that
# finds no satellite for minutes and knows no date, and a stored map with an
# empty, a missing and a damaged piece. Words on the screen say so, the rest
# goes on.
#
# usage: sh tests/e2e/odd_inputs.sh BUILD_DIR [FOLDER]
#   FOLDER  where the pictures go (else they are dropped)
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window was built"
for tool in python3 gpsd gpsfake; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
export SDL_VIDEODRIVER=dummy
shots=${2:-$work}
feeder=
at_end=feed_stop

feed_stop() {
    [ -z "$feeder" ] || kill -TERM "-$feeder" 2>/dev/null || :
    [ -z "$feeder" ] || wait "$feeder" 2>/dev/null || :
    feeder=
}
# feed LOG: a gpsd that hears it, a sentence each 0.005 s.
feed() {
    port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
    export BEATBOOK_GPSD="127.0.0.1:$port"
    setsid gpsfake -q -n -c 0.005 -P "$port" "$1" >"$work/gpsfake.log" 2>&1 &
    feeder=$!
}
# nmea KIND: sentences of a receiver that stands in Newport.
nmea() {
    python3 - "$1" <<'END'
import functools, sys
def say(text):
    check = functools.reduce(lambda a, c: a ^ ord(c), text, 0)
    print("$%s*%02X" % (text, check), end="\r\n")
def clock(i):
    return "%02d%02d%02d.00" % (8 + i // 3600, i // 60 % 60, i % 60)
PLACE = "5135.2800,N,00259.8800,W"
if sys.argv[1] == "gll":
    for i in range(3000):
        say("GPGLL,%s,%s,A,A" % (PLACE, clock(i)))
else: # four minutes without a fix or a date, then one
    for i in range(240):
        say("GPGGA,,,,,,0,00,99.99,,,,,,")
        say("GPRMC,,V,,,,,,,,,,N")
    for i in range(1500):
        say("GPGGA,%s,%s,1,08,1.1,8.0,M,,M,," % (clock(i), PLACE))
        say("GPRMC,%s,A,%s,0.1,,101126,,,A" % (clock(i), PLACE))
END
}
# A small town in a pack; where four of its pieces meet in the middle, the
# north-western one is whole, the next is empty, the next isn't there, and the
# south-eastern one is no tile; further out one was cut off.
make_pack() {
    python3 - "$work/map.mbtiles" <<'END'
import gzip, math, sqlite3, sys
def number(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])
def part(field, data):
    return number(field << 3 | 2) + number(len(data)) + data
def zigzag(n):
    return n << 1 if n >= 0 else -n * 2 - 1
def feature(kind, tags, geometry):
    return part(2, part(2, b"".join(map(number, tags))) + b"\x18" +
                number(kind) + part(4, b"".join(map(number, geometry))))
def line(*points):
    out, x, y = [], 0, 0
    for i, (px, py) in enumerate(points):
        if i < 2:
            out.append(1 << 3 | 1 if i == 0 else (len(points) - 1) << 3 | 2)
        out += [zigzag(px - x), zigzag(py - y)]
        x, y = px, py
    return out
def layer(name, features, keys, values):
    return part(3, part(1, name) + b"".join(features) +
                b"".join(part(3, k) for k in keys) +
                b"".join(part(4, part(1, v)) for v in values) +
                b"\x28" + number(4096) + b"\x78\x02")
tile = gzip.compress(
    layer(b"water", [feature(3, [], line((2600, 2900), (3300, 2900),
                                         (3300, 3300), (2600, 3300)) + [15])],
          [], []) +
    layer(b"road", [feature(2, [0, 0, 1, 2], line((0, 3600), (4096, 3600))),
                    feature(2, [0, 1, 1, 3], line((3700, 0), (3700, 4096)))],
          [b"class", b"name"],
          [b"main", b"through", b"Odd Street", b"Even Lane"]), mtime=0)
db = sqlite3.connect(sys.argv[1])
db.executescript("""CREATE TABLE metadata(name, value);
CREATE TABLE tiles(zoom_level, tile_column, tile_row, tile_data);
CREATE UNIQUE INDEX i ON tiles(zoom_level, tile_column, tile_row);""")
# A corner of pieces at every zoom, near Newport.
lon = 2014 / 4096 * 360 - 180
lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * 1362 / 4096))))
db.executemany("INSERT INTO metadata VALUES(?, ?)", [
    ("name", "Odd"), ("format", "pbf"), ("minzoom", "12"), ("maxzoom", "15"),
    ("bounds", "%f,%f,%f,%f" % (lon - .05, lat - .03, lon + .05, lat + .03)),
    ("attribution", "Made up for a test")])
for z in range(12, 16):
    side = 1 << z
    x, y = 2014 << z - 12, 1362 << z - 12
    odd = {(x, y - 1): b"", (x - 1, y): None, (x, y): b"\xff\xff",
           (x + 1, y): tile[:60]} if z == 12 else {}
    for c in range(x - 8, x + 9):
        for r in range(y - 8, y + 9):
            data = odd.get((c, r), tile)
            if data is not None:
                db.execute("INSERT INTO tiles VALUES(?, ?, ?, ?)",
                           (z, c, side - 1 - r, data))
db.commit()
END
}
# window WHAT: plays $work/steps in the window.
window() {
    {
        echo "wait-for Who is on duty?"
        echo "type 246810"
        echo "wait-for Quick log"
        cat "$work/steps"
        echo quit
    } >"$work/window"
    check "$1" "$bin/beatbook" --dir "$work/a" --map "$work/map.mbtiles" \
        --script "$work/window"
}
# seen PICTURE: it was made
seen() { [ -s "$shots/$1" ] || not_ok "$1 is there"; }

make_council
start_server
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs again"

make_pack

# Before any receiver: the map opens in the middle of its pack.
cat >"$work/steps" <<END
tap rail.map
wait-for Made up for a test
wait-for A part of the stored map is damaged. All else works.
shot $shots/bad-piece.png
tap rail.patrol
tap home.tile.asb
wait-for What is happening?
wait-for No GPS. Type the place.
END
window "a damaged piece of the map is told, and the work goes on"
seen bad-piece.png

nmea gll >"$work/gll.log"
feed "$work/gll.log"
cat >"$work/steps" <<END
tap home.start
wait-for On patrol
wait-gone No GPS
expect ±?
absent ±0
shot $shots/gll.png
tap home.tile.asb
wait-for What is happening?
tap log.type.ASB-09
tap log.who.nearby
wait-for accuracy not known
tap log.note
tap sheet.field
type place of a plain receiver
tap sheet.done
shot $shots/gll-log.png
tap log.save
wait-for Observation saved
END
window "a receiver that says its place only"
feed_stop
seen gll.png
seen gll-log.png

nmea cold >"$work/cold.log"
feed "$work/cold.log"
cat >"$work/steps" <<END
tap home.tile.asb
wait-for What is happening?
wait-for No GPS. Type the place.
shot $shots/cold-none.png
wait-gone No GPS
wait-for Simulated position
shot $shots/cold-fix.png
tap log.type.ASB-09
tap log.who.nearby
tap log.note
tap sheet.field
type place of a cold receiver
tap sheet.done
tap log.save
wait-for Observation saved
END
window "a receiver without a fix and a date for minutes, then with both"
feed_stop
seen cold-none.png
seen cold-fix.png

# What was stored: where, and no accuracy that nobody gave.
ctl export a --out "$work/all.csv"
python3 - "$work/all.csv" <<'END' || not_ok "the places are stored as told"
import csv, sys
rows = {r["note"]: r for r in csv.DictReader(open(sys.argv[1]))}
for kind in ("plain", "cold"):
    r = rows["place of a %s receiver" % kind]
    lat, lon = map(float, r["place"].split()[:2])
    assert abs(lat - 51.588) < .01 and abs(lon + 2.998) < .01, r["place"]
    assert (r["place_accuracy_m"] == "") == (kind == "plain"), r
END
ok "the places are stored as told, an unknown accuracy as unknown"
done_testing
