/* scan.h on a machine that was built without zbar. */
#include "platform/linux/scan.h"

bool scan_is_there(void)
{
    return false;
}

enum err scan_grey(const uint8_t *grey, uint32_t width, uint32_t height,
                   char *out, size_t size)
{
    (void)grey;
    (void)width;
    (void)height;
    (void)out;
    (void)size;
    return ERR_UNSUPPORTED;
}
