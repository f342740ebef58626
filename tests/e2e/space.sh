#!/bin/sh
# space.sh - a tablet whose disk is nearly full, then full: photos are refused
# first, words go in as long as they fit and then into a reserve, each refusal
# is said, and nothing that was saved is lost.
#
# usage: sh tests/e2e/space.sh BUILD_DIR [FOLDER]
#   FOLDER  where its pictures go
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
command -v jq >/dev/null || skip_all "no jq here"
folder=${2:-$work}
export SDL_VIDEODRIVER=dummy
disk=$work/disk
mkdir "$disk"
mount -t tmpfs -o size=200m,mode=700 none "$disk" 2>/dev/null ||
    skip_all "no right to mount a small disk"
at_end=unmount
unmount() {
    stop_server
    umount -l "$disk" || :
}
# leave KIB: so much of the disk stays free
leave() {
    rm -f "$disk/other"
    left=$(df -k --output=avail "$disk" | tail -n 1)
    dd if=/dev/zero of="$disk/other" bs=1k count=$((left - $1)) \
        >"$work/dd.log" 2>&1
}
window() { # window WHAT: plays $work/steps
    {
        printf 'wait-for Who is on duty?\ntype 246810\nwait-for Quick log\n'
        cat "$work/steps"
        echo quit
    } >"$work/window"
    check "$1" "$bin/beatbook" --dir "$work/a" --script "$work/window"
}
# notes BYTES COUNT: lines of the notebook, so long and so many
notes() {
    python3 -c 'import sys
for i in range(int(sys.argv[2])):
    print("tap notebook.new\ntap sheet.field")
    print("type line %d " % i + "x" * int(sys.argv[1]))
    print("tap sheet.done")' "$1" "$2"
}

make_council
start_server
mkdir "$disk/a"
chmod 700 "$disk/a"
ln -s "$disk/a" "$work/a"
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
stop_server

photo=$top/assets/demo/photos/bench.jpg
leave 71680
cat >"$work/steps" <<END
tap home.tile.asb
wait-for What is happening?
tap log.type.ASB-09
tap log.who.nearby
attach $photo
absent No room
tap log.save
wait-for Observation saved
END
window "with 70 MiB left a photo goes in"
leave 61440
cat >"$work/steps" <<END
tap home.tile.asb
wait-for What is happening?
tap log.type.ASB-09
tap log.who.nearby
attach $photo
wait-for No room for more photos. Words can still be saved.
shot $folder/no-room.png
tap log.note
tap sheet.field
type quince without a photo
tap sheet.done
tap log.save
wait-for Observation saved
END
window "with 60 MiB left it is refused and told; words are saved"
[ "$(status_of a .photos.made)" = 1 ] || not_ok "one photo"
leave 4096
{
    echo "tap rail.notebook"
    notes 200 3
    echo "wait-for Entry written"
} >"$work/steps"
window "with 4 MiB left words go in"
[ -f "$work/a/reserve" ] || not_ok "there is a reserve"
leave 0
echo "tap rail.notebook" >"$work/steps"
notes 200 2 >>"$work/steps"
echo "wait-for Entry written" >>"$work/steps"
window "with nothing left words go into the reserve"
[ ! -e "$work/a/reserve" ] || not_ok "the reserve was given up"
leave 900
{
    echo "tap rail.notebook"
    notes 5800 42
    echo "wait-for No space left"
    echo "shot $folder/full.png"
} >"$work/steps"
window "where nothing fits any more it is told, and the window goes on"
rm "$disk/other"
check "the store is whole" ctl fsck a
ctl export a --out "$work/all.csv"
grep -q "quince without a photo" "$work/all.csv" || not_ok "words are there"
[ "$(grep -c 'line [012] xxx' "$work/all.csv")" -ge 3 ] ||
    not_ok "the lines are there"
ok "what was saved is there"
start_server
check "and all of it is sent" ctl sync a
[ -f "$work/a/reserve" ] || not_ok "the reserve is made again"
ok "the next day has a reserve again"
done_testing
