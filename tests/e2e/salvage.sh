#!/bin/sh
# salvage.sh - the notebook's file is overwritten in parts, as a dying disk
# does: the program says so, makes a new one, keeps the old one aside, and
# nothing unsent is lost.
#
# usage: sh tests/e2e/salvage.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
photo=$top/assets/demo/photos/bench.jpg

# spoil FILE FROM_PAGE PAGES: 4 KiB pages become noise
spoil() {
    dd if=/dev/urandom of="$1" bs=4096 seek="$2" count="$3" conv=notrunc \
        2>/dev/null
}
# Rows of all observations in the council's export.
held() {
    stop_server
    rm -rf "$work/all"
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$work/all" \
        >/dev/null
    grep -c "$1" "$work/all/records.csv" || :
}

make_council
start_server
enrol_tablet a 4127
ctl record a ASB-09 note="sent before" --photo "$photo" >/dev/null
check "something is sent" ctl sync a
stop_server
for i in 1 2 3 4 5; do
    ctl record a ASB-09 note="unsent $i" --photo "$photo" >/dev/null ||
        not_ok "it is recorded"
done

cp -r "$work/a" "$work/first"
spoil "$work/a/store.db" 0 $(($(stat -c %s "$work/a/store.db") / 4096))
if ctl status a --json >"$work/said" 2>&1; then
    not_ok "a damaged store doesn't open"
fi
grep -q 'beatbookctl salvage' "$work/said" || {
    sed 's/^/# /' "$work/said"
    not_ok "it says what to do"
}
ok "the damage is told: $(sed 's/^[a-z]*: //' "$work/said")"
before=$(sha256sum <"$work/a/store.db")
check "a new store is made" ctl salvage a
sed 's/^/# /' "$work/check.log"
[ "$before" = "$(sha256sum <"$work/a/damaged-1/store.db")" ] ||
    not_ok "the damaged file is kept as it was"
ok "the damaged file is kept as it was"
check "the new store is whole" ctl fsck a
start_server
check "it syncs" ctl sync a
[ "$(status_of a '.waiting + .photos.waiting')" = 0 ] ||
    not_ok "nothing waits"
ok "nothing waits"
[ "$(held 'unsent [1-5]')" = 5 ] || not_ok "the council holds all five"
ok "the council holds all five, each once"

# The same with a few pages gone in the middle.
rm -rf "$work/a"
cp -r "$work/first" "$work/a"
pages=$(($(stat -c %s "$work/a/store.db") / 4096))
spoil "$work/a/store.db" $((pages / 3)) 4
check "a few bad pages: a new store is made" ctl salvage a
sed 's/^/# /' "$work/check.log"
check "and it is whole" ctl fsck a
start_server
check "it syncs, too" ctl sync a
[ "$(status_of a '.waiting')" = 0 ] || not_ok "nothing waits"
check "a second salvage of a whole store loses nothing" ctl salvage a
check "that one is whole, too" ctl fsck a
check "and syncs" ctl sync a
done_testing
