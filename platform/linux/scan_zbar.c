/* scan.h by zbar. */
#include <string.h>
#include <zbar.h>

#include "core/mem.h"
#include "core/text.h"
#include "platform/linux/scan.h"

bool scan_is_there(void)
{
    return true;
}

static enum err first_words(const zbar_image_t *image, char *out, size_t size)
{
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    const char *words = symbol != NULL ? zbar_symbol_get_data(symbol) : NULL;
    const size_t len = words != NULL ? zbar_symbol_get_data_length(symbol) : 0;

    if (len == 0) {
        return ERR_NOT_FOUND;
    }
    if (len >= size) {
        return ERR_TOO_LONG;
    }
    if (!text_is_utf8(words, len) || memchr(words, '\0', len) != NULL) {
        return ERR_BAD_DATA;
    }
    memcpy(out, words, len);
    out[len] = '\0';
    return ERR_OK;
}

enum err scan_grey(const uint8_t *grey, uint32_t width, uint32_t height,
                   char *out, size_t size)
{
    const size_t bytes = (size_t)width * height;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    enum err err = ERR_NOMEM;

    if (scanner != NULL && image != NULL) {
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 1);
        zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
        zbar_image_set_size(image, width, height);
        zbar_image_set_data(image, grey, bytes, NULL); /* stays ours */
        err = zbar_scan_image(scanner, image) < 0
                  ? ERR_BAD_DATA
                  : first_words(image, out, size);
    }
    if (image != NULL) {
        zbar_image_destroy(image);
    }
    if (scanner != NULL) {
        zbar_image_scanner_destroy(scanner);
    }
    return err;
}
