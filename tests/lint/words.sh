#!/bin/sh
# words.sh - no path of one machine, no package server, no note-to-self, no
# licence text of others; every text file ends in one newline. Runs in the
# top folder. (The patterns are written so that they do not find themselves.)
bad=0

list() {
    find . \( -name .git -o -name 'build*' -o -name node_modules -o \
        -name corpus \) -prune -o -type f -print | sort |
        grep -vE '\.(png|jpg|jpeg|ico|bin|woff2?|mo)$'
}

# forbid PATTERN WHY [EXCEPT]: no text file may contain PATTERN.
forbid() {
    found=$(list | grep -vE "${3:-^$}" | xargs -r grep -nHIE "$1")
    if [ -n "$found" ]; then
        echo "$found"
        echo "^ $2"
        bad=1
    fi
}

forbid '(^|[^A-Za-z0-9_$}.*])/(work|root|home)/[A-Za-z.]' \
    'a path of one machine'
forbid '(deb|security|ftp|snapshot)\.debian\.[o]rg|registry\.(npm|yarn)[a-z]*\.|[n]pmjs\.org' \
    'the name of a package server'
forbid '(^|[^A-Za-z])([T]ODO|[F]IXME|[X]XX|[H]ACK)([^A-Za-z]|$)' \
    'a note to oneself: do it or leave it out'
forbid '[P]ermission is hereby granted|[R]edistribution and use in source|GNU [G]eneral Public License|[L]icensed under the Apache|[S]PDX-License-Identifier|[A]ll rights reserved' \
    'licence text of somebody else' 'package-lock\.json$'

found=$(
    list | xargs -r grep -lI . | while read -r file; do
        [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at its end"
    done
    list | grep -vE '\.(md|patch)$' | xargs -r grep -nHIE '[ 	]+$' |
        sed 's/$/ <- spaces at the end/'
    list | grep '\.[ch]$' | xargs -r grep -nHI '	' | sed 's/$/ <- a tab/'
)
if [ -n "$found" ]; then
    echo "$found"
    bad=1
fi
exit $bad
