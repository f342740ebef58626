#!/bin/sh
# server.sh - beatbook-server from the command line: init, serve, officer,
# enrol while it runs, kill -9, serve again, backup, restore, fsck.
set -u
build=$1
server=$build/bin/beatbook-server
dir=$(mktemp -d)
count=0
bad=0
pid=
export BEATBOOK_PASSPHRASE_FILE="$dir/passphrase"
echo 'a passphrase for tests' >"$BEATBOOK_PASSPHRASE_FILE"
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; wait; rm -rf "$dir"' EXIT

# check NAME WANT GOT: the text GOT holds WANT.
check() {
    count=$((count + 1))
    case $3 in
    *"$2"*) echo "ok $count - $1" ;;
    *)
        echo "not ok $count - $1"
        printf '# wanted "%s", got: %s\n' "$2" "$3" | head -3
        bad=1
        ;;
    esac
}

for verb in $("$server" --help | sed -n '/^Passphrases/q; s/^  \([a-z][a-z-]*\) .*/\1/p'); do
    about=$("$server" "$verb" --help 2>&1)
    check "$verb tells of itself" "  $verb" "code $? $about"
done
check 'help is not a failure' 'code 0' \
    "$("$server" init --help >/dev/null; echo code $?)"
check 'a failure has its own code' 'code 17' \
    "$("$server" fingerprint --dir "$dir/none" 2>&1; echo code $?)"

start() {
    : >"$dir/out"
    "$server" serve --dir "$dir/council" --listen 127.0.0.1:0 \
        --metrics 127.0.0.1:0 >"$dir/out" 2>>"$dir/log" &
    pid=$!
    until grep -q '^metrics on' "$dir/out"; do
        kill -0 "$pid" 2>/dev/null || return
        sleep 0.05
    done
    web=$(sed -n 's/^web on //p' "$dir/out")
    metrics=$(sed -n 's/^metrics on //p' "$dir/out")
}
events() {
    curl -sS --max-time 20 "http://$metrics/metrics" |
        sed -n 's/^beatbook_events_total //p'
}

check 'serve without a council says what to do' 'call "init" first' \
    "$("$server" serve --dir "$dir" --listen 127.0.0.1:0 2>&1)"
check 'init makes a council' 'council "Westbrook"' \
    "$("$server" init --dir "$dir/council" --council Westbrook 2>&1)"
check 'a second init is refused' 'already' \
    "$("$server" init --dir "$dir/council" --council Other 2>&1)"
check 'no private key lies in the safe in plain' none \
    "$(grep -l 'PRIVATE KEY' "$dir/council/safe/"* || echo none)"
check 'an officer is added without a server' 'added officer 4417' \
    "$("$server" officer --dir "$dir/council" --add 4417 --name Asha 2>&1)"
check 'a misspelt role is told, with those there are' 'roles are neighb' \
    "$("$server" officer --dir "$dir/council" --add 4419 --name Cal \
        --role team-laeder 2>&1)"
check 'tablets are listed, or that there is none' 'no tablet was enrolled' \
    "$("$server" device --dir "$dir/council" 2>&1)"
check 'a tablet that is not there is told, with how to see them' 'lists them' \
    "$("$server" wipe --dir "$dir/council" --device WB-99 --reason x 2>&1)"
verify=$(dirname "$server")/beatbook-verify
check 'the verifier says how it is used' 'compare with' "$("$verify" --help)"
check 'no folder is not a bundle that fails' 'no such folder' \
    "$("$verify" "$dir/nothing" 2>&1)"

start
check 'another is added while it runs' 'added officer 4418' \
    "$("$server" officer --dir "$dir/council" --add 4418 --name Ben 2>&1)"
code=$("$server" enrol --dir "$dir/council" --device 'Tablet 1' | tail -n 1)
check 'the last line is a code for the web listener' "https://$web#" "$code"
curl -sSk --max-time 20 "https://$web/v1/ca" -o "$dir/ca.der"
check '/v1/ca is the authority that fingerprint names' \
    "$(sha256sum <"$dir/ca.der" | cut -c1-64)" \
    "$("$server" fingerprint --dir "$dir/council")"
openssl x509 -inform der -in "$dir/ca.der" -out "$dir/ca.pem" 2>/dev/null
check 'the web listener has a certificate of that authority' ok \
    "$(curl -sS --max-time 20 --cacert "$dir/ca.pem" "https://$web/healthz" 2>&1)"
check 'a malformed enrolment is refused' 400 \
    "$(curl -sS --max-time 20 --cacert "$dir/ca.pem" -o "$dir/refusal" \
        -w '%{http_code}' --data-binary 'x' "https://$web/v1/enrol")"
before=$(events)

kill -9 "$pid"
wait "$pid" 2>/dev/null
start
check 'after kill -9 it serves again with all its events' "$before" "$(events)"
check 'a backup is made while it runs' 'backup in' \
    "$("$server" backup "$dir/backup" --dir "$dir/council" 2>&1)"
check 'fsck reads beside a running council' ' 0 findings' \
    "$("$server" fsck --dir "$dir/council" 2>&1)"
kill "$pid"
wait "$pid"
check 'SIGTERM is a clean end' 0 "$?"
pid=
check 'everything fits together' ' 0 findings' \
    "$("$server" fsck --dir "$dir/council" 2>&1)"
check 'the backup is restored' 'restored into' \
    "$("$server" restore "$dir/backup" --dir "$dir/again" 2>&1)"
check 'what was restored fits together' ' 0 findings' \
    "$("$server" fsck --dir "$dir/again" 2>&1)"
check 'a folder that is there is never overwritten' 'exists already' \
    "$("$server" restore "$dir/backup" --dir "$dir/again" 2>&1)"
echo "1..$count"
exit $bad
