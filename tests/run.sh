#!/bin/sh
# run.sh - set up, build and run the tests.
#
# usage: sh tests/run.sh [GROUP...]
#   unit lint sim corpus data   the default, all five
#   e2e     the real programs, started and stopped
#   shift   a whole shift in a real window, on real data
#   model   the rules of reconciliation, every state within bounds
#   arm64   the core cross-compiled, its unit tests under qemu
#   all     everything but arm64
#
# Settings from the environment:
#   BEATBOOK_BUILD   build folder (build)
#   BEATBOOK_CMAKE   more arguments for cmake
#   BEATBOOK_WRAP    command before each test program, e.g. valgrind
#   BEATBOOK_SIM     ci: the simulator's full sets (13 minutes on 2 cores);
#                    so where sim is the only group; short: a few seeds
#   BEATBOOK_EXCLUDE pattern of test programs to leave out
#   BEATBOOK_DATA    folder with real data (../shared/data); tests that
#                    need it say "skipped" where it is missing
#
# The last line is "N passed, N failed, N skipped", counted in test cases;
# the exit code is not 0 when one failed or none ran.
set -eu
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- unit lint sim corpus data
[ "$*" != sim ] || export BEATBOOK_SIM="${BEATBOOK_SIM:-ci}"
[ "$*" != all ] || set -- unit lint sim corpus data e2e model

build=${BEATBOOK_BUILD:-build}
more=${BEATBOOK_CMAKE:-}
packages=build
labels=
jobs=$(nproc)
for group in "$@"; do
    case $group in
    unit | sim | corpus) ;;
    lint) packages="$packages lint" ;;
    data | e2e | model | shift)
        packages="$packages test"
        jobs=$(($(nproc) + 1)) # they wait half of their time
        ;;
    arm64)
        [ "$*" = arm64 ] || {
            echo "run.sh: arm64 has its own build; run it alone" >&2
            exit 2
        }
        packages="$packages cross"
        build=${BEATBOOK_BUILD:-build-arm64}
        more="$more -DBEATBOOK_LINUX=OFF -DBEATBOOK_UI=OFF
            -DBEATBOOK_SERVER=OFF
            -DCMAKE_TOOLCHAIN_FILE=platform/linux/cross-arm64.cmake"
        BEATBOOK_WRAP=${BEATBOOK_WRAP:-qemu-aarch64}
        export BEATBOOK_WRAP
        group=unit
        ;;
    *)
        echo "run.sh: no group \"$group\"" >&2
        exit 2
        ;;
    esac
    labels="$labels|^$group\$"
done

stop() {
    echo "run.sh: $1" >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

# shellcheck disable=SC2086 # the settings are words
sh platform/linux/setup.sh $packages || stop "set-up failed"
mkdir -p "$build"
# shellcheck disable=SC2086
cmake -G Ninja -S . -B "$build" -DBEATBOOK_WERROR=ON $more \
    >"$build/cmake.log" 2>&1 || {
    tail -30 "$build/cmake.log" >&2
    stop "cmake failed"
}
ninja -C "$build" -k 0 >"$build/ninja.log" || {
    grep -v '^\[' "$build/ninja.log" | tail -60 >&2
    stop "the build failed"
}

# Cases are counted from what the programs say (TAP), not from their number.
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
ctest --test-dir "$build" -V -j "$jobs" -L "${labels#|}" \
    -E "${BEATBOOK_EXCLUDE:-^\$}" \
    >"$build/tests.log" 2>&1 || true
[ "$*" != sim ] || cat "$build/sim-table.txt" 2>/dev/null || true
awk -f tests/tally.awk "$build/tests.log"
