/*
 * fields.h - body fields of the kinds that have no form: what the council
 * publishes and what the programs write by themselves. Field 1-15 are in
 * body.h. The numbers stand in events: append only, never change a type.
 */
#ifndef CORE_FIELDS_H
#define CORE_FIELDS_H

enum council_field {
    COUNCIL_NAME = 16, /* tstr */
    COUNCIL_CODE = 17, /* tstr, two letters in notice numbers: "WB" */
    COUNCIL_HOST = 18  /* tstr, "host:port" of the device listener */
};

enum officer_field {
    OFFICER_NUMBER = 16, /* tstr, as on the warrant card: "4417" */
    OFFICER_NAME = 17,   /* tstr */
    OFFICER_ROLES = 18,  /* codes: ids of roles, "neighbourhood-officer" */
    OFFICER_TEAM = 19    /* bstr .size 16: record of kind team */
};

enum team_field { TEAM_NAME = 16 /* tstr */ };

enum device_field {
    DEVICE_NAME = 16,        /* tstr */
    DEVICE_KIOSK = 17,       /* bool */
    DEVICE_STORAGE = 18,     /* int: 1 TPM, 2 encrypted disk, 3 weak */
    DEVICE_INCARNATION = 19, /* bstr .size 16, new-incarnation: the old */
    DEVICE_SEQUENCE = 20,    /* int, the last one held of it */
    DEVICE_ORDER = 21        /* bstr .size 16, wipe: which order */
};

/* Operations grant and revoke on kind key; record = id of the key. */
enum key_field {
    KEY_PUBLIC = 16,   /* bstr: COSE_Key, EC2 P-256 */
    KEY_USE = 17,      /* tstr: "seal", "officer", "holder", "server",
                          "recovery", "handover" */
    KEY_OWNER = 18,    /* bstr .size 16: device, officer or council */
    KEY_ROLE = 19,     /* tstr: of a holder of sealed records */
    KEY_OPENED_BY = 20 /* bstr .size 16: the officer whose PIN opened the
                          tablet for the owner's first one */
};

/* Operation share-key: the content key of a closed record, for one holder.
 * The body isn't encrypted: only the holder can open what it carries. */
enum share_field {
    SHARE_HOLDER = 16,     /* bstr .size 16: record of the holder's key */
    SHARE_CONTENT_KEY = 17 /* bstr: COSE_Encrypt; external data the record */
};

/* A definition: the JSON text as in assets, its id in FIELD_TITLE. */
enum definition_field { DEFINITION_JSON = 16 /* tstr */ };

enum patrol_field {
    PATROL_AREA = 16,        /* tstr: beat */
    PATROL_CREW = 17,        /* codes: officers' numbers */
    PATROL_DISTANCE_MM = 18, /* int, at the end */
    PATROL_MINUTES = 19,     /* tstr, at the end: minutes in each hotspot */
    PATROL_GAPS_MS = 20,     /* int, at the end: of the track, no pauses */
    PATROL_NEXT_MS = 21      /* int, UTC ms, check-in: when the next is due */
};

/* Parent: the patrol that it belongs to. */
enum track_field { TRACK_FIXES = 16 /* bstr: core/track.h */ };

enum book_field {
    BOOK_NUMBER = 16,   /* int */
    BOOK_SIGNATURE = 17 /* bstr: COSE_Sign by the officer's key, at the end */
};

/* What a signing says, beside what was signed: operation acknowledge of a
 * book by its officer (the lines up to one), operation review of it by a
 * team leader (countersigned), and the end of a patrol. */
enum sign_field {
    SIGN_TO = 30,   /* int: number of the last line that is signed */
    SIGN_INK = 31,  /* bstr: core/strokes.h */
    SIGN_NAME = 32, /* tstr: typed in place of a drawing */
    SIGN_COSE = 33, /* bstr: COSE_Sign by the signer's officer key */
    SIGN_WHY = 34   /* tstr, neither drawn nor typed: "would-not", "cannot" */
};

/* A row with the form `signature`: somebody's words in a record, signed by
 * their hand (SIGN_INK, SIGN_NAME or SIGN_WHY). SIGN_COSE is of the officer
 * who wrote them down, over SIGNED_HASH. */
enum signed_field {
    SIGNED_AT_MS = 26, /* int, UTC ms: when it was signed */
    SIGNED_HASH = 35,  /* bstr .size 32: core/tablet_signature.h */
    SIGNED_BY = 40,    /* tstr: who signed */
    SIGNED_WORDS = 43  /* tstr: the words, as they stood then */
};

/* Operations review and ask, of any record that people write: what a team
 * leader thinks of it. On a patrol the verdict is about its whole log. */
enum review_field {
    REVIEW_VERDICT = 40, /* int: enum review_verdict */
    REVIEW_SEEN = 41,    /* int: hlc of the newest that was seen of it */
    REVIEW_COUNT = 42,   /* int, of a patrol: questions it went back with */
    REVIEW_OF = 43       /* bstr .size 16: of an officer's ask who is asked,
                            of the answer who asked; no part of a review */
};
/* Stored: append only. */
enum review_verdict { REVIEW_APPROVED = 1, REVIEW_SENT_BACK };

/* Parent of an entry: its book. */
enum entry_field {
    ENTRY_NUMBER = 16,  /* int, 1..n in the book */
    ENTRY_LATE_MS = 17, /* int, UTC ms it was made late for */
    ENTRY_AMENDS = 18,  /* int, number of the entry that it corrects */
    ENTRY_ABOUT = 19,   /* bstr .size 16: a record it speaks of */
    ENTRY_AREA = 20,    /* tstr: id of the beat or hotspot it speaks of */
    ENTRY_MARK = 21     /* int: enum entry_mark */
};
/* Stored: append only. */
enum entry_mark {
    ENTRY_MARK_ENTERED = 1, /* by position, once that was sure */
    ENTRY_MARK_LEFT,
    ENTRY_MARK_STARTED, /* by the officer: a visit */
    ENTRY_MARK_ENDED
};

/* Parent: the record that the photo belongs to. */
enum photo_field {
    PHOTO_BLOB = 16,        /* bstr .size 32: name (SHA-256 of ciphertext) */
    PHOTO_KEY = 17,         /* bstr .size 32 */
    PHOTO_HASH = 18,        /* bstr .size 32: SHA-256 of the plain bytes */
    PHOTO_BYTES = 19,       /* int: size of the plain bytes */
    PHOTO_TYPE = 20,        /* tstr: "image/jpeg" */
    PHOTO_ORIENTATION = 21, /* int: EXIF 1-8 */
    PHOTO_SMALL_BLOB = 22,  /* bstr .size 32: the small derivative */
    PHOTO_SMALL_KEY = 23,   /* bstr .size 32 */
    PHOTO_SMALL_HASH = 24,  /* bstr .size 32 */
    PHOTO_SMALL_BYTES = 25, /* int */
    PHOTO_TAKEN_MS = 26,    /* int, UTC ms by the camera's clock */
    PHOTO_CAPTION = 27,     /* tstr */
    PHOTO_COPY_OF = 28,     /* bstr .size 16: the photo it was drawn on */
    PHOTO_EXHIBIT = 29,     /* tstr: initials and number, "AY/12" */
    PHOTO_LENGTH_MS = 30    /* int: of a recording */
};

/* Operations hold, release, erase-body: an order about the record. Beside
 * them FIELD_REASON. */
enum order_field {
    ORDER_ID = 16,  /* bstr .size 16: the same when it is made anew */
    ORDER_ROOT = 17 /* bstr .size 16: the record named, or its child */
};

/* What a team leader tells a team before it goes out. Beside these: title,
 * note (what it is about), marking, place, place_name, ended (until when). */
enum briefing_field {
    BRIEFING_WHY = 16,       /* tstr: why here */
    BRIEFING_TO_DO = 17,     /* tstr */
    BRIEFING_LOOK_FOR = 18,  /* tstr */
    BRIEFING_AREA = 19,      /* tstr: id of a beat or hotspot */
    BRIEFING_MUST_READ = 20, /* bool: before a patrol starts */
    BRIEFING_TEAM = 21,      /* bstr .size 16: record of kind team */
    /* acknowledge: int, hlc of the newest change that its reader saw */
    BRIEFING_SEEN = 22
};

/* What a team leader asks for. Beside these: title, note, place, place_name. */
enum task_field {
    TASK_KIND = 16,     /* int: enum task_sort */
    TASK_DUE_MS = 17,   /* int, UTC ms */
    TASK_GOAL_MIN = 18, /* int: minutes in a hotspot */
    TASK_AREA = 19,     /* tstr: id of a beat or hotspot */
    TASK_OFFICERS = 20, /* codes: officers' numbers; none: the whole team */
    TASK_TEAM = 21,     /* bstr .size 16: record of kind team */
    TASK_URGENT = 22,   /* bool: emergency re-task */
    TASK_OUTCOME = 23   /* int, operation close: enum task_outcome */
};
/* Stored: append only. */
enum task_sort { TASK_SORT_CHECK_IN = 1, TASK_SORT_HOTSPOT, TASK_SORT_OTHER };
enum task_outcome { TASK_OPEN, TASK_DONE, TASK_NOT_DONE };

/* The server's own history (kind log). */
enum log_field {
    LOG_BLOB = 16,        /* bstr .size 32: blob-held */
    LOG_BYTES = 17,       /* int: its size */
    LOG_INCARNATION = 18, /* bstr .size 16: refuse, close-incarnation */
    LOG_SEQUENCE = 19,    /* int */
    LOG_CODE = 20,        /* int: enum err of the refusal */
    LOG_OLD_ID = 21,      /* bstr .size 16: log-restart: the log before */
    LOG_OLD_SIZE = 22,    /* int */
    LOG_OLD_ROOT = 23,    /* bstr .size 32 */
    LOG_SEEN_SIZE = 24,   /* int: highest checkpoint shown by a tablet */
    LOG_SEEN_ROOT = 25    /* bstr .size 32 */
};

#endif /* CORE_FIELDS_H */
