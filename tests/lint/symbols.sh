#!/bin/sh
# symbols.sh - an extern name starts with the noun of its file, and core has
# neither changeable globals nor a way out to clock, files or environment.
#
# usage: sh tests/lint/symbols.sh BUILD   (in the top folder)
# symbols.txt lists the few files whose names start otherwise.
build=${1:-build}
table=$(dirname "$0")/symbols.txt

# FILE SYMBOL TYPE SECTION for every symbol of our objects; what is left over
# from an older build, its source gone, is passed over.
list() {
    for folder in core platform ui sync-server; do
        find "$build/$folder" -name '*.c.o' 2>/dev/null
    done | sort | xargs -r nm -f sysv | awk -v build="$build/" '
        /^Symbols from / {
            file = $3
            sub(/\.o:$/, "", file)
            file = substr(file, length(build) + 1)
            sub(/CMakeFiles\/[^\/]*\.dir\//, "", file)
            is_there = (getline line < file) >= 0
            close(file)
            next
        }
        is_there {
            n = split($0, cell, "|")
            if (n == 7) {
                for (i in cell) gsub(/ /, "", cell[i])
                print file, cell[1], cell[3], cell[7] == "" ? "-" : cell[7]
            }
        }'
}

all=$(list)
[ -n "$all" ] || {
    echo "symbols.sh: no objects in $build" >&2
    exit 1
}

echo "$all" | awk -v table="$table" '
BEGIN {
    while ((getline line < table) > 0) {
        if (line ~ /^#/ || line == "") continue
        n = split(line, word, " ")
        for (i = 2; i <= n; i++) more[word[1]] = more[word[1]] " " word[i]
    }
}

# True when `name` starts with the file noun (evlog_append.c: "evlog_") or
# is the noun itself.
function fits(file, name,    noun, base, n, word, i) {
    base = file
    sub(/.*\//, "", base)
    sub(/\.c$/, "", base)
    noun = base
    sub(/_.*/, "", noun)
    if (index(name, noun "_") == 1 || name == noun) return 1
    noun = file
    sub(/[^\/]*$/, "", noun)
    n = split(more[file] " " more[noun], word, " ")
    for (i = 1; i <= n; i++) if (index(name, word[i]) == 1) return 1
    return 0
}

function wrong(text) {
    print text
    bad = 1
}

{ file = $1; name = $2; type = $3; section = $4 }

name ~ /^(__|_GLOBAL_|\.)/ { next }

type ~ /^[TDBRCGS]$/ && name != "main" && !fits(file, name) {
    wrong(file ": " name " does not start with the noun of its file")
}

file ~ /^core\// && type ~ /^[DdBbCGgSs]$/ && \
    section !~ /^\.data\.rel\.ro|^\.rodata/ && name !~ /^completed/ {
    wrong(file ": " name " is a global that can change")
}

file ~ /^core\// && type == "U" && file !~ /^core\/mem\.c$/ && \
    name ~ /^(malloc|calloc|realloc|free|strdup|strndup)$/ {
    wrong(file ": " name "() instead of core/mem.h")
}

file ~ /^core\// && type == "U" && \
    name ~ /^(fopen|fopen64|open|getenv|secure_getenv|time|clock|clock_gettime|gettimeofday|localtime|gmtime|localtime_r|gmtime_r|rand|random|srand|getrandom|socket|pthread_.*|exit|system|printf|puts|usleep|nanosleep|setlocale)$/ {
    wrong(file ": " name "() reaches outside; core asks core/port.h")
}

END { exit bad }
'
