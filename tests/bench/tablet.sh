#!/bin/sh
# tablet.sh - the officer's tablet: each figure beside its limit, in one run
# and one table. The screens are measured by ui_bench; the rest is the real
# program in a window under Xvfb, over a store of thousands of records, with
# no network.
#
# usage: sh tests/bench/tablet.sh BUILD_DIR [RECORDS [SECONDS]]
#   RECORDS  in the store, 5,000; SECONDS of doing nothing on each page, 60
# BEATBOOK_MAP names the pack; else it is made of the extract of Newport in
# BEATBOOK_DATA, and without that the map is skipped. A quarter of an hour
# on a busy machine, five minutes on a quiet one; exit code 1 when a figure
# is over its limit.
set -eu
. "$(dirname "$0")/../e2e/lib.sh"
build=$1
records=${2:-5000}
seconds=${3:-60}
extract=$data/map/osm/newport-2023-06-13.osm.pbf
for tool in jq python3 Xvfb; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
over=0

# As ui_bench prints its rows: row MEASURE LIMIT OURS UNIT, LIMIT "<= 4" or ""
row() {
    printf '%s\n' "$2" | awk -v what="$1" -v ours="$3" -v unit="$4" '{
        printf "%-48s %9s %10.2f %-8s", what, $0, ours, unit
        if ($2 != "") {
            ratio = ours / $2
            printf " %6.3f%s", ratio, (ratio > 1) ? "  OVER" : ""
        }
        print ""
        exit ratio > 1
    }' || over=1
}

# --- the pack ---

pack=${BEATBOOK_MAP:-}
if [ -z "$pack" ] && [ -r "$extract" ] && command -v tilemaker >/dev/null &&
    BEATBOOK_BIN="$bin" sh "$top/platform/linux/mappack.sh" "$extract" \
        "$work/newport.mbtiles" >"$work/map.log" 2>&1; then
    pack=$work/newport.mbtiles
fi

# --- a tablet that has seen something ---

# In the police's open format; a town that isn't.
rows() {
    echo "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,"`
        `"Location,LSOA code,LSOA name,Crime type,Last outcome category,Context"
    awk -v n="$1" 'BEGIN {
        split("Anti-social behaviour,Bicycle theft,Drugs,Shoplifting", t, ",")
        split("Corn Street,Mill Lane,Abbey Close,Station Approach", p, ",")
        for (i = 0; i < n; i++)
            printf "%064x,2026-09,Westbrook,Westbrook,%.6f,%.6f," \
                "On or near %s,W01001440,Westbrook 001A,%s,Under " \
                "investigation,\n", i, -2.9946 + i % 97 / 2000, \
                51.5856 + i % 89 / 3000, p[i % 4 + 1], t[i % 4 + 1]
    }'
}

# A folder that is copied would write all of it again: each is enrolled.
make_council
start_server
rows "$records" >"$work/rows.csv"
for tablet in a patrol map notebook; do
    enrol_tablet "$tablet" 4127
    for turn in 1 2; do
        ctl sync "$tablet" >"$work/sync.log" 2>&1 ||
            not_ok "the tablet syncs: $turn"
    done
    ctl import "$tablet" police-uk "$work/rows.csv" >"$work/import.log"
    [ -z "$pack" ] || cp "$pack" "$work/$tablet/map.mbtiles"
done
stop_server

: >"$work/display"
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" \
    >"$work/xvfb.log" 2>&1 &
xvfb=$!
windows=
at_end=close_all
close_all() {
    for pid in $windows $xvfb; do
        kill "$pid" 2>/dev/null || :
    done
}
while [ ! -s "$work/display" ]; do
    kill -0 $xvfb || not_ok "there is a screen"
done
DISPLAY=:$(cat "$work/display")
export DISPLAY
export SDL_VIDEODRIVER=x11
export BEATBOOK_CAMERA="videotestsrc is-live=true"

# open_window TABLET: plays $work/steps after the sign-in; leaves $window
open_window() {
    {
        echo "wait-for Who is on duty?"
        echo "type 246810"
        echo "wait-for Quick log"
        cat "$work/steps"
    } >"$work/$1.steps"
    "$bin/beatbook" --dir "$work/$1" --script "$work/$1.steps" \
        >"$work/$1.log" 2>&1 &
    window=$!
    windows="$windows $window"
}
play() {
    open_window a
    wait "$window" || { sed 's/^/# /' "$work/a.log"; not_ok "$1"; }
}

# --- the table ---

printf '%s records in the store; %s processors, %s\n' "$records" "$(nproc)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
printf '%-48s %9s %10s %-8s %6s\n' measure limit ours "" ratio
"$build/tests/ui_bench" ${pack:+--map "$pack"} || over=1

# Touches that the script below makes, between two of its comments.
taps_of() { sed -n "/^# $1\$/,/^# end\$/p" "$work/steps" | grep -c '^tap '; }

cat >"$work/steps" <<'END'
tap home.start
wait-for End patrol
# observation
tap home.tile.asb
tap log.type.ASB-09
tap log.who.nearby
tap log.save
# end
wait-for Observation saved
tap rail.sync
tap rail.patrol
# photo
tap home.tile.asb
tap log.take-photo
wait-for Take photo
tap photo.shoot
wait-for Photo kept
tap log.type.ASB-03
tap log.who.nearby
tap log.save
# end
wait-for Observation saved
quit
END
made=$(ctl status a --json | jq .photos.made)
play "two observations are saved"
[ "$(ctl status a --json | jq .photos.made)" = $((made + 1)) ] ||
    not_ok "one has its photo"
row "touches to a saved ASB observation" "<= 4" "$(taps_of observation)" ""
row "the same with a photo" "<= 6" "$(taps_of photo)" ""

# The town's middle is where the pack's is.
{
    echo "tap rail.map"
    echo "tap map.close"
    for zoom in in in out out out out in in in; do
        echo "tap map.$zoom"
        for way in "-600 0" "0 -400" "600 0" "600 0" "0 400" "0 400" \
            "-600 0" "-600 0" "0 -400" "600 0"; do
            echo "drag map.ground $way"
        done
    done
    printf 'shot a.png\nstay\n'
} >"$work/steps"
memory_of() { awk -v key="$2:" '$1 == key { print $2 / 1024 }' "/proc/$1/status"; }
# settle NAME WHAT: its script is over (it leaves a picture), and what it had
# begun, too
settle() {
    until [ -s "$work/$1.png" ]; do
        kill -0 "$window" || { sed 's/^/# /' "$work/$1.log"; not_ok "$2"; }
        sleep 1
    done
    sleep 5
}
if [ -n "$pack" ]; then
    open_window a
    settle a "the map is moved about"
    row "memory with the map open, at most" "<= 120" \
        "$(memory_of "$window" VmHWM)" MB
    row "  of it when it rests" "" "$(memory_of "$window" VmRSS)" MB
    kill "$window"
    wait "$window" || :
fi

# Nobody touches it: three tablets side by side, each with its patrol on.
for page in patrol map notebook; do
    printf 'tap home.start\nwait-for End patrol\n' >"$work/steps"
    printf 'tap rail.%s\nshot %s.png\nstay\n' "$page" "$page" >>"$work/steps"
    open_window "$page"
    eval "window_$page=$window"
done
for page in patrol map notebook; do
    eval "window=\$window_$page"
    settle "$page" "page $page opens"
done
# shellcheck disable=SC2154
python3 "$(dirname "$0")/at_rest.py" "$seconds" "$window_patrol" \
    "$window_map" "$window_notebook" >"$work/rest"
for page in patrol map notebook; do
    read -r median mean woken
    limit="<= 0.05" # what top shows as 0.0
    [ $page != patrol ] || limit="<= 0.1" # a clock counts seconds there
    row "processor at rest, page $page" "$limit" "$median" %
    row "  with its tries to sync" "" "$mean" %
    row "  woken" "" "$woken" "a second"
done <"$work/rest"
exit $over
