#!/bin/sh
# selftest.sh - each check of this folder finds the fault that it is for.
#
# Makes a small tree that is clean, then one bad sample at a time. The cases
# are told in TAP.
build=${1:-build}
build=$(cd "$build" && pwd)
lint=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
number=0
bad=0

# A tree in which every check passes.
clean() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/core" "$tree/ui" "$tree/platform" "$tree/sync-server" \
        "$tree/tests" "$tree/b/core/CMakeFiles/core.dir"
    cp "$lint/../../.clang-format" "$tree/"
    cat >"$tree/core/good.h" <<'END'
/* good.h - a header without fault. */
#ifndef CORE_GOOD_H
#define CORE_GOOD_H

int good_answer(void);

#endif /* CORE_GOOD_H */
END
    cat >"$tree/core/good.c" <<'END'
#include "core/good.h"

int good_answer(void)
{
    return 42;
}
END
    printf '#!/bin/sh\necho good\n' >"$tree/tests/good.sh"
    grep -E '^(CMAKE_C_COMPILER|BEATBOOK_)' "$build/CMakeCache.txt" \
        >"$tree/b/CMakeCache.txt"
    echo '[]' >"$tree/b/compile_commands.json"
}

# Compile core/NAME.c of the tree into the place where CMake would put it.
compile() {
    cc -std=gnu11 -w -I "$tree" -c "$tree/core/$1.c" \
        -o "$tree/b/core/CMakeFiles/core.dir/$1.c.o"
}

# expect CHECK pass|fail WHAT
expect() {
    number=$((number + 1))
    said=$(cd "$tree" && sh "$lint/$1.sh" b 2>&1)
    code=$?
    if [ $code -eq 77 ]; then
        echo "ok $number - $1: $3 # SKIP the tool is missing"
    elif [ "$2$((code != 0))" = pass0 ] || [ "$2$((code != 0))" = fail1 ]; then
        echo "ok $number - $1: $3"
    else
        echo "not ok $number - $1: $3"
        echo "$said" | sed 's/^/# /'
        bad=1
    fi
}

# include FILE NAME: a file that holds only that include.
include() {
    clean
    printf '#include %s\n' "$2" >"$tree/$1"
}

clean
compile good
for check in layers symbols sizes words headers format shell; do
    expect $check pass 'a clean tree passes'
done

include core/x.c '<time.h>'
expect layers fail 'core with a clock'
include core/x.c '<sys/socket.h>'
expect layers fail 'core with sockets'
include core/x.h '"platform/linux/net.h"'
expect layers fail 'core that knows the platform'
include core/x.c '<mbedtls/ssl.h>'
expect layers fail 'core with TLS'
include ui/x.c '<sqlite3.h>'
expect layers fail 'a screen with SQL'
include ui/x.c '<sys/socket.h>'
expect layers fail 'a screen with sockets'
include sync-server/x.c '"ui/kit/draw.h"'
expect layers fail 'a server with a screen'
include platform/x.c '"core/patrol.h"'
expect layers fail 'a platform that knows patrols'
include core/x.c '"../core/good.h"'
expect layers fail 'an include that is not from the root'

clean
echo 'int other_name(void) { return 1; }' >"$tree/core/x.c"
compile x
expect symbols fail 'a name without the noun of its file'
clean
echo 'static int n; int x_next(void) { return ++n; }' >"$tree/core/x.c"
compile x
expect symbols fail 'a global in core'
clean
printf '#include <stdlib.h>\nvoid *x_new(void) { return malloc(9); }\n' \
    >"$tree/core/x.c"
compile x
expect symbols fail 'malloc in core'
clean
printf '#include <time.h>\nlong x_now(void) { return time(NULL); }\n' \
    >"$tree/core/x.c"
compile x
expect symbols fail 'the time in core'

clean
awk 'BEGIN { for (i = 0; i < 801; i++) print "" }' >"$tree/core/x.c"
expect sizes fail 'a file of 801 lines'
clean
awk 'BEGIN {
    print "int x(void)\n{"
    for (i = 0; i < 68; i++) print "    ;"
    print "    return 0;\n}"
}' >"$tree/core/x.c"
expect sizes fail 'a function of 71 lines'
clean
echo 'int x(int a, int b, int c, int d, int e, int f, int g) { return 1; }' \
    >"$tree/core/x.c"
expect sizes fail 'a function with seven parameters'
clean
awk 'BEGIN { printf "/*"; for (i = 0; i < 77; i++) printf "x"; print "*/" }' \
    >"$tree/core/x.c"
expect sizes fail 'a line of 81 columns'

clean
echo '/* see /ho''me/me/notes */' >"$tree/core/x.c"
expect words fail 'a path of one machine'
clean
echo 'deb http://deb.deb''ian.org/ stable main' >"$tree/tests/x.txt"
expect words fail 'the name of a package server'
clean
echo '/* TO''DO: later */' >"$tree/core/x.c"
expect words fail 'a note to oneself'
clean
echo '/* Per''mission is hereby granted */' >"$tree/core/x.c"
expect words fail 'licence text of others'
clean
printf 'no newline' >"$tree/core/x.c"
expect words fail 'no newline at the end'
clean
printf 'int a; \n' >"$tree/core/x.c"
expect words fail 'spaces at the end of a line'

clean
printf '#ifndef CORE_X_H\n#define CORE_X_H\nuint8_t x_a;\n#endif\n' \
    >"$tree/core/x.h"
expect headers fail 'a header that needs another first'
clean
printf '#ifndef X\n#define X\nint x_a;\n#endif\n' >"$tree/core/x.h"
expect headers fail 'a guard that is not the path'

clean
printf 'int  x( void ){return 1;}\n' >"$tree/core/x.c"
expect format fail 'a file that is not formatted'

clean
# shellcheck disable=SC2016 # the sample holds the fault, not this script
printf '#!/bin/sh\ncd $1\nrm -rf $2/*\n' >"$tree/tests/x.sh"
expect shell fail 'a script with an unchecked cd'
exit $bad
