#!/bin/sh
# run.sh - what the simulator finds when the product is broken on purpose.
#
# usage: sh tests/mutants/run.sh [PATCH...]     (all in this folder)
# BEATBOOK_MUTANT_SEEDS: how many seeds each gets at most (1000).
# Each patch is applied to a copy of the tree, sim_stub is built, and seeds
# run until one fails. Prints a table; exit code 1 when one was not caught.
set -eu
cd "$(dirname "$0")/../.."
seeds=${BEATBOOK_MUTANT_SEEDS:-1000}
folder=${BEATBOOK_BUILD:-build}/mutants
[ $# -gt 0 ] || set -- tests/mutants/*.patch
rm -rf "$folder/src"
mkdir -p "$folder/src"
git ls-files -z | xargs -0 tar c | tar xm -C "$folder/src" # newer than objects
folder=$(cd "$folder" && pwd)
export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR="$folder/src"

build() {
    ninja -C "$folder/build" tests/sim_stub >"$folder/ninja.log" 2>&1
}

cmake -G Ninja -S "$folder/src" -B "$folder/build" >"$folder/cmake.log" 2>&1
build || {
    tail -20 "$folder/ninja.log" >&2
    exit 1
}
missed=0
echo "| mutant | what it does | caught by |"
echo "|---|---|---|"
for patch in "$@"; do
    name=$(basename "$patch" .patch)
    (cd "$folder/src" && patch -s -p1) <"$patch"
    if ! build; then
        by="does not build"
        missed=1
    elif "$folder/build/tests/sim_stub" --seed 1 --runs "$seeds" \
        --jobs "$(nproc)" --first >"$folder/$name.log" 2>&1; then
        by="NOT CAUGHT by $seeds seeds"
        missed=1
    else
        seed=$(sed -n 's/^FAILED seed //p' "$folder/$name.log" | head -n 1)
        why=$(sed -n "s/^seed $seed, [0-9]* ms: //p" "$folder/$name.log" |
            head -n 1)
        by="\`sim_stub --seed $seed\`: ${why:-crashed or hung}"
    fi
    (cd "$folder/src" && patch -s -R -p1) <"$patch"
    echo "| $name | $(head -n 1 "$patch") | $by |"
done
exit $missed
