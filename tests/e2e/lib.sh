# lib.sh - what the end-to-end scripts share; sourced, not run.
#
# usage: . tests/e2e/lib.sh BUILD_DIR
# Gives $bin, $work (a temporary folder, removed at the end), and functions
# that start a council and enrol tablets. Prints TAP.

bin=$1/bin
top=$(cd "$(dirname "$0")/../.." && pwd)
data=${BEATBOOK_DATA:-$top/../shared/data}
work=$(mktemp -d "${TMPDIR:-/tmp}/beatbook-e2e.XXXXXX")
server_pid=
at_end= # a function to call first
cases=0
umask 077

end() {
    status=$?
    [ -z "$at_end" ] || $at_end || :
    stop_server
    rm -rf "$work"
    exit $status
}
trap end EXIT
trap 'exit 130' INT TERM

# ok WHAT: the check just made held; not_ok WHAT ends the script.
ok() {
    cases=$((cases + 1))
    echo "ok $cases - $1"
}
not_ok() {
    cases=$((cases + 1))
    echo "not ok $cases - $1"
    echo "1..$cases"
    exit 1
}
done_testing() { echo "1..$cases"; }
# check WHAT COMMAND...: the command must succeed; its output goes to a log.
check() {
    what=$1
    shift
    if "$@" >"$work/check.log" 2>&1; then
        ok "$what"
    else
        sed 's/^/# /' "$work/check.log"
        not_ok "$what"
    fi
}
# timed COMMAND...: runs it, leaves the seconds it took in $took.
now() { date +%s.%N; }
timed() {
    began=$(now)
    "$@"
    took=$(echo "$began $(now)" | awk '{ printf "%.2f", $2 - $1 }')
}
per_second() { echo "$1 $2" | awk '{ printf "%.0f", $1 / ($2 + 0.001) }'; }
skip_all() {
    echo "1..0 # skipped: $1"
    exit 77
}

printf 'four words that nobody says' >"$work/passphrase"
printf '246810' >"$work/pin"
export BEATBOOK_PASSPHRASE_FILE="$work/passphrase"
export BEATBOOK_PIN_FILE="$work/pin"

make_council() {
    "$bin/beatbook-server" init --dir "$work/server" \
        --council "Westbrook District Council" >"$work/init.log" 2>&1 ||
        { sed 's/^/# /' "$work/init.log"; not_ok "the council is made"; }
    for officer in "4127 Amina_Yusuf" "4188 Marek_Nowak" "4203 Priya_Nair"; do
        "$bin/beatbook-server" officer --dir "$work/server" \
            --add "${officer%% *}" \
            --name "$(echo "${officer#* }" | tr _ ' ')" \
            --role neighbourhood-officer >>"$work/init.log" 2>&1 ||
            { sed 's/^/# /' "$work/init.log"; not_ok "an officer is added"; }
    done
}

# Starts serve at $listen_at (127.0.0.1) on the ports of last time, or on any,
# with the options in $serve_more; waits for its lines.
start_server() {
    : >"$work/serve.log"
    setsid "$bin/beatbook-server" serve --dir "$work/server" \
        --listen "${listen_at:-127.0.0.1}:${device_port:-0}" \
        --web "${listen_at:-127.0.0.1}:${web_port:-0}" \
        ${serve_more:-} >"$work/serve.log" 2>&1 &
    server_pid=$!
    while ! grep -q '^web on ' "$work/serve.log"; do
        kill -0 "$server_pid" 2>/dev/null ||
            { sed 's/^/# /' "$work/serve.log"; not_ok "the server starts"; }
    done
    device_port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' \
        "$work/serve.log")
    web_port=$(sed -n 's/^web on .*:\([0-9]*\)$/\1/p' "$work/serve.log")
}
stop_server() {
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || :
    [ -z "$server_pid" ] || wait "$server_pid" 2>/dev/null || :
    server_pid=
}
# kill -9 of all its processes at once: it leads its own group.
kill_server() {
    kill_group "$server_pid"
    server_pid=
}
# A group's leader may not have left our group yet: then it has no children.
kill_group() {
    kill -s KILL -- "-$1" 2>/dev/null || kill -s KILL "$1" 2>/dev/null || :
    wait "$1" 2>/dev/null || :
}
# enrol_tablet NAME OFFICER: the folder $work/NAME
enrol_tablet() {
    code=$("$bin/beatbook-server" enrol --dir "$work/server" \
        --device "$1" --weak-storage | tail -n 1)
    "$bin/beatbookctl" enrol --dir "$work/$1" --code "$code" \
        --officer "$2" >"$work/enrol.log" 2>&1 ||
        { sed 's/^/# /' "$work/enrol.log"; not_ok "tablet $1 is enrolled"; }
}
ctl() {
    verb=$1
    tablet=$2
    shift 2
    "$bin/beatbookctl" "$verb" "$@" --dir "$work/$tablet"
}
# status TABLET KEY: one number of its status
status_of() { ctl status "$1" --json | jq -r "$2"; }
