#!/bin/sh
# photos.sh - real photos from file to bundle: the original's hash is kept,
# each of EXIF's eight orientations comes out the right way up, a broken
# picture is kept as a file with a message.
#
# usage: sh tests/e2e/photos.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
photos=$data/photos
[ -d "$photos" ] || skip_all "no photos (BEATBOOK_DATA)"
for tool in jq python3 convert compare; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done

# One picture, turned as each of the eight orientations says.
turn() {
    python3 - "$photos/exif-orientation-Portrait_2.jpg" "$1" "$2" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
for short, tag in ((1, b"\x01\x12\x00\x03\x00\x00\x00\x01"),
                   (0, b"\x12\x01\x03\x00\x01\x00\x00\x00")):
    at = data.find(tag, 0, 4096)
    if at > 0:  # big-endian or little-endian, the value in 16 bits
        data[at + 8 + short] = int(sys.argv[2])
        break
else:
    sys.exit("no orientation in this file")
open(sys.argv[3], "wb").write(data)
END
}
# preview FILE OUT: the small derivative as beatbook-photo makes it.
preview() {
    "$bin/beatbook-photo" <"$1" | python3 -c 'import sys
got = sys.stdin.buffer.read()
begin, end = got.find(b"\xff\xd8\xff"), got.rfind(b"\xff\xd9")
sys.stdout.buffer.write(got[begin:end + 2] if begin >= 0 else b"")' >"$2"
}
# column FILE_HASH NAME: of the photo's row in the bundle
column() {
    python3 - "$work/all/records.csv" "$1" "$2" <<'END'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1]))
        if r["sha256"] == sys.argv[2]]
assert len(rows) == 1, "%d rows" % len(rows)
print(rows[0][sys.argv[3]])
END
}
sha() { sha256sum "$1" | cut -c1-64; }

mkdir "$work/in"
for o in 1 2 3 4 5 6 7 8; do
    turn $o "$work/in/turned-$o.jpg"
done
for file in "$photos"/*.jpg; do
    [ "${file##*/}" = exif-orientation-Portrait_2.jpg ] || # turned-2 is it
        cp "$file" "$work/in/"
done
chmod 600 "$work/in"/*
head -c 100000 "$work/in/turned-4.jpg" >"$work/in/cut-late.jpg"
head -c 300 "$work/in/turned-4.jpg" >"$work/in/cut-early.jpg"
echo "no picture at all" >"$work/in/words.jpg"
count=$(find "$work/in" -type f | grep -c '')

make_council
start_server
enrol_tablet t 4127
for file in "$work/in"/*; do
    ctl record t ASB-09 note="${file##*/}" --photo "$file" \
        >"$work/record.log" 2>"$file.said" || {
        sed 's/^/# /' "$file.said"
        not_ok "${file##*/} is recorded"
    }
done
ok "$count photos are recorded"
for name in cut-late cut-early words; do
    grep -q 'the file is kept as it is' "$work/in/$name.jpg.said" ||
        not_ok "$name: it is told that the file is kept"
    ok "$name: $(sed 's/.*\.jpg: //; s/;.*//' "$work/in/$name.jpg.said")"
done
[ -z "$(cat "$work/in/turned-1.jpg.said")" ] || not_ok "a whole one is quiet"
rm "$work/in"/*.said

check "all of them sync" ctl sync t
[ "$(status_of t '.photos.made == .photos.held')" = true ] ||
    not_ok "each file is held by the council"
check "the council exports them" "$bin/beatbook-server" export \
    --dir "$work/server" --bundle "$work/all"
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor \
    "$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)"

for file in "$work/in"/*; do
    name=${file##*/}
    hash=$(sha "$file")
    [ "$(column "$hash" bytes)" = "$(stat -c %s "$file")" ] ||
        not_ok "$name: its size"
    [ -e "$work/all/blobs/$(column "$hash" blob)" ] ||
        not_ok "$name: its file is in the bundle"
    small=$(column "$hash" small_sha256)
    preview "$file" "$work/small.jpg"
    if [ -s "$work/small.jpg" ]; then
        [ "$small" = "$(sha "$work/small.jpg")" ] ||
            not_ok "$name: its preview is what the council has"
        [ -e "$work/all/blobs/$(column "$hash" small_blob)" ] ||
            not_ok "$name: its preview is in the bundle"
        ok "$name: original's hash, size and file, and its preview"
    else
        [ -z "$small" ] || not_ok "$name: no preview"
        ok "$name: original's hash, size and file; no preview"
    fi
done

# Alike, pixel by pixel, when both are shrunk to the same square.
for o in 1 2 3 4 5 6 7 8; do
    file=$work/in/turned-$o.jpg
    [ "$(column "$(sha "$file")" orientation)" = $o ] ||
        not_ok "orientation $o is noted"
    preview "$file" "$work/small.jpg"
    [ "$(identify -format '%[EXIF:*]' "$work/small.jpg")" = "" ] ||
        not_ok "orientation $o: no metadata in the preview"
    convert "$file" -auto-orient -resize '64x64!' "$work/want.png"
    convert "$work/small.jpg" -resize '64x64!' "$work/got.png"
    apart=$(compare -metric RMSE "$work/want.png" "$work/got.png" null: 2>&1 |
        sed 's/.*(\(.*\))/\1/')
    sides=$(identify -format '%[fx:w>h]' "$work/small.jpg")
    right=$(convert "$file" -auto-orient -format '%[fx:w>h]' info:)
    [ "$sides" = "$right" ] &&
        [ "$(echo "$apart" | awk '{ print ($1 < 0.03) }')" = 1 ] ||
        not_ok "orientation $o is the right way up (apart $apart)"
    ok "orientation $o is the right way up (apart $apart)"
done
done_testing
