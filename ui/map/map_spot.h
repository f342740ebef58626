/*
 * map_spot.h - places on the map's own plane: the square Mercator projection
 * (EPSG:3857) with the world from 0 to 1, x eastward, y southward.
 *
 * At zoom z the world is 256 << z dp wide, in tiles of 256.
 */
#ifndef UI_MAP_MAP_SPOT_H
#define UI_MAP_MAP_SPOT_H

#include <stdint.h>

#define MAP_TILE_DP  256
#define MAP_ZOOM_MIN 10
#define MAP_ZOOM_MAX 19

struct map_spot {
    double x;
    double y;
};

/* 1e-7 degree of WGS84, as GPS gives it. */
struct map_spot map_spot_of(int64_t lat_e7, int64_t lon_e7);
void map_spot_back(struct map_spot spot, int64_t *lat_e7, int64_t *lon_e7);

/* dp of the whole world at `zoom`; between two levels it grows evenly. */
double map_spot_scale(double zoom);

/* Metres on the ground that one dp at `spot` shows. */
double map_spot_metres(struct map_spot spot, double zoom);

#endif /* UI_MAP_MAP_SPOT_H */
