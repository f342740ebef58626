#!/bin/sh
# run.sh - everything that can fail, failed on purpose, one thing at a time.
#
# usage: sh tests/torture/run.sh [alloc|power|cuts|syscalls|inside...] [--all]
#   alloc     the n-th allocation, in the test programs and the journeys
#   power     power lost at every sync point, in some hundred ways each
#   cuts      requests and answers cut at every byte; bits of a store flipped;
#             the real programs behind a proxy that cuts
#   syscalls  calls of the disk and of the port; those of the real programs to
#             the system, by strace
#   inside    what of the last three happens in one process: always the same
# Without a name: the first four. --all: every n in place of samples, for hours.
#
# Settings: BEATBOOK_BUILD (build-torture), BEATBOOK_CMAKE (more arguments
# for cmake), as for tests/run.sh; BEATBOOK_TORTURE_RUNS (runs for each test
# of alloc: 8).
#
# Figures are printed as "measure | ours"; the last line is
# "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/../.."

parts=
budget=${BEATBOOK_TORTURE_RUNS:-8}
all=
for arg in "$@"; do
    case $arg in
    alloc | power | cuts | syscalls | inside) parts="$parts $arg" ;;
    --all) all=" --all" budget=0 ;;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    esac
done
[ -n "$parts" ] || parts="alloc power cuts syscalls"

build=${BEATBOOK_BUILD:-build-torture}
mkdir -p "$build"
# shellcheck disable=SC2086 # the settings are words
cmake -G Ninja -S . -B "$build" -DBEATBOOK_WERROR=ON ${BEATBOOK_CMAKE:-} \
    >"$build/cmake.log" 2>&1 || {
    tail -30 "$build/cmake.log" >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}
target=torture
[ "$parts" != " inside" ] || target=torture_journeys_quick
ninja -C "$build" "$target" >"$build/ninja.log" || {
    grep -v '^\[' "$build/ninja.log" | tail -60 >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}
out=$build/torture/out
rm -rf "$out"
mkdir -p "$out"

# run NAME COMMAND...: its output in a file of its own; one that ends badly
# without having said "not ok" says it here.
cat >"$out/run" <<'END'
name=$1 out=$2
shift 2
"$@" >"$out/$name.tap" 2>&1 || {
    code=$?
    if [ $code = 77 ]; then
        echo "ok - $name # SKIP" >>"$out/$name.tap"
    elif ! grep -q '^not ok' "$out/$name.tap"; then
        echo "not ok - $name ended with $code" >>"$out/$name.tap"
    fi
}
END
# As many at a time as there are processors; jobs are lines on stdin, without
# a blank at their end: xargs would take the next line along.
jobs_of() {
    xargs -L 1 -P "$(nproc)" sh "$out/run"
}

alloc() {
    for program in "$build"/torture/sweep_*; do
        [ -x "$program" ] || continue
        echo "alloc-${program##*/sweep_} $out $program"
    done | TORTURE_BUDGET=$budget \
        ASAN_OPTIONS=detect_leaks=0:exitcode=99:allocator_may_return_null=1 \
        jobs_of
    awk '/^# sweep / { tests += $3; runs += $7; bad += $10; n++ }
        END { printf "allocations failed | %d runs of %d tests in %d " \
            "programs, %d crashed\n", runs, tests, n, bad }' "$out"/alloc-*.tap
    for journey in save sync enrol; do
        echo "journey-$journey $out $build/torture/journeys alloc" \
            "$journey$all"
    done | ASAN_OPTIONS=detect_leaks=0:exitcode=99:allocator_may_return_null=1 \
        jobs_of
    sed -n 's/^# \(journey .*\)/allocations failed, \1/p' "$out"/journey-*.tap
}

# journeys PART...: each part of the journeys program, each journey alone; the
# one with the quick curve (tests/quick), as no allocation fails here.
journeys() {
    for part in "$@"; do
        for journey in sync enrol save; do
            echo "$part-$journey $out $build/torture/journeys_quick $part" \
                "$journey$all"
        done
    done | ASAN_OPTIONS=detect_leaks=0:exitcode=99:allocator_may_return_null=1 \
        jobs_of
    for part in "$@"; do
        sed -n 's/^# \([a-z][a-z ]*|.*\)/\1/p' "$out/$part"-*.tap
    done
}
# programs SCRIPT JOURNEY...: the real programs, each journey alone.
programs() {
    script=$1
    shift
    for journey in "$@"; do
        echo "$script-$journey-real $out sh tests/torture/$script.sh $build" \
            "$journey$all"
    done | jobs_of
    sed -n 's/^# \([a-z][a-z ]*|.*\)/\1/p' "$out/$script"-*-real.tap
}
power() { journeys power; }
inside() { journeys power cuts flip calls; }
cuts() {
    journeys cuts flip
    programs cuts sync enrol
}
syscalls() {
    journeys calls
    programs syscalls save sync enrol server
}

for part in $parts; do
    $part
done
cat "$out"/*.tap | awk '
    /^not ok/ { failed++; told = 12; print; next }
    /^ok .*# SKIP/ { skipped++; told = 0; next }
    /^ok/ { passed++; told = 0; next }
    told-- > 0 { print }
    END {
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }'
