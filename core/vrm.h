/*
 * vrm.h - vehicle registration marks: how they are kept, which style they
 * have, how they are shown. Nothing is ever refused: foreign, trade and
 * personal marks exist, and an officer may have read only a part.
 */
#ifndef CORE_VRM_H
#define CORE_VRM_H

#include "core/base.h"

#define VRM_SIZE 24 /* "123 X 456" and more than any mark, with its NUL */

/*
 * The mark in `text` in capitals and without spaces, "?" standing for a sign
 * that could not be read; returns its style, a code of the vehicle's form.
 * What fits no style is "unknown" and stays as it was written, cut to fit.
 */
const char *vrm_read(const char *text, char out[VRM_SIZE]);

/* With the spaces of its style: "WB01KTX" as "WB01 KTX". */
void vrm_show(const char *text, char out[VRM_SIZE]);

#endif /* CORE_VRM_H */
