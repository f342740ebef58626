/*
 * gridref.h - British National Grid (EPSG:27700): what an officer reads to
 * a control room, "ST 31042 88204".
 *
 * By the Ordnance Survey's seven-parameter (Helmert) shift and their
 * transverse Mercator series: within 5 m of the definitive OSTN15 in Great
 * Britain, which a fix is too. Not for Northern Ireland or surveys.
 */
#ifndef CORE_GRIDREF_H
#define CORE_GRIDREF_H

#include "core/base.h"

#define GRIDREF_ERROR_M   5
#define GRIDREF_TEXT_SIZE 16

/* Metres east and north of the grid's false origin, to the millimetre of
 * the formula; any place on earth, sensible only near Great Britain. */
void gridref_metres(int64_t lat_e7, int64_t lon_e7, double *east_out,
                    double *north_out);

/* Two letters and five digits twice, metres cut off, not rounded.
 * ERR_NOT_FOUND outside of the lettered squares (0-700 by 0-1300 km). */
MUST_USE enum err gridref_text(int64_t lat_e7, int64_t lon_e7,
                               char out[GRIDREF_TEXT_SIZE]);

#endif /* CORE_GRIDREF_H */
