#!/bin/sh
# conflict.sh - two tablets write one field without knowing of each other;
# both show both values; a person decides, and everybody agrees.
#
# usage: sh tests/e2e/conflict.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
for tool in jq curl python3; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
ok "two tablets enrol"

sync_both() {
    for t in a b a b; do
        ctl sync $t >"$work/sync.log" 2>&1 ||
            { sed 's/^/# /' "$work/sync.log"; not_ok "tablet $t syncs"; }
    done
}
# values TABLET RECORD FIELD: what stands there, joined by "|"
values() {
    ctl conflicts "$1" --json | jq -r --arg r "$2" --arg f "$3" \
        '[.[] | select(.record == $r) | .fields[] | select(.field == $f)
          | .values[].value] | join("|")'
}
same() { # same WHAT GOT WANT
    [ "$2" = "$3" ] || not_ok "$1: \"$2\", not \"$3\""
    ok "$1"
}
# make RECORD_NAME: a record of tablet a that both hold
make() {
    made=$(ctl record a ASB note="$1" place="51.5840 -2.9972")
    sync_both
}
# apart RECORD ONE TWO: each tablet writes its note, then they meet
apart() {
    ctl set a "$1" note="$2"
    ctl set b "$1" note="$3"
    sync_both
}

make "red car"
one=$made
apart "$one" "blue car" "green car"
same "tablet a shows both values" "$(values a "$one" note)" \
    "blue car|green car"
same "tablet b shows the same in the same order" \
    "$(values b "$one" note)" "blue car|green car"
check "it is settled on tablet b" ctl resolve b "$one" "note#2"
sync_both
same "no conflict is left on a" "$(ctl conflicts a)" "nothing is in conflict"
same "nor on b" "$(ctl conflicts b)" "nothing is in conflict"

make "wrong street"
two=$made
ctl strike a "$two" reason="entered twice"
ctl set b "$two" note="right street after all"
sync_both
same "a strike beside an edit is asked about on both" \
    "$(values a "$two" struck)$(values b "$two" struck)" "yes|noyes|no"
check "it is kept" ctl resolve a "$two" struck=no
sync_both
note_of() {
    ctl export "$1" | python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin):
    if row["record"] == sys.argv[1]:
        print(row["note"], row["struck"], row["conflict"], row["category"])' \
        "$2"
}
same "a shows it whole" "$(note_of a "$two")" \
    "right street after all no no ASB"
same "b shows the same" "$(note_of b "$two")" "$(note_of a "$two")"

# Another is settled in the window, as an officer would.
if [ -x "$bin/beatbook" ]; then
    make "brown dog"
    seen=$made
    apart "$seen" "black dog" "white dog"
    cat >"$work/window" <<END
type 2468
type 10
wait-for has two versions to settle
tap home.conflicts
expect black dog | white dog
tap conflicts.row.1
wait-for Marek Nowak, b
expect Time by the clock of b
tap conflict.fields
expect Differs: Marek Nowak
tap sheet.cancel
tap conflict.history
expect Made
expect brown dog
expect Marek Nowak, b
tap sheet.cancel
tap conflict.ask
touch sheet.field
type Which dog?
quit
END
    check "a question is begun, and the program ends" env \
        SDL_VIDEODRIVER=dummy \
        "$bin/beatbook" --dir "$work/a" --script "$work/window"
    cat >"$work/window" <<END
type 2468
type 10
tap home.conflicts
tap conflicts.row.1
wait-for Marek Nowak, b
tap conflict.ask
expect Which dog?
tap sheet.done
wait-for You asked Marek Nowak
tap conflict.side.1.2
tap conflict.use
wait-for Nothing to settle
tap rail.notebook
wait-for Settled: two versions
quit
END
    check "it is settled in the tablet's window" env SDL_VIDEODRIVER=dummy \
        "$bin/beatbook" --dir "$work/a" --script "$work/window"
    sync_both
    same "the other tablet has what the window chose" \
        "$(note_of b "$seen")" "white dog no no ASB"
    cat >"$work/window" <<END
type 2468
type 10
wait-for 1 question from Amina Yusuf
tap home.asked
expect Which dog?
touch asked.answer
type The white one
tap asked.send
wait-for Answered
quit
END
    check "who was asked answers" env SDL_VIDEODRIVER=dummy \
        "$bin/beatbook" --dir "$work/b" --script "$work/window"
fi

# The third is settled on the console, by a team leader, in a browser that
# keeps cookies and sends what the page's form holds.
export BEATBOOK_PASSPHRASE_FILE="$work/leader"
printf 'a leader at a desk' >"$work/leader"
check "a team leader may sign in to the console" \
    "$bin/beatbook-server" officer --dir "$work/server" --add 4009 \
    --name "Tom Ashdown" --role team-leader
export BEATBOOK_PASSPHRASE_FILE="$work/passphrase"
make "grey van"
three=$made
apart "$three" "white van" "black van"

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
browse /sign-in >"$work/page"
browse /sign-in --data-urlencode "token=$(hidden token "$work/page")" \
    --data-urlencode number=4009 \
    --data-urlencode "passphrase=a leader at a desk" >"$work/page"
browse /conflicts >"$work/page"
grep -q "white van | black van" "$work/page" ||
    { sed 's/^/# /' "$work/page"; not_ok "the console lists it"; }
ok "the console lists both values"
browse "/records/$three" >"$work/page"
for words in "white van" "black van" "Two versions" "Seal holds" \
    "All of it checks out"; do
    grep -q "$words" "$work/page" ||
        { sed 's/^/# /' "$work/page"; not_ok "its page says $words"; }
done
ok "its own page shows both, who wrote them, and that the seals hold"
if [ -x "$bin/beatbook" ]; then
    browse "/questions?show=all" >"$work/page"
    for words in "Which dog?" "The white one" "Amina Yusuf (4127)"; do
        grep -q "$words" "$work/page" ||
            { sed 's/^/# /' "$work/page"; not_ok "the question: $words"; }
    done
    ok "the console lists what one officer asked the other, and the answer"
fi
for page in "devices In use" "reviews No patrol here"; do
    browse "/${page%% *}" >"$work/page"
    grep -q "${page#* }" "$work/page" ||
        { sed 's/^/# /' "$work/page"; not_ok "the page of ${page%% *}"; }
done
ok "the console lists tablets, and reviews"
browse "/conflicts/$three" >"$work/page"
browse "/conflicts/$three" \
    --data-urlencode "token=$(hidden token "$work/page")" \
    --data-urlencode "seen=$(hidden seen "$work/page")" \
    --data-urlencode f4=other \
    --data-urlencode "f4-text=a white van, then a black one" >"$work/page"
grep -q "Nothing to settle" "$work/page" ||
    { sed 's/^/# /' "$work/page"; not_ok "it is settled on the console"; }
ok "it is settled on the console"
sync_both
same "tablet a has the decision" "$(note_of a "$three")" \
    "a white van, then a black one no no ASB"
same "tablet b has it, too" "$(note_of b "$three")" "$(note_of a "$three")"
same "no conflict is left" "$(ctl conflicts a)$(ctl conflicts b)" \
    "nothing is in conflictnothing is in conflict"

anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "the council exports everything" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all"
check "the bundle holds, the anchor matches" \
    "$bin/beatbook-verify" "$work/all" --anchor "$anchor"
for record in "$one" "$two" "$three"; do
    council=$(python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[2])):
    if row["record"] == sys.argv[1]:
        print(row["note"], row["struck"], row["conflict"], row["category"])' \
        "$record" "$work/all/records.csv")
    [ "$council" = "$(note_of a "$record")" ] ||
        not_ok "the export says \"$council\""
done
ok "the export says what both tablets say"
check "tablet a checks out" ctl fsck a
check "tablet b checks out" ctl fsck b
done_testing
