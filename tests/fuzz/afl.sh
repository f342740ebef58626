#!/bin/sh
# afl.sh - AFL++ on whole programs that read a file of somebody else's:
# beatbook-verify on a bundle (its manifest, events, chains), beatbook-server
# import on a tablet's hand-over file. Prints a line each; exit code 1 where
# one crashed or hung: the input lies in build-afl/found.
#
# usage: sh tests/fuzz/afl.sh [MINUTES]     (6, divided among the targets)
# Missing afl++: sh platform/linux/setup.sh fuzz
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:-6}
build=${BEATBOOK_AFL_BUILD:-build-afl}
for tool in afl-clang-fast afl-fuzz; do
    command -v $tool >/dev/null || {
        echo "afl.sh: no $tool here: sh platform/linux/setup.sh fuzz" >&2
        exit 77
    }
done
export AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
mkdir -p "$build"
{
    cmake -G Ninja -S . -B "$build" -DCMAKE_C_COMPILER=afl-clang-fast \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo
    ninja -C "$build" beatbook-verify beatbook-server beatbookctl
} >"$build/build.log" 2>&1 || {
    tail -n 20 "$build/build.log" >&2
    exit 1
}

set -- "$build"
. tests/e2e/lib.sh

# A council with an entry and a photo, its bundle, and a tablet's hand-over.
make_council
start_server
enrol_tablet a 4127
ctl record a ASB-09 note=sent --photo assets/demo/photos/bench.jpg \
    >"$work/record.log"
check "a tablet syncs" ctl sync a
stop_server
ctl record a ASB-09 note=unsent >"$work/record.log"
check "its hand-over file" ctl export a --sealed "$work/whole.bho"
check "a bundle" "$bin/beatbook-server" export --dir "$work/server" \
    --bundle "$work/bundle"
anchor=$("$bin/beatbook-server" fingerprint --dir "$work/server" | tail -n 1 |
    tr -cd '0-9a-f')

targets=4
seconds=$(awk -v m="$minutes" -v n=$targets 'BEGIN { print int(m * 60 / n) }')
[ "$seconds" -gt 0 ] || seconds=1
bad=0
stat_of() { sed -n "s/^$2 *: //p" "$1/default/fuzzer_stats"; }
# target NAME FILE SEED COMMAND...: FILE is where each input is written.
target() {
    name=$1 file=$2 in=$work/in-$1 out=$build/found/$1
    mkdir -p "$in" "$build/found"
    cp "$3" "$in/own"
    shift 3
    for seed in tests/fuzz/corpus/fuzz_"${name%%-*}"/*; do
        [ ! -f "$seed" ] || cp "$seed" "$in"
    done
    rm -rf "$out"
    if ! afl-fuzz -i "$in" -o "$out" -f "$file" -V "$seconds" -t 5000 -m none \
        -- "$@" >"$work/afl.log" 2>&1; then
        tail -n 20 "$work/afl.log"
        not_ok "$name runs"
    fi
    crashes=$(stat_of "$out" saved_crashes)
    hangs=$(stat_of "$out" saved_hangs)
    echo "$name: $(stat_of "$out" execs_done) runs," \
        "$(stat_of "$out" corpus_count) paths, ${crashes:-?} crashes," \
        "${hangs:-?} hangs"
    [ "$crashes" = 0 ] && [ "$hangs" = 0 ] || bad=1
}
# part NAME FILE: that file of the bundle, beside the others as they were
part() {
    cp -a "$work/bundle" "$work/$1"
    target "bundle-$1" "$work/$1/$2" "$work/bundle/$2" \
        "$bin/beatbook-verify" "$work/$1" --anchor "$anchor"
}

part manifest manifest.cose
part events events.cborseq
part chains chains.cborseq
target handover "$work/stick.bho" "$work/whole.bho" "$bin/beatbook-server" \
    import --dir "$work/server" --sealed "$work/stick.bho" \
    --receipt "$work/receipt"
[ "$bad" = 0 ] || not_ok "no input crashes or hangs a program"
ok "no input crashes or hangs a program"
done_testing
