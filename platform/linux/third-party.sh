#!/bin/sh
# third-party.sh - fetch the pinned npm packages and build SQLite once.
#
# Prints the folder that holds both, for CMake's BEATBOOK_THIRD_PARTY:
#   DIR/node_modules       what npm/package-lock.json pins
#   DIR/sqlite/<flags>/    libsqlite3mc.a, one for each compiler and flags
#
# The folder lies outside the build, in the user's cache, so that a clean
# build does not pay the minute that SQLite's amalgamation costs. A run that
# is killed leaves nothing that a later one takes for finished.
#   CC       compiler (cc)
#   SQLITE_CFLAGS  extra flags, for example -fsanitize=address
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${BEATBOOK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/beatbook}
cc=${CC:-cc}
extra=${SQLITE_CFLAGS:-}

lock=$(sha256sum "$here/npm/package-lock.json" | cut -c1-16)
dir=$cache/third-party-$lock
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9 # two builds at once wait for each other here

if [ ! -e "$dir/npm.done" ]; then
    echo "fetching the pinned npm packages" >&2
    cp "$here/npm/package.json" "$here/npm/package-lock.json" "$dir/"
    (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund \
        >npm.log 2>&1 9>&-) || {
        cat "$dir/npm.log" >&2
        exit 1
    }
    touch "$dir/npm.done"
fi

src=$dir/node_modules/better-sqlite3-multiple-ciphers/deps/sqlite3
# What each switch is for: platform/README.md, "SQLite".
flags="-O2 -g -fPIC -w
 -DSQLITE_DQS=0 -DSQLITE_THREADSAFE=1 -DSQLITE_TEMP_STORE=3
 -DSQLITE_DEFAULT_SYNCHRONOUS=2 -DSQLITE_DEFAULT_WAL_SYNCHRONOUS=2
 -DSQLITE_DEFAULT_FOREIGN_KEYS=1 -DSQLITE_OMIT_LOAD_EXTENSION
 -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_DEPRECATED
 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE
 -DSQLITE_ENABLE_GEOPOLY -DSQLITE_ENABLE_API_ARMOR
 -DSQLITE_SECURE_DELETE=1 -DHAVE_FDATASYNC=1 -DHAVE_USLEEP=1
 -DSQLITE3MC_USE_RANDOM_FILL_MEMORY=1"
case $($cc -dumpmachine) in
x86_64*) flags="$flags -maes -msse4.2" ;;
aarch64*) flags="$flags -march=armv8-a+crypto" ;;
esac
# The simulator's failing disk found both:
# - SQLite3MC 2.3.5 forgets the error of a failed read (mcIoRead looks for a
#   short one only), so that a page that could not be read counts as read;
# - FTS5 of SQLite 3.53.4 takes its counts of rows and words for read when the
#   read failed: that error has rolled everything back by then, so nothing
#   resets them, and the next commit writes counts that begin at none.
mend_cipher='/int rc = REALFILE(pFile)->pMethods->xRead(REALFILE(pFile), buffer, count, offset);/,/{/s/rc == SQLITE_IOERR_SHORT_READ/rc != SQLITE_OK/'
mend_counts='s/^ *p->bTotalsValid = bCache;$/    p->bTotalsValid = bCache \&\& rc==SQLITE_OK;/'
key=$(echo "$cc $($cc --version | head -1) $($cc -dumpmachine)" \
    "$flags $extra $mend_cipher $mend_counts" | sha256sum | cut -c1-16)
out=$dir/sqlite/$key
if [ ! -e "$out/libsqlite3mc.a" ]; then
    mkdir -p "$out"
    echo "compiling SQLite with $cc: about a minute, once" >&2
    cp "$src/sqlite3.c" "$out/sqlite3.c"
    for mend in "$mend_cipher" "$mend_counts"; do
        sed "$mend" "$out/sqlite3.c" >"$out/mended.c"
        ! cmp -s "$out/mended.c" "$out/sqlite3.c" || {
            echo "a mend of SQLite does not fit this version any more" >&2
            exit 1
        }
        mv "$out/mended.c" "$out/sqlite3.c"
    done
    # shellcheck disable=SC2086 # the flags are words
    $cc $flags $extra -I"$src" -c "$out/sqlite3.c" -o "$out/sqlite3.o" 9>&-
    ar=$($cc -print-prog-name=ar)
    "$ar" rcs "$out/tmp.a" "$out/sqlite3.o"
    mv "$out/tmp.a" "$out/libsqlite3mc.a"
    rm "$out/sqlite3.o" "$out/sqlite3.c"
fi
echo "$dir $out"
