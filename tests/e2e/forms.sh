#!/bin/sh
# forms.sh - every tile of the home screen filled in by touch in the real
# window over the real core, then found again in the tablet's own lists, each
# in its tier; and a kill in the middle of typing.
#
# usage: sh tests/e2e/forms.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
[ -x "$bin/beatbook" ] || skip_all "no window was built"
export SDL_VIDEODRIVER=dummy

add_officer() { # NUMBER NAME ROLE
    "$bin/beatbook-server" officer --dir "$work/server" --add "$1" \
        --name "$2" --role "$3" >>"$work/init.log" 2>&1 ||
        not_ok "$2 is added"
}
sync_tablet() { ctl sync "$1" >>"$work/sync.log" 2>&1; }
# window WHAT: plays $work/steps in the window of tablet a.
window() {
    {
        echo "wait-for Who is on duty?"
        echo "type 246810"
        echo "wait-for Quick log"
        cat "$work/steps"
    } >"$work/window"
    check "$1" "$bin/beatbook" --dir "$work/a" --script "$work/window"
}

make_council
add_officer 4301 "Lena Lead" safeguarding-lead
add_officer 4302 "Dai Deputy" safeguarding-deputy
start_server
enrol_tablet lead 4301
enrol_tablet deputy 4302
enrol_tablet a 4127
for t in lead deputy a a; do
    sync_tablet $t || not_ok "tablet $t syncs"
done

cat >"$work/steps" <<'END'
# a form that lacks an answer says so and stays
tap home.tile.env
wait-for What is happening?
tap log.type.ENV-03
wait-for How much is there?
tap log.save
wait-for Choose an answer, then save
tap form.flytip_size.TRANSIT_VAN
tap form.waste_type.construction
tap form.more.waste_type
tap sheet.choice.asbestos
tap sheet.cancel
tap log.person
wait-for Describe one thing
tap form.spoken_to.no
tap form.age_band.18-20
tap form.open.upper_body
tap sheet.field
type blue jacket
tap sheet.done
tap form.done
wait-for Person 1
tap form.open.reply
tap sheet.field
type rowan words
tap sheet.done
tap log.save
wait-for Have it signed, then save
tap form.open.reply_signed
tap sign.name
type Dai Morgan
draw sign.pad
tap sheet.done
wait-for Sign again
tap log.note
tap sheet.field
type fig tree mattresses
tap sheet.done
tap log.save
wait-for Observation saved
tap rail.notebook
wait-for Signed by
tap rail.patrol

tap home.tile.hate
wait-for What was it about?
tap form.in_danger_now.no
tap form.strands.race
tap form.perceived_by.victim
tap form.open.words_used
tap sheet.field
type medlar insult
tap sheet.done
tap form.open.what_happened
tap sheet.field
type shouted from a car
tap sheet.done
tap log.save
wait-for Observation saved

# taken back, it is a draft again
tap home.tile.vehicle
tap log.type.VEH-03
tap log.note
tap sheet.field
type bullace idling
tap sheet.done
tap log.place
tap sheet.field
type Corn Street
tap sheet.done
tap log.save
wait-for Observation saved
tap toast.undo
wait-for 1 draft: Corn Street
tap home.draft
wait-for bullace idling
tap log.place
wait-for Corn Street
tap sheet.cancel
tap log.save
wait-for Observation saved

tap home.tile.care
wait-for What you saw or heard: facts
tap log.type.WEL-01
tap form.danger_now.no
tap form.open.seen_or_heard
tap sheet.field
type damson blanket
tap sheet.done
tap log.save
wait-for Observation saved

tap home.tile.suspicious
wait-for Danger now, or are they
tap log.type.SUS-02
tap form.danger_now.no
tap form.open.what
tap sheet.field
type filmed the quince door
tap sheet.done
tap log.save
wait-for Observation saved

tap home.tile.security
wait-for What is happening?
tap log.type.PSO-10
wait-for Is it there?
tap form.kit_present.yes
tap form.kit_sealed.no
tap form.kit_missing.gloves
tap log.save
wait-for Observation saved

tap home.tile.vehicle
wait-for Which vehicle?
tap log.type.VEH-01
tap form.abandoned_signs.flat_tyres
tap form.add.vehicle
wait-for Registration mark
tap form.open.vrm
tap sheet.field
type WB01KTX
tap sheet.done
tap form.colour.blue
tap form.done
wait-for Vehicle 1
tap log.save
wait-for Observation saved

tap home.tile.tension
wait-for What kind of information is it?
tap log.type.TEN-03
tap form.open.what
tap sheet.field
type gooseberry rumour
tap sheet.done
tap form.eep_grade.potential
tap log.save
wait-for Observation saved

tap home.tile.prevent
wait-for Save and seal
tap log.type.PRV-02
tap form.danger_now.no
tap form.source.saw
tap form.open.facts
tap sheet.field
type loganberry sticker
tap sheet.done
tap log.save
wait-for Sealed. This tablet keeps only its number.
absent Undo
quit
END
window "eight tiles are filled in and saved"

ctl export a --out "$work/all.csv"
# has CATEGORY WORDS: a row of the export
has() { grep "$1" "$work/all.csv" | grep -q -- "$2"; }
has ENV-03 "fig tree mattresses" || not_ok "the fly-tip has its note"
grep -q "asbestos" "$work/all.csv" || not_ok "and what lies there"
grep -q "blue jacket" "$work/all.csv" || not_ok "and who left it"
has WEL-01 "damson blanket" || not_ok "the rough sleeper is there"
has PSO-10 gloves || not_ok "the kit is there"
has VEH-01 flat_tyres || not_ok "the vehicle's matter is there"
grep -q "WB01KTX" "$work/all.csv" || not_ok "and the vehicle"
ok "the open ones are in the export with their answers"
for words in medlar quince gooseberry loganberry; do
    ! grep -q $words "$work/all.csv" || not_ok "$words is in the export"
done
ok "the restricted and the sealed ones are not"
ctl export a >"$work/all.csv"
grep 'rowan words' "$work/all.csv" | grep -q 'Dai Morgan' ||
    not_ok "the words stand with who signed them"
ok "the words stand with who signed them"
ctl shared a >"$work/closed"
for words in HATE-RACE SUS-02 TEN-03; do
    grep -q $words "$work/closed" || not_ok "the author's list has $words"
done
ok "their author finds the restricted ones"
! grep -q PRV-02 "$work/closed" || not_ok "the concern isn't readable here"
! grep -rqa loganberry "$work/a" || not_ok "the tablet forgot the concern"
ok "of the sealed one the tablet keeps only its reference"
for t in a lead; do
    sync_tablet $t || not_ok "tablet $t syncs"
done
ctl shared lead >"$work/closed"
grep -q PRV-02 "$work/closed" || not_ok "the lead has the concern"
ok "the lead reads it after a sync"

# A kill in the middle of a word: all but the last letters are there again.
mkfifo "$work/never"
cat >"$work/window" <<END
wait-for Who is on duty?
type 246810
wait-for Quick log
tap home.tile.tension
wait-for What kind of information is it?
tap log.type.TEN-01
tap form.open.what
tap sheet.field
type half a sent
shot $work/shown.png
attach $work/never
wait-for words that never come
quit
END
"$bin/beatbook" --dir "$work/a" --script "$work/window" >"$work/killed.log" \
    2>&1 &
pid=$!
while [ ! -s "$work/shown.png" ]; do
    kill -0 $pid 2>/dev/null || not_ok "the window types"
done
kill -s KILL $pid
wait $pid 2>/dev/null || :
cat >"$work/steps" <<'END'
expect 1 draft
tap home.tile.tension
wait-for Go on with the draft from
tap begun.new
wait-for What kind of information is it?
absent half a sent
tap log.type.TEN-03
tap back
wait-for 2 drafts, last:
tap home.draft
wait-for Which draft?
tap begun.draft.2
wait-for half a sent
tap form.eep_grade.evidenced
tap log.save
wait-for Observation saved
wait-for 1 draft:
quit
END
window "a draft that was killed while being typed is finished"
check "the tablet's store is whole" ctl fsck a
done_testing
