#!/bin/sh
# conform.sh - runs of the simulator, with the real cryptography, replayed
# against the model's rules: what went over the wire must follow from them.
#
# usage: sh tests/model/conform.sh BUILD_DIR [SEEDS] [FIRST]
#   BEATBOOK_MODULES  the node_modules folder that has cborg
set -eu
build=$1 seeds=${2:-12} first=${3:-1}
top=$(cd "$(dirname "$0")/../.." && pwd)
skip() {
    echo "1..0 # skipped: $1"
    exit 77
}
command -v node >/dev/null || skip "no node here"
export BEATBOOK_MODULES="${BEATBOOK_MODULES:-}"
[ -d "$BEATBOOK_MODULES/cborg" ] || skip "no cborg here"
work=$(mktemp -d "${TMPDIR:-/tmp}/beatbook-conform.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

failed=0
seed=$first
while [ "$seed" -lt $((first + seeds)) ]; do
    trace=$work/seed-$seed
    if "$build/tests/sim" --seed "$seed" --runs 1 --wire "$trace" \
        >"$work/log" 2>&1 &&
        node "$top/tests/model/conform.mjs" "$trace" >"$work/log" 2>&1; then
        echo "ok $((seed - first + 1)) - seed $seed does what the model allows"
    else
        echo "not ok $((seed - first + 1)) - seed $seed"
        failed=1
    fi
    sed "s|$work/||;s/^/# /" "$work/log"
    rm -f "$trace"
    seed=$((seed + 1))
done
echo "1..$seeds"
exit $failed
