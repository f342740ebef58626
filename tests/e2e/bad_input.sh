#!/bin/sh
# bad_input.sh - what comes from outside and isn't as it should be, with the
# real programs: each is told in words and by exit code, and at the end the
# council holds every record that was acknowledged here, once.
#
# usage: sh tests/e2e/bad_input.sh BUILD_DIR
# tests/MATRIX.md lists what the other tests cover.
set -eu
. "$(dirname "$0")/lib.sh"
for tool in jq openssl curl python3 zstd; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
peer() { python3 "$top/tests/e2e/bad_peer.py" "$@"; }
export PYTHONDONTWRITEBYTECODE=1
: >"$work/want"
peer_pid=
mounted=

leave() {
    peer_stop
    [ -z "$mounted" ] || stop_server
    for at in $mounted; do
        umount -l "$at" || :
    done
}
at_end=leave

# fails WHAT CODE WORDS COMMAND...: exits with CODE and says WORDS.
fails() {
    what=$1 want=$2 words=$3
    shift 3
    got=0
    "$@" >"$work/fails.log" 2>&1 || got=$?
    if [ "$got" = "$want" ] && grep -q "$words" "$work/fails.log"; then
        ok "$what"
    else
        echo "# exit $got, wanted $want; wanted words: $words"
        sed 's/^/# /' "$work/fails.log"
        not_ok "$what"
    fi
}
# note TABLET TEXT: one record; its text is to reach the council once.
note() {
    ctl record "$1" ASB-09 note="$2" >"$work/note.log" 2>&1 || {
        sed 's/^/# /' "$work/note.log"
        not_ok "tablet $1 records $2"
    }
    echo "$2" >>"$work/want"
}
waits() { [ "$(status_of "$1" '.waiting > 0')" = true ]; }
# peer_start ARGUMENTS...: in the background; $peer_port
peer_start() {
    : >"$work/peer.log"
    python3 "$top/tests/e2e/bad_peer.py" "$@" >"$work/peer.log" 2>&1 &
    peer_pid=$!
    while ! grep -q '^ready [0-9]' "$work/peer.log"; do
        kill -0 $peer_pid 2>/dev/null ||
            { sed 's/^/# /' "$work/peer.log"; not_ok "the peer starts"; }
    done
    peer_port=$(sed -n 's/^ready //p' "$work/peer.log")
}
peer_stop() {
    [ -z "$peer_pid" ] || kill "$peer_pid" 2>/dev/null || :
    [ -z "$peer_pid" ] || wait "$peer_pid" 2>/dev/null || :
    peer_pid=
}
# all_there WHAT: the council holds each wanted record once, all verifies.
all_there() {
    rm -rf "$work/all"
    check "$1: the council exports" "$bin/beatbook-server" export \
        --dir "$work/server" --bundle "$work/all"
    python3 - "$work/all/records.csv" "$work/want" >"$work/found" <<'END'
import collections, csv, sys
have = collections.Counter(cell for row in csv.reader(open(sys.argv[1]))
                           for cell in row)
for line in open(sys.argv[2]):
    if have[line.rstrip("\n")] != 1:
        print(have[line.rstrip("\n")], "times:", line, end="")
END
    if [ -s "$work/found" ]; then
        sed 's/^/# /' "$work/found"
        not_ok "$1: nothing lost, nothing twice"
    fi
    ok "$1: nothing lost, nothing twice ($(grep -c '' "$work/want") records)"
}

make_council
start_server
enrol_tablet t 4127
enrol_tablet u 4188
note t "before anything"
check "the tablet syncs" ctl sync t

# --- the network and who answers there ---
note t "made without a network"
stop_server
cp "$work/server/tls/server.chain.pem" "$work/chain.pem"
cp "$work/server/tls/server.key.pem" "$work/key.pem"
peer key "$work/server/council.db" "$work/issuer.key"
openssl x509 -in "$work/server/tls/devices.ca.pem" -out "$work/issuer.pem"
before=$(status_of t .acknowledged)

# The issuing authority signs two more: one that ended yesterday, one that
# is a tablet's.
mkdir "$work/ca"
: >"$work/ca/index"
echo 'unique_subject = no' >"$work/ca/index.attr"
echo 1000 >"$work/ca/serial"
cat >"$work/ca/cnf" <<END
[ca]
default_ca = own
[own]
database = $work/ca/index
serial = $work/ca/serial
new_certs_dir = $work/ca
default_md = sha256
policy = any
[any]
commonName = supplied
[server]
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1
[client]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = URI:urn:uuid:\${ENV::DEVICE}
END
# issue NAME SUBJECT PROFILE FROM TO
issue() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=$2" -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
    DEVICE=$2 openssl ca -batch -notext -config "$work/ca/cnf" \
        -cert "$work/issuer.pem" -keyfile "$work/issuer.key" \
        -extensions "$3" -startdate "$4" -enddate "$5" \
        -in "$work/$1.csr" -out "$work/$1.pem" >"$work/ca.log" 2>&1 || {
        sed 's/^/# /' "$work/ca.log"
        not_ok "a certificate is issued"
    }
    cat "$work/issuer.pem" >>"$work/$1.pem"
}
issue old server server 20200101000000Z 20200201000000Z
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj /CN=portal -days 2 -keyout "$work/portal.key" \
    -out "$work/portal.pem" 2>/dev/null

# answers WHAT CODE WORDS CHAIN KEY MODE: in our server's place.
answers() {
    peer_start serve "$device_port" "$4" "$5" "$6"
    fails "$1" "$2" "$3" ctl sync t --once
    grep -q 'safe on this tablet' "$work/fails.log" ||
        not_ok "$1: it says that nothing is lost"
    peer_stop
    waits t || not_ok "$1: the record still waits"
    [ "$(status_of t .acknowledged)" = "$before" ] ||
        not_ok "$1: nothing counts as stored"
}
fails "no server: told, and safe" 26 'safe on this tablet' ctl sync t
export RES_OPTIONS="timeout:1 attempts:1"
fails "a name that nobody resolves: told, and safe" 26 'safe on this tablet' \
    ctl sync t --once --proxy http://nobody.invalid:1
unset RES_OPTIONS
answers "a certificate of nobody's is refused" 27 'certificate' \
    "$work/portal.pem" "$work/portal.key" page
answers "an expired certificate is told as such" 27 'expired' \
    "$work/old.pem" "$work/old.key" page
answers "plain HTTP is told as such" 27 'HTTP' \
    "$work/chain.pem" "$work/key.pem" plain
answers "a page in place of an answer is no answer" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" page
answers "a redirect is not followed" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" redirect
answers "a network that wants a sign-in is no server" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" login
answers "a truncated answer is no answer" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" cut
answers "an answer that isn't canonical is none" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" indefinite
answers "a zstd bomb is no answer" 28 'our server' \
    "$work/chain.pem" "$work/key.pem" bomb
answers "an answer without end is cut off" 13 'limit' \
    "$work/chain.pem" "$work/key.pem" huge
answers "an answer cut on its way is no answer" 26 '' \
    "$work/chain.pem" "$work/key.pem" short
answers "a server that hangs up is told" 26 '' \
    "$work/chain.pem" "$work/key.pem" close

# --- a server or network that vanishes in the middle, and comes back ---
start_server
for cut in "down 1" "down 1500" "down 2600" "down 3200" "up 700" "up 1600" \
    "up 2600"; do
    note t "cut $cut"
    peer_start proxy "${cut#* }" 1 "${cut% *}"
    check "cut after $cut bytes: the next try ends it" \
        ctl sync t --proxy "http://127.0.0.1:$peer_port"
    peer_stop
    [ "$(status_of t .waiting)" = 0 ] || not_ok "nothing waits after $cut"
done
note t "cut each time"
peer_start proxy 1500 1000 down
fails "cut each time: told, and safe" 26 'safe on this tablet' \
    ctl sync t --once --proxy "http://127.0.0.1:$peer_port"
peer_stop
waits t || not_ok "it still waits"
check "without the proxy it goes through" ctl sync t

# --- what a tablet's certificate may send ---
device=$(status_of t .device)
issue tablet "$device" client 20260101000000Z 20491231000000Z
issue expired "$device" client 20200101000000Z 20200201000000Z
peer admit "$work/server/council.db" "$work/tablet.pem" "$device"
# send NAME FILE TYPE [CURL OPTIONS]: prints status and text.
send() {
    who=$1 body=$2 type=$3
    shift 3
    curl -sS --max-time 20 --cacert "$work/server/tls/devices.ca.pem" \
        --cert "$work/$who.pem" --key "$work/$who.key" -H 'Expect:' \
        -H "Content-Type: $type" --data-binary "@$body" \
        -w ' %{http_code}' "https://127.0.0.1:$device_port/v1/exchange" \
        "$@" 2>&1 || :
}
# told WHAT WORDS GOT
told() {
    case $3 in
    *$2*) ok "$1" ;;
    *)
        echo "# wanted \"$2\", got: $(echo "$3" | tr -d '\000' | head -c 300)"
        not_ok "$1"
        ;;
    esac
}
hex() { # hex FILE DIGITS
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' \
        "$2" >"$work/$1"
}
hex cut ab010102
hex indefinite bf0101ff
hex trailing a0a0
hex deep "$(printf '81%.0s' $(seq 40))a0"
hex longer a11801187f # 1 and 127, not in their shortest form
hex empty a0
hex claims 5b0000000100000000
head -c 67108864 /dev/zero | zstd -q -3 -c >"$work/bomb"
head -c 4194305 /dev/zero >"$work/4m"
for what in cut indefinite trailing deep longer empty claims; do
    told "CBOR of kind \"$what\" is refused" ' 400' \
        "$(send tablet "$work/$what" application/cbor)"
done
told "a zstd bomb is refused" ' 413' \
    "$(send tablet "$work/bomb" application/zstd)"
told "bytes that aren't zstd are refused" ' 400' \
    "$(send tablet "$work/cut" application/zstd)"
told "an unknown type of body is refused" ' 400' \
    "$(send tablet "$work/empty" text/plain)"
told "a body beyond the limit is refused" ' 413' \
    "$(send tablet "$work/4m" application/cbor)"
told "a newer protocol is told as such" 'newer' \
    "$(peer exchange "$device" 2 >"$work/newer"; send tablet "$work/newer" application/cbor)"
told "a certificate that the council doesn't list is refused" ' 403' \
    "$(issue unlisted "$device" client 20260101000000Z 20491231000000Z
        send unlisted "$work/empty" application/cbor)"
told "an expired certificate of a tablet is refused" 'curl: (' \
    "$(send expired "$work/empty" application/cbor)"
note t "good among bad"
check "a good tablet still gets through" ctl sync t
all_there "after bad input"

# --- tablets that were copied or put back ---
note t "before the copy"
cp -a "$work/t" "$work/copy"
note t "from the first"
ctl record copy ASB-09 note="from the copy" >"$work/note.log" 2>&1
echo "from the copy" >>"$work/want"
grep -q 'is a copy' "$work/note.log" || not_ok "a copy says so at once"
ok "a copy says so at once"
check "the copy syncs" ctl sync copy
"$bin/beatbook-server" device --dir "$work/server" >"$work/devices.log"
grep -q '2 chains: it was copied' "$work/devices.log" ||
    not_ok "the council's list shows it"
check "the first syncs" ctl sync t
[ "$(status_of t .incarnation)" != "$(status_of copy .incarnation)" ] ||
    not_ok "they are told apart"
all_there "a copied tablet"

# put_back FROM: the folder's contents in place, as an image of the disk
# does: same inodes, so that only the number outside the store tells.
put_back() {
    (cd "$work/$1" && find . -type f ! -path './log/*') |
        while read -r file; do
            cat "$work/$1/$file" >"$work/t/$file"
        done
    for file in store.db-wal store.db-shm; do
        [ -e "$work/$1/$file" ] || rm -f "$work/t/$file"
    done
}
cp -a "$work/t" "$work/older"
note t "after the backup of the tablet"
check "it syncs" ctl sync t
cp "$work/t/keystore/counter" "$work/counter"
was=$(status_of t .incarnation)
put_back older
cat "$work/counter" >"$work/t/keystore/counter"
note t "on the restored tablet"
[ "$(status_of t .incarnation)" != "$was" ] ||
    not_ok "a restored tablet notices it"
check "a tablet restored from an older copy goes on" ctl sync t
all_there "a restored tablet"

# The same with the number put back as well: nothing on the tablet can tell.
rm -rf "$work/older"
cp -a "$work/t" "$work/older"
note t "on one branch"
check "one branch syncs" ctl sync t
put_back older
ctl record t ASB-09 note="on the other branch" >"$work/note.log" 2>&1
echo "on the other branch" >>"$work/want"
ctl sync t >"$work/fork.log" 2>&1 || :
grep -qi 'copied\|same number\|fork\|enrol' "$work/fork.log" || {
    sed 's/^/# /' "$work/fork.log"
    not_ok "a fork is told"
}
ok "a fork is told"
all_there "a fork"

# --- a server restored from an older backup ---
check "a backup is made" "$bin/beatbook-server" backup "$work/backup" \
    --dir "$work/server"
note u "after the backup of the server"
check "it syncs" ctl sync u
stop_server
mv "$work/server" "$work/lost"
check "the backup is restored" "$bin/beatbook-server" restore "$work/backup" \
    --dir "$work/server"
start_server
note u "on the restored server"
check "the tablet gives back what it lacks" ctl sync u
grep -q 'put back to an older state' "$work/check.log" ||
    not_ok "and says so"
grep -q 'restored from a backup' "$work/serve.log" ||
    not_ok "so does the server's log"
all_there "a restored server"

# --- disks ---
small_disk() { # small_disk FOLDER KIB
    mkdir "$1"
    mount -t tmpfs -o "size=$2k,mode=700" none "$1" 2>/dev/null || return 1
    mounted="$1 $mounted"
}
fill() { dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || :; }
if small_disk "$work/v" 8192; then
    enrol_tablet v 4203
    note v "before the disk is full"
    fill "$work/v"
    fails "a full tablet says so" 12 'no space' \
        ctl record v ASB-09 note="never acknowledged"
    rm "$work/v/filler"
    note v "after the disk was full"
    check "it goes on, and syncs" ctl sync v
    check "its store holds" ctl fsck v
    # A tablet whose small disk another program filled: its entries go out.
    small_disk "$work/w" 20480
    enrol_tablet w 4188
    note w "out of a full tablet"
    fill "$work/w"
    check "a full tablet tells its status" ctl status w --json
    [ "$(jq .waiting "$work/check.log")" -gt 0 ] || not_ok "something waits"
    check "its store is looked through" ctl fsck w
    check "its records are exported" ctl export w --out "$work/w.csv"
    grep -q "out of a full tablet" "$work/w.csv" || not_ok "the record is there"
    check "what waits is written to a stick" ctl export w --sealed "$work/w.bho"
    stop_server
    check "the council takes it in" "$bin/beatbook-server" import \
        --dir "$work/server" --sealed "$work/w.bho"
    mv "$work/server" "$work/roomy"
    small_disk "$work/server" 16384
    cp -a "$work/roomy/." "$work/server"
    start_server
    fill "$work/server"
    for i in 1 2 3; do
        note v "while the server is full $i $(head -c 30000 /dev/urandom |
            base64 -w 0)"
    done
    fails "a full server says so, the record waits" 25 'space' ctl sync v --once
    waits v || not_ok "it waits"
    fails "so it tells the administrator" 12 'nothing was done: no space' \
        "$bin/beatbook-server" officer --dir "$work/server" --add 5001 \
        --name "Late Comer"
    grep -q 'no space left on this disk' "$work/serve.log" ||
        not_ok "its log says so"
    stop_server
    fails "it does not start" 34 'no space' "$bin/beatbook-server" serve \
        --dir "$work/server" --listen 127.0.0.1:0
    rm "$work/server/filler"
    start_server
    check "with room again it goes through" ctl sync v
    all_there "full disks"
else
    echo "# no small disk to fill here (no right to mount)"
fi

# --- damage ---
stop_server
check "the council's store holds" "$bin/beatbook-server" fsck \
    --dir "$work/server"
size=$(stat -c %s "$work/u/store.db")
cp "$work/u/store.db" "$work/good.db"
peer spoil "$work/u/store.db" $((size / 2)) 4096
fails "a damaged page is named" 14 'damaged\|faults' ctl fsck u
cp "$work/good.db" "$work/u/store.db"
peer spoil "$work/u/store.db" 0 100
fails "a damaged first page is named" 14 'damaged' ctl status u --json
head -c 5000 "$work/good.db" >"$work/u/store.db"
fails "a store that was cut is named" 14 'damaged' ctl status u --json
cat "$work/good.db" >"$work/u/store.db"
check "put right again it opens" ctl fsck u
printf '' >"$work/u/wraps.cbor"
fails "a damaged file of wraps is named" 14 'format' ctl status u --json

# --- a network that has IPv6 alone ---
if ip -6 address show dev lo 2>/dev/null | grep -q '::1/'; then
    listen_at='[::1]' device_port='' web_port=''
    start_server
    enrol_tablet six 4127
    note six "over IPv6"
    check "a council at an IPv6 address: the tablet joins and syncs" \
        ctl sync six
    all_there "IPv6"
else
    echo "# no IPv6 here"
fi
done_testing
