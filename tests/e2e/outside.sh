#!/bin/sh
# outside.sh - evidence bundles before a verifier that was written from
# core/PROTOCOL.md alone, in another language: it and ours must agree.
#
# usage: sh tests/e2e/outside.sh BUILD_DIR
#   BEATBOOK_MODULES  the node_modules folder that has cborg
set -eu
. "$(dirname "$0")/lib.sh"
for tool in node jq python3; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
export BEATBOOK_MODULES="${BEATBOOK_MODULES:-}"
[ -d "$BEATBOOK_MODULES/cborg" ] || skip_all "no cborg here"

# As programs like ours, for tamper.py. `both` answers as the outside one
# does, or 99 where the two don't agree.
outside=$work/outside
cat >"$outside" <<EOF
#!/bin/sh
exec node "$top/tests/outside/verify.mjs" "\$@"
EOF
both=$work/both
cat >"$both" <<EOF
#!/bin/sh
theirs=0 ours=0
"$outside" "\$@" || theirs=\$?
"$bin/beatbook-verify" "\$@" >"$work/ours.log" 2>&1 || ours=\$?
[ "\$ours" = "\$theirs" ] && exit "\$ours"
echo "ours: \$ours, outside: \$theirs"
cat "$work/ours.log"
exit 99
EOF
chmod 700 "$outside" "$both"

make_council
start_server
enrol_tablet t 4127
ctl record t ASB-04 note='Loud music at the bus stop' \
    place=51.3713,0.7241,5 --photo "$top/assets/demo/photos/bench.jpg" \
    >"$work/id"
for note in 'Broken glass' 'Again the same' 'Nobody there'; do
    ctl record t ASB-04 note="$note" >>"$work/id"
done
check "the records and the photo are synced" ctl sync t
export_bundle() {
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$@"
}
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1)
check "the council exports everything" export_bundle "$work/all"
check "it exports one record" \
    export_bundle "$work/one" --record "$(head -n 1 "$work/id")"
[ -n "$(ls "$work/one/blobs")" ] || not_ok "the photo is in it"

for scope in all one; do
    check "$scope: both say that it holds" "$both" "$work/$scope" \
        --anchor "$anchor"
    sed 's/^/# /' "$work/check.log"
    got=0
    "$both" "$work/$scope" >"$work/no-anchor.log" || got=$?
    [ $got = 3 ] || not_ok "$scope: both say 3 without an anchor, not $got"
    ok "$scope: both say that no anchor was given"
    got=0
    "$both" "$work/$scope" --anchor "$(echo "$anchor" | tr 0-9 1-90)" \
        >"$work/other.log" || got=$?
    [ $got = 1 ] || not_ok "$scope: both refuse another anchor, not $got"
    ok "$scope: both refuse another anchor"
    check "$scope: both find each changed byte, in the file that has it" \
        python3 "$top/tests/e2e/tamper.py" --few "$both" "$work/$scope" \
        "$anchor"
    sed 's/^/# /' "$work/check.log"

    # Beyond the manifest's hashes: signed by a key that was made for this.
    node "$top/tests/outside/forge.mjs" "$work/$scope" "$work/forged" \
        >"$work/cases"
    while read -r name want; do
        got=0
        "$both" "$work/forged/$name" >"$work/check.log" 2>&1 || got=$?
        [ "$got" = "$want" ] || {
            sed 's/^/# /' "$work/check.log"
            not_ok "$scope: $name: both say $want, not $got"
        }
    done <"$work/cases"
    ok "$scope: both judge $(grep -c '' "$work/cases") forgeries alike"
    rm -r "$work/forged"
done
done_testing
