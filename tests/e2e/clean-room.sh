#!/bin/sh
# clean-room.sh - run a command in a fresh Debian, in a fresh clone of HEAD.
#
# usage: sh tests/e2e/clean-room.sh bookworm|trixie [COMMAND...]
#        (default command: sh tests/run.sh unit)
#
# As root. Makes a minimal system with debootstrap, clones the repository
# into it, runs COMMAND there as root and prints the seconds that it took.
# Where packages come from is asked of this machine at run time: apt's
# sources, npm's configuration, proxies and local certificates go along.
#   BEATBOOK_DATA   bound read-only beside the clone as ../shared/data
#   BEATBOOK_ROOM   folder for the system (a new one, removed at the end)
set -eu
suite=${1:?usage: clean-room.sh SUITE [COMMAND...]}
shift
[ $# -gt 0 ] || set -- sh tests/run.sh unit
top=$(cd "$(dirname "$0")/../.." && pwd)
data=${BEATBOOK_DATA:-$top/../shared/data}
[ "$(id -u)" -eq 0 ] || {
    echo "clean-room.sh: debootstrap and chroot need root" >&2
    exit 1
}
command -v debootstrap >/dev/null ||
    apt-get install -qq -y --no-install-recommends debootstrap >&2

room=${BEATBOOK_ROOM:-}
if [ -z "$room" ]; then
    room=$(mktemp -d "${TMPDIR:-/var/tmp}/clean-room.XXXXXX")
    # Nothing is mounted here: the mounts live in their own namespace.
    trap 'rm -rf --one-file-system "$room"' EXIT
    trap 'exit 1' INT TERM
fi

# This machine's mirror of the suite SUITE[-updates|-security].
here=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
        'Created-By: Packages' |
        awk -v want="$here$1" '$2 == want && $3 == "main" { print $1; exit }'
}

begin=$(date +%s)
if [ ! -e "$room/room.done" ]; then
    debootstrap --variant=minbase "$suite" "$room" "$(mirror '')" \
        >"$room.log" 2>&1 || {
        tail -20 "$room.log" >&2
        exit 1
    }
    rm -f "$room.log"
    touch "$room/room.done"
fi
for part in '' -updates -security; do
    uri=$(mirror "$part")
    [ -z "$uri" ] || echo "deb $uri $suite$part main"
done >"$room/etc/apt/sources.list"
apt-config dump | grep -iE '^Acquire::(http|https|ftp|retries)' \
    >"$room/etc/apt/apt.conf.d/90host" || true

# npm's configuration, local authorities and name resolution of this machine.
for file in /etc/npmrc "$HOME/.npmrc" "$(npm config get globalconfig \
    2>/dev/null)"; do
    [ ! -f "$file" ] || {
        mkdir -p "$room$(dirname "$file")"
        cp "$file" "$room$file"
        [ "$file" = "$HOME/.npmrc" ] || cp "$file" "$room/etc/npmrc"
    }
done
if [ -d /usr/local/share/ca-certificates ]; then
    mkdir -p "$room/usr/local/share"
    cp -r /usr/local/share/ca-certificates "$room/usr/local/share/"
fi
cp -L /etc/resolv.conf /etc/hosts "$room/etc/"

clone=$room/srv/beatbook
rm -rf "$clone"
git clone -q --no-hardlinks "$top" "$clone"
git -C "$clone" checkout -q --detach "$(git -C "$top" rev-parse HEAD)"
mkdir -p "$room/srv/shared/data"
echo "clean-room.sh: $suite made in $(($(date +%s) - begin)) s"

# What the environment says of proxies and npm goes in, nothing else.
env_file=$room/srv/env
env | grep -iE '^(npm_config_[a-z_]*|https?_proxy|no_proxy|CI)=' |
    sed "s/'/'\\\\''/g; s/=/='/; s/\$/'/; s/^/export /" >"$env_file" || true

begin=$(date +%s)
code=0
# Own mounts and processes: whatever the command leaves running ends with it.
unshare --mount --pid --fork sh -euc '
    room=$1 data=$2
    shift 2
    mount --make-rprivate /
    mount -t proc proc "$room/proc"
    mount --rbind /dev "$room/dev"
    mount --rbind /sys "$room/sys"
    if [ -d "$data" ]; then
        mount --bind "$data" "$room/srv/shared/data"
        mount -o remount,bind,ro "$room/srv/shared/data" || true
    fi
    exec chroot "$room" /usr/bin/env -i HOME="$HOME" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c ". /srv/env; cd /srv/beatbook && exec \"\$@\"" sh "$@"
' sh "$room" "$data" "$@" </dev/null || code=$?
echo "clean-room.sh: $suite: \"$*\" ended with $code" \
    "in $(($(date +%s) - begin)) s"
exit $code
