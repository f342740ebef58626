#!/bin/sh
# stub.sh - no program outside the tests contains the simulator's curve that
# costs nothing (tests/sim/crypto_stub.c) or the tests' quick arithmetic
# (tests/quick).
#
# usage: sh tests/lint/stub.sh BUILD   (in the top folder)
build=${1:-build}
bad=0

for file in "$build"/bin/* "$build"/*/lib*.a "$build"/*/*/lib*.a; do
    case $file in
    "$build"/tests/*) continue ;;
    esac
    [ -f "$file" ] || continue
    if nm "$file" 2>/dev/null | grep -q ' crypto_real_'; then
        echo "$file: links tests/sim/crypto_stub.c"
        bad=1
    fi
    if nm "$file" 2>/dev/null |
        grep -qE ' T (mbedtls_ecp_mul_restartable|argon2id_hash_raw)$'; then
        echo "$file: links tests/quick"
        bad=1
    fi
done
if [ -f "$build/tests/sim_stub" ] &&
    ! nm "$build/tests/sim_stub" | grep -q ' crypto_real_sign'; then
    echo "$build/tests/sim_stub: the stub's mark is gone; stub.sh is blind"
    bad=1
fi
if [ -f "$build/tests/test_bundle" ] &&
    ! nm "$build/tests/test_bundle" |
        grep -q ' T mbedtls_ecp_mul_restartable$'; then
    echo "$build/tests/test_bundle: has no mark of tests/quick"
    bad=1
fi
exit $bad
