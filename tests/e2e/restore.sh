#!/bin/sh
# restore.sh - the council's disk is lost. An administrator restores its
# continuous backup as it was before an erasure and before the last records,
# with and without the journal of orders. Tablets give back what is missing,
# what was erased stays erased, who was shut out stays out, photos that a
# backup lost are brought again, and bundles prove it with a named gap.
#
# usage: sh tests/e2e/restore.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
serve_more="--backup-every 1 --backup $work/backup --metrics 127.0.0.1:0"
words='red umbrella'
uuid='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

server() {
    verb=$1
    shift
    "$bin/beatbook-server" "$verb" --dir "$work/server" "$@"
}
# says TEXT COMMAND...: its output, shown, has the text.
says() {
    want=$1
    shift
    "$@" >"$work/said" 2>&1 || :
    sed 's/^/#   /' "$work/said"
    grep -qF -e "$want" "$work/said" || not_ok "it says: $want"
    ok "it says: $want"
}
# note TABLET TEXT: one record; its id in $record
note() {
    "$bin/beatbookctl" record ASB-09 "note=$2" --dir "$work/$1" \
        >"$work/record" 2>&1 || not_ok "tablet $1 records"
    record=$(grep -Eo "$uuid" "$work/record" | tail -n 1)
}
healthz() {
    curl -sSk --max-time 20 "https://127.0.0.1:$web_port/healthz"
}
# Until the newest backup that was restored and checked holds everything.
wait_verified() {
    tries=0
    until healthz | grep -q 'complete up to 0 s ago; verified up to [01] s'; do
        tries=$((tries + 1))
        [ $tries -lt 2000 ] || not_ok "the backup is verified"
    done
}
exported() {
    rm -rf "$work/all"
    server export --bundle "$work/all" >"$work/export.log" 2>&1 ||
        not_ok "the council exports"
    grep -qF "$1" "$work/all/records.csv"
}
here() { exported "$1" || not_ok "\"$1\" is there"; ok "\"$1\" is there"; }
gone() { ! exported "$1" || not_ok "\"$1\" is not there"; ok "no \"$1\""; }

make_council
start_server
check "it says listening when it is" healthz
enrol_tablet a 4127
enrol_tablet b 4188
photo=$top/assets/demo/photos/bench.jpg
note a "a man with a $words"
erased=$record
note a "before the backup"
ctl sync a >/dev/null
ctl sync b >/dev/null
wait_verified
says 'verified up to' healthz
says '0 findings' "$bin/beatbook-server" verify --dir "$work/server" \
    "$work/backup"
says 'backup_verified_age_seconds' curl -sS \
    "http://$(sed -n 's/^metrics on //p' "$work/serve.log")/metrics"

echo "# --- a copy is carried off; then life goes on"
stop_server
cp -a "$work/backup" "$work/carried-off"
# The second at whose end all of this backup is there and nothing later.
until=$(date +%s)
while [ "$(date +%s)" -le "$until" ]; do :; done
start_server
note a "after the backup, by a"
ctl sync a >/dev/null
ctl sync b >/dev/null
note b "after the backup, only b has it"
ctl sync b >/dev/null
server erase --record "$erased" --reason 'case 12' >/dev/null
check "tablet a erases" ctl sync a
wait_verified

# lose_and_restore FROM MORE...: nothing of the server is left but a backup.
lose_and_restore() {
    kill_server
    rm -rf "$work/server"
    server restore "$@"
}

echo "# --- the disk is lost; the copy knows of no erasure"
says 'no journal of orders was found' lose_and_restore "$work/carried-off"
serve_more="--backup-every 1 --backup $work/backup-2 --metrics 127.0.0.1:0"
start_server
gone "after the backup, by a"
here "$words"
says '0 waiting' ctl sync b
here "after the backup, only b has it"
says '0 waiting' ctl sync a
gone "$words"
here "after the backup, by a"
here "before the backup"
says "$erased: case 12" server erasures
check "tablet b hears of it" ctl sync b
says 'confirmed by every tablet' server erasures
for t in a b; do
    check "tablet $t: fsck is clean" ctl fsck $t
done
says ' 0 findings' server fsck
says 'begun anew after a restore (1 in all)' "$bin/beatbook-verify" "$work/all" --anchor \
    "$(server fingerprint | tail -n 1)"

says 'nothing was restored' "$bin/beatbook-server" restore \
    "$work/carried-off" --dir "$work/never" --erasures "$work"
[ ! -e "$work/never" ] || not_ok "a wrong journal stops it before it begins"

echo "# --- lost again; this time the journal is beside the backup"
serve_more="--backup-every 1 --backup $work/backup --metrics 127.0.0.1:0"
says 'records were erased again' lose_and_restore "$work/backup" \
    --until "$(date -u -d "@$until" +%Y-%m-%dT%H:%M:%S)"
start_server
gone "$words"
[ -z "$(grep -laF "$words" "$work/server/council.db"* || :)" ] ||
    not_ok "the words are in no file of the restored server"
says '0 waiting' ctl sync a
says '0 waiting' ctl sync b
here "after the backup, only b has it"
here "after the backup, by a"
gone "$words"
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor \
    "$(server fingerprint | tail -n 1)"
says ' 0 findings' server fsck

echo "# --- an access ended after the backup; the lost disk's journal knows"
check "an officer's access ends" server officer --revoke 4127
check "and is given again" server officer --add 4127 --name "Amina Yusuf"
check "tablet b's access ends" server device --revoke b
kill_server
mv "$work/server" "$work/lost"
serve_more="--backup-every 1 --backup $work/backup-3 --metrics 127.0.0.1:0"
says 'accesses were ended' server restore "$work/carried-off" \
    --erasures "$work/lost"
! grep -qF 'has it again' "$work/said" || not_ok "no access is called open"
says ' b, access ended' server device
start_server
says 'access was ended' ctl sync b
says '0 waiting' ctl sync a
here "before the backup"
says ' 0 findings' server fsck
! grep -F 'differs from what it wrote since' "$work/serve.log" ||
    not_ok "what is carried out anew stands in the council's new chain"

echo "# --- a copy made by hand has the orders that it was made with"
says 'backup in' "$bin/beatbook-server" backup "$work/by-hand" \
    --dir "$work/server"
says 'the journal of orders is as old as this copy' "$bin/beatbook-server" \
    restore "$work/by-hand" --dir "$work/again"

echo "# --- a backup has lost a photo's file; its author still has it"
ctl record a ASB-09 note="with a photo" --photo "$photo" >/dev/null
says '1 of 1 photos arrived' ctl sync a
says 'backup in' server backup "$work/lossy"
mkdir "$work/kept"
mv "$work"/lossy/blobs/* "$work/kept"
says 'have no file in this backup' lose_and_restore "$work/lossy"
start_server
says '1 of 1 photos arrived' ctl sync a
check "they are the same files" diff -r -x part "$work/kept" "$work/server/blobs"
says ' 0 findings' server fsck
here "with a photo"
check "the bundle holds" "$bin/beatbook-verify" "$work/all" --anchor \
    "$(server fingerprint | tail -n 1)"
check "tablet a: fsck is clean" ctl fsck a

echo "# --- a segment is damaged"
stop_server
segment=$(find "$work/backup-3" -name 'seg-*' -size +4k | sort | tail -n 1)
printf 'x' | dd of="$segment" bs=1 seek=900 conv=notrunc 2>/dev/null
says 'hash does not match' server verify "$work/backup-3"
done_testing
