/*
 * scan.h - the words in a QR code or barcode, by zbar; ERR_UNSUPPORTED where
 * this was built without it.
 */
#ifndef PLATFORM_LINUX_SCAN_H
#define PLATFORM_LINUX_SCAN_H

#include "core/base.h"

bool scan_is_there(void);

/* One byte a pixel, light is large; rows without padding. ERR_NOT_FOUND: no
 * code in it; ERR_TOO_LONG: its words don't fit; ERR_BAD_DATA: no UTF-8. */
MUST_USE enum err scan_grey(const uint8_t *grey, uint32_t width,
                            uint32_t height, char *out, size_t size);

#endif /* PLATFORM_LINUX_SCAN_H */
