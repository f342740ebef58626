#!/bin/sh
# outside_tester.sh - the real programs before a tester that shares no code
# with them: journeys drawn from a seed through a bad network, with kill -9,
# copies, restored tablets and servers; then its own account of what was
# acknowledged against the council's export.
#
# usage: sh tests/e2e/outside_tester.sh BUILD_DIR [SEED] [ROUNDS]
#   BEATBOOK_MODULES  the node_modules folder that has cborg
# Without a SEED two short journeys. A seed repeats what is decided, not how
# long each thing takes.
set -eu
. "$(dirname "$0")/lib.sh"
for tool in node python3 zstd; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
export BEATBOOK_MODULES="${BEATBOOK_MODULES:-}"
[ -d "$BEATBOOK_MODULES/cborg" ] || skip_all "no cborg here"

failed=0
for seed in ${2:-1 2}; do
    mkdir "$work/$seed"
    echo "# seed $seed"
    node "$top/tests/outside/tester.mjs" "$bin" "$work/$seed" "$seed" \
        "${3:-7}" >"$work/tap" || failed=1
    grep -v '^1\.\.' "$work/tap"
    rm -rf "${work:?}/$seed"
done
exit $failed
