#!/bin/sh
# layers.sh - fail when a folder includes what its layer may not know.
# Runs in the top folder. The table of layers stands in the root README.
bad=0

# includes FOLDER...: every #include of its C files as FILE:LINE:NAME.
includes() {
    find "$@" -name '*.[ch]' -o -name '*.def' 2>/dev/null | sort |
        xargs -r grep -nHE '^[[:space:]]*#[[:space:]]*include' |
        sed -E 's/#[[:space:]]*include[[:space:]]*//; s/[<>"]/ /g' |
        awk '{ print $1 $2 }'
}

# forbid FOLDER PATTERN WHY: no include in FOLDER may match PATTERN.
forbid() {
    if includes "$1" | grep -E ":[0-9]+:($2)"; then
        echo "^ forbidden in $1: $3" >&2
        bad=1
    fi
}

# allow FOLDER PATTERN WHY: every include in FOLDER must match PATTERN.
allow() {
    if includes "$1" | grep -vE ":[0-9]+:($2)\$"; then
        echo "^ forbidden in $1: $3" >&2
        bad=1
    fi
}

libc='assert|ctype|errno|float|inttypes|limits|math|stdarg|stdatomic'
libc="$libc|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string"

allow core "core/.*|($libc)\.h|sqlite3\.h|zstd(_errors)?\.h|cbor\.h|cbor/.*|sql_[a-z0-9_]+\.h|mbedtls/.*" \
    'core may use itself, the C library, SQLite, zstd, libcbor, mbedcrypto'
forbid core 'mbedtls/(ssl|net_sockets|x509|pkcs7|timing|debug|threading)' \
    'core uses mbedcrypto only, no TLS, no sockets, no clock'
forbid core 'mbedtls/(entropy|platform_time)' 'randomness comes from core/port.h'

forbid platform '(ui|sync-server|tests)/' 'platform knows core only'
forbid platform 'SDL' 'the window belongs to ui'
forbid platform 'core/(patrol|observation|obs_|notice|power|concern|record|person|vehicle|task|briefing|book|form|category|evlog|event|sync|merge|store|projection|bundle)' \
    'platform has no domain words'

forbid ui '(sync-server|tests)/' 'a screen knows core and platform'
forbid ui 'sqlite3|sys/socket|netinet/|arpa/|netdb|curl/|uv\.h|openssl/|mbedtls/|psa/' \
    'screens have no SQL, no sockets, no crypto'

forbid sync-server '(ui|tests)/' 'a server has no screen'
forbid sync-server 'SDL' 'a server has no screen'

for folder in core platform ui sync-server tests; do
    forbid "$folder" '\.\.?/' 'includes are written from the root'
done
exit $bad
