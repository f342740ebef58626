# walk.awk - a receiver on a walk through fictional Westbrook, as NMEA 0183:
# one position a second, round and round its beat. Small errors come and go,
# as a receiver's do; nothing is random, so two runs are the same walk.
#
# usage: awk -v start=UNIX_SECONDS -v today=DDMMYY -v tomorrow=DDMMYY \
#            -v seconds=N -f walk.awk
# The corners, on the streets of areas.geojson and westbrook.awk: latitude,
# longitude, seconds to stand there.
BEGIN {
    corners = split("52.40054 -4.60265 240,52.40063 -4.59882 0," \
        "52.40054 -4.59661 60,52.40058 -4.59580 0," \
        "52.40065 -4.59545 240,52.40144 -4.59558 0," \
        "52.40207 -4.59646 0,52.40063 -4.59882 0," \
        "52.39865 -4.59838 0,52.39807 -4.59823 0," \
        "52.39802 -4.59912 180,52.39793 -4.60059 0," \
        "52.39856 -4.60295 0", corner, ",")
    for (i = 0; i < 256; i++) {
        code[sprintf("%c", i)] = i
    }
    for (i = 0; i < 16; i++) {
        for (k = 0; k < 16; k++) {
            x = 0
            for (bit = 1; bit < 16; bit *= 2) {
                if (int(i / bit) % 2 != int(k / bit) % 2) {
                    x += bit
                }
            }
            xor[i, k] = x
        }
    }
    t = 0
    while (t < seconds) {
        for (c = 1; c <= corners && t < seconds; c++) {
            split(corner[c], a, " ")
            split(corner[c % corners + 1], b, " ")
            stay(a[1], a[2], a[3])
            walk(a[1], a[2], b[1], b[2])
        }
    }
}
function stay(lat, lon, n,  i) {
    for (i = 0; i < n && t < seconds; i++) {
        say(lat, lon, 0)
    }
}
# 1.3 m/s; a degree is 111 km, and 0.61 of that to the east.
function walk(lat, lon, to_lat, to_lon,  n, i) {
    n = int(sqrt((to_lat - lat) ^ 2 + ((to_lon - lon) * 0.61) ^ 2) \
        * 111000 / 1.3) + 1
    for (i = 0; i < n && t < seconds; i++) {
        say(lat + (to_lat - lat) * i / n, lon + (to_lon - lon) * i / n, 2.5)
    }
}
function say(lat, lon, knots,  at, day, clock, place) {
    at = start + t
    day = int(at / 86400) == int(start / 86400) ? today : tomorrow
    clock = sprintf("%02d%02d%02d.00", at / 3600 % 24, at / 60 % 60, at % 60)
    lat += 0.000012 * sin(t / 37) + 0.000006 * sin(t / 11)
    lon += 0.000018 * cos(t / 41) + 0.000009 * sin(t / 13)
    place = degrees(lat, 2, "N", "S") "," degrees(lon, 3, "E", "W")
    sentence(sprintf("GPRMC,%s,A,%s,%.1f,,%s,,,A", clock, place, knots, day))
    sentence(sprintf("GPGGA,%s,%s,1,09,0.3,12.0,M,,M,,", clock, place))
    t++
}
function degrees(v, digits, plus, minus,  sign, whole) {
    sign = v < 0 ? minus : plus
    v = v < 0 ? -v : v
    whole = int(v)
    return sprintf("%0" digits "d%09.6f,%s", whole, (v - whole) * 60, sign)
}
function sentence(text,  i, n, high, low) {
    high = low = 0
    for (i = 1; i <= length(text); i++) {
        n = code[substr(text, i, 1)]
        high = xor[high, int(n / 16)]
        low = xor[low, n % 16]
    }
    printf "$%s*%X%X\r\n", text, high, low
}
