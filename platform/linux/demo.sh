#!/bin/sh
# demo.sh - a council, a tablet and its window on this machine.
#
# usage: sh platform/linux/demo.sh [--script] [--keep DIR]
#   (none)    set up, start the server, enrol a tablet, open its window;
#             ends when the window is closed
#   --script  play a whole patrol by itself, save a picture of each step,
#             sync, and print the end-of-shift sheet
#   --keep    use DIR (made if missing) and leave it there; by default a
#             temporary folder, removed at the end (after --script it stays,
#             since the pictures are in it)
# BEATBOOK_BUILD names another build folder than build.
#
# Everything is fictional: assets/demo. Nothing listens beyond loopback.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
script=
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --script) script=1 ;;
    --keep) keep=$2; shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done

say() { printf '%s\n' "$*"; }

say "Installing what is missing ..."
sh "$here/setup.sh" build run >&2
build=${BEATBOOK_BUILD:-$top/build}
if [ ! -f "$build/build.ninja" ]; then
    cmake -G Ninja -S "$top" -B "$build" >"$build.log" 2>&1 ||
        { cat "$build.log" >&2; exit 1; }
fi
say "Building (the first time some minutes; $build/build.log) ..."
ninja -C "$build" beatbook beatbookctl beatbook-server beatbook-verify \
    beatbook-photo >"$build/build.log" 2>&1 ||
    { cat "$build/build.log" >&2; exit 1; }
bin=$build/bin

dir=${keep:-$(mktemp -d "${TMPDIR:-/tmp}/beatbook-demo.XXXXXX")}
mkdir -p "$dir/log" "$dir/pictures"
dir=$(cd "$dir" && pwd)
server_pid=
display_pid=
gps_pid=
finish() {
    [ -z "$gps_pid" ] || kill -TERM "-$gps_pid" 2>/dev/null || :
    [ -z "$display_pid" ] || kill "$display_pid" 2>/dev/null || :
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || :
    wait 2>/dev/null || :
    [ -n "$keep" ] || rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Secrets are made here and now; none is an argument of a program.
umask 077
[ -f "$dir/passphrase" ] ||
    od -An -N18 -tx1 /dev/urandom | tr -d ' \n' >"$dir/passphrase"
printf '246810' >"$dir/pin"
export BEATBOOK_PASSPHRASE_FILE="$dir/passphrase"
export BEATBOOK_PIN_FILE="$dir/pin"

json() { jq -r "$1" "$top/assets/demo/council.json"; }
first=$(json '.officers[0].number')

if [ ! -d "$dir/server" ]; then
    say "Making the council's authority ..."
    "$bin/beatbook-server" init --dir "$dir/server" \
        --council "$(json .name)" >>"$dir/log/server.log"
    json '.officers[] | [.number, .name, .roles[0]] | @tsv' |
        while IFS="$(printf '\t')" read -r number name role; do
            "$bin/beatbook-server" officer --dir "$dir/server" \
                --add "$number" --name "$name" --role "$role" \
                >>"$dir/log/server.log"
        done
fi
"$bin/beatbook-server" areas --dir "$dir/server" \
    --file "$top/assets/demo/areas.geojson" >>"$dir/log/server.log"
"$bin/beatbook-server" profile --dir "$dir/server" \
    --file "$top/assets/profiles/england.json" >>"$dir/log/server.log"
"$bin/beatbook-server" cards --dir "$dir/server" \
    --file "$top/assets/demo/cards.json" >>"$dir/log/server.log"
: >"$dir/log/serve.log" # it is read before the server may have made it
# The tablet of a folder that is used again knows the ports of last time.
listen=127.0.0.1:0
web=127.0.0.1:0
if [ -s "$dir/ports" ]; then
    read -r listen web <"$dir/ports"
fi
"$bin/beatbook-server" serve --dir "$dir/server" --listen "$listen" \
    --web "$web" >"$dir/log/serve.log" 2>&1 &
server_pid=$!
tail -n +1 -f --pid="$server_pid" "$dir/log/serve.log" 2>/dev/null |
    sed -n '/^web on /{p;q;}' >"$dir/log/web"
web=$(sed -n 's/^web on //p' "$dir/log/web")
[ -n "$web" ] || { cat "$dir/log/serve.log" >&2; exit 1; }
echo "$(sed -n 's/^listening on //p' "$dir/log/serve.log") $web" >"$dir/ports"

if [ ! -d "$dir/tablet" ]; then
    # The day's briefings and tasks, moved to this day and hour: on the day
    # of the file it is seven minutes past ten.
    json 'def day: strptime("%Y-%m-%d") | mktime;
        def minutes: split(":") | map(tonumber) | .[0] * 60 + .[1];
        (.date | day) as $day
        | [.briefings | reverse[] | .ends = (now + (.ends | day) - $day
            | strflocaltime("%Y-%m-%d"))]
        + [.tasks[] | del(.place)
            | .due = (now + 60 * ((.due | minutes) - 607)
            | strflocaltime("%Y-%m-%dT%H:%M"))]' >"$dir/day.json"
    "$bin/beatbook-server" briefing --dir "$dir/server" \
        --file "$dir/day.json" --officer 4009 >>"$dir/log/server.log"
    say "Enrolling tablet WB-07 ..."
    code=$("$bin/beatbook-server" enrol --dir "$dir/server" \
        --device WB-07 --weak-storage | tail -n 1)
    "$bin/beatbookctl" enrol --dir "$dir/tablet" --code "$code" \
        --officer "$first" >>"$dir/log/tablet.log"
    for number in 4188 4230 4009; do # it is shared: colleagues get a PIN, too
        BEATBOOK_NEW_PIN_FILE="$dir/pin" "$bin/beatbookctl" officer "$number" \
            --dir "$dir/tablet" --officer "$first" \
            >>"$dir/log/tablet.log"
    done
fi

# The map of a town that isn't, where the tools that make one are.
if [ ! -f "$dir/tablet/map.mbtiles" ] && command -v tilemaker >/dev/null &&
    command -v osmium >/dev/null && command -v sqlite3 >/dev/null; then
    say "Drawing the map of Westbrook ..."
    jq -r '.features[] | [.properties.kind, .properties.name,
        ([.geometry.coordinates] | flatten | map(tostring)
            | join(" "))] | @tsv' "$top/assets/demo/areas.geojson" |
        awk -F '\t' -f "$top/assets/demo/westbrook.awk" >"$dir/westbrook.osm"
    if ! BEATBOOK_BIN="$bin" MAPPACK_SOURCE="Westbrook is made up" \
        sh "$here/mappack.sh" "$dir/westbrook.osm" \
        "$dir/tablet/map.mbtiles" >"$dir/log/map.log" 2>&1; then
        say "No map: see $dir/log/map.log"
    fi
fi

say "Council console:  https://$web/   (its certificate is the council's own)"
say "                  sign in as 4009 ($(json '.officers[] |
    select(.number == "4009").name'), team leader) or another officer,"
say "                  passphrase $(cat "$dir/passphrase")"
say "Logs:             $dir/log"
say "Tablet:           $(json '.officers[0].name') and colleagues, PIN $(
    cat "$dir/pin") for each"

if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    say "No display here: the window opens in a virtual one (Xvfb)."
    : >"$dir/display" # of last time
    Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp \
        3>"$dir/display" >"$dir/log/xvfb.log" 2>&1 &
    display_pid=$!
    while [ ! -s "$dir/display" ]; do
        kill -0 "$display_pid" || { cat "$dir/log/xvfb.log" >&2; exit 1; }
    done
    DISPLAY=:$(cat "$dir/display")
    export DISPLAY
    say "To see it, connect a viewer to DISPLAY=$DISPLAY; Ctrl+C here ends."
fi

# A receiver on a walk through Westbrook, where gpsd can be given one.
if command -v gpsd >/dev/null && command -v gpsfake >/dev/null &&
    command -v gpspipe >/dev/null; then
    port=$(python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
    awk -v start="$(date -u +%s)" -v today="$(date -u +%d%m%y)" \
        -v tomorrow="$(date -u -d tomorrow +%d%m%y)" -v seconds=10800 \
        -f "$top/assets/demo/walk.awk" >"$dir/walk.nmea"
    setsid gpsfake -q -n -c 0.5 -P "$port" "$dir/walk.nmea" \
        >"$dir/log/gps.log" 2>&1 &
    gps_pid=$!
    until gpspipe -w -n 30 "127.0.0.1:$port" 2>/dev/null |
        grep -q '"mode":3'; do
        kill -0 "$gps_pid" 2>/dev/null || { gps_pid=; break; }
    done
    export BEATBOOK_GPSD="127.0.0.1:$port"
    say "Positions:        replayed by gpsd for three hours, a walk round Beat 3"
fi

if [ -z "$script" ]; then
    "$bin/beatbook" --dir "$dir/tablet" --size 1280x800
    exit 0
fi

say "Playing a patrol ..."
sed -e "s|@PIN@|$(cat "$dir/pin")|" -e "s|@PICTURES@|$dir/pictures|" \
    -e "s|@PHOTOS@|$top/assets/demo/photos|" \
    -e "${gps_pid:+s/^wait-for Quick log\$/&\\nwait-for ±6/}" \
    "$top/assets/demo/patrol.script" >"$dir/patrol.script"
"$bin/beatbook" --dir "$dir/tablet" --size 1280x800 \
    --script "$dir/patrol.script"
"$bin/beatbookctl" sync --dir "$dir/tablet" --officer "$first" >>"$dir/log/tablet.log"
say
say "End of shift"
"$bin/beatbookctl" status --dir "$dir/tablet" --officer "$first" --json | jq -r '
    "\(.events) made, \(.acknowledged) stored, \(.waiting) waiting",
    "photos: \(.photos.made) made, \(.photos.held) held by the server"'
waiting=$("$bin/beatbookctl" status --dir "$dir/tablet" --officer "$first" --json |
    jq .waiting)
"$bin/beatbook-server" export --dir "$dir/server" --bundle "$dir/bundle" \
    >>"$dir/log/server.log"
"$bin/beatbook-verify" "$dir/bundle" --anchor \
    "$("$bin/beatbook-server" fingerprint --dir "$dir/server" | tail -n 1)"
say "Pictures of each step: $dir/pictures"
[ -n "$keep" ] || { keep=1; say "(kept for you to look at: $dir)"; }
[ "$waiting" = 0 ]
