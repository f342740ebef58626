#!/bin/sh
# mappack.sh - make the pack of map tiles that tablets carry.
#
# usage: sh platform/linux/mappack.sh EXTRACT PACK.mbtiles [BBOX]
#   EXTRACT  of OpenStreetMap, for example a county's: .osm.pbf, or .osm
#            where the Debian package osmium-tool is installed, too
#   BBOX     west,south,east,north in degrees; cuts what lies outside
# MAPPACK_SOURCE names whose data it is, where that isn't OpenStreetMap's.
#
# Needs the Debian packages tilemaker and sqlite3, no shapefile, and for the
# search our own beatbook-mapindex (BEATBOOK_BIN: where it was built). The pack
# holds no personal data; its words and shapes are OpenStreetMap's, under
# the ODbL: the map shows who made them.
set -eu

[ $# -eq 2 ] || [ $# -eq 3 ] || {
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
extract=$1
pack=$2
bbox=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
assets=$here/../../assets/map

for tool in tilemaker sqlite3; do
    command -v "$tool" >/dev/null || {
        echo "mappack.sh: install the Debian package $tool" >&2
        exit 1
    }
done
[ -r "$extract" ] || {
    echo "mappack.sh: cannot read $extract" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
input=$extract
case $extract in
*.osm)
    input=$work/extract.osm.pbf
    osmium cat "$extract" -o "$input" >"$work/log" 2>&1 || {
        tail -5 "$work/log" >&2
        exit 1
    }
    ;;
esac
tilemaker --input "$input" --output "$work/pack.mbtiles" \
    ${bbox:+--bbox "$bbox"} --config "$assets/tilemaker.json" \
    --process "$assets/tilemaker.lua" >"$work/log" 2>&1 || {
    tail -5 "$work/log" >&2
    exit 1
}

# The day is the extract's; the bounds are the box, or what there are tiles
# of where there is most in them (ways reach out of an extract for miles).
made=$(date -u -r "$extract" +%Y-%m-%d)
case $extract in
*-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].osm.pbf)
    made=${extract%.osm.pbf}
    made=$(printf '%s' "$made" | tail -c 10)
    ;;
esac
source=$(printf '%s' "${MAPPACK_SOURCE:-}" | tr -d "'")
sqlite3 "$work/pack.mbtiles" >/dev/null <<EOF
UPDATE metadata SET value = '$source'
    WHERE name = 'attribution' AND '$source' <> '';
DELETE FROM metadata WHERE name IN ('made', 'bounds', 'center');
INSERT INTO metadata VALUES ('made', '$made');
INSERT INTO metadata SELECT 'bounds', '$bbox' WHERE '$bbox' <> '';
PRAGMA journal_mode = DELETE;
VACUUM;
EOF
index=${BEATBOOK_BIN:-$here/../../build/bin}/beatbook-mapindex
if [ -x "$index" ]; then
    "$index" "$work/pack.mbtiles"
else
    echo "mappack.sh: no $index: the pack has no search" >&2
fi
mv "$work/pack.mbtiles" "$pack"
echo "$pack: $(sqlite3 "$pack" 'SELECT count(*) FROM tiles') tiles," \
    "$(($(wc -c <"$pack") / 1024)) KiB, data of $made"
