#!/bin/sh
# A patrol by script over the sample worker, under SDL's dummy driver.
# usage: script.sh PROGRAM
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export SDL_VIDEODRIVER=dummy
cat > "$dir/good" <<'EOF'
# from sign-in to the end-of-shift sheet
tap signin.officer.4127
type 111111
wait-for Wrong PIN. 4 tries left
type 246810
wait-for Quick log
expect On patrol
tap home.tile.asb
wait-for What is happening?
tap log.save
expect Choose what is happening
tap log.type.street-drinking
tap log.who.nearby
tap log.note
tap sheet.field
type Two men, three bottles
tap sheet.done
expect Two men, three bottles
tap log.take-photo
tap photo.shoot
wait-for Draft saved
shot log.png
tap log.save
wait-for Observation saved
expect 8 waiting
tap toast.undo
wait-for 7 waiting
tap rail.notebook
tap notebook.new
tap sheet.field
type All quiet at the bus station
tap sheet.done
wait-for Entry 218
tap rail.sync
expect The server holds 35 of 42
tap sync.fix
wait-for Entry 214
tap rail.patrol
tap home.end
tap end.reason.incident
tap end.close
draw sign.pad
tap sheet.done
wait-for waiting
shot end.png
quit
EOF
"$program" --script "$dir/good"
test -s "$dir/log.png"
test -s "$dir/end.png"
printf 'expect No such words\n' > "$dir/bad"
if "$program" --script "$dir/bad" 2> "$dir/said"; then
    echo "a failed expect must end with 1" >&2
    exit 1
fi
grep -q 'script line 1: not on the screen: No such words' "$dir/said"
grep -q 'text: Who is on duty?' "$dir/said"
grep -q 'control: signin.officer.4127' "$dir/said"
