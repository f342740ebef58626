#!/bin/sh
# headers.sh - every header compiles alone and starts with its include guard.
#
# usage: sh tests/lint/headers.sh BUILD   (in the top folder)
# The include folders are those that the build itself uses.
build=${1:-build}
[ -f "$build/compile_commands.json" ] || {
    echo "headers.sh: no compile_commands.json in $build" >&2
    exit 1
}
flags=$(grep -oE -- '-(I|isystem) ?[^ "\\]+' "$build/compile_commands.json" |
    sort -u | tr '\n' ' ')
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")

# What a build without that part has not got the libraries for.
folders="core platform tests"
grep -q '^BEATBOOK_UI:BOOL=ON' "$build/CMakeCache.txt" && folders="$folders ui"
grep -q '^BEATBOOK_SERVER:BOOL=ON' "$build/CMakeCache.txt" &&
    folders="$folders sync-server"

# shellcheck disable=SC2086 # folders and flags are words
find $folders -name '*.h' 2>/dev/null | sort |
    xargs -r -P "$(nproc)" -I HEADER sh -c '
        guard=$(echo HEADER | tr "a-z/.-" "A-Z___")
        grep -q "^#ifndef $guard\$" HEADER || {
            echo "HEADER: the include guard is not $guard"
            exit 1
        }
        printf "#include \"HEADER\"\ntypedef int not_empty;\n" |
            '"${compiler:-cc}"' -std=c11 -Wall -Wextra -Werror \
                -D_POSIX_C_SOURCE=200809L -DSOURCE_DIR=\".\" \
                -fsyntax-only -I . '"$flags"' \
                -x c - || {
            echo "HEADER: does not compile alone"
            exit 1
        }' && exit 0
exit 1
