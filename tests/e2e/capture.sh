#!/bin/sh
# capture.sh - what an officer captures beside text, in the real window over
# the real core, with GStreamer's test sources: a photo from the camera, a
# copy drawn on, a voice note, a sketch; a kill before the save; a camera that
# fails; then what the record has.
#
# usage: sh tests/e2e/capture.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
[ -x "$bin/beatbook" ] || skip_all "no window was built"
ls /usr/lib/*/gstreamer-1.0/libgstopus.so >/dev/null 2>&1 ||
    skip_all "no GStreamer plug-ins here"
export SDL_VIDEODRIVER=dummy
export BEATBOOK_CAMERA="videotestsrc is-live=true"
export BEATBOOK_MICROPHONE="audiotestsrc is-live=true"
export BEATBOOK_SPEAKER="fakesink"

window() { # WHAT: plays $work/steps in the window of tablet a
    {
        echo "wait-for Who is on duty?"
        echo "type 246810"
        echo "wait-for Quick log"
        cat "$work/steps"
    } >"$work/window"
    check "$1" "$bin/beatbook" --dir "$work/a" --script "$work/window"
}

make_council
start_server
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "tablet a syncs"
ctl sync a >"$work/sync.log" 2>&1 || not_ok "tablet a syncs again"

cat >"$work/steps" <<'END'
tap home.tile.asb
wait-for What is happening?
tap log.take-photo
wait-for Take photo
tap photo.shoot
wait-for Photo kept
tap log.photo.1
wait-for SHA-256 of the file
expect Sealed on this tablet
shot look.png
tap photo.draw
tap photo.tool.arrow
draw photo.ground
shot draw.png
tap photo.keep
wait-for Photo kept
tap log.photo.2
wait-for Drawn on a copy of
shot copy.png
quit
END
window "a photo is taken and a copy drawn on"

cat >"$work/steps" <<'END'
tap home.tile.asb
tap begun.draft.1
wait-for What is happening?
tap log.photo.2
wait-for Drawn on a copy of
tap back
tap log.take-photo
tap photo.kind.voice
wait-for Ready to record
tap photo.shoot
wait-for 0:01 of
shot voice.png
tap photo.shoot
wait-for Recording kept
tap log.take-photo
tap photo.kind.sketch
draw photo.ground
shot sketch.png
tap photo.keep
wait-for Photo kept
tap log.type.ASB-09
tap log.who.nearby
shot log.png
tap log.save
wait-for Observation saved
tap rail.notebook
shot notebook.png
tap notebook.exhibit
wait-for Who has held it
expect AY/1
shot saved.png
quit
END
window "after an end without a save both are there; voice and sketch join"

ctl export a --out "$work/out" >"$work/export.log" 2>&1 || :
ctl status a --json >"$work/status.json"
check "four photos were made" test "$(jq -r .photos.made "$work/status.json")" = 4
ctl sync a >"$work/sync.log" 2>&1 || not_ok "what was captured goes up"
check "the council holds all four" \
    test "$(status_of a .photos.held)" = 4
done_testing
