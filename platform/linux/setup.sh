#!/bin/sh
# setup.sh - install the Debian packages that Beatbook needs.
#
# usage: sh platform/linux/setup.sh [GROUP...]
#   build  compile everything and run the unit tests (the default)
#   run    start the programs: fonts, GPS daemon, virtual display
#   lint   check the source text
#   coverage  measure what the tests reach (clang 19)
#   test   tests on real data and of the real programs; implies run
#   ci     clang with its sanitizers, valgrind, cppcheck
#   fuzz   AFL++ for whole programs, by hand
#   cross  compile the core for arm64 and run its tests under qemu
#
# Debian 12 and 13, as root or with sudo. Returns at once, without asking
# any package server, where everything is there already.
set -eu

[ -r /etc/os-release ] && . /etc/os-release
release=${VERSION_ID:-13}
[ $# -gt 0 ] || set -- build

build="gcc libc6-dev cmake ninja-build ccache pkgconf git ca-certificates
    gettext zlib1g-dev libmbedtls-dev libcbor-dev libzstd-dev libcmocka-dev
    libcurl4-openssl-dev libuv1-dev libsdl2-dev libpango1.0-dev
    libcairo2-dev libjansson-dev libargon2-dev libgps-dev libtss2-dev
    libssl-dev libjpeg-dev libpng-dev libexif-dev libseccomp-dev fonts-noto-core
    libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libzbar-dev
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good openssl"
run="jq fonts-noto-core gpsd gpsd-clients gpsd-tools xvfb openssl
    tilemaker osmium-tool sqlite3"
lint="universal-ctags clang-format shellcheck binutils"
test="$run strace faketime gpsbabel imagemagick swtpm swtpm-tools tpm2-tools jq
    curl python3 zstd spin tilemaker sqlite3"
ci="clang clang-tidy llvm libclang-rt-dev cppcheck valgrind"
cross="crossbuild-essential-arm64 qemu-user libmbedtls-dev:arm64
    libcbor-dev:arm64 libzstd-dev:arm64 libcmocka-dev:arm64 libc6:arm64"

if [ "$release" = 12 ]; then
    build="$build libhttp-parser-dev"
else
    build="$build libllhttp-dev"
fi
command -v npm >/dev/null || build="$build npm"

want=
for group in "$@"; do
    case $group in
    build) want="$want $build" ;;
    run) want="$want $run" ;;
    lint) want="$want $lint" ;;
    coverage) want="$want clang-19 libclang-rt-19-dev llvm-19" ;;
    test) want="$want $test" ;;
    ci) want="$want $ci" ;;
    fuzz) want="$want $build afl++ clang" ;;
    cross) want="$want $cross" ;;
    *)
        echo "setup.sh: no group \"$group\"" >&2
        exit 2
        ;;
    esac
done

# The wanted packages that are not installed, one a line.
missing() {
    # shellcheck disable=SC2086 # package names are words
    dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Package}:${Architecture}\n' \
        2>/dev/null | awk -v want="$want" '
        $1 == "ii" { has[$2] = has[$3] = 1 }
        END {
            n = split(want, name, " ")
            for (i = 1; i <= n; i++) {
                if (!(name[i] in has) && !seen[name[i]]++) {
                    print name[i]
                }
            }
        }'
}

list=$(missing)
[ -n "$list" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || {
        echo "setup.sh: run as root or install sudo; missing:" $list >&2
        exit 1
    }
fi

# For 10 minutes: another package manager may be at work.
apt="apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0"
case $want in
*:arm64*)
    dpkg --print-foreign-architectures | grep -qx arm64 ||
        $as_root dpkg --add-architecture arm64
    ;;
esac
echo "setup.sh: installing $(echo "$list" | wc -l) packages" >&2
# shellcheck disable=SC2086 # a command and package names are words
install() {
    $as_root $apt update &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            $apt install -y --no-install-recommends $list
}
said=$(install 2>&1) || {
    echo "$said" | tail -40 >&2
    exit 1
}
list=$(missing)
[ -z "$list" ] || {
    echo "setup.sh: could not install:" $list >&2
    exit 1
}
