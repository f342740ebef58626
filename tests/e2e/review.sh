#!/bin/sh
# review.sh - a patrol is signed and goes to the team leader's tablet; she
# asks, countersigns and approves there without a network; the officer sees
# her words and answers; the bundle of it all holds.
#
# usage: sh tests/e2e/review.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "this build has no window"

make_council
"$bin/beatbook-server" officer --dir "$work/server" --add 4009 \
    --name "Tom Ashdown" --role team-leader >"$work/leader.log" 2>&1 ||
    not_ok "a team leader is added"
start_server
enrol_tablet a 4127
enrol_tablet b 4009
stop_server
window() { # window WHAT TABLET: plays $work/steps there, with no server
    check "$1" env SDL_VIDEODRIVER=dummy "$bin/beatbook" --dir "$work/$2" \
        --script "$work/steps"
}
sync() { # sync TABLET...
    start_server
    for tablet; do
        ctl sync "$tablet" >"$work/sync.log" 2>&1 ||
            { sed 's/^/# /' "$work/sync.log"; not_ok "$tablet syncs"; }
    done
    stop_server
}
sync a

# --- the officer's patrol, signed by hand ---

cat >"$work/steps" <<'END'
type 2468
type 10
tap home.start
wait-for End patrol
tap home.tile.asb
tap log.type.ASB-09
tap log.who.nearby
tap log.place
tap sheet.field
type Bus Station
tap sheet.done
tap log.save
wait-for Observation saved
tap rail.notebook
tap notebook.new
tap sheet.field
type Dry, busy.
tap sheet.done
wait-for Entry written
tap rail.patrol
tap home.end
tap end.close
draw sign.pad
tap sheet.done
wait-for Signed by Amina Yusuf
quit
END
window "a patrol is closed with a signature" a
sync a b

# --- the leader ---

cat >"$work/steps" <<'END'
type 2468
type 10
wait-for Patrol logs to review
expect Amina Yusuf
expect All
tap reviews.row.1
wait-for Bus Station
expect Signed by Amina Yusuf
tap review.entry.2
tap review.ask
tap sheet.field
type Which stand?
tap sheet.done
wait-for goes to Amina
tap review.countersign
draw sign.pad
tap sheet.done
wait-for Countersigned by Tom Ashdown
tap review.send-back
wait-for Sent back by Tom Ashdown
expect waiting
quit
END
window "the leader asks and countersigns, with no network" b
sync b a

# --- the officer reads it ---

cat >"$work/steps" <<'END'
type 2468
type 10
wait-for 1 question from Tom Ashdown
tap home.asked
wait-for Which stand?
tap asked.answer
type Stand C.
tap asked.send
wait-for Answered
absent 1 question from
tap rail.notebook
wait-for Inspected by Tom Ashdown
quit
END
window "the officer sees the leader's words and answers" a
sync a b

cat >"$work/steps" <<'END'
type 2468
type 10
wait-for Your question answered
tap reviews.row.1
wait-for Answer from Amina
expect Stand C.
tap review.approve
wait-for Approved by Tom Ashdown
tap back
absent Your question answered
tap reviews.state.approved
wait-for Amina Yusuf
quit
END
window "the answer is there, the log is approved" b
sync b

check "the officer's tablet checks out" ctl fsck a
check "the leader's tablet checks out" ctl fsck b
[ "$(status_of a .quarantined)" = 0 ] && [ "$(status_of b .quarantined)" = 0 ] ||
    not_ok "the server took every review"
ok "the server took every review"

anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "the council exports everything" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all"
check "the bundle holds, the anchor matches" \
    "$bin/beatbook-verify" "$work/all" --anchor "$anchor"
head -n 1 "$work/all/records.csv" | grep -q signed_strokes ||
    not_ok "the export has the signature"
ok "the export has the signature"
done_testing
