#!/bin/sh
# draw.sh - draw the demo day's photos anew, into this folder.
#
# Our own drawings, made with ImageMagick, so that the demo shows no real
# place or person. Each gets an EXIF block with an orientation: what a camera
# held that way would write, with the pixels turned accordingly.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# app1 N: a JPEG segment with one TIFF entry (little-endian): Orientation N.
app1() {
    printf '\377\341\0\042Exif\0\0II*\0\010\0\0\0\001\0'
    # shellcheck disable=SC2059 # the number is part of the format
    printf "\\022\\001\\003\\0\\001\\0\\0\\0\\00$1\\0\\0\\0\\0\\0\\0\\0"
}

# save NAME N ROTATE: turn what is drawn and write it with orientation N.
save() {
    convert "$tmp/scene.png" -rotate "$3" -attenuate 0.05 -seed 7 \
        +noise Gaussian -strip -sampling-factor 4:2:0 -quality 55 \
        "$tmp/plain.jpg"
    {
        head -c 2 "$tmp/plain.jpg" # start of image; segments follow
        app1 "$2"
        tail -c +3 "$tmp/plain.jpg"
    } >"$1.jpg"
}

# scene TOP BOTTOM GROUND DRAWING: 960 x 720, wall above, ground below.
scene() {
    convert -size 960x720 "gradient:$1-$2" \
        -fill "$3" -draw 'rectangle 0,470 960,720' \
        -draw "$4" "$tmp/scene.png"
}

scene '#a9b88f' '#8a9b77' '#7d7d78' '
fill #8a5a33 rectangle 90,330 870,368  rectangle 90,392 870,430
rectangle 90,470 870,500
fill #3c3a38 rectangle 160,500 190,640  rectangle 770,500 800,640
fill #e4e4e0 roundrectangle 300,560 348,660 8,8
fill #b8402f rectangle 300,590 348,622
fill #d8dbe2 roundrectangle 420,610 520,655 8,8
fill #2f55a0 rectangle 450,610 490,655
fill #2f6b3a roundrectangle 620,540 660,660 10,10
rectangle 632,490 648,545'
save bench 1 0

scene '#b9c7d4' '#9fb0bf' '#878f97' '
fill #34434f rectangle 120,120 840,160  rectangle 160,160 184,620
rectangle 776,160 800,620
fill #dbe9f2cc rectangle 200,180 480,560
fill #dbe9f299 rectangle 500,180 770,560
fill none stroke #26313a stroke-width 4
path "M 635,340 L 520,230 M 635,340 L 745,215 M 635,340 L 760,420"
path "M 635,340 L 600,520 M 635,340 L 515,410 M 570,280 L 690,280"
stroke none fill #eef6fbcc polygon 560,640 640,590 700,650
polygon 650,660 730,610 780,668
fill #8a5a33 rectangle 210,470 470,494'
save shelter 6 -90

scene '#a8907c' '#8f7967' '#6f6b66' '
fill #5b4a3c rectangle 0,440 960,470
fill #2b2b2e roundrectangle 120,430 300,610 60,60
roundrectangle 250,480 420,630 60,60
fill #e9e9e6 rectangle 480,320 640,610
fill #c9c9c6 rectangle 494,336 626,420  rectangle 494,436 626,594
fill #7a4b2a polygon 660,600 900,540 912,576 676,640
fill #b99a6b rectangle 700,420 860,540
fill #a78758 polygon 700,420 780,390 940,390 860,420
fill #3b3b3b circle 820,610 860,640
fill #6f6b66 circle 820,610 836,624'
save fly-tip 1 0

scene '#c9c2b4' '#b4ad9f' '#5d6166' '
fill #8d9297 rectangle 0,470 960,520
fill #c7cdd2 roundrectangle 150,330 800,560 60,60
fill #34434f polygon 290,340 360,260 600,260 690,340
fill #cfe1ec polygon 312,336 368,276 468,276 468,336
polygon 484,336 484,276 592,276 660,336
fill #1d1f22 circle 290,560 350,560  circle 670,560 730,560
fill #9aa1a7 circle 290,560 315,560  circle 670,560 695,560
fill #ffd54a rectangle 360,462 540,500
fill #1d1f22 rectangle 0,640 960,646'
save kerb 3 180
ls -l ./*.jpg >&2
