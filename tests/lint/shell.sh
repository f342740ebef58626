#!/bin/sh
# shell.sh - shellcheck finds nothing in our scripts. Runs in the top folder.
# Not asked: variables that a sourced file sets (SC2154) or reads (SC2034),
# and that such a file has no interpreter line (SC2148).
command -v shellcheck >/dev/null || {
    echo "shell.sh: skipped, there is no shellcheck"
    exit 77
}
{
    find platform sync-server ui tests assets -name '*.sh' 2>/dev/null
    [ ! -f .ci/run ] || echo .ci/run
} | sort | xargs -r shellcheck -S warning -e SC2154,SC2034,SC2148
