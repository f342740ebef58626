#!/bin/sh
# run-one.sh - start a test program, behind BEATBOOK_WRAP if that is set.
# shellcheck disable=SC2086 # the wrapper is a command with its arguments
exec ${BEATBOOK_WRAP:-} "$@"
