#!/bin/sh
# Packs of the map that can't serve, in the running program: each is refused
# with its reason, and all else goes on.
# usage: packs.sh PROGRAM
set -eu
program=$1
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3 here"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export SDL_VIDEODRIVER=dummy

tables="CREATE TABLE metadata(name, value);
CREATE TABLE tiles(zoom_level, tile_column, tile_row, tile_data);"
index="CREATE UNIQUE INDEX i ON tiles(zoom_level, tile_column, tile_row);"
facts="INSERT INTO metadata VALUES('format', 'pbf'), ('minzoom', '8'),
('maxzoom', '15');"
tile="INSERT INTO tiles VALUES(15, 16110, 21840, x'ffff');"

# refused WORDS: the map's screen says them of pack.mbtiles, and a log can
# be opened from there all the same.
refused() {
    cat >"$dir/script" <<END
tap rail.map
wait-for $1
tap rail.patrol
tap home.tile.asb
wait-for What is happening?
quit
END
    "$program" --dir open --map "$dir/pack.mbtiles" --script "$dir/script" || {
        echo "not refused with: $1" >&2
        exit 1
    }
    rm -f "$dir/pack.mbtiles"
}

refused "Not stored here"
echo "no map at all" >"$dir/pack.mbtiles"
refused "cannot be used"
sqlite3 "$dir/pack.mbtiles" "$tables $index $facts"
refused "cannot be used"
sqlite3 "$dir/pack.mbtiles" "$tables $facts $tile"
refused "cannot be used"
sqlite3 "$dir/pack.mbtiles" "$tables $index $facts $tile"
head -c 6000 "$dir/pack.mbtiles" >"$dir/cut" # its last pages are gone
mv "$dir/cut" "$dir/pack.mbtiles"
refused "cannot be used"
