#!/bin/sh
# transport.sh - TLS and HTTP of the server's processes, from outside, with
# curl and openssl: who gets in, who is refused and how it looks to them.
set -u
build=$1
dir=$(mktemp -d)
count=0
bad=0

for tool in curl openssl; do
    command -v "$tool" >/dev/null || {
        echo "transport.sh: skipped, there is no $tool"
        exit 77
    }
done

"$build/tests/serve_echo" "$dir" >"$dir/out" 2>"$dir/log" &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
until grep -q '^metrics on' "$dir/out"; do
    kill -0 "$pid" 2>/dev/null || {
        cat "$dir/log"
        echo "not ok 1 - the server starts"
        exit 1
    }
    sleep 0.05
done
device=$(sed -n 's/^listening on //p' "$dir/out")
web=$(sed -n 's/^web on //p' "$dir/out")
metrics=$(sed -n 's/^metrics on //p' "$dir/out")

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

get() {
    who=$1
    shift
    curl -sS --max-time 20 --cacert "$dir/tls/devices.ca.pem" \
        --cert "$dir/tls/$who.chain.pem" --key "$dir/tls/$who.key.pem" \
        "$@" 2>&1
}
plain() {
    curl -sS --max-time 20 --cacert "$dir/tls/devices.ca.pem" "$@" 2>&1
}
# say TEXT HOST:PORT: raw bytes over TLS, to the web listener.
say() {
    # shellcheck disable=SC2059 # the text has its own escapes
    printf "$1" | timeout 10 openssl s_client -quiet -connect "$2" \
        -CAfile "$dir/tls/devices.ca.pem" 2>/dev/null
}
# logged NAME WANT: the log says WANT, now or soon.
logged() {
    tries=100 # a busy machine writes its log later
    until grep -q "$2" "$dir/log" || [ $((tries -= 1)) -eq 0 ]; do
        sleep 0.1
    done
    check "$1" "$2" "$(cat "$dir/log")"
}

# One that begins a request and never ends it: all below is answered beside it.
mkfifo "$dir/slow"
timeout 60 openssl s_client -quiet -connect "$web" \
    -CAfile "$dir/tls/devices.ca.pem" <"$dir/slow" >"$dir/slowly" 2>/dev/null &
slow=$!
exec 3>"$dir/slow"
printf 'GET /slow HTTP/1.1\r\nHost: a\r\n' >&3

check 'a tablet with our certificate gets in and is known' \
    'peer=018f0000-0000-7000-8000-000000000001' \
    "$(get good "https://$device/hello")"
check 'a browser without a certificate reaches the web listener' \
    'listener=1 method=0 path=/hello peer=none' "$(plain "https://$web/hello")"
check 'metrics are plain HTTP' 'listener=2' "$(plain "http://$metrics/metrics")"
check 'without a certificate the handshake is refused' 'alert' \
    "$(plain "https://$device/hello")"
logged 'the log says that there was none' 'no client certificate'
check 'an expired certificate is refused' 'curl: (' \
    "$(get expired "https://$device/hello")"
logged 'the log says that it has expired' 'certificate has expired'
check "another council's certificate is refused" 'alert' \
    "$(get other "https://$device/hello")"
logged 'the log says that it is not valid' 'certificate is not valid'
check 'a certificate for servers is refused from a client' 'curl: (' \
    "$(get wrong-use "https://$device/hello")"
check 'plain HTTP is told to use https' 'use https://' \
    "$(plain "http://$device/hello")"
for version in tls1 tls1_1; do
    check "$version is refused" 'no peer certificate available' \
        "$(openssl s_client -connect "$web" -"$version" \
            -cipher 'DEFAULT:@SECLEVEL=0' </dev/null 2>&1)"
done
check 'a cipher suite without AEAD is refused' 'no peer certificate available' \
    "$(openssl s_client -connect "$web" -tls1_2 \
        -cipher ECDHE-ECDSA-AES128-SHA256 </dev/null 2>&1)"

two='GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n'
two="$two"'Connection: close\r\n\r\n'
check 'the first of two requests is answered' 'path=/a' "$(say "$two" "$web")"
check 'the second of two requests is answered' 'path=/b' "$(say "$two" "$web")"
smuggle='POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n'
smuggle="$smuggle"'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
check 'smuggling is refused' '400 Bad Request' "$(say "$smuggle" "$web")"
check 'bare line feeds are refused' '400 Bad Request' \
    "$(say 'GET / HTTP/1.1\nHost: a\n\n' "$web")"

if command -v python3 >/dev/null; then
    many=$(python3 "$(dirname "$0")/many_peers.py" "$dir" "$device" "$web" 2>&1)
    check '225 connections of tablets behind one address are all answered' \
        'tablets answered: 225 of 225' "$many"
    check 'and the console from there, too' 'beside them: True' "$many"
    check 'one tablet has no more than its share' \
        'last: True, one more: False' "$many"
    check 'who does not show a certificate is counted by address' \
        'too many is closed: True' "$many"
    logged 'the log says that some were turned away' 'turned away'
fi

head -c 4194304 /dev/zero >"$dir/4m"
head -c 4194305 /dev/zero >"$dir/4m+1"
check 'the longest body arrives whole' 'body=4194304' \
    "$(get good --data-binary "@$dir/4m" "https://$device/up")"
check 'one byte more is refused with 413' '413' \
    "$(get good -H 'Expect:' --data-binary "@$dir/4m+1" -w '%{http_code}' \
        "https://$device/up")"
check 'a long answer arrives whole' ' 3000000' \
    "$(plain "https://$web/big" | cksum)"
check 'the store process may open files' 'yes' "$(plain "https://$web/open")"

filtered=0
for child in $(pgrep -P "$pid"); do
    grep -q 'Seccomp:.2' "/proc/$child/status" && filtered=$((filtered + 1))
done
grep -q 'WARNING: this build has no' "$dir/log" && filtered=3
check 'three children run behind a system call filter' 3 "$filtered"

# Ten seconds after its start: later than SERVE_CRASH_MS, before which a
# child that ends ends the server.
wait $slow
exec 3>&-
check 'a head that comes too slowly is answered and cut off' \
    '408 Request Timeout' "$(cat "$dir/slowly")"
plain "https://$web/crash" >/dev/null
until plain "https://$web/again" | grep -q path=/again; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
done
check 'after the store crashed all is started anew on the same port' \
    'path=/after' "$(plain "https://$web/after")"
logged 'the log says which process ended' 'store was ended by signal'

touch "$dir/held"
get good "https://$device/hold" >"$dir/hold" &
hold=$!
answer=
while [ "${answer#*503}" = "$answer" ]; do # those before wait in the queue
    answer=$(get good -i --max-time 2 "https://$device/hello")
done
rm "$dir/held"
wait $hold
check 'while the store is behind, a tablet is told when to come back' \
    'Retry-After: ' "$answer"
check 'over the same connection' 'kept' \
    "$(echo "$answer" | grep -qi '^connection: close' || echo kept)"
check 'who waited gets the answer' 'path=/hold' "$(cat "$dir/hold")"
check 'and then all do' 'path=/hello' "$(get good "https://$device/hello")"

children=$(pgrep -P "$pid")
kill -9 "$pid"
wait "$pid" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
    alive=
    for child in $children; do
        state=$(sed -n 's/^State:.\(.\).*/\1/p' "/proc/$child/status" 2>&1)
        case $state in [RSD]) alive="$alive $child" ;; esac
    done
    [ -n "$alive" ] || break
    sleep 0.1
done
check 'when the parent is killed its children end' 'none' "${alive:-none}"
echo "1..$count"
exit $bad
