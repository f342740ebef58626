#!/bin/sh
# compare.sh - the design's picture and ours at the same size, side by side.
#
# usage: sh tests/ui/compare/compare.sh FOLDER [SCREEN...]
#   FOLDER  gets SCREEN-day.png, -night, -contrast, -arabic, -welsh, -text200:
#           the design left, ours right
#   SCREEN  the beginning of a name in shots.txt; all of them without
# BEATBOOK_BUILD names another build folder than build, BEATBOOK_DESIGN
# another design than ../shared/design beside the source, BEATBOOK_MAP a
# stored map of the sample officer's place (51.584 N, 2.997 W).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
bin=${BEATBOOK_BUILD:-$top/build}/bin
design=${BEATBOOK_DESIGN:-$top/../shared/design}/png
[ $# -ge 1 ] || { sed -n '4,10s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ -d "$design" ] || { echo "skipped: no design in $design"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SDL_VIDEODRIVER=dummy

# One line a look: its name, and the steps that make it.
cat > "$work/looks" <<'END'
day:theme day;lang en;text 100
night:theme night;lang en;text 100
contrast:theme contrast;lang en;text 100
arabic:theme day;lang ar;text 100
welsh:theme day;lang cy;text 100
text200:theme day;lang en;text 200
END

wanted() { # SCREEN, then what was asked for
    screen=$1
    shift
    [ $# -gt 0 ] || return 0
    for name; do
        case $screen in "$name"*) return 0 ;; esac
    done
    return 1
}

# The design drew some looks by themselves; else the look by day is compared.
picture_of() { # SCREEN LOOK
    case $1-$2 in
    03-quick-log-text200) set -- 92-quick-log-text-200 "$2" ;;
    esac
    for name in "$1-$2" "$1"; do
        [ -f "$design/$name.png" ] && { echo "$design/$name.png"; return; }
    done
    return 0
}

sheet() { # SCREEN LOOK
    left=$(picture_of "$1" "$2")
    "$bin/beatbook-side" "$out/$1-$2.png" ${left:+"$left"} \
        "$work/$1-$2.png"
}

failed=0
made=0
while IFS='|' read -r screen start size steps; do
    case $screen in '#'* | '') continue ;; esac
    wanted "$screen" "$@" || continue
    {
        printf '%s\n' "$steps" | tr ';' '\n'
        while IFS=: read -r look how; do
            printf '%s\nshot %s\n' "$how" "$work/$screen-$look.png" |
                tr ';' '\n'
        done < "$work/looks"
        echo quit
    } > "$work/steps"
    if ! "$bin/beatbook-sample" --dir "$start" --size "$size" \
        ${BEATBOOK_MAP:+--map "$BEATBOOK_MAP"} \
        --script "$work/steps" 2> "$work/said"; then
        echo "$screen: $(head -1 "$work/said")" >&2
        failed=$((failed + 1))
        continue
    fi
    while IFS=: read -r look how; do
        sheet "$screen" "$look"
        made=$((made + 1))
    done < "$work/looks"
done < "$here/shots.txt"
echo "$made sheets in $out, $failed screens failed"
[ "$failed" -eq 0 ]
