#!/bin/sh
# sets.sh - the simulator's two sets, and the lines of the table of measures
# that they give.
#
# usage: sh tests/sim/sets.sh BUILD
# BEATBOOK_SIM=ci: 10,200 seeds with the stub curve (10,000 of them count: two
# tablets, 200 operations, a fault), 50 tablet-years
# with the real one (tests/run.sh sets it for the group sim alone); else a few.
# BEATBOOK_SIM_RUNS, BEATBOOK_SIM_REAL: other numbers of runs.
# The table lies in BUILD/sim-table.txt afterwards.
set -u
build=$1
sim=$build/tests/sim
table=$build/sim-table.txt
here=$(dirname "$0")
jobs=$(nproc)
rm -f "$table" "$build/sim-stub.txt" "$build/sim-real.txt"
if [ "${BEATBOOK_SIM:-short}" = ci ]; then
    stub=${BEATBOOK_SIM_RUNS:-10200} real=${BEATBOOK_SIM_REAL:-120}
else
    stub=${BEATBOOK_SIM_RUNS:-40} real=${BEATBOOK_SIM_REAL:-6}
fi
failed=0
case_number=0

# set PROGRAM RUNS TABLE: one set as a TAP case.
set_of() {
    case_number=$((case_number + 1))
    # shellcheck disable=SC2086 # the wrapper is a command with its arguments
    if sh "$here/../run-one.sh" "$1" --seed 1 --runs "$2" --jobs "$jobs" \
        --table "$3"; then
        echo "ok $case_number - $2 seeds of $(basename "$1")"
    else
        echo "not ok $case_number - $2 seeds of $(basename "$1")"
        failed=1
    fi
}

# value FILE NAME: a number of one set.
value() {
    sed -n "s/^$2 //p" "$1"
}

line() {
    printf '| %s | %s | %s |\n' "$1" "$2" "$3" >>"$table"
}

set_of "${sim}_stub" "$stub" "$build/sim-stub.txt"
set_of "$sim" "$real" "$build/sim-real.txt"
[ -f "$build/sim-stub.txt" ] && [ -f "$build/sim-real.txt" ] || exit 1

s=$build/sim-stub.txt
r=$build/sim-real.txt
line measure anchor ours
line --- --- ---
line "partition then heal, stuck or diverged" \
    "PowerSync under Jepsen: 30-40 %" \
    "$(value "$s" failures) of $(value "$s" partitions)"
line "kill and restart, stuck" "PowerSync: ~0.5 %" \
    "$(value "$s" failures) of $(value "$s" kills)"
line "seeds (>= 2 tablets, >= 200 operations, >= 1 fault fired)" \
    "Dropbox ~10 M a night on a farm" "$(value "$s" counted)"
line "simulated tablet-years, stub curve" - "$(value "$s" years)"
line "simulated tablet-years, real cryptography" - "$(value "$r" years)"
line "longest way to convergence after the last fault, virtual" \
    "our own limit: 600 s, 1,500 s where nobody presses" \
    "$(value "$s" heal_s) s"
cat "$table"
exit $failed
