#include "core/gridref.h"

#include <math.h>
#include <stdio.h>

#define E7       1e7
#define DEGREE   (3.14159265358979323846 / 180)
#define SECOND   (DEGREE / 3600)
#define STEPS    8 /* of latitude from coordinates: each gains 5 digits */
#define EAST_KM  700
#define NORTH_KM 1300

struct ellipsoid {
    double a;
    double b;
};

static const struct ellipsoid wgs84 = { 6378137.0, 6356752.314245 };
static const struct ellipsoid airy = { 6377563.396, 6356256.909 };

/* The National Grid's projection (OS, "A guide to coordinate systems"). */
static const double scale = 0.9996012717;
static const double lat0 = 49 * DEGREE;
static const double lon0 = -2 * DEGREE;
static const double east0 = 400000;
static const double north0 = -100000;

static double square_of_e(const struct ellipsoid *e)
{
    return 1 - (e->b * e->b) / (e->a * e->a);
}

/* WGS 84 to OSGB36, on the ground: latitude and longitude in radians. */
static void shift(double *lat, double *lon)
{
    const double e2 = square_of_e(&wgs84);
    const double n = wgs84.a / sqrt(1 - e2 * sin(*lat) * sin(*lat));
    const double x = n * cos(*lat) * cos(*lon);
    const double y = n * cos(*lat) * sin(*lon);
    const double z = n * (1 - e2) * sin(*lat);
    const double grow = 1 + 20.4894e-6;
    const double rx = -0.1502 * SECOND;
    const double ry = -0.2470 * SECOND;
    const double rz = -0.8421 * SECOND;
    const double x2 = -446.448 + grow * x - rz * y + ry * z;
    const double y2 = 125.157 + rz * x + grow * y - rx * z;
    const double z2 = -542.060 - ry * x + rx * y + grow * z;
    const double p = hypot(x2, y2);
    const double f2 = square_of_e(&airy);

    *lon = atan2(y2, x2);
    *lat = atan2(z2, p * (1 - f2));
    for (int i = 0; i < STEPS; i++) {
        const double v = airy.a / sqrt(1 - f2 * sin(*lat) * sin(*lat));

        *lat = atan2(z2 + f2 * v * sin(*lat), p);
    }
}

/* Along the meridian from the true origin. */
static double meridian(double lat)
{
    const double n = (airy.a - airy.b) / (airy.a + airy.b);
    const double n2 = n * n;
    const double n3 = n2 * n;
    const double less = lat - lat0;
    const double more = lat + lat0;

    return airy.b * scale *
           ((1 + n + 1.25 * n2 + 1.25 * n3) * less -
            (3 * n + 3 * n2 + 2.625 * n3) * sin(less) * cos(more) +
            (1.875 * n2 + 1.875 * n3) * sin(2 * less) * cos(2 * more) -
            35.0 / 24 * n3 * sin(3 * less) * cos(3 * more));
}

void gridref_metres(int64_t lat_e7, int64_t lon_e7, double *east_out,
                    double *north_out)
{
    double lat = (double)lat_e7 / E7 * DEGREE;
    double lon = (double)lon_e7 / E7 * DEGREE;
    double s, c, t2, v, rho, eta2, d, d2;

    shift(&lat, &lon);
    s = sin(lat);
    c = cos(lat);
    t2 = tan(lat) * tan(lat);
    v = airy.a * scale / sqrt(1 - square_of_e(&airy) * s * s);
    rho = v * (1 - square_of_e(&airy)) / (1 - square_of_e(&airy) * s * s);
    eta2 = v / rho - 1;
    d = lon - lon0;
    d2 = d * d;
    /* The guide's terms I to VI. */
    *north_out =
        north0 + meridian(lat) +
        d2 * (v / 2 * s * c +
              d2 * (v / 24 * s * c * c * c * (5 - t2 + 9 * eta2) +
                    d2 * (v / 720 * s * pow(c, 5) * (61 - 58 * t2 + t2 * t2))));
    *east_out =
        east0 + d * (v * c + d2 * (v / 6 * c * c * c * (v / rho - t2) +
                                   d2 * (v / 120 * pow(c, 5) *
                                         (5 - 18 * t2 + t2 * t2 + 14 * eta2 -
                                          58 * t2 * eta2))));
}

/* Rows of five letters from the north-west, without I. */
static char letter(int column, int row)
{
    const int n = (4 - row) * 5 + column;

    return (char)('A' + n + (n > 7 ? 1 : 0));
}

enum err gridref_text(int64_t lat_e7, int64_t lon_e7,
                      char out[GRIDREF_TEXT_SIZE])
{
    double east;
    double north;
    int e100;
    int n100;

    gridref_metres(lat_e7, lon_e7, &east, &north);
    if (!(east >= 0 && north >= 0 && east < EAST_KM * 1000.0 &&
          north < NORTH_KM * 1000.0)) {
        return ERR_NOT_FOUND;
    }
    e100 = (int)(east / 100000);
    n100 = (int)(north / 100000);
    /* The first letter's 500 km squares begin at S, 1000 km west and
     * 500 km south of the false origin's. */
    (void)snprintf(out, GRIDREF_TEXT_SIZE, "%c%c %05u %05u",
                   letter(e100 / 5 + 2, n100 / 5 + 1),
                   letter(e100 % 5, n100 % 5), (unsigned)east % 100000u,
                   (unsigned)north % 100000u);
    return ERR_OK;
}
