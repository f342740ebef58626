#!/bin/sh
# three_tablets.sh - the real CSV files through three tablets and back: what
# the council exports is what was recorded, field by field, and the bundle
# proves itself and betrays each change.
#
# usage: sh tests/e2e/three_tablets.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
csv=$data/incidents/police-uk
[ -d "$csv" ] || skip_all "no police.uk files (BEATBOOK_DATA)"
for tool in jq python3; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
enrol_tablet c 4203
ok "three tablets enrol"

import() { ctl import "$1" police-uk "$csv/$2" >>"$work/import.log"; }
import_all() {
    check "Kent, November" import a 2018-11-kent-street.csv
    check "Gwent, October" import b 2018-10-gwent-street.csv
    check "Gwent, November" import b 2018-11-gwent-street.csv
    check "Gwent, December" import c 2018-12-gwent-street.csv
}
sync_all() {
    for t in a b c; do
        check "tablet $t: nothing waits after sync" ctl sync $t
        [ "$(status_of $t .waiting)" = 0 ] || not_ok "tablet $t: 0 waiting"
    done
}
timed import_all
import_s=$took
timed sync_all
sync_s=$took

export_bundle() {
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$@"
}
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
timed check "the council exports everything" export_bundle "$work/all"
export_s=$took

check "each row is there once, every field equal" \
    python3 "$top/tests/e2e/compare_csv.py" "$work/all/records.csv" \
    "$csv"/*-street.csv
sed 's/^/# /' "$work/check.log"
rows=$(sed -n 's/ rows imported.*//p' "$work/check.log")
timed check "the bundle holds, the anchor matches" \
    "$bin/beatbook-verify" "$work/all" --anchor "$anchor"
echo "# $rows rows: import $import_s s ($(per_second "$rows" "$import_s")/s)," \
    "sync $sync_s s, export $export_s s, verify $took s," \
    "bundle $(du -sk "$work/all" | cut -f1) KiB"
set +e
"$bin/beatbook-verify" "$work/all" >"$work/no-anchor.log"
got=$?
set -e
[ $got = 3 ] || not_ok "without an anchor the answer is 3, not $got"
ok "without an anchor the answer is 3"

# One record: it verifies alone, and shows nothing of others.
record=$(sed -n 2p "$work/all/records.csv" | cut -d, -f1)
check "one record is exported" export_bundle "$work/one" --record "$record"
check "it verifies alone" "$bin/beatbook-verify" "$work/one" \
    --anchor "$anchor"
rows=$(grep -c '' "$work/one/records.csv")
[ "$rows" = 2 ] || not_ok "one record has one row, not $((rows - 1))"
ok "it has one row"
check "no other record's words are in it" \
    python3 "$top/tests/e2e/tamper.py" --only "$record" "$work/one" \
    "$work/all/records.csv"
check "each flipped, missing, added or moved byte is named" \
    python3 "$top/tests/e2e/tamper.py" "$bin/beatbook-verify" "$work/one" \
    "$anchor"
check "the same in the bundle of everything (one of each)" \
    python3 "$top/tests/e2e/tamper.py" --few "$bin/beatbook-verify" \
    "$work/all" "$anchor"
done_testing
