#!/bin/sh
# briefing.sh - a team leader writes a briefing and sets tasks on the console
# and by the command line; an officer reads and answers without a network;
# the console shows who has read what, and what came of it.
#
# usage: sh tests/e2e/briefing.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || skip_all "no curl here"
[ -x "$bin/beatbook" ] || skip_all "this build has no window"

make_council
export BEATBOOK_PASSPHRASE_FILE="$work/leader"
printf 'a leader at a desk' >"$work/leader"
check "a team leader may sign in to the console" \
    "$bin/beatbook-server" officer --dir "$work/server" --add 4009 \
    --name "Tom Ashdown" --role team-leader
export BEATBOOK_PASSPHRASE_FILE="$work/passphrase"
start_server
enrol_tablet a 4127

web=https://127.0.0.1:$web_port
browse() { # browse PATH [FIELD=VALUE...]: the page, after redirects
    path=$1
    shift
    set -- "$@" "$web$path"
    curl -sk -L --max-redirs 2 -H "Origin: $web" -b "$work/jar" \
        -c "$work/jar" "$@"
}
hidden() { # hidden NAME FILE: the last hidden field of that name
    sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$2" | tail -n 1
}
on_page() { # on_page WHAT WORDS: the page that was got last says so
    grep -q -- "$2" "$work/page" ||
        { sed 's/^/# /' "$work/page"; not_ok "$1"; }
    ok "$1"
}
sign_in() {
    browse /sign-in >"$work/page"
    browse /sign-in --data-urlencode "token=$(hidden token "$work/page")" \
        --data-urlencode number=4009 \
        --data-urlencode "passphrase=a leader at a desk" >"$work/page"
}
put() { # put PATH FIELD=VALUE...: a form of that page, filled in
    form=$1
    shift
    browse "$form" >"$work/form"
    set -- --data-urlencode "token=$(hidden token "$work/form")" "$@"
    browse "${form%%\?*}" "$@" >"$work/page"
}
window() { # window WHAT: plays $work/steps on tablet a
    check "$1" env SDL_VIDEODRIVER=dummy "$bin/beatbook" --dir "$work/a" \
        --script "$work/steps"
}

# --- whose law ---

check "the council says whose law it works under" "$bin/beatbook-server" \
    profile --dir "$work/server" --file "$top/assets/profiles/wales.json"
check "and which powers its officers hold" "$bin/beatbook-server" cards \
    --dir "$work/server" --file "$top/assets/demo/cards.json"
! "$bin/beatbook-server" profile --dir "$work/server" \
    --file "$top/assets/categories.json" 2>"$work/said" ||
    not_ok "another file is no profile"
grep -q "not a profile" "$work/said" || not_ok "another file is no profile"
ok "another file is no profile"

# --- the leader writes ---

sign_in
year=$(($(date +%Y) + 1))
put /briefings/new --data-urlencode action=change \
    --data-urlencode "title=Bus station: groups after school" \
    --data-urlencode "text=Up to 25 young people gather at Stands B to D." \
    --data-urlencode "why=6 reports in 14 days." \
    --data-urlencode "to_do=Talk first." --data-urlencode look_for= \
    --data-urlencode "place=Bus Station" --data-urlencode area= \
    --data-urlencode marking=OFFICIAL --data-urlencode must=yes \
    --data-urlencode day=16 --data-urlencode month=10 \
    --data-urlencode "year=$year"
on_page "the console says that it goes out" "Each tablet of the team gets it"
on_page "nobody has read it yet" "0 of 3 officers have read it"
page=$(sed -n 's|.*action="\(/briefings/[0-9a-f-]*\)".*|\1|p' "$work/page" |
    head -n 1)
hours() { date -d "+$1 hours" +%Y-%m-%dT%H:%M; }
cat >"$work/day.json" <<END
[{"title": "Trauma kit: sealed and in date?", "due": "$(hours 2)",
  "place": "Bus Station", "for": ["4127"]},
 {"title": "Leave Corn Street", "due": "$(hours 3)", "text": "Gas.",
  "urgent": true}]
END
check "the command line publishes tasks" \
    "$bin/beatbook-server" task --dir "$work/server" \
    --file "$work/day.json" --officer 4009
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
stop_server

# --- the officer, without a network ---

cat >"$work/steps" <<'END'
type 2468
type 10
wait-for Emergency: Leave Corn Street
expect Gas.
tap urgent.seen
wait-for Read 1 item first
absent Emergency:
tap home.briefing.first
expect Up to 25 young people
expect Talk first.
expect 6 reports in 14 days.
tap briefing.ask
tap sheet.field
type Which stand?
tap sheet.done
wait-for No answer yet
tap briefing.read
wait-for Start patrol
tap home.tasks
tap home.task.0
tap task.not-done
tap sheet.choice.access
wait-for Task closed
tap rail.notebook
wait-for Read and understood: Bus station
quit
END
window "it is read, asked about and a task answered, all offline"

# --- the console ---

start_server
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs again"
sign_in
browse "$page" >"$work/page"
on_page "the console shows who has read it" "1 of 3 officers have read it"
grep -A1 'Amina Yusuf (4127)' "$work/page" |
    grep -q "<td.* 20[0-9][0-9], [0-9][0-9]:[0-9][0-9]<" ||
    not_ok "the read mark has its time"
ok "the read mark has its time"
on_page "it shows the question" "Which stand?"
put "$page" --data-urlencode action=answer \
    --data-urlencode "answer=Stands B to D."
on_page "the answer is sent" "Each tablet of the team gets it"
browse /tasks >"$work/page"
on_page "the task was not done, and why" \
    "Not done: Amina Yusuf (4127), .*: Could not get in"
on_page "the emergency was seen" "Seen by Amina Yusuf (4127)"
put "$page?edit=1" --data-urlencode action=change \
    --data-urlencode "title=Bus station: groups after school" \
    --data-urlencode "text=It moved to Stand A." \
    --data-urlencode why= --data-urlencode "to_do=Talk first." \
    --data-urlencode look_for= --data-urlencode "place=Bus Station" \
    --data-urlencode area= --data-urlencode marking=OFFICIAL \
    --data-urlencode day=16 --data-urlencode month=10 \
    --data-urlencode "year=$year"
on_page "a change makes it unread again" "0 of 3 officers have read it"
on_page "and says who read the one before" "Changed since"
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
cat >"$work/steps" <<'END'
type 2468
type 10
tap rail.briefing
wait-for Changed since you read it
expect It moved to Stand A.
expect Stands B to D.
tap briefing.read
wait-for All read
quit
END
window "the change and the answer are on the tablet"
put "$page" --data-urlencode action=end
on_page "it can be ended" "Each tablet drops it"
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"
cat >"$work/steps" <<'END'
type 2468
type 10
tap rail.briefing
wait-for No briefing today
quit
END
window "an ended one is gone from the tablet"
check "the tablet checks out" ctl fsck a
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "the council exports everything" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all"
check "the bundle holds, the anchor matches" \
    "$bin/beatbook-verify" "$work/all" --anchor "$anchor"
grep -q "It moved to Stand A." "$work/all/records.csv" ||
    not_ok "the export has the briefing as it was changed"
ok "the export has the briefing as it was changed"
done_testing
