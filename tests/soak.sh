#!/bin/sh
# soak.sh - simulate for hours, beyond the seeds of CI.
#
# usage: sh tests/soak.sh HOURS      (nice sh tests/soak.sh 8)
# A fraction is allowed (0.5). Sets of ten minutes, the second of seven with
# the real cryptography; after each the result is added to tests/soak.txt, so
# it may be stopped at any time. Failures go to build/soak.log with the command
# that repeats them; exit code 1 then. A soak of an hour or more begins with
# what .ci/run cuts short: each place of each sweep on arm64, and AFL++ on whole
# programs for ten minutes.
set -eu
cd "$(dirname "$0")/.."
hours=${1:?usage: sh tests/soak.sh HOURS}
build=${BEATBOOK_BUILD:-build}
out=tests/soak.txt
set_minutes=10

sh platform/linux/setup.sh build
mkdir -p "$build"
cmake -G Ninja -S . -B "$build" >"$build/cmake.log" 2>&1
ninja -C "$build" tests/sim tests/sim_stub >"$build/ninja.log"
bin=$build/soak-bin # a later build must not change what runs here
mkdir -p "$bin"
cp "$build/tests/sim" "$build/tests/sim_stub" "$bin"

# value FILE NAME OTHERWISE
value() {
    found=$(sed -n "s/^$2 //p" "$1" 2>/dev/null)
    echo "${found:-$3}"
}

machine() {
    printf '%s cores, %s, %s GiB' "$(nproc)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
}

# The result so far plus this set; seeds of both kinds go up for ever.
add_set() {
    awk -v kind="$1" -v hash="$(git rev-parse --short=12 HEAD)" \
        -v machine="$(machine)" '
    FNR == NR { old[$1] = $2; next }
    { now[$1] = $2 }
    function sum(name) { return old[kind "-" name] + now[name] }
    END {
        split("stub real", kinds, " ")
        split("next-seed runs counted partitions kills years operations" \
            " failures", names, " ")
        next_seed = now["first"] + now["runs"]
        for (i = 2; i in names; i++) old[kind "-" names[i]] = sum(names[i])
        old[kind "-next-seed"] = next_seed
        print "# soak.txt - all soaks so far; tests/soak.sh adds to it."
        print "machine " machine
        print "git " hash
        for (k = 1; k <= 2; k++)
            for (i = 1; i in names; i++)
                printf "%s-%s %.10g\n", kinds[k], names[i],
                    old[kinds[k] "-" names[i]] + 0
    }' "$2" "$3" >"$out.new"
    mv "$out.new" "$out"
}

[ -f "$out" ] || echo "# soak.txt" >"$out"
end=$(awk -v now="$(date +%s)" -v h="$hours" 'BEGIN { print int(now + h * 3600) }')
code=0
n=0
if awk -v h="$hours" 'BEGIN { exit !(h >= 1) }'; then
    BEATBOOK_FULL=1 bash .ci/run arm64 >>"$build/soak.log" 2>&1 || code=1
    sh platform/linux/setup.sh fuzz
    sh tests/fuzz/afl.sh 10 >>"$build/soak.log" 2>&1 || code=1
fi
while :; do
    left=$(((end - $(date +%s)) / 60))
    [ "$left" -gt 0 ] || break
    kind=stub program=$bin/sim_stub
    [ $((n % 7)) -ne 1 ] || { kind=real program=$bin/sim; }
    minutes=$((left < set_minutes ? left : set_minutes))
    first=$(value "$out" "$kind-next-seed" 0)
    [ "$first" -gt 0 ] || first=100001
    "$program" --seed "$first" --runs 100000000 --jobs "$(nproc)" \
        --minutes "$minutes" --table "$build/soak-set.txt" \
        >>"$build/soak.log" 2>&1 || code=1
    add_set "$kind" "$out" "$build/soak-set.txt"
    n=$((n + 1))
done
cat "$out"
exit $code
