# westbrook.awk - the made-up town of Westbrook as OpenStreetMap XML, for the
# demo's map: streets and places of areas.geojson, and around them what a
# town has. No real place, nobody's data; two runs are the same town.
#
# usage: jq -r '.features[] | [.properties.kind, .properties.name,
#            ([.geometry.coordinates] | flatten | map(tostring)
#             | join(" "))] | @tsv' areas.geojson |
#        awk -F '\t' -f westbrook.awk >westbrook.osm
# Coordinates below are "latitude longitude, ..."; tags "key=value; ...".

BEGIN {
    NORTH = 111263 # metres of a degree here
    EAST = 68090
    LAT = 52.40054 # the Market Place
    LON = -4.60265
    CELL = 100 # metres: what is near is looked for in nine cells
    seed = 4183
    river = "52.3950 -4.6420,52.3975 -4.6300,52.3950 -4.6200," \
        "52.3963 -4.6080,52.3953 -4.6010,52.3952 -4.5965,52.3938 -4.5915," \
        "52.3936 -4.5830,52.3905 -4.5760,52.3912 -4.5560"
    rails = "52.4260 -4.6030,52.4100 -4.5962,52.4045 -4.5941," \
        "52.4019 -4.5928,52.3990 -4.5914,52.3900 -4.5852,52.3780 -4.5800"
    class["High Street"] = "tertiary; name:cy=Stryd Fawr"
    class["Station Road"] = "secondary; ref=A4871; name:cy=Ffordd yr Orsaf"
    class["Bridge Street"] = "secondary; ref=A4871; name:cy=Stryd y Bont"
    class["Hollins Way"] = "tertiary"
    class["Chapel Street"] = "residential; name:cy=Stryd y Capel"
    class["Cross Lane"] = "pedestrian"
    class["Station Yard"] = "service"
    class["Tanner’s Row"] = "pedestrian"
    sort_of["Town Hall"] = "amenity=townhall; building=yes"
    sort_of["Bus Station"] = "amenity=bus_station; building=yes"
    sort_of["Station"] = "railway=station; building=yes"
}

# GeoJSON has longitude first.
$1 == "street" {
    n = split($3, v, " ")
    points = ""
    for (i = 1; i < n; i += 2) {
        points = points (i > 1 ? "," : "") v[i + 1] " " v[i]
    }
    street($2, $2 in class ? class[$2] : "residential", points)
}
$1 == "place" && $2 in sort_of {
    split($3, v, " ")
    block("name=" $2 "; " sort_of[$2], v[2], v[1], 38, 22)
}

END {
    draw_water()
    draw_green()
    draw_links()
    draw_districts()
    draw_points()
    for (s = 1; s <= streets; s++) {
        build_along(s)
    }
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    print "<osm version=\"0.6\" generator=\"westbrook.awk\">"
    for (i = 1; i <= nodes; i++) {
        print node[i]
    }
    for (i = 1; i <= ways; i++) {
        print way_text[i]
    }
    print "</osm>"
}

# --- what the town has ---

function draw_water() {
    band("natural=water; name=River Brook; name:cy=Afon Brook", 30, river)
    way("waterway=river; name=River Brook; name:cy=Afon Brook", river)
    oval("natural=water; name=Boating lake", 52.39845, -4.58640, 42, 24)
    way("railway=rail", rails)
    bar(bend(rails))
}
function draw_green() {
    green("leisure=park; name=Millfield Park", "52.4003 -4.5898," \
        "52.3999 -4.5842,52.3967 -4.5846,52.3971 -4.5899,52.4003 -4.5898")
    green("leisure=park; name=Priory Park", "52.3944 -4.6052," \
        "52.3943 -4.5975,52.3931 -4.5935,52.3898 -4.5945,52.3893 -4.6045," \
        "52.3944 -4.6052")
    green("leisure=playground", "52.3983 -4.5888,52.3983 -4.5880," \
        "52.3978 -4.5880,52.3978 -4.5888,52.3983 -4.5888")
    green("leisure=pitch", "52.3925 -4.6030,52.3925 -4.6014," \
        "52.3917 -4.6014,52.3917 -4.6030,52.3925 -4.6030")
    green("natural=wood; name=Hollins Wood", "52.4085 -4.6285," \
        "52.4110 -4.6220,52.4072 -4.6195,52.4060 -4.6262,52.4085 -4.6285")
    green("landuse=cemetery; name=Abbey Churchyard", "52.4042 -4.6080," \
        "52.4047 -4.6064,52.4036 -4.6062,52.4034 -4.6078,52.4042 -4.6080")
    path("52.4001 -4.5893,52.3990 -4.5880,52.3987 -4.5846")
    path("52.3990 -4.5880,52.3972 -4.5862,52.3968 -4.5850")
    path("52.3941 -4.6045,52.3925 -4.6000,52.3935 -4.5940")
    path("52.3925 -4.6000,52.3895 -4.5990")
}
function draw_links() {
    street("Market Place", "pedestrian; area=yes", \
        "52.40085 -4.60305,52.40087 -4.60228,52.40036 -4.60222," \
        "52.40034 -4.60300,52.40085 -4.60305")
    street("Northgate", "pedestrian", "52.401439 -4.595578,52.402068 -4.596463")
    street("Mill Lane", "residential", "52.397932 -4.600590,52.398561 -4.602948")
    street("Northfield Road", "secondary; ref=B4370", "52.400594 -4.600884," \
        "52.402158 -4.599116,52.4040 -4.5994,52.4100 -4.6010,52.4200 -4.6035")
    street("Station Road", "secondary; ref=A4871", "52.403238 -4.593809," \
        "52.403777 -4.590567,52.4052 -4.5850,52.4080 -4.5600")
    street("Millfield Road", "tertiary", "52.400720 -4.594104," \
        "52.4008 -4.5900,52.4010 -4.5830,52.4002 -4.5600")
    street("Bridge Street", "secondary; ref=A4871; bridge=yes", \
        "52.396223 -4.598084,52.3946 -4.5977")
    street("Priory Road", "secondary; ref=A4871", "52.3946 -4.5977," \
        "52.3932 -4.5970,52.3880 -4.5962,52.3780 -4.5930")
    street("Hollins Way", "tertiary", "52.402338 -4.625057,52.4029 -4.6420")
    street("Abbey Close", "residential", "52.402968 -4.606191," \
        "52.4034 -4.6052,52.4032 -4.6040")
    street("Abbey Lane", "residential", "52.402968 -4.606191," \
        "52.4045 -4.6090,52.4090 -4.6120")
    street("Garth Lane", "residential", "52.400360 -4.609581," \
        "52.3990 -4.6086,52.397032 -4.603390")
    street("Malthouse Lane", "residential", "52.397032 -4.603390," \
        "52.3973 -4.6080,52.3985 -4.6160,52.4010792 -4.6162134")
    street("Albert Street", "residential", "52.399460 -4.596020," \
        "52.398651 -4.598379")
    street("Albert Street", "residential", "52.399460 -4.596020," \
        "52.3992 -4.5925")
    street("Ropewalk", "residential", "52.397752 -4.595873,52.3980 -4.5920," \
        "52.3992 -4.5925")
    street("Orchard Street", "residential", "52.402158 -4.599116," \
        "52.4036 -4.5962,52.403238 -4.593809")
    street("Dyers Court", "service", "52.3999 -4.6028,52.3997 -4.6006," \
        "52.4006 -4.6003")
    street("Guild Street", "residential", "52.400450 -4.606000," \
        "52.401979 -4.604864")
    street("Wool Street", "residential", "52.401190 -4.603650," \
        "52.4022 -4.6010,52.402158 -4.599116")
    street("Brewer Street", "residential", "52.400440 -4.606200," \
        "52.398750 -4.606000")
    street("Back Lane", "residential", "52.398561 -4.602948," \
        "52.398750 -4.606000,52.398300 -4.606850")
    street("Corporation Street", "residential", "52.399700 -4.600600," \
        "52.399650 -4.598600")
    street("Cooper Row", "residential", "52.397932 -4.600590," \
        "52.399700 -4.600600")
    street("Paradise Row", "residential", "52.401350 -4.597640," \
        "52.400570 -4.597300")
    street("Ship Street", "residential", "52.396700 -4.595700," \
        "52.396500 -4.592200,52.395600 -4.592300")
    street("Lime Street", "residential", "52.398000 -4.592000," \
        "52.396500 -4.592200")
    street("Tower Street", "residential", "52.402158 -4.599116," \
        "52.402068 -4.596463")
    street("St Brannock’s Road", "residential", "52.404500 -4.609000," \
        "52.4046 -4.6040,52.404000 -4.599400")
    street("Minster Gate", "residential", "52.403200 -4.604000," \
        "52.4030 -4.6015,52.402900 -4.599300")
}
# Names of a quarter, in the order in which its streets lie.
function draw_districts() {
    quarter("Northfield", 52.4062, -4.6095, 8, 5, 12, "Barley Road," \
        "Sorrel Close,Northfield Avenue,Harrow Street,Plough Lane," \
        "Tithe Road,Meadow View,Larkspur Way,Oat Street,Rye Crescent," \
        "Bramble Road,Hazel Grove,Thorn Street")
    quarter("Hollins", 52.3990, -4.6330, -4, 5, 6, "Holly Road,Ivy Street," \
        "Yew Tree Avenue,Rowan Close,Alder Way,Birch Road,Maple Street," \
        "Hollins Crescent,Cedar Lane,Elder Street,Juniper Road")
    quarter("Millfield", 52.4022, -4.5880, 5, 7, 3, "Miller Street," \
        "Weir Road,Sluice Lane,Cornmill Way,Stone Street,Race Close," \
        "Waterwheel Road,Grist Lane,Bran Street,Flour Court")
    quarter("Priory", 52.3812, -4.6120, 3, 7, 7, "Prior Street,Friar Road," \
        "Cloister Way,Chantry Lane,Almoner Street,Refectory Road," \
        "Cellarer Close,Abbot Street,Lady Lane,Vesper Road,Compline Way," \
        "Matins Road,Psalter Street,Bell Lane")
    quarter("", 52.3962, -4.5840, -6, 6, 3, "Dock Road,Quay Street," \
        "Anchor Lane,Chandler Street,Hawser Road,Capstan Way,Keel Street," \
        "Tiller Road,Mast Lane")
}
function draw_points(  i, n, p, v) {
    point("place=town; name=Westbrook", 52.40054, -4.60100)
    point("place=suburb; name=Town Centre", 52.39955, -4.59985)
    point("amenity=police; name=Westbrook Police Station", 52.40140, -4.59890)
    point("emergency=defibrillator", 52.40075, -4.60330)
    point("emergency=defibrillator", 52.40095, -4.59520)
    point("amenity=toilets", 52.40040, -4.60215)
    point("amenity=library; name=Central Library", 52.39975, -4.59930)
    point("amenity=pharmacy; name=Corn Street Pharmacy", 52.40040, -4.59780)
    point("amenity=place_of_worship; name=St Brannock’s", 52.40385, -4.60700)
    point("amenity=pub; name=The Wool Pack", 52.40120, -4.60150)
    point("amenity=school; name=Northfield School", 52.40850, -4.60500)
    point("amenity=fire_station; name=Fire Station", 52.40420, -4.58900)
    point("shop=mall; name=Northgate Arcade", 52.40190, -4.60040)
    point("amenity=parking; name=Depot Road car park", 52.40460, -4.58950)
    n = split("1AA 52.4007 -4.6033,1AB 52.4006 -4.5965,1AD 52.3984 -4.6030," \
        "1BA 52.3980 -4.5991,1BB 52.4030 -4.6062,1DE 52.4009 -4.5953," \
        "2HL 52.4020 -4.6250,3NF 52.4095 -4.6010,4MF 52.4005 -4.5800," \
        "5PR 52.3880 -4.5970", p, ",")
    for (i = 1; i <= n; i++) {
        split(p[i], v, " ")
        point("addr:postcode=WB" substr(v[1], 1, 1) " " v[1], v[2], v[3])
    }
}

# --- shapes ---

function street(name, type, points) {
    if (type ~ /area=yes/) {
        way("highway=" type "; name=" name, points)
        bar(points)
        return
    }
    streets++
    line[streets] = bend(points)
    way("highway=" type "; name=" name, points)
    remember(line[streets], type ~ /secondary|tertiary/ ? 8 : 6)
}
function path(points) {
    way("highway=footway", points)
}
function green(tags, points) {
    way(tags, points)
    keep_off(points)
}
function bar(points) {
    remember(points, 10)
}
# A line through the same points that turns gently (Catmull and Rom).
function bend(points,  n, p, i, k, t, a, b, c, d, out) {
    n = split(points, p, ",")
    if (n < 3) {
        return points
    }
    for (i = 1; i < n; i++) {
        split(p[i > 1 ? i - 1 : i], a, " ")
        split(p[i], b, " ")
        split(p[i + 1], c, " ")
        split(p[i + 2 <= n ? i + 2 : i + 1], d, " ")
        for (k = 0; k < 5; k++) {
            t = k / 5
            out = out at(curve(t, a[1], b[1], c[1], d[1]), \
                curve(t, a[2], b[2], c[2], d[2])) ","
        }
    }
    return out p[n]
}
function curve(t, a, b, c, d) {
    return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d \
        + t * (3 * (b - c) + d - a)))
}
# A band of half the width `w` metres along a line: its way there and back.
function band(tags, w, points,  n, p, i, a, b, x, y, l, there, back) {
    points = bend(points)
    n = split(points, p, ",")
    for (i = 1; i <= n; i++) {
        split(p[i > 1 ? i - 1 : 1], a, " ")
        split(p[i < n ? i + 1 : n], b, " ")
        x = (b[2] - a[2]) * EAST
        y = (b[1] - a[1]) * NORTH
        l = sqrt(x * x + y * y)
        split(p[i], a, " ")
        there = there at(a[1] + x / l * w / NORTH, a[2] - y / l * w / EAST) ","
        back = "," at(a[1] - x / l * w / NORTH, a[2] + y / l * w / EAST) back
    }
    points = there substr(back, 2)
    way(tags, points "," substr(there, 1, index(there, ",") - 1))
    keep_off(points "," substr(there, 1, index(there, ",") - 1))
}
function oval(tags, lat, lon, rx, ry,  i, points) {
    for (i = 0; i < 24; i++) {
        points = points at(lat + sin(i * 0.2617994) * ry / NORTH, \
            lon + cos(i * 0.2617994) * rx / EAST) ","
    }
    way(tags, points substr(points, 1, index(points, ",") - 1))
}
# A house of w by h metres, lying along the direction (dx, dy).
function house(tags, lat, lon, w, h, dx, dy,  i, points, x, y) {
    for (i = 0; i < 5; i++) {
        x = (i == 1 || i == 2 ? w : -w) / 2
        y = (i == 2 || i == 3 ? h : -h) / 2
        points = points (i ? "," : "") at(lat + (x * dy + y * dx) / NORTH, \
            lon + (x * dx - y * dy) / EAST)
    }
    way(tags, points)
}
# A large building; no house is built into it.
function block(tags, lat, lon, w, h,  x) {
    house(tags, lat, lon, w, h, 0.99, 0.14)
    for (x = -w / 2; x <= w / 2; x += 8) {
        taken[spot(lat, lon + x / EAST)] = 1
        taken[spot(lat + 9 / NORTH, lon + x / EAST)] = 1
        taken[spot(lat - 9 / NORTH, lon + x / EAST)] = 1
    }
}
# Streets in rows and across, a little crooked: angle in degrees.
function quarter(name, lat, lon, angle, columns, rows, names,  \
    list, n, i, k, points, c, s) {
    n = split(names, list, ",")
    c = cos(angle / 57.29578)
    s = sin(angle / 57.29578)
    for (i = 0; i < rows; i++) {
        points = ""
        for (k = 0; k <= columns; k++) {
            points = points (k ? "," : "") corner(lat, lon, c, s, k, i)
        }
        street(list[i % n + 1], "residential", points)
    }
    for (k = 0; k <= columns; k += 2) {
        points = ""
        for (i = 0; i < rows; i++) {
            points = points (i ? "," : "") corner(lat, lon, c, s, k, i)
        }
        street(list[(rows + k / 2) % n + 1], "residential", points)
    }
    if (name != "") {
        split(corner(lat, lon, c, s, int(columns / 2), int(rows / 2)), list, \
            " ")
        point("place=suburb; name=" name, list[1] + 0.0004, list[2])
    }
}
function corner(lat, lon, c, s, k, i,  x, y) {
    x = k * 168 + 26 * sin(k * 2.1 + i * 1.3)
    y = i * 96 + 18 * sin(k * 1.7 + i * 2.9)
    return at(lat + (y * c + x * s) / NORTH, lon + (x * c - y * s) / EAST)
}

# --- houses ---

function build_along(s,  n, p, i, a, b, x, y, l, d, side, step) {
    n = split(line[s], p, ",")
    for (i = 1; i < n; i++) {
        split(p[i], a, " ")
        split(p[i + 1], b, " ")
        x = (b[2] - a[2]) * EAST
        y = (b[1] - a[1]) * NORTH
        l = sqrt(x * x + y * y)
        for (side = -1; side <= 1; side += 2) {
            for (d = 9; d < l - 8; d += step) {
                step = 13 + random(7)
                try_house(a[1] + y / l * d / NORTH, a[2] + x / l * d / EAST, \
                    x / l, y / l, side, step)
            }
        }
    }
}
function try_house(lat, lon, dx, dy, side, step,  away, w, h, is_town) {
    is_town = sqrt(((lat - LAT) * NORTH) ^ 2 + ((lon + 4.5995) * EAST) ^ 2) < 520
    w = step - (is_town ? 1 : 4)
    h = is_town ? 14 + random(9) : 8 + random(4)
    away = (is_town ? 8 : 11) + h / 2 + random(2)
    lat += dx * side * away / NORTH
    lon -= dy * side * away / EAST
    if (random(12) > 0 && spot_is_free(lat, lon, h / 2)) {
        taken[spot(lat, lon)] = 1
        house("building=yes", lat, lon, w, h, dx, dy)
    }
}
function spot(lat, lon) {
    return int((lat - 52) * NORTH / 9) "," int((lon + 5) * EAST / 9)
}
function spot_is_free(lat, lon, h,  i, k, x, y, c) {
    x = int((lon + 5) * EAST / 9)
    y = int((lat - 52) * NORTH / 9)
    for (i = -1; i <= 1; i++) {
        for (k = -1; k <= 1; k++) {
            if ((y + i) "," (x + k) in taken) {
                return 0
            }
        }
    }
    x = (lon + 5) * EAST
    y = (lat - 52) * NORTH
    c = int(y / CELL) "," int(x / CELL)
    for (i = 1; i <= near_count[c]; i++) {
        if (is_close(near[c, i], x, y, h)) {
            return 0
        }
    }
    for (i = 1; i <= closed; i++) {
        if (is_inside(i, x, y)) {
            return 0
        }
    }
    return 1
}
function is_close(s, x, y, h,  t, dx, dy) {
    dx = to_x[s] - from_x[s]
    dy = to_y[s] - from_y[s]
    t = ((x - from_x[s]) * dx + (y - from_y[s]) * dy) / (dx * dx + dy * dy)
    t = t < 0 ? 0 : t > 1 ? 1 : t
    dx = from_x[s] + t * dx - x
    dy = from_y[s] + t * dy - y
    return sqrt(dx * dx + dy * dy) < half[s] + h
}
# Pieces of streets, in all cells that a house near them may lie in.
function remember(points, w,  n, p, i, a, b, k, m, x, y, c, seen) {
    n = split(points, p, ",")
    for (i = 1; i < n; i++) {
        split(p[i], a, " ")
        split(p[i + 1], b, " ")
        pieces++
        from_x[pieces] = (a[2] + 5) * EAST
        from_y[pieces] = (a[1] - 52) * NORTH
        to_x[pieces] = (b[2] + 5) * EAST
        to_y[pieces] = (b[1] - 52) * NORTH
        half[pieces] = w
        for (k = 0; k <= 60; k++) {
            x = from_x[pieces] + (to_x[pieces] - from_x[pieces]) * k / 60
            y = from_y[pieces] + (to_y[pieces] - from_y[pieces]) * k / 60
            for (m = 0; m < 9; m++) {
                c = int(y / CELL + m % 3 - 1) "," \
                    int(x / CELL + int(m / 3) - 1)
                if (!((pieces, c) in is_kept)) {
                    is_kept[pieces, c] = 1
                    near[c, ++near_count[c]] = pieces
                }
            }
        }
    }
}
# Rings that nothing is built in.
function keep_off(points) {
    ring[++closed] = points
}
function is_inside(r, x, y,  n, p, i, a, inside, x1, y1, x2, y2) {
    if (!(r in ring_n)) {
        ring_n[r] = split(ring[r], p, ",")
        for (i = 1; i <= ring_n[r]; i++) {
            split(p[i], a, " ")
            ring_x[r, i] = (a[2] + 5) * EAST
            ring_y[r, i] = (a[1] - 52) * NORTH
        }
    }
    n = ring_n[r]
    for (i = 1; i < n; i++) {
        x1 = ring_x[r, i]
        y1 = ring_y[r, i]
        x2 = ring_x[r, i + 1]
        y2 = ring_y[r, i + 1]
        if ((y1 > y) != (y2 > y) && x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)) {
            inside = !inside
        }
    }
    return inside
}
function random(below) {
    seed = (seed * 1103 + 12345) % 65536
    return int(seed / 65536 * below)
}

# --- XML ---

function at(lat, lon) {
    return sprintf("%.7f %.7f", lat, lon)
}
function tags_of(tags,  n, t, i, k, out) {
    n = split(tags, t, "; ")
    for (i = 1; i <= n; i++) {
        k = index(t[i], "=")
        out = out "<tag k=\"" substr(t[i], 1, k - 1) "\" v=\"" \
            substr(t[i], k + 1) "\"/>"
    }
    return out
}
function put_node(lat, lon, inside) {
    nodes++
    node[nodes] = sprintf("<node id=\"%d\" version=\"1\" lat=\"%s\" " \
        "lon=\"%s\"%s", nodes, lat, lon, \
        inside == "" ? "/>" : ">" inside "</node>")
    return nodes
}
function point(tags, lat, lon) {
    put_node(lat, lon, tags_of(tags))
}
# A line that ends where it began is closed by the same node.
function way(tags, points,  n, p, i, v, refs, first) {
    if (tags ~ /^(highway|railway|waterway)/ && tags !~ /area=yes/) {
        points = bend(points)
    }
    n = split(points, p, ",")
    for (i = 1; i <= n; i++) {
        split(p[i], v, " ")
        if (i == 1) {
            first = put_node(v[1], v[2], "")
            refs = "<nd ref=\"" first "\"/>"
        } else {
            refs = refs "<nd ref=\"" \
                (i == n && p[n] == p[1] ? first : put_node(v[1], v[2], "")) \
                "\"/>"
        }
    }
    ways++
    way_text[ways] = "<way id=\"" ways "\" version=\"1\">" refs \
        tags_of(tags) "</way>"
}
