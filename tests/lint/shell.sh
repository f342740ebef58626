#!/bin/sh
# shell.sh - shellcheck finds nothing in our scripts. Runs in the top folder.
command -v shellcheck >/dev/null || {
    echo "shell.sh: skipped, there is no shellcheck"
    exit 77
}
{
    find platform sync-server ui tests assets -name '*.sh' 2>/dev/null
    [ ! -f .ci/run ] || echo .ci/run
} | sort | xargs -r shellcheck -S warning
