#include "ui/map/map_spot.h"

#include <math.h>

#define PI_      3.14159265358979323846
#define E7       1e7
#define EARTH_M  40075016.686 /* round the equator, WGS84 */
#define LAT_MOST 85.05112878  /* where the square ends */

struct map_spot map_spot_of(int64_t lat_e7, int64_t lon_e7)
{
    double lat = (double)lat_e7 / E7;
    struct map_spot spot;

    lat = fmin(fmax(lat, -LAT_MOST), LAT_MOST) * PI_ / 180;
    spot.x = (double)lon_e7 / E7 / 360 + 0.5;
    spot.y = 0.5 - log(tan(PI_ / 4 + lat / 2)) / (2 * PI_);
    return spot;
}

void map_spot_back(struct map_spot spot, int64_t *lat_e7, int64_t *lon_e7)
{
    const double lat = 2 * atan(exp((0.5 - spot.y) * 2 * PI_)) - PI_ / 2;

    *lat_e7 = llround(lat * 180 / PI_ * E7);
    *lon_e7 = llround((spot.x - 0.5) * 360 * E7);
}

double map_spot_scale(double zoom)
{
    return MAP_TILE_DP * exp2(zoom);
}

double map_spot_metres(struct map_spot spot, double zoom)
{
    const double lat = 2 * atan(exp((0.5 - spot.y) * 2 * PI_)) - PI_ / 2;

    return EARTH_M * cos(lat) / map_spot_scale(zoom);
}
