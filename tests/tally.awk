# tally.awk - count test cases in the output of `ctest -V`.
#
# A program that speaks TAP counts by its "ok" and "not ok" lines, any other
# counts as one case. One that crashed, ran out of time or could not start
# counts as a failure even where all that it said was "ok"; so does one that
# ended well before it had told of every case that it had planned.

/^ *Start +[0-9]+: / {
    id = $2
    sub(":", "", id)
    name[id] = $3
    next
}

/^[0-9]+: / {
    id = $1
    sub(":", "", id)
    line = substr($0, length($1) + 2)
    said[id] = said[id] "    " line "\n"
    if (line ~ /^(not )?ok [0-9]+.*# *SKIP/) {
        skipped[id]++
    } else if (line ~ /^ok [0-9]+/) {
        passed[id]++
    } else if (line ~ /^not ok [0-9]+/) {
        failed[id]++
    } else if (line ~ /^1\.\.[0-9]+$/) {
        planned[id] += substr(line, 4)
    }
    next
}

/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    match($0, /#[0-9]+/)
    id = substr($0, RSTART + 1, RLENGTH - 1)
    if ($0 ~ /\*\*\*Skipped/) {
        skipped[id] = 1
        passed[id] = failed[id] = 0
    } else if ($0 ~ / Passed /) {
        if (!passed[id] && !failed[id] && !skipped[id]) {
            passed[id] = 1
        }
        if (passed[id] + failed[id] + skipped[id] < planned[id]) {
            failed[id]++
        }
    } else if (!failed[id]) {
        failed[id] = 1
    }
    printf "%-40s %4d passed", name[id], passed[id]
    if (failed[id]) {
        printf ", %d failed", failed[id]
    }
    if (skipped[id]) {
        printf ", %d skipped", skipped[id]
    }
    match($0, /[0-9.]+ sec/)
    printf "  (%s)\n", substr($0, RSTART, RLENGTH)
    if (failed[id]) {
        print $0
        printf "%s", said[id]
    }
    all_passed += passed[id]
    all_failed += failed[id]
    all_skipped += skipped[id]
}

END {
    printf "%d passed, %d failed, %d skipped\n", all_passed, all_failed,
        all_skipped
    exit all_failed > 0 || all_passed + all_skipped == 0
}
