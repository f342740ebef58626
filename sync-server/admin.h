/*
 * admin.h - what the command line asks of a council: in this process when
 * no server runs, else of the running one, over control.sock. Either way
 * one process at a time has the database.
 *
 *   request = [ verb, + argument ], answer = [ code, text ]   canonical CBOR
 */
#ifndef SYNC_SERVER_ADMIN_H
#define SYNC_SERVER_ADMIN_H

#include "sync-server/council.h"

#define ADMIN_ARGUMENTS_MAX  8
#define ADMIN_TEXT_MAX_BYTES ((size_t)5 * 1024 * 1024) /* of an answer */
#define ADMIN_PASSPHRASE_MIN 8 /* characters; five tries in 15 minutes */

/* "officer": number, name, role, wrapped passphrase or "" (secret.h),
 * the public half (x, y) of the key under it or "".
 * "enrol": device's name, "kiosk" or "", "weak" or "",
 * the number of the only officer or "".
 * "revoke-officer": number. "revoke-device": id or name.
 * "rekey": device's id. "export": folder, scope, id. "fingerprint".
 * "erase", "hold", "release": record, reason, officer's number or "".
 * "brief": JSON (brief.h), officer's number or "".
 * "erasures". "import": path of a hand-over file (admin_import.h).
 * "areas": a GeoJSON file's bytes (areas.h). */
struct admin_request {
    size_t count;
    struct bytes argument[ADMIN_ARGUMENTS_MAX]; /* [0] is the verb */
};
void admin_request_put(struct buf *out, const struct admin_request *r);

/* Does it and puts the answer; `in` is a request as put. */
void admin_handle(struct council *c, struct bytes in, struct buf *out);

/* Code and text of an answer; the text is a view into `in`. */
MUST_USE enum err admin_answer_parse(struct bytes in, enum err *code_out,
                                     struct bytes *text_out);

/* "pass:" and an officer's id in sdb_meta: the wrapped passphrase. */
#define ADMIN_META_PASS "pass:"

#endif /* SYNC_SERVER_ADMIN_H */
