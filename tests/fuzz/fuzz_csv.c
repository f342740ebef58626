/* fuzz_csv.c - any bytes as comma-separated values: no crash, every row has
 * the width of the first, a refusal says why and where. */
#include "core/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_reader r;
    size_t width = 0;
    uint64_t line = 0;
    enum err err;

    csv_open(&r, (struct bytes){ data, size });
    while ((err = csv_next(&r)) == ERR_OK) {
        ASSERT(width == 0 || r.width == width);
        ASSERT(r.width > 0 && r.width <= CSV_FIELDS_MAX);
        ASSERT(r.row_line > line);
        width = r.width;
        line = r.row_line;
        for (size_t i = 0; i < r.width; i++) {
            const struct bytes f = csv_field(&r, i);

            ASSERT(f.data[f.len] == '\0');
        }
    }
    ASSERT(err == ERR_NOT_FOUND || err == ERR_BAD_DATA || err == ERR_TOO_LONG);
    ASSERT(err != ERR_BAD_DATA || r.why != NULL);
    csv_close(&r);
    return 0;
}
