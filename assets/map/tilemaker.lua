-- tilemaker.lua - which of OpenStreetMap's objects a patrol's map shows, and
-- what of their tags it keeps. The layers are described in README.md.

node_keys = { "place", "amenity", "emergency", "railway", "highway",
              "addr:postcode", "shop", "tourism", "leisure" }

local road_class = {
    motorway = "motorway", motorway_link = "motorway",
    trunk = "main", trunk_link = "main",
    primary = "main", primary_link = "main",
    secondary = "main", secondary_link = "main",
    tertiary = "through", tertiary_link = "through",
    unclassified = "street", residential = "street", living_street = "street",
    road = "street", busway = "street",
    pedestrian = "walk",
    service = "service",
    footway = "path", path = "path", steps = "path", cycleway = "path",
    bridleway = "path", track = "track"
}

local road_zoom = {
    motorway = 8, main = 9, through = 11, street = 12, walk = 12,
    service = 13, track = 13, path = 13
}

local green_class = {
    park = "park", garden = "park", pitch = "pitch", playground = "park",
    golf_course = "park", nature_reserve = "wood", recreation_ground = "park",
    grass = "park", village_green = "park", forest = "wood", wood = "wood",
    meadow = "park", cemetery = "park", allotments = "park", scrub = "wood",
    heath = "wood", grassland = "park", common = "park"
}

local land_class = {
    residential = "built", commercial = "built", retail = "built",
    industrial = "built", railway = "built", garages = "built",
    construction = "built", brownfield = "built"
}

-- What an officer may have to find: police, help, meeting places.
local point_class = {
    police = "police", fire_station = "fire", hospital = "hospital",
    doctors = "health", clinic = "health", pharmacy = "pharmacy",
    toilets = "toilets", defibrillator = "defibrillator", school = "school",
    college = "school", university = "school", kindergarten = "school",
    library = "library", townhall = "townhall", community_centre = "community",
    place_of_worship = "worship", pub = "pub", bar = "pub",
    nightclub = "pub", bus_station = "bus", parking = "parking",
    shelter = "shelter", marketplace = "market", courthouse = "court",
    station = "station", halt = "station", supermarket = "shop",
    mall = "shop", museum = "museum", sports_centre = "sport",
    phone = "phone"
}

local place_zoom = {
    city = 8, town = 8, suburb = 11, village = 11, hamlet = 12,
    neighbourhood = 13, quarter = 12, locality = 14
}

function init_function()
end

function exit_function()
end

local function set_names(o)
    local name = o:Find("name")
    local en = o:Find("name:en")
    local cy = o:Find("name:cy")

    if name == "" then name = en end
    if name ~= "" then o:Attribute("name", name) end
    if en ~= "" and en ~= name then o:Attribute("name_en", en) end
    if cy ~= "" and cy ~= name then o:Attribute("name_cy", cy) end
end

local function find_point(o)
    for _, key in ipairs({ "emergency", "amenity", "railway", "shop",
                           "tourism", "leisure" }) do
        local class = point_class[o:Find(key)]

        if class then return class end
    end
    return nil
end

-- A name, or a thing that is looked for without one.
local function is_worth(class, o)
    return o:Find("name") ~= "" or class == "toilets" or
           class == "defibrillator" or class == "phone" or
           class == "shelter" or class == "police"
end

function node_function(node)
    local place = node:Find("place")
    local class = find_point(node)
    local postcode = node:Find("addr:postcode")

    if place_zoom[place] and node:Find("name") ~= "" then
        node:Layer("place", false)
        node:Attribute("class", place)
        set_names(node)
        node:MinZoom(place_zoom[place])
    end
    if class and is_worth(class, node) then
        node:Layer("point", false)
        node:Attribute("class", class)
        set_names(node)
    end
    if postcode ~= "" then
        node:Layer("postcode", false)
        node:Attribute("name", postcode)
    end
end

local function add_road(way, highway)
    local class = road_class[highway]
    local oneway = way:Find("oneway")
    local ref = way:Find("ref")
    local zoom = road_zoom[class]

    if way:Find("area") == "yes" and way:IsClosed() then
        way:Layer("land", true)
        way:Attribute("class", "square")
        set_names(way)
        way:MinZoom(12)
        return
    end
    way:Layer("road", false)
    way:Attribute("class", class)
    set_names(way)
    if ref ~= "" then way:Attribute("ref", ref) end
    if oneway == "yes" or oneway == "1" then way:AttributeNumeric("oneway", 1) end
    if oneway == "-1" then way:AttributeNumeric("oneway", -1) end
    if way:Find("bridge") ~= "" and way:Find("bridge") ~= "no" then
        way:AttributeNumeric("bridge", 1)
    end
    if way:Find("tunnel") == "yes" then way:AttributeNumeric("tunnel", 1) end
    if highway:sub(-5) == "_link" then zoom = zoom + 2 end
    way:MinZoom(zoom)
end

local function add_area(way)
    local natural = way:Find("natural")
    local landuse = way:Find("landuse")
    local leisure = way:Find("leisure")
    local green = green_class[leisure] or green_class[landuse] or
                  green_class[natural]

    if natural == "water" or landuse == "reservoir" or landuse == "basin" or
       way:Find("waterway") == "riverbank" or natural == "bay" then
        way:Layer("water", true)
        set_names(way)
    elseif natural == "mud" or natural == "wetland" or natural == "beach" or
           natural == "shingle" or natural == "sand" then
        way:Layer("land", true)
        way:Attribute("class", "shore")
        way:MinZoom(10)
    elseif green then
        way:Layer("green", true)
        way:Attribute("class", green)
        set_names(way)
        if way:Area() < 20000 then way:MinZoom(12) end
    elseif land_class[landuse] then
        way:Layer("land", true)
        way:Attribute("class", land_class[landuse])
        way:MinZoom(10)
    end
end

local function add_centre(way)
    local class = find_point(way)
    local postcode = way:Find("addr:postcode")

    if class and is_worth(class, way) then
        way:LayerAsCentroid("point")
        way:Attribute("class", class)
        set_names(way)
    elseif way:Find("building") ~= "" and way:Find("name") ~= "" then
        way:LayerAsCentroid("point")
        way:Attribute("class", "building")
        set_names(way)
    end
    if postcode ~= "" then
        way:LayerAsCentroid("postcode")
        way:Attribute("name", postcode)
    end
end

function way_function(way)
    local highway = way:Find("highway")
    local railway = way:Find("railway")
    local waterway = way:Find("waterway")
    local building = way:Find("building")

    if road_class[highway] then add_road(way, highway) end
    if railway == "rail" or railway == "tram" or railway == "light_rail" then
        way:Layer("rail", false)
        way:Attribute("class", railway)
        if way:Find("tunnel") == "yes" then
            way:AttributeNumeric("tunnel", 1)
        end
        if way:Find("service") ~= "" then way:MinZoom(13) end
    end
    if waterway == "river" or waterway == "canal" or waterway == "stream" then
        way:Layer("stream", false)
        way:Attribute("class", waterway)
        set_names(way)
        if waterway == "stream" then way:MinZoom(13) end
    end
    if way:Find("natural") == "coastline" then
        way:Layer("stream", false)
        way:Attribute("class", "coast")
    end
    if not way:IsClosed() then return end
    add_area(way)
    if building ~= "" and building ~= "no" then way:Layer("building", true) end
    add_centre(way)
end
