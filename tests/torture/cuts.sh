#!/bin/sh
# cuts.sh - the real programs over loopback, the line cut after so many
# bytes by a proxy; the tablet goes on by itself, or at the next try.
#
# usage: sh tests/torture/cuts.sh BUILD_DIR save|sync|enrol [--all]
#
# Bytes are those of the encrypted connections, up and down. One in 50 is
# taken; without --all one in 1,000.
set -eu
. "$(dirname "$0")/../e2e/lib.sh"
journey=$2
every=1000
[ "${3:-}" != --all ] || every=50
[ "$journey" != save ] || skip_all "a save has no bytes on a wire"
command -v python3 >/dev/null || skip_all "no python3 here"
command -v jq >/dev/null || skip_all "no jq here"
proxy_pid=

# proxy ARGUMENT...: bad_peer's, on any port, its address in $proxy.
proxy() {
    python3 "$top/tests/torture/cut_proxy.py" "$@" >"$work/proxy" 2>&1 &
    proxy_pid=$!
    until grep -q '^ready [0-9]' "$work/proxy"; do
        kill -0 $proxy_pid 2>/dev/null || not_ok "the proxy starts"
    done
    proxy=http://127.0.0.1:$(sed -n 's/^ready //p' "$work/proxy")
}
end_proxy() {
    [ -z "$proxy_pid" ] || kill $proxy_pid 2>/dev/null || :
    [ -z "$proxy_pid" ] || wait $proxy_pid 2>/dev/null || :
    proxy_pid=
}
at_end=end_proxy

record() {
    "$bin/beatbookctl" record ASB-09 note=n --photo "$work/photo" \
        --dir "$work/t" >"$work/id" 2>"$work/record.log" ||
        not_ok "it is recorded"
    tail -n 1 "$work/id" >>"$work/saved"
}
new_code() {
    rm -rf "$work/e"
    code=$("$bin/beatbook-server" enrol --dir "$work/server" \
        --device "e$number" --weak-storage | tail -n 1)
}
enrol() {
    "$bin/beatbookctl" enrol --dir "$work/e" --code "$code" --officer 4127 \
        "$@" >"$work/run.log" 2>&1
}
fail() {
    sed 's/^/# /' "$work/run.log"
    not_ok "$where: $1"
}

one_sync() {
    record
    "$bin/beatbookctl" sync --dir "$work/t" --proxy "$proxy" \
        >"$work/run.log" 2>&1 || :
}
after_sync() {
    ctl fsck t >"$work/run.log" 2>&1 || fail "fsck is clean"
    ctl sync t >"$work/run.log" 2>&1 || fail "it syncs again"
    [ "$(status_of t .waiting)" = 0 ] || fail "0 waiting"
}
one_enrol() {
    new_code
    enrol --proxy "$proxy" || :
}
after_enrol() {
    if ! ctl status e --json >"$work/run.log" 2>&1; then
        enrol || {
            new_code # it was used, its answer was lost
            enrol || fail "it can be enrolled"
        }
    fi
    ctl fsck e >"$work/run.log" 2>&1 || fail "fsck is clean"
    ctl sync e >"$work/run.log" 2>&1 || fail "it syncs"
}

head -c 600 /dev/zero >"$work/photo"
: >"$work/saved"
: >"$work/run.log"
number=0
make_council
start_server
enrol_tablet t 4127

# How many bytes go either way when nothing is cut.
proxy up 0
one_"$journey"
end_proxy
up=$(sed -n 's/^up //p' "$work/proxy" | tail -n 1)
down=$(sed -n 's/^down //p' "$work/proxy" | tail -n 1)
where="uncut"
after_"$journey"
for way in up down; do
    [ $way = up ] && bytes=$up || bytes=$down
    at=$((every / 2))
    while [ "$at" -lt "$bytes" ]; do
        number=$((number + 1))
        where="$journey cut after $at bytes $way"
        proxy $way "$at"
        one_"$journey"
        end_proxy
        after_"$journey"
        at=$((at + every))
    done
done
[ "$number" -gt 0 ] || not_ok "$journey: something is cut"
ok "$journey: $number cuts in $((up + down)) bytes, each goes on"
ctl sync t >"$work/run.log" 2>&1 || fail "all of it syncs"
"$bin/beatbook-server" export --dir "$work/server" --bundle "$work/all" \
    >"$work/run.log" 2>&1 || fail "the council exports it"
cut -d, -f1 "$work/all/records.csv" | sort >"$work/exported"
sort -u "$work/saved" >"$work/want"
[ "$(comm -13 "$work/exported" "$work/want" | grep -c '')" = 0 ] ||
    not_ok "$journey: an acknowledged record is missing"
[ -z "$(uniq -d "$work/exported")" ] || not_ok "$journey: a record is twice"
ok "$journey: $(grep -c '' "$work/want") records, none missing, none twice"
stop_server
"$bin/beatbook-server" fsck --dir "$work/server" >"$work/run.log" 2>&1 ||
    fail "the server's fsck is clean"
echo "# loopback $journey | $number cuts in $((up + down)) bytes of TLS," \
    "0 lost"
done_testing
