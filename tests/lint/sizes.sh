#!/bin/sh
# sizes.sh - files of at most 800 lines, functions of at most 70 lines and 6
# parameters, lines of at most 80 columns. Runs in the top folder.
# sizes.txt lists the functions that may have more parameters, and why.
bad=0
wrong() {
    echo "$1"
    bad=1
}
folders=
for folder in core platform ui sync-server tests; do
    [ ! -d "$folder" ] || folders="$folders $folder"
done
# shellcheck disable=SC2086 # folder names are words
list() {
    find $folders \( "$@" \) -not -path '*/corpus/*' | sort
}

for file in $(list -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o \
    -name '*.sql' -o -name '*.cmake' -o -name '*.txt'); do
    lines=$(wc -l <"$file")
    [ "$lines" -le 800 ] || wrong "$file: $lines lines, at most 800"
done

long=$(list -name '*.[ch]' -o -name '*.def' |
    LC_ALL=C.UTF-8 xargs -r grep -nHE '^.{81,}')
[ -z "$long" ] || wrong "$long
^ more than 80 columns"

if command -v ctags >/dev/null; then
    functions=$(list -name '*.c' | ctags -L - -f - --languages=C \
        --kinds-C=f --fields=+neS --sort=no |
        awk -F'\t' -v table="$(dirname "$0")/sizes.txt" '
        BEGIN {
            while ((getline name < table) > 0) {
                may[name] = 1
            }
        }
        {
            line = end = params = 0
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) line = substr($i, 6)
                if ($i ~ /^end:/) end = substr($i, 5)
                if ($i ~ /^signature:/) {
                    text = substr($i, 11)
                    depth = 0
                    params = 1
                    for (j = 1; j <= length(text); j++) {
                        c = substr(text, j, 1)
                        depth += (c == "(") - (c == ")")
                        params += (c == "," && depth == 1)
                    }
                }
            }
            if (end - line + 1 > 70)
                print $2 ":" line ": " $1 " has " end - line + 1 \
                    " lines, at most 70"
            if (params > 6 && !($1 in may))
                print $2 ":" line ": " $1 " has " params \
                    " parameters, at most 6"
        }')
    [ -z "$functions" ] || wrong "$functions"
else
    wrong "ctags is not installed"
fi
exit $bad
