#!/bin/sh
# practice.sh - practice from the sign-in page: a made-up day in a folder of
# its own, each page marked; nothing of it reaches the network or the real
# store, and nothing of it is left.
#
# usage: sh tests/e2e/practice.sh BUILD_DIR [FOLDER]
#   FOLDER  where its pictures go
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
for tool in jq strace; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
folder=${2:-$work}
export SDL_VIDEODRIVER=dummy

make_council
start_server
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
# Of the real tablet: all that is stored, and what the council has of it.
stored() {
    (cd "$work/a" && find . -type f ! -name lock ! -path './log/*' \
        ! -path './practice/*' -exec sha256sum {} + | sort)
}
events() {
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$1" \
        >"$work/check.log" 2>&1
    grep -c '' "$1/records.csv"
}
before=$(events "$work/before")
stored >"$work/stored.before"

cat >"$work/window" <<END
wait-for Who is on duty?
absent PRACTICE
tap signin.practise
wait-for Quick log
expect PRACTICE
shot $folder/home.png
tap rail.notebook
wait-for Green box
expect PRACTICE
shot $folder/notebook.png
tap rail.map
wait-for Market Place
expect PRACTICE
tap rail.sync
wait-for waiting
expect PRACTICE
shot $folder/sync.png
tap sync.now
tap rail.briefing
expect PRACTICE
tap rail.patrol
tap home.start
wait-for On patrol
tap home.tile.asb
wait-for What is happening?
tap log.type.ASB-09
tap log.who.nearby
tap log.note
tap sheet.field
type a mulberry that must not get out
expect PRACTICE
shot $folder/note.png
tap sheet.done
tap log.save
wait-for Observation saved
tap home.tile.prevent
wait-for Save and seal
tap log.type.PRV-02
tap form.danger_now.no
tap form.source.saw
tap form.open.facts
tap sheet.field
type a medlar that must not get out
tap sheet.done
tap log.save
wait-for Sealed
hold sos
expect Call 999
tap home.end
wait-for Minutes in each hotspot
expect PRACTICE
tap end.reason.other
tap end.close
draw sign.pad
tap sheet.done
wait-for Patrol ended at
tap rail.me
wait-for Lock this tablet
tap me.lock
wait-for Who is on duty?
expect Practice Officer
expect PRACTICE
shot $folder/sign-in.png
tap signin.practise
wait-for Amina Yusuf
absent Practice Officer
absent PRACTICE
tap signin.practise
wait-for Quick log
absent mulberry
tap rail.notebook
wait-for Green box
absent mulberry
quit
END
check "a shift is practised, and another begins afresh" \
    strace -f -qq -e trace=connect,sendto,sendmsg -o "$work/calls" \
    "$bin/beatbook" --dir "$work/a" --script "$work/window"
! grep -q 'AF_INET' "$work/calls" ||
    { grep AF_INET "$work/calls" | sed 's/^/# /'; not_ok "nobody is called"; }
ok "no connection is opened, nothing is sent"
[ ! -e "$work/a/practice" ] || not_ok "the folder is gone"
ok "its folder is gone when the window closes"
stored >"$work/stored.after"
diff "$work/stored.before" "$work/stored.after" >"$work/diff" ||
    { sed 's/^/# /' "$work/diff"; not_ok "the real store is as it was"; }
ok "the real store is as it was, byte by byte"
for words in mulberry medlar; do
    ! grep -rqa $words "$work/a" "$work/server" ||
        not_ok "$words is somewhere"
done
ok "what was practised is nowhere"
check "the tablet syncs afterwards" ctl sync a
[ "$(events "$work/after")" = "$before" ] || not_ok "the council has no more"
ok "the council's records are as many as before"

# Not while a patrol runs: its track would stop.
cat >"$work/window" <<END
wait-for Who is on duty?
type 246810
wait-for Quick log
tap home.start
wait-for On patrol
tap rail.me
wait-for Lock this tablet
tap me.lock
wait-for Who is on duty?
tap signin.practise
wait-for End it before you practise
absent PRACTICE
quit
END
check "while a patrol runs nobody practises" "$bin/beatbook" \
    --dir "$work/a" --script "$work/window"
done_testing
