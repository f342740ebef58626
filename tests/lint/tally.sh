#!/bin/sh
# tally.sh - tally.awk counts cases as they went. The cases are told in TAP.
tally=$(dirname "$0")/../tally.awk
number=0
bad=0

# expect TOTALS WHAT RESULT LINE...: a program that said LINE... and of which
# ctest said RESULT.
expect() {
    want=$1
    what=$2
    result=$3
    shift 3
    got=$({
        echo '    Start 1: test_x'
        for line in "$@"; do
            echo "1: $line"
        done
        echo "1/1 Test #1: test_x ....................$result    0.01 sec"
    } | awk -f "$tally")
    code=$?
    number=$((number + 1))
    fails=1
    case $want in
    *', 0 failed'*) fails=0 ;;
    esac
    if [ "$(echo "$got" | tail -n 1)" = "$want" ] && [ $code -eq $fails ]; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what"
        echo "$got" | sed 's/^/# /'
        bad=1
    fi
}

expect '2 passed, 0 failed, 0 skipped' 'two cases are two' \
    '   Passed' '1..2' 'ok 1 - a' 'ok 2 - b'
expect '1 passed, 0 failed, 1 skipped' 'a skipped case has not passed' \
    '   Passed' '1..2' 'ok 1 - a' 'not ok 2 # SKIP b'
expect '1 passed, 1 failed, 0 skipped' 'a failed case fails' \
    '***Failed' '1..2' 'ok 1 - a' 'not ok 2 - b'
expect '1 passed, 1 failed, 0 skipped' 'a crash is a failure' \
    'Subprocess aborted***Exception:' '1..2' 'ok 1 - a'
expect '2 passed, 1 failed, 0 skipped' 'a crash after the last case is too' \
    '***Exception: SegFault' '1..2' 'ok 1 - a' 'ok 2 - b'
expect '1 passed, 1 failed, 0 skipped' 'a time-out is a failure' \
    '***Timeout' '1..2' 'ok 1 - a'
expect '1 passed, 1 failed, 0 skipped' 'a case that was not told failed' \
    '   Passed' '1..2' 'ok 1 - a'
expect '0 passed, 1 failed, 0 skipped' 'a program that is not there fails' \
    '***Not Run'
expect '1 passed, 0 failed, 0 skipped' 'a silent program is one case' \
    '   Passed'
expect '0 passed, 0 failed, 1 skipped' 'a skipped script is one case' \
    '***Skipped'
number=$((number + 1))
if awk -f "$tally" </dev/null >/dev/null; then
    echo "not ok $number - a run without a test is a failure"
    bad=1
else
    echo "ok $number - a run without a test is a failure"
fi
exit $bad
