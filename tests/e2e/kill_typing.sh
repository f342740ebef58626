#!/bin/sh
# kill_typing.sh - kill -9 of the window after an input event: what was typed
# until then is there again, wherever words are typed.
#
# usage: sh tests/e2e/kill_typing.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
export SDL_VIDEODRIVER=dummy

make_council
start_server
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
stop_server

signed_in() {
    printf 'wait-for Who is on duty?\ntype 246810\nwait-for Quick log\n'
}
# killed WHAT: plays $work/steps; when the picture after the last of them is
# there, the window is killed.
killed() {
    rm -f "$work/shown.png"
    {
        signed_in
        cat "$work/steps"
        echo "shot $work/shown.png"
        echo "wait-for words that never come"
    } >"$work/window"
    "$bin/beatbook" --dir "$work/a" --script "$work/window" \
        >"$work/killed.log" 2>&1 &
    pid=$!
    while [ ! -s "$work/shown.png" ]; do
        kill -0 $pid 2>/dev/null ||
            { sed 's/^/# /' "$work/killed.log"; not_ok "$1: the window types"; }
    done
    kill -s KILL $pid
    wait $pid 2>/dev/null || :
}
# there WHAT: plays $work/steps in a new window
there() {
    { signed_in; cat "$work/steps"; echo quit; } >"$work/window"
    check "$1" "$bin/beatbook" --dir "$work/a" --script "$work/window"
}

# --- the quick log: each of its sheets, one after the other ---

cat >"$work/steps" <<'END'
tap home.tile.asb
wait-for What is happening?
tap log.type.ASB-09
tap log.place
tap sheet.field
type Corn Stre
END
killed "a place"
cat >"$work/steps" <<'END'
tap home.draft
wait-for Corn Stre
tap log.note
tap sheet.field
type three men on the ben
END
killed "a note"
cat >"$work/steps" <<'END'
tap home.draft
wait-for three men on the ben
expect Corn Stre
tap log.person
tap sheet.field
type blue jack
END
killed "a person"
cat >"$work/steps" <<'END'
tap home.draft
wait-for blue jack
expect three men on the ben
tap log.note
tap sheet.field
type ch that is taken back
tap sheet.cancel
absent taken back
tap log.who.nearby
tap log.going.yes
END
killed "two answers"
cat >"$work/steps" <<'END'
tap home.draft
wait-for three men on the ben
absent taken back
tap log.save
wait-for Observation saved
END
there "the quick log: place, note, person and answers are there"
ctl export a | grep -q 'three men on the ben' || not_ok "and it was saved"
ok "and it was saved"

# --- the notebook ---

cat >"$work/steps" <<'END'
tap rail.notebook
tap notebook.new
tap sheet.field
type Spoke to the stallhol
END
killed "a line of the notebook"
cat >"$work/steps" <<'END'
tap home.draft
wait-for Spoke to the stallhol
tap sheet.field
type der
END
killed "a line that is continued"
cat >"$work/steps" <<'END'
tap rail.notebook
wait-for Spoke to the stallholder
tap sheet.done
wait-for Entry written
tap rail.patrol
absent 1 draft
tap rail.notebook
tap notebook.new
tap sheet.field
type given up
tap sheet.cancel
tap rail.patrol
absent 1 draft
END
there "a line of the notebook: it goes on where it was killed, and is written"
check "the store is whole" ctl fsck a
done_testing
