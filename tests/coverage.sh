#!/bin/sh
# coverage.sh - how much of the core the tests reach: lines, branches and
# conditions (MC/DC, by clang 19).
#
# usage: sh tests/coverage.sh [FILE...]     (default: all of core)
#
# Builds in build-coverage; runs unit, corpus, a short simulation, and every
# test of core and server core with calls failing, at each call site of ours
# that any of them comes by (torture/sweep.c), and with allocations failing,
# sampled; prints totals here and a row a file in build-coverage/report.txt.
# An ASSERT is no branch: what it says never happens. What is missed:
#   llvm-cov-19 show PROGRAM -instr-profile=build-coverage/all.profdata FILE
# Settings: BEATBOOK_SEEDS (of the stub's simulation: 200),
# BEATBOOK_TORTURE_RUNS (failing allocations of each test: 8; 0: none).
set -eu
cd "$(dirname "$0")/.."
build="build-coverage"
seeds=${BEATBOOK_SEEDS:-200}

sh platform/linux/setup.sh build coverage
mkdir -p "$build"
cmake -G Ninja -S . -B "$build" -DCMAKE_C_COMPILER=clang-19 \
    -DCMAKE_BUILD_TYPE=Debug -DBEATBOOK_COVERAGE=ON >"$build/cmake.log"
ninja -C "$build" all torture >"$build/ninja.log" || {
    grep -v '^\[' "$build/ninja.log" | tail -40 >&2
    exit 1
}

# %m: one file a program, added to by each of its runs.
rm -rf "$build/profiles"
LLVM_PROFILE_FILE=$PWD/$build/profiles/%m.profraw
export LLVM_PROFILE_FILE
BEATBOOK_SIM_RUNS=${BEATBOOK_SIM_RUNS:-5}
export BEATBOOK_SIM_RUNS
ctest --test-dir "$build" -L 'unit|corpus|sim' -j "$(nproc)" \
    >"$build/tests.log" 2>&1 || grep -E '\*\*\*' "$build/tests.log" >&2 || :
"$build/tests/sim_stub" --seed 1 --runs "$seeds" >>"$build/tests.log" 2>&1 ||
    tail -5 "$build/tests.log" >&2
sweeps() {
    printf '%s\n' "$build"/torture/sweep_* | xargs -L 1 -P "$(nproc)" env \
        >>"$build/torture.log" 2>&1 ||
        grep '^not ok' "$build/torture.log" >&2 || :
}
rm -f "$build/torture.log" "$build/sites"
TORTURE_WHAT=calls TORTURE_SITES=$build/sites sweeps
runs=${BEATBOOK_TORTURE_RUNS:-8}
[ "$runs" = 0 ] || TORTURE_WHAT=heap TORTURE_BUDGET=$runs sweeps
for journey in save sync enrol; do
    "$build/torture/journeys_quick" calls "$journey" >>"$build/torture.log" 2>&1 ||
        tail -5 "$build/torture.log" >&2
done
llvm-profdata-19 merge -sparse -o "$build/all.profdata" \
    "$build"/profiles/*.profraw

objects=$(find "$build/tests" "$build/bin" -maxdepth 1 -type f -perm -u+x |
    sort | sed '2,$s/^/-object /')
[ $# -gt 0 ] || set -- core/*.c
# shellcheck disable=SC2086 # the objects are words
llvm-cov-19 report $objects -instr-profile="$build/all.profdata" \
    -show-mcdc-summary -show-branch-summary -show-region-summary=false \
    "$@" 2>"$build/report.log" >"$build/report.txt"
awk '/^TOTAL/ {
    print "measure | anchor | ours"
    print "core coverage, lines | - | " $7
    print "core coverage, branches | SQLite: 100 % | " $10
    print "core coverage, MC/DC | SQLite: 100 % | " $13
}' "$build/report.txt"
echo "by file: $build/report.txt"
