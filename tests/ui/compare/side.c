/* side.c - puts pictures beside each other: beatbook-side OUT PNG PNG... */
#include <cairo.h>
#include <stdio.h>

#define GAP      16
#define SIDES    8
#define SIDE_MAX 16000 /* what Cairo can hold is 32,767 */

static int load(int argc, char **argv, cairo_surface_t **sides, int *w, int *h)
{
    for (int i = 0; i < argc; i++) {
        sides[i] = cairo_image_surface_create_from_png(argv[i]);
        if (cairo_surface_status(sides[i]) != CAIRO_STATUS_SUCCESS) {
            fprintf(stderr, "beatbook-side: cannot read %s\n", argv[i]);
            return 1;
        }
        *w += cairo_image_surface_get_width(sides[i]) + GAP;
        if (cairo_image_surface_get_height(sides[i]) > *h) {
            *h = cairo_image_surface_get_height(sides[i]);
        }
    }
    return *w > SIDE_MAX || *h > SIDE_MAX;
}

static int save(cairo_surface_t **sides, int count, int w, int h,
                const char *path)
{
    cairo_surface_t *sheet =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cr = cairo_create(sheet);
    cairo_status_t status;
    int x = 0;

    cairo_set_source_rgb(cr, 1.0, 0.0, 1.0); /* no design has magenta */
    cairo_paint(cr);
    for (int i = 0; i < count; i++) {
        cairo_set_source_surface(cr, sides[i], x, 0);
        cairo_paint(cr);
        x += cairo_image_surface_get_width(sides[i]) + GAP;
    }
    cairo_destroy(cr);
    status = cairo_surface_write_to_png(sheet, path);
    cairo_surface_destroy(sheet);
    return status != CAIRO_STATUS_SUCCESS;
}

int main(int argc, char **argv)
{
    cairo_surface_t *sides[SIDES] = { NULL };
    const int count = argc - 2;
    int w = -GAP;
    int h = 0;
    int rc;

    if (count < 1 || count > SIDES) {
        fprintf(stderr, "usage: beatbook-side OUT PNG...\n");
        return 2;
    }
    rc = load(count, argv + 2, sides, &w, &h);
    if (rc == 0) {
        rc = save(sides, count, w, h, argv[1]);
    }
    for (int i = 0; i < count; i++) {
        cairo_surface_destroy(sides[i]);
    }
    return rc;
}
