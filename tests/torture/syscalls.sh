#!/bin/sh
# syscalls.sh - the real programs, one system call of theirs failing at a
# time (strace -e inject): afterwards fsck is clean and trying again works.
#
# usage: sh tests/torture/syscalls.sh BUILD_DIR save|sync|enrol|server [--all]
#
# The calls that a journey makes on files and sockets are counted first; a
# boundary is one of them with one error. One in 50 is taken, --all: each.
set -eu
. "$(dirname "$0")/../e2e/lib.sh"
journey=$2
every=50
[ "${3:-}" != --all ] || every=1
for tool in strace jq; do
    command -v $tool >/dev/null || skip_all "no $tool here"
done
strace -o "$work/probe" true 2>/dev/null || skip_all "strace may not trace"

calls=openat,read,write,pread64,pwrite64,fsync,fdatasync,ftruncate,rename
calls=$calls,renameat,unlink,unlinkat,mkdir,mkdirat,fcntl,socket,connect
calls=$calls,accept4,sendto,recvfrom,sendmsg,recvmsg,poll
errors_of() {
    case $1 in
    write | pwrite64) echo ENOSPC EIO EINTR ;;
    openat | ftruncate | rename* | mkdir*) echo ENOSPC EIO ;;
    read) echo EIO EINTR ECONNRESET ;;
    connect | send* | recv*) echo ECONNRESET EINTR ;;
    poll | accept4) echo EINTR ;;
    *) echo EIO ;;
    esac
}

# count COMMAND...: its calls to $work/calls, "call number".
count() {
    strace -f -qq -c -o "$work/counts" -e "trace=$calls" "$@" \
        >"$work/run.log" 2>&1 || :
    read_counts
}
read_counts() {
    awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4 }' \
        "$work/counts" >"$work/calls"
}
# Every boundary is a line "call error number"; the chosen ones.
boundaries() {
    while read -r call n; do
        for error in $(errors_of "$call"); do
            seq "$n" | sed "s/^/$call $error /"
        done
    done <"$work/calls" >"$work/all"
    awk -v every=$every 'NR % every == int(every / 2)' "$work/all"
}
# failing CALL ERROR NUMBER COMMAND...: a run with that call failing.
failing() {
    inject=$1:error=$2:when=$3
    shift 3
    timeout 60 strace -f -qq -o "$work/trace" -e "trace=${inject%%:*}" \
        -e "inject=$inject" "$@" >"$work/run.log" 2>&1 </dev/null
}
must() {
    what=$1
    shift
    "$@" >"$work/check.log" 2>&1 || {
        sed 's/^/# /' "$work/run.log" "$work/check.log"
        not_ok "$where: $what"
    }
}
record() {
    "$bin/beatbookctl" record ASB-09 note=n --photo "$work/photo" \
        --dir "$work/t" >"$work/id" 2>"$work/record.log" || {
        sed 's/^/# /' "$work/record.log"
        not_ok "$where: it cannot be recorded"
    }
    tail -n 1 "$work/id" >>"$work/saved"
}

one_save() {
    if failing "$@" "$bin/beatbookctl" record ASB-09 note=n \
        --photo "$work/photo" --dir "$work/t"; then
        grep -Eo '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' \
            "$work/run.log" | tail -n 1 >>"$work/saved"
    fi
    must "fsck is clean" ctl fsck t
    record
}

one_sync() {
    record
    failing "$@" "$bin/beatbookctl" sync --dir "$work/t" || :
    must "fsck is clean" ctl fsck t
    must "it syncs again" ctl sync t
    [ "$(status_of t .waiting)" = 0 ] || not_ok "$where: 0 waiting"
}

new_code() {
    code=$("$bin/beatbook-server" enrol --dir "$work/server" \
        --device "e$number" --weak-storage | tail -n 1)
}
try_enrol() {
    "$@" "$bin/beatbookctl" enrol --dir "$work/e" --code "$code" \
        --officer 4127
}
one_enrol() {
    rm -rf "$work/e"
    new_code
    try_enrol failing "$@" || :
    if ! ctl status e --json >"$work/check.log" 2>&1; then
        try_enrol >"$work/run.log" 2>&1 || {
            new_code # it was used, and what it gave is gone
            must "it can be enrolled" try_enrol
        }
    fi
    must "fsck is clean" ctl fsck e
    must "it syncs" ctl sync e
}

# The server with that call failing in each of its processes; it may refuse
# to start.
start_failing() {
    serve_traced -o "$work/trace" -e "trace=$1" \
        -e "inject=$1:error=$2:when=$3"
}
serve_traced() {
    : >"$work/serve.log"
    setsid strace -f -qq "$@" "$bin/beatbook-server" serve \
        --dir "$work/server" --listen "127.0.0.1:$device_port" \
        --web "127.0.0.1:$web_port" >"$work/serve.log" 2>&1 &
    server_pid=$!
    while ! grep -q '^web on ' "$work/serve.log" &&
        kill -0 $server_pid 2>/dev/null; do
        : # until it says so, or ends
    done
}
one_server() {
    record
    stop_server
    start_failing "$@"
    timeout 10 "$bin/beatbookctl" sync --dir "$work/t" \
        >"$work/run.log" 2>&1 || :
    kill_server
    must "the server's fsck is clean" \
        "$bin/beatbook-server" fsck --dir "$work/server"
    start_server
    must "it syncs again" ctl sync t
    [ "$(status_of t .waiting)" = 0 ] || not_ok "$where: 0 waiting"
}

head -c 600 /dev/zero >"$work/photo"
: >"$work/saved"
: >"$work/run.log"
number=0
where="at the beginning"
make_council
start_server
enrol_tablet t 4127
record
case $journey in
save) count "$bin/beatbookctl" record ASB-09 note=n --photo "$work/photo" \
    --dir "$work/t" ;;
sync) count "$bin/beatbookctl" sync --dir "$work/t" ;;
enrol)
    new_code
    count "$bin/beatbookctl" enrol --dir "$work/e" --code "$code" \
        --officer 4127
    ;;
server)
    stop_server
    serve_traced -c -o "$work/counts" -e "trace=$calls"
    must "it syncs" ctl sync t
    kill -s TERM -- "-$server_pid"
    wait "$server_pid" 2>/dev/null || :
    read_counts
    start_server
    ;;
esac
boundaries >"$work/chosen"
total=$(grep -c '' "$work/all")
while read -r call error n; do
    number=$((number + 1))
    where="$journey, $call number $n gives $error"
    one_"$journey" "$call" "$error" "$n"
done <"$work/chosen"
ok "$journey: $number of $total boundaries, each store clean, each retry works"

where="at the end"
must "all of it syncs" ctl sync t
must "the council exports it" \
    "$bin/beatbook-server" export --dir "$work/server" --bundle "$work/all.b"
stop_server
must "the server's fsck is clean" \
    "$bin/beatbook-server" fsck --dir "$work/server"
cut -d, -f1 "$work/all.b/records.csv" | sort >"$work/exported"
sort -u "$work/saved" >"$work/want"
[ "$(comm -13 "$work/exported" "$work/want" | grep -c '')" = 0 ] ||
    not_ok "$journey: an acknowledged record is missing"
[ -z "$(uniq -d "$work/exported")" ] || not_ok "$journey: a record is twice"
ok "$journey: $(grep -c '' "$work/want") records, none missing, none twice"
echo "# strace $journey | $number of $total boundaries of the real programs," \
    "0 lost"
done_testing
