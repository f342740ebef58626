#!/bin/sh
# protocol.sh - the tables 10.1 and 10.2 of core/PROTOCOL.md say what
# core/ops.def says: somebody who has only that page must not be misled.
#
# usage: sh tests/lint/protocol.sh   (in the top folder)
ops=${OPS:-core/ops.def}
page=${PAGE:-core/PROTOCOL.md}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# NUMBER WORD of the list $1 in ops.def.
defined() {
    awk -v list="$1" '
        /^#define / { on = index($2, list "(") == 1 }
        on && /X\([0-9]+,/ {
            split($0, part, /[(,"]+ *"?/)
            print part[2], part[4]
        }' "$ops" | sort -n
}
# The same of the section $1 of the page.
written() {
    awk -v section="### $1 " '
        /^##/ { on = index($0 " ", section) == 1 }
        on && /^\| *[0-9]/ {
            n = split($0, cell, "|")
            for (i = 1; i <= n; i++) {
                gsub(/^ +| +$/, "", cell[i])
                if (cell[i] != "") print cell[i]
            }
        }' "$page" | sort -n
}

status=0
compare() {
    defined "$1" >"$work/defined"
    written "$2" >"$work/written"
    [ -s "$work/defined" ] || {
        echo "protocol.sh: no $1 in $ops"
        status=1
    }
    diff "$work/defined" "$work/written" >"$work/diff" || {
        echo "$page, $2 is not $1 of $ops (< defined, > written):"
        grep '^[<>]' "$work/diff"
        status=1
    }
}
compare EVENT_OPS 10.1
compare EVENT_KINDS 10.2
exit $status
