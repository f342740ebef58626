#!/bin/sh
# odd_text.sh - any text that a keyboard, a clipboard or a script can bring,
# typed into a note, a place and the notebook in the real window: shown,
# stored and exported as it was typed, but for what is no letter; up to
# 10,000 characters; and said where no more fit.
#
# usage: sh tests/e2e/odd_text.sh BUILD_DIR [FOLDER]
#   FOLDER  where its pictures go
set -eu
. "$(dirname "$0")/lib.sh"
[ -x "$bin/beatbook" ] || skip_all "no window in this build"
command -v python3 >/dev/null || skip_all "no python3 here"
folder=${2:-$work}
export SDL_VIDEODRIVER=dummy

make_council
start_server
enrol_tablet a 4127
ctl sync a >"$work/sync.log" 2>&1 || not_ok "the tablet syncs"

# What is typed and what must stand there; the window's script.
cat >"$work/make.py" <<'END'
import json, sys
folder = sys.argv[1]
# The screen puts isolates round what is inserted: they are not compared.
def seen(text):
    return "".join(c for c in text if not "\u2066" <= c <= "\u2069")
def both(text):
    return (text.encode(), text)
cases = {
    "Arabic in a form from left to right": both("ضوضاء قرب السوق، رقم 12"),
    "Hebrew in the middle": both("Sign שלום (14:30) at gate 3"),
    "letters built of parts": both("Cafe\u0301 Zo\u0308e a\u0300\u0316\u0489 \u1112\u1161\u11ab"),
    "joined emoji, flags, tones": both(
        "\U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466 "
        "\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F "
        "\U0001F44D\U0001F3FD \U0001F1FA\U0001F1E6"),
    "letters of no width": both("a\u200bb\u200cc\u200dd\u2060e\ufefff"),
    "turned round by hand": both("one \u202eowt\u202c three \u2067x\u2069"),
    "beyond the first plane": both("\u6f22\u5b57 \U00020000\U0002A6D6 \U0001D54F"),
    "Bengali, Hindi, Thai": both("ঢাকা बाज़ार ตลาด"),
    "Welsh": both("Tŷ’r ŵyl, Pentŵyn; dŵr llŷn"),
    "quotes, commas, formulas": both('=1+1, "a", \'b\'; <b>&amp;</b> %s %n \\x'),
    "controls": (b"bell\x07 esc\x1b[31m tab\tend\x7f\xc2\x85.",
                 "bell esc[31m tab end."),
    "unpaired surrogates": (b"a\xed\xa0\x80b\xed\xbf\xbfc\xed\xa0\xbd.",
                            "abc."),
    "bytes that are no letters": (b"a\xff\xfeb\xc0\x80c\xe2\x82d\xf5\x80\x80\x80e.",
                                  "abcde."),
    "10,000 letters": both(" ".join("w%04d" % i for i in range(1667))[:9999] + "."),
    "10,000 joined ones of four bytes": both("\U0001F6B2" * 10000),
    "one word of 3,000 letters": both("x" * 3000),
}
out = open(sys.argv[2], "wb")
def step(text):
    out.write(text if isinstance(text, bytes) else text.encode())
    out.write(b"\n")
want = []
step("wait-for Who is on duty?")
step("type 246810")
step("wait-for Quick log")
for n, (what, (typed, text)) in enumerate(cases.items()):
    is_short = len(text) < 100
    step("tap home.tile.asb")
    step("wait-for What is happening?")
    step("tap log.type.ASB-09")
    step("tap log.who.nearby")
    if is_short:
        step("tap log.place")
        step("tap sheet.field")
        step(b"type " + typed)
        step("tap sheet.done")
        step("expect " + seen(text))
    step("tap log.note")
    step("tap sheet.field")
    step(b"type " + typed)
    step("shot %s/typed-%02d.png" % (folder, n + 1))
    step("tap sheet.done")
    step("tap log.save")
    step("wait-for Observation saved")
    step("tap rail.notebook")
    step("tap notebook.new")
    step("tap sheet.field")
    step(b"type " + typed)
    step("tap sheet.done")
    step("wait-for Entry written")
    if is_short:
        step("expect " + seen(text))
    step("shot %s/notebook-%02d.png" % (folder, n + 1))
    step("tap rail.patrol")
    want.append({"what": what, "text": text,
                 "place": text if is_short else ""})
# No room: what fits is there, and it is said.
step("tap home.tile.asb")
step("wait-for What is happening?")
step("tap log.type.ASB-09")
step("tap log.who.nearby")
step("tap log.place")
step("tap sheet.field")
step("type " + "é" * 64)
step("expect This field is full")
step("shot %s/full.png" % folder)
step("tap sheet.done")
step("tap log.note")
step("tap sheet.field")
step("type " + "z" * 40001)
step("wait-for This field is full")
step("tap sheet.cancel")
step("tap log.save")
step("wait-for Observation saved")
step("quit")
want.append({"what": "no half letter at the end of a full field", "text": "",
             "place": "é" * 63})
json.dump(want, open(sys.argv[3], "w"))
END
mkdir -p "$folder"
python3 "$work/make.py" "$folder" "$work/window" "$work/want.json"
check "all of it is typed, saved and shown" "$bin/beatbook" --dir "$work/a" \
    --script "$work/window"
check "it syncs" ctl sync a
ctl export a --out "$work/a.csv"
check "the council exports it" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/bundle"
check "the bundle holds" "$bin/beatbook-verify" "$work/bundle" --anchor \
    "$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)"
for file in "$work/a.csv" "$work/bundle/records.csv"; do
    python3 - "$work/want.json" "$file" <<'END' ||
import csv, json, sys
csv.field_size_limit(1 << 30)
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
records = [r for r in rows if r["kind"] == "observation"]
lines = [r for r in rows if r["kind"] == "entry"]
bad = 0
for want in json.load(open(sys.argv[1])):
    def has(rows, **fields):
        return any(all(r[k] == v for k, v in fields.items()) for r in rows)
    if not has(records, note=want["text"], place_name=want["place"]):
        print("# %s: not in a record" % want["what"])
        bad += 1
    if want["text"] and not has(lines, note=want["text"]):
        print("# %s: not in the notebook" % want["what"])
        bad += 1
sys.exit(bad > 0)
END
        not_ok "${file##*/} has each text as it was typed"
    ok "${file##*/} has each text as it was typed"
done

printf 'wait-for Who is on duty?\ntype a\0b\nquit\n' >"$work/nul"
if "$bin/beatbook" --dir "$work/a" --script "$work/nul" \
    >"$work/check.log" 2>&1; then
    not_ok "a script with a NUL is refused"
fi
grep -q 'NUL' "$work/check.log" || not_ok "and told why"
ok "a script with a NUL is refused, and told why"
done_testing
