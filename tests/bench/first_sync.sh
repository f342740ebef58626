#!/bin/sh
# first_sync.sh - a new tablet gets all that its officer wrote, from a real
# server over TLS on loopback: once in peace, once killed again and again.
# Prints one line beside its anchor.
#
# usage: sh tests/bench/first_sync.sh BUILD_DIR [RECORDS [PHOTOS [KILLS [SEED]]]]
# RECORDS (100,000) are imported from the police.uk files of BEATBOOK_DATA,
# over and over; one drawn picture is taken PHOTOS (5,000) times, each with a
# key of its own. By hand, on a quiet machine.
set -eu
. "$(dirname "$0")/../e2e/lib.sh"
records=${2:-100000}
photos=${3:-5000}
kills=${4:-100}
seed=${5:-1}
at_once=16 # photos that one record may have
limit_s=600
limit_kib=65536
csv=$data/incidents/police-uk
here=$(dirname "$0")
[ -d "$csv" ] || skip_all "no police.uk files (BEATBOOK_DATA)"
for tool in jq python3 convert; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done

# --- what the council holds ---

import_all() {
    left=$records
    while [ "$left" -gt 0 ]; do
        for file in "$csv"/*.csv; do
            [ "$left" -gt 0 ] || break
            head -n $((left + 1)) "$file" >"$work/some.csv"
            left=$((left - $(wc -l <"$work/some.csv") + 1))
            ctl import author police-uk "$work/some.csv" >>"$work/made.log"
        done
    done
}
photograph() {
    convert -size 400x300 plasma:grey-orange -quality 70 "$work/one.jpg"
    done_photos=0
    while [ $done_photos -lt "$photos" ]; do
        set --
        while [ $# -lt $((2 * at_once)) ] && [ $done_photos -lt "$photos" ]; do
            set -- "$@" --photo "$work/one.jpg"
            done_photos=$((done_photos + 1))
        done
        ctl record author ASB-09 "note=pictures up to $done_photos" "$@" \
            >>"$work/made.log"
    done
}

make_council
start_server
# Enrolling ends in a first sync: while the council holds its forms only.
for tablet in author quiet killed; do
    enrol_tablet $tablet 4127
done
began=$(now)
import_all
photograph
echo "# made in $(echo "$began $(now)" | awk '{ printf "%d", $2 - $1 }') s"
timed check "the council holds $records records, $photos photos" \
    ctl sync author
echo "# sent up in $took s"

# --- the new tablets ---

# first_sync NAME KILLS MEAN_MS: leaves $seconds, $memory, $struck
first_sync() {
    python3 "$here/first_sync.py" "$2" "$3" "$seed" \
        "$bin/beatbookctl" sync --dir "$work/$1" >"$work/took" ||
        not_ok "tablet $1 gets everything"
    read -r seconds memory struck runs <"$work/took"
    echo "# tablet $1: $seconds s, $memory KiB, $struck kills in $runs runs"
}
ids() {
    ctl export "$1" --out "$work/$1.csv"
    cut -d, -f1 "$work/$1.csv" | sort >"$work/$1.ids"
}
# has_all NAME: the author's records, each once, and all small pictures
has_all() {
    ids "$1"
    cmp "$work/author.ids" "$work/$1.ids" || return 1
    uniq -d "$work/$1.ids" >"$work/twice"
    [ ! -s "$work/twice" ] || { head "$work/twice"; return 1; }
    got=$(ctl photos "$1" | grep -c "small picture here")
    [ "$got" = "$photos" ] || { echo "$got pictures"; return 1; }
    ctl fsck "$1"
}
ids author
first_sync quiet 0 1000
quiet_s=$seconds quiet_kib=$memory
check "nothing is missing, nothing is there twice" has_all quiet
first_sync killed "$kills" \
    "$(echo "$quiet_s $kills" | awk '{ printf "%d", $1 * 1000 / $2 + 400 }')"
check "nor after $struck kills" has_all killed

echo "first sync of $records records and $photos thumbnails:"
echo "| measure | limit | in peace | killed $struck times |"
echo "| seconds | $limit_s | $quiet_s | $seconds |"
echo "| memory, KiB | $limit_kib | $quiet_kib | $memory |"
for value in "$quiet_s $limit_s" "$seconds $limit_s" \
    "$quiet_kib $limit_kib" "$memory $limit_kib"; do
    echo "$value" | awk '{ exit !($1 <= $2) }' ||
        not_ok "within its limit: $value"
done
ok "within the limits"
done_testing
