#!/bin/sh
# shift.sh - one whole shift by script in a real window under Xvfb: gpsd
# replays a recorded run, moved to the town of the map; 25 observations of
# twelve groups with photos, a correction, a conflict with a second tablet;
# then sync. The council's console and its bundle must say the same. Its
# pictures make a film strip.
#
# usage: sh tests/e2e/shift.sh BUILD_DIR [FOLDER]
#   FOLDER  where film.png and its pictures go (else they are dropped)
# BEATBOOK_PACK names a pack of the same town that was made before.
set -eu
. "$(dirname "$0")/lib.sh"
folder=${2:-}
extract=$data/map/osm/newport-2023-06-13.osm.pbf
photos=$data/photos
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
[ -r "$extract" ] || skip_all "no map extract (BEATBOOK_DATA)"
for tool in jq python3 curl gpsd gpsfake gpsbabel Xvfb montage; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
[ -n "${BEATBOOK_PACK:-}" ] || command -v tilemaker >/dev/null ||
    skip_all "no tilemaker here"

film=$work/film
mkdir "$film"
feeder=
display=
at_end=stop_all
stop_all() {
    if [ -n "$folder" ]; then
        mkdir -p "$folder"
        cp "$film"/*.png "$folder/"
    fi
    [ -z "$feeder" ] || kill -TERM "-$feeder" 2>/dev/null || :
    [ -z "$feeder" ] || wait "$feeder" 2>/dev/null || :
    [ -z "$display" ] || kill "$display" 2>/dev/null || :
    [ -z "$display" ] || wait "$display" 2>/dev/null || :
}
: >"$film/captions"

# --- the council, its officers, its town ---

make_council
for officer in "4009 Tom_Ashdown team-leader" \
    "4301 Lena_Price safeguarding-lead" \
    "4302 Dai_Rees safeguarding-deputy"; do
    # shellcheck disable=SC2086 # three words
    set -- $officer
    "$bin/beatbook-server" officer --dir "$work/server" --add "$1" \
        --name "$(echo "$2" | tr _ ' ')" --role "$3" >>"$work/init.log" ||
        not_ok "officer $1 is added"
done
python3 - >"$work/areas.geojson" <<'END'
import json
def box(w, s, e, n):
    return {"type": "Polygon", "coordinates": [[
        [w, s], [e, s], [e, n], [w, n], [w, s]]]}
def area(id, geometry, **properties):
    return {"type": "Feature", "id": id, "properties": properties,
            "geometry": geometry}
print(json.dumps({"type": "FeatureCollection", "features": [
    area("beat-3", box(-3.0050, 51.5800, -2.9890, 51.5920), kind="beat",
         name="Beat 3, City Centre"),
    area("beat-4", box(-2.9890, 51.5800, -2.9700, 51.5960), kind="beat",
         name="Beat 4, Riverside"),
    area("market", box(-2.9975, 51.5870, -2.9945, 51.5888), kind="hotspot",
         name="Market and High Street", goal_minutes=15,
         why="9 reports of street drinking in 14 days.",
         look_for="Groups by the arcade after noon."),
    area("bus", box(-2.9962, 51.5846, -2.9930, 51.5866), kind="hotspot",
         name="Bus station", goal_minutes=15,
         why="6 reports of shouting and thrown bottles in 14 days.",
         look_for="Groups at the stands after school."),
    # Far from the way: why it had no visit is asked at the end.
    area("dock", box(-2.9905, 51.5802, -2.9892, 51.5812), kind="hotspot",
         name="Dock Road", goal_minutes=15, why="Fly-tips at night."),
]}))
END
check "the council's areas are published" "$bin/beatbook-server" areas \
    --dir "$work/server" --file "$work/areas.geojson"
hours() { date -d "+$1 hours" +%Y-%m-%dT%H:%M; }
cat >"$work/day.json" <<END
[{"title": "Bus station: groups after school",
  "text": "Up to 25 young people gather at the stands between 15:15 and 16:30.",
  "why_here": "6 reports in 14 days: shouting, thrown bottles.",
  "what_to_do": "Talk first. Be seen at the stands by 15:10.",
  "look_out_for": "Who brings the bottles.", "place": "Bus station",
  "area": "bus", "must_read": true, "ends": "$(date -d +5days +%F)"},
 {"title": "Trauma kit: sealed and in date?", "due": "$(hours 2)",
  "place": "Bus station"}]
END
check "a briefing and a task are published" "$bin/beatbook-server" briefing \
    --dir "$work/server" --file "$work/day.json" --officer 4009
start_server
enrol_tablet lead 4301
enrol_tablet deputy 4302
enrol_tablet a 4127
enrol_tablet b 4188
sync_tablet() {
    ctl sync "$1" >"$work/sync.log" 2>&1 ||
        { sed 's/^/# /' "$work/sync.log"; not_ok "tablet $1 syncs"; }
}
for t in lead deputy a b a; do
    sync_tablet $t
done
stop_server
ok "two tablets of officers and two of role holders enrol and sync"

# --- the map and the receiver ---

if [ -n "${BEATBOOK_PACK:-}" ]; then
    cp "$BEATBOOK_PACK" "$work/a/map.mbtiles"
else
    check "the map's pack is made" env BEATBOOK_BIN="$bin" \
        sh "$top/platform/linux/mappack.sh" "$extract" "$work/a/map.mbtiles"
fi
# The middle of the run (its ends are somebody's door), by the same amount
# to the west and the north, at today's time. gpsbabel knows no satellites,
# and none in use is no fix: they are added.
python3 - "$data"/gps/gpx/kent-*.gpx "$(date -u +%s)" >"$work/run.gpx" <<'END'
import datetime, re, sys
points = re.findall(r'<trkpt lon="([-\d.]+)" lat="([-\d.]+)"',
                    open(sys.argv[1]).read())[600:2400]
print('<gpx version="1.1" creator="beatbook"><trk><trkseg>')
for i, (lon, lat) in enumerate(points):
    at = datetime.datetime.utcfromtimestamp(int(sys.argv[2]) + i)
    print('<trkpt lat="%.6f" lon="%.6f"><time>%sZ</time></trkpt>' % (
        float(lat) + 51.5856 - float(points[0][1]),
        float(lon) - 2.9946 - float(points[0][0]), at.isoformat()))
print('</trkseg></trk></gpx>')
END
gpsbabel -t -i gpx -f "$work/run.gpx" -x track,fix=3d \
    -o nmea,gpgga=0,gpgsa=0 -F "$work/run.rmc"
python3 -c 'import sys
for line in sys.stdin:
    f = line.split(",")
    if not f[0].endswith("RMC"):
        continue
    text = "GPGGA,%s,%s,1,09,0.3,12.0,M,,M,," % (f[1], ",".join(f[3:7]))
    sum = 0
    for c in text:
        sum ^= ord(c)
    print("%s\r\n$%s*%02X\r" % (line.strip(), text, sum))' \
    <"$work/run.rmc" >"$work/run.nmea"
port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
export BEATBOOK_GPSD="127.0.0.1:$port"
setsid gpsfake -q -n -c 0.5 -P "$port" "$work/run.nmea" \
    >"$work/gpsfake.log" 2>&1 &
feeder=$!

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp \
    3>"$work/display" >"$work/xvfb.log" 2>&1 &
display=$!
while [ ! -s "$work/display" ]; do
    kill -0 "$display" || { cat "$work/xvfb.log"; not_ok "Xvfb starts"; }
done
DISPLAY=:$(cat "$work/display")
export DISPLAY
unset WAYLAND_DISPLAY SDL_VIDEODRIVER || :

# --- the script's words ---

# picture NAME CAPTION: into the film; for one that is kept what was said of
# the save before is waited for
picture() {
    [ -z "$folder" ] || [ "$1" = 06 ] ||
        printf 'wait-gone Observation saved\nwait-gone Entry written\n'
    echo "shot $film/$1.png"
    echo "$1 $2" >>"$film/captions"
}
words() { # words TEXT: in the sheet that is open
    printf 'tap sheet.field\ntype %s\ntap sheet.done\n' "$1"
}
place() { echo "tap log.place"; words "$1"; }
note() { echo "tap log.note"; words "$1"; }
answer() { echo "tap form.open.$1"; words "$2"; }
# asb TYPE WHO PLACE: the quick log, open and filled in
asb() {
    printf 'tap home.tile.asb\nwait-for What is happening?\n'
    case $1 in
    ASB-03 | ASB-09 | ASB-11 | ASB-12) echo "tap log.type.$1" ;;
    *) printf 'tap log.more-types\ntap sheet.choice.%s\n' "$1" ;;
    esac
    echo "tap log.who.$2"
    place "$3"
}
# tile TILE [TYPE]: another tile's page
tile() {
    printf 'tap home.tile.%s\nwait-for Save\n' "$1"
    [ -z "${2:-}" ] || echo "tap log.type.$2"
}
# from_library FORM TYPE: what is recorded less often
from_library() {
    printf 'tap rail.briefing\ntap library.open\ntap library.form.%s\n' "$1"
    printf 'wait-for Save\ntap log.type.%s\n' "$2"
}
save() { printf 'tap log.save\nwait-for Observation saved\n'; }
home() { printf 'tap rail.patrol\nwait-for Quick log\n'; }
# window WHAT: plays $work/window on tablet a
window() {
    check "$1" "$bin/beatbook" --dir "$work/a" --size 1280x800 \
        --script "$work/window"
}

# --- the morning, without a network ---

{
    echo "wait-for Who is on duty?"
    picture 01 "Who is on duty?"
    cat <<'END'
type 246810
wait-for Quick log
wait-for ±6
tap home.check
wait-for Space
END
    picture 02 "The tablet, before the shift"
    echo "tap back"
    echo "tap rail.briefing"
    echo "wait-for Up to 25 young people"
    picture 03 "A briefing"
    echo "tap briefing.read"
    home
    echo "tap home.start"
    echo "wait-for On patrol"
    picture 04 "On patrol"

    asb ASB-09 nearby "Market, north door" # 1
    echo "attach $photos/exif-orientation-Portrait_7.jpg"
    echo "tap log.going.yes"
    note "Four people with cans. Asked to stop; all handed over what was open."
    picture 05 "Street drinking, with a photo"
    save
    picture 06 "Saved, and can be taken back"
    asb ASB-03 nearby "Bus station, stand 9" # 2
    save

    tile env ENV-15 # 3
    place "Kingsway subway"
    echo "attach $photos/keynsham-gully-2017-06-06-orient6-gps.jpg"
    note "Gully full of leaves, water across the path."
    picture 07 "A blocked gully"
    save
    tile env ENV-03 # 4
    place "Behind 14 High Street"
    cat <<'END'
tap form.flytip_size.TRANSIT_VAN
tap form.waste_type.construction
END
    echo "attach $photos/exif-orientation-Portrait_2.jpg"
    picture 08 "A fly-tip, by its own questions"
    save
    tile env ENV-01 # 5
    place "Riverfront steps"
    save

    tile vehicle VEH-01 # 6
    place "Lower Dock Street"
    cat <<'END'
tap form.abandoned_signs.flat_tyres
tap form.add.vehicle
wait-for Registration mark
END
    answer vrm "CV14 HGN"
    echo "tap form.colour.blue"
    picture 09 "Its vehicle"
    printf 'tap form.done\nwait-for Vehicle 1\n'
    save
    tile vehicle VEH-03 # 7
    note "Two taxis, engines on. Both switched off when asked."
    save
    tile care WEL-01 # 8
    place "Doorway, Upper Dock Street"
    echo "tap form.danger_now.no"
    answer seen_or_heard "A man of about 50 in a sleeping bag, awake, spoke clearly."
    picture 10 "A rough sleeper: welfare first"
    save
    tile security PSO-10 # 9
    place "Bus station office"
    cat <<'END'
tap form.kit_present.yes
tap form.kit_sealed.no
tap form.kit_missing.gloves
END
    save
    tile security PSO-03 # 10
    place "Old Green subway"
    save
    asb ASB-11 nearby "Cambrian Road" # 11
    save
    tile env ENV-04 # 12
    place "Underpass wall"
    echo "attach $photos/exif-orientation-Portrait_4.jpg"
    save
    tile suspicious SUS-02 # 13
    place "Service door, Usk Way"
    echo "tap form.danger_now.no"
    answer what "Filmed the staff door and both cameras for four minutes."
    picture 11 "Suspicious activity: behaviour, not looks"
    save

    printf 'tap rail.map\nwait-for Market and High Street\n'
    picture 12 "The stored map, the way walked"
    cat <<'END'
tap map.query
type Commercial Street
wait-for Street
tap map.found.0
END
    picture 13 "A street is found without a network"
    echo quit
} >"$work/window"
window "the morning: briefing, patrol, 13 observations, the map"

# --- tablet b learns of the first record; both write its place ---

start_server
sync_tablet a
sync_tablet b
# find COLUMN TEXT: the record of tablet a whose column holds the text
find_record() {
    ctl export a | python3 -c 'import csv, sys
print([r["record"] for r in csv.DictReader(sys.stdin)
       if sys.argv[2] in r[sys.argv[1]]][0])' "$1" "$2"
}
first=$(find_record note "Four people with cans")
ctl set a "$first" place_name="Market, north door by the clock" >"$work/set.log"
ctl set b "$first" place_name="Market Arcade, High Street end" >"$work/set.log"
for t in a b a; do
    sync_tablet $t
done
stop_server
[ "$(ctl conflicts a --json | jq length)" = 1 ] || not_ok "there is a conflict"
ok "two tablets wrote one record's place: a conflict"

# --- the afternoon, without a network again ---

{
    cat <<'END'
wait-for Who is on duty?
type 246810
wait-for has two versions to settle
wait-for ±6
END
    picture 14 "After a restart the patrol runs on; two versions wait"
    echo "tap home.conflicts"
    echo "wait-for Market Arcade"
    echo "tap conflicts.row.1"
    echo "wait-for Marek Nowak"
    echo "tap conflict.side.1.2"
    picture 15 "Both versions, whole; a person decides"
    printf 'tap conflict.use\nwait-for Nothing to settle\n'
    home

    tile hate # 14
    place "Bus station, stand 4"
    cat <<'END'
tap form.in_danger_now.no
tap form.strands.race
tap form.perceived_by.victim
END
    answer what_happened "A woman was shouted at from a passing car."
    save
    tile tension TEN-03 # 15
    answer what "A rumour that the market will close goes round."
    echo "tap form.eep_grade.potential"
    save
    tile prevent PRV-02 # 16
    place "Subway, Old Green"
    printf 'tap form.danger_now.no\ntap form.source.saw\n'
    answer facts "Six stickers of a group that calls for violence."
    picture 16 "Prevent: whom to call first, then seal"
    printf 'tap log.save\nwait-for Sealed. This tablet keeps only its number.\n'
    echo "absent Undo"

    from_library engage ENG-02 # 17
    place "21 Skinner Street"
    echo "tap form.topic.environment"
    save
    from_library survey SUR-02 # 18
    place "Riverfront walk"
    save
    from_library asset AST-02 # 19
    echo "tap form.is_there.yes"
    save
    home

    asb ASB-12 nearby "High Street, by the bank" # 20
    save
    tile vehicle VEH-04 # 21
    place "14 Baneswell Road"
    echo "tap form.obstructs.dropped_kerb"
    save
    tile env ENV-09 # 22
    place "Friars Walk, north end"
    save
    tile care WEL-07 # 23
    place "Old Green bench"
    echo "tap form.danger_now.no"
    answer seen_or_heard "A young man asleep on the bench, woke when spoken to."
    save
    tile security PSO-02 # 24
    echo "tap form.camera_fault.dirty"
    save
    asb ASB-16 nearby "Commercial Street" # 25
    save

    cat <<'END'
tap rail.notebook
tap notebook.new
tap sheet.field
type Spoke to the stallholder at stall 12 about cardboard.
tap sheet.done
wait-for stall 12
tap notebook.new
tap sheet.field
type Fore people waiting at stand 9, all calm.
tap sheet.done
wait-for Fore people
END
    picture 17 "The notebook wrote itself; two lines by hand"
    echo "tap notebook.amend"
    cat <<'END'
tap sheet.field.1
type Fore people
tap sheet.field
type Four people
tap sheet.field.2
type Wrong word
END
    picture 18 "A correction is a new line"
    printf 'tap sheet.done\nwait-for Four people\n'
    picture 19 "The old words stay, struck through"

    home
    printf 'tap home.end\nwait-for Minutes in each hotspot\n'
    picture 20 "The end-of-shift sheet, before it is closed"
    cat <<'END'
tap end.reason.elsewhere
tap end.close
draw sign.pad
tap sheet.done
wait-for Patrol ended at
END
    picture 21 "Ended: all on this tablet, nothing sent yet"
    printf 'tap rail.sync\nwait-for No connection\n'
    picture 22 "What waits, and in which order it will go"
    echo quit
} >"$work/window"
window "the afternoon: a decision, 12 observations, a correction, the end"

# --- back in the office ---

waiting=$(status_of a .waiting)
[ "$waiting" -gt 40 ] || not_ok "the afternoon waits: $waiting"
start_server
{
    cat <<'END'
wait-for Who is on duty?
type 246810
wait-for Quick log
wait-for All sent
tap rail.sync
wait-for The server holds
END
    picture 23 "The network is back: the council holds all of it"
    echo quit
} >"$work/window"
window "back in the office everything is sent"
sync_tablet a # the sign-out
[ "$(status_of a '.waiting == 0 and .photos.made == .photos.held')" = true ] ||
    {
        status_of a . | sed 's/^/# /'
        not_ok "nothing waits, each photo is held"
    }
ok "nothing waits, each photo is held"
sync_tablet b
[ "$(ctl conflicts b)" = "nothing is in conflict" ] ||
    not_ok "the other tablet has the decision"
ok "the other tablet has the decision"

# --- the console shows the same ---

web=https://127.0.0.1:$web_port
browse() { # browse PATH [CURL OPTIONS]: the page
    path=$1
    shift
    curl -sSk --max-time 20 -b "$work/jar" -c "$work/jar" \
        -H "Origin: $web" "$@" "$web$path"
}
token=$(browse /sign-in |
    sed -n 's/.*name="token" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
browse /sign-in --data-urlencode "token=$token" \
    --data-urlencode "number=4009" \
    --data-urlencode "passphrase=$(cat "$work/passphrase")" >"$work/in.log"
: >"$work/console"
next=/records
while [ -n "$next" ]; do
    browse "$next" >"$work/page"
    cat "$work/page" >>"$work/console"
    next=$(sed -n 's/.*href="\(\/records?before=[0-9]*\)".*/\1/p' \
        "$work/page" | head -n 1)
done
ctl export a --out "$work/a.csv"
ctl shared a >"$work/a.closed"
# Of a sealed one the author's tablet has only the number; the lead reads it.
sync_tablet lead
ctl shared lead | grep ' sealed ' >>"$work/a.closed"
# Of each observation: its id, its category by name (closed ones: their
# tier), photos. The tablet's own list against the console's rows.
cat >"$work/same.py" <<'END'
import csv, html, json, re, sys
names = {c["id"]: c["label"] for c in
         json.load(open(sys.argv[1]))["categories"]}
rows = list(csv.DictReader(open(sys.argv[2])))
tablet = {r["record"]: names[r["category"]] for r in rows
          if r["kind"] == "observation"}
for line in open(sys.argv[3]):
    id, tier, category = line.split()
    tablet[id] = ("Sealed" if tier == "sealed" else "Restricted") + " record"
console = {}
for row in re.findall(r"<tr class.*?</tr>", open(sys.argv[4]).read(), re.S):
    id = re.search(r'id="([0-9a-f-]{36})"', row)
    if id:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        what = re.sub(r"<(strong|span).*", "", cells[0], flags=re.S)
        console[id.group(1)] = html.unescape(what).strip()
for id in sorted(set(tablet) | set(console)):
    if tablet.get(id) != console.get(id):
        print("%s: tablet %s, console %s" % (id, tablet.get(id),
                                             console.get(id)))
groups = {r["category"].split("-")[0] for r in rows
          if r["kind"] == "observation"}
groups |= {line.split()[2].split("-")[0] for line in open(sys.argv[3])}
print(len(tablet), len(groups))
END
python3 "$work/same.py" "$top/assets/categories.json" "$work/a.csv" \
    "$work/a.closed" "$work/console" >"$work/same"
[ "$(cat "$work/same")" = "25 12" ] || {
    sed 's/^/# /' "$work/same"
    not_ok "the console shows the 25 observations of 12 groups"
}
ok "the console shows the same 25 observations of 12 groups"

check "the council exports everything" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/bundle"
check "and the evidence holds" "$bin/beatbook-verify" "$work/bundle" \
    --anchor "$("$bin/beatbook-server" fingerprint --dir "$work/server" |
        tail -n 1)"
python3 - "$work/a.csv" "$work/bundle/records.csv" <<'END' ||
import csv, sys
def notes(path):
    return {r["record"]: (r["category"], r["note"], r["place_name"])
            for r in csv.DictReader(open(path))
            if r["kind"] == "observation"}
tablet, bundle = (notes(p) for p in sys.argv[1:])
for id in tablet:
    if bundle.get(id) != tablet[id]:
        sys.exit("# %s: %s, %s" % (id, tablet[id], bundle.get(id)))
END
    not_ok "the bundle says what the tablet says"
ok "the bundle says what the tablet says"
check "the tablet checks out" ctl fsck a

# --- the film ---

set --
while read -r name caption; do
    [ -s "$film/$name.png" ] || not_ok "picture $name was made"
    set -- "$@" -label "$caption" "$film/$name.png"
done <"$film/captions"
font=$(fc-match -f '%{file}' 'Noto Sans')
check "the pictures make a film" montage -font "$font" "$@" -geometry 640x400+10+8 \
    -tile 4x -pointsize 20 -background '#f4f4f0' -fill '#14213d' \
    "$film/film.png"
if [ -n "$folder" ]; then
    echo "# $(grep -c '' "$film/captions") pictures, $folder/film.png"
fi
done_testing
