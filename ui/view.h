/*
 * view.h - what the screens are shown: plain, immutable snapshots that the
 * worker thread makes from the core and the UI thread draws.
 *
 * No SQL, no crypto, no pointers into the core. Texts are UTF-8 in the
 * officer's or the record's own words; our own words are added by the UI.
 * Times are wall-clock ms since 1970 in local time (UTC + offset), so the UI
 * needs no time zone. A count that is too large for its array is in *_count
 * of the whole; the array holds the first.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "core/base.h"
#include "ui/view_brief.h"
#include "ui/view_form.h"
#include "ui/view_kept.h"
#include "ui/view_map.h"
#include "ui/view_photo.h"
#include "ui/view_record.h"
#include "ui/view_review.h"

#define VIEW_ID_SIZE    40 /* a UUID as text, an officer's number, a code */
#define VIEW_NAME_SIZE  64
#define VIEW_LINE_SIZE  128
#define VIEW_NOTE_SIZE  40960 /* 10,000 characters in any script */
#define VIEW_SIDE_SIZE  2048  /* of one version, as far as it is shown */
#define VIEW_OFFICERS   12
#define VIEW_STAFF      6 /* found by the search for a name */
#define VIEW_BRIEFINGS  8
#define VIEW_TYPES      24
#define VIEW_PHOTOS     8
#define VIEW_ENTRIES    12
#define VIEW_ITEMS      32
#define VIEW_KINDS      8
#define VIEW_PEOPLE     4
#define VIEW_CONFLICTS  24
#define VIEW_HOTSPOTS   8
#define VIEW_WAY        200
#define VIEW_QUESTIONS  8
#define VIEW_SIDES      6
#define VIEW_BEGUN      12  /* drafts that are listed */
#define VIEW_OTHER_SIZE 600 /* a value written in place of all others */

/* LINK_ANY: there is a way, but not known whether Wi-Fi or mobile. */
enum view_link { LINK_NONE, LINK_MOBILE, LINK_WIFI, LINK_ANY };
/* Why nothing goes although there may be a network; words: ui/trouble.h. */
enum view_trouble {
    TROUBLE_NONE, /* or no signal */
    TROUBLE_DATE,
    TROUBLE_STRANGER,
    TROUBLE_EXPIRED,
    TROUBLE_ENDED,
    TROUBLE_SERVER
};
enum view_sos { SOS_NONE, SOS_TRYING, SOS_SENT, SOS_ANSWERED };

/* `kind` of a draft that is a line for the notebook. */
#define VIEW_ENTRY "entry"

/* Rail and top bar of every screen. */
struct view_status {
    int64_t now_ms;
    bool clock_runs; /* false in tests: the clock stands */
    bool is_signed_in;
    bool is_practice; /* a made-up day: each page is marked */
    char officer[VIEW_NAME_SIZE];
    bool on_patrol;
    int waiting_count;     /* everything the server does not hold */
    bool is_waiting_known; /* false before the first PIN after boot */
    int refused_count;
    int unread_count; /* briefing items */
    enum view_link link;
    bool is_link_untried;      /* nobody has opened the tablet since it began */
    enum view_trouble trouble; /* where `link` is LINK_NONE */
    int link_bars;             /* 0 to 4 */
    bool is_paused;            /* sending, by hand */
    int64_t synced_ms;         /* 0: never */
    bool has_fix;
    int accuracy_m;      /* 0: the receiver does not say */
    int battery_percent; /* -1: none */
    enum view_sos sos;
    bool is_leader;   /* who is signed in reviews what others wrote */
    int review_count; /* logs that wait for that */
    struct view_urgent urgent;
};

struct view_officer {
    char id[VIEW_ID_SIZE];
    char name[VIEW_NAME_SIZE];
    char role[VIEW_NAME_SIZE]; /* our own word, English: tr() it */
    char number[16];
    int waiting;             /* of what this officer wrote; 0: nothing */
    int64_t locked_until_ms; /* no try before, after wrong PINs; 0: now */
    bool is_locked_out;      /* ten wrong ones: a colleague or a code opens */
};

enum signin_state {
    SIGNIN_READY,
    SIGNIN_CHECKING, /* the slow hash runs */
    SIGNIN_WRONG,
    SIGNIN_LOCKED,
    SIGNIN_BAD_CODE, /* no code of this tablet, or used */
    SIGNIN_OPEN,     /* for somebody who gets a PIN now */
    SIGNIN_PATROL    /* the PIN was right; a colleague's patrol runs here */
};

/* A patrol that somebody else began on this tablet. */
struct view_other_patrol {
    char name[VIEW_NAME_SIZE];
    char beat[VIEW_NAME_SIZE];
    int64_t started_ms;
};

struct view_signin {
    char council[VIEW_NAME_SIZE];
    char tablet[VIEW_NAME_SIZE];
    struct view_officer officers[VIEW_OFFICERS]; /* last used first */
    int officer_count;
    enum signin_state state;
    uint32_t attempt; /* counts answers, so that a second wrong is seen */
    int tries_left;
    struct view_other_patrol other;        /* when SIGNIN_PATROL */
    struct view_officer staff[VIEW_STAFF]; /* who the search found */
    int staff_count;                       /* of all that match */
};

enum patrol_state { PATROL_OFF, PATROL_ON, PATROL_PAUSED };
struct view_briefing {
    char title[VIEW_LINE_SIZE];
    char detail[VIEW_LINE_SIZE];
    bool is_unread;
};

struct view_place {
    bool has_fix;
    bool is_chosen;    /* on the map, by the officer: no fix at all */
    bool is_simulated; /* says the receiver */
    bool is_old;       /* the last fix, not one of now */
    int64_t fix_ms;
    int accuracy_m; /* 0: the receiver does not say */
    int64_t lat_e7;
    int64_t lon_e7;
    char name[VIEW_LINE_SIZE]; /* "": not known */
    char beat[VIEW_NAME_SIZE];
};

/* "I'm OK" was promised to the control room. */
struct view_welfare {
    int64_t due_ms;   /* 0: nothing is promised */
    int64_t grace_ms; /* so late, and the server tells the control room */
    bool is_seen;     /* the server has that promise */
};

/* A log that was begun and not saved, or a line for the notebook. */
struct view_begun {
    char id[VIEW_ID_SIZE];
    char kind[VIEW_ID_SIZE];    /* a tile's, or VIEW_ENTRY */
    char what[VIEW_LINE_SIZE];  /* our own word, English: tr() it */
    char words[VIEW_LINE_SIZE]; /* its place, or how its note begins; "" */
    int64_t at_ms;              /* when it was; 0: not known */
};

struct view_home {
    enum patrol_state patrol;
    char beat[VIEW_NAME_SIZE];
    char partner[VIEW_NAME_SIZE]; /* "": alone */
    bool by_car;
    int64_t started_ms;
    int64_t paused_ms;                  /* when PATROL_PAUSED began */
    struct view_task tasks[VIEW_TASKS]; /* open ones first, by time */
    int task_count;
    int open_count;      /* of them */
    int must_read_count; /* briefings to read before a patrol */
    struct view_briefing briefings[VIEW_BRIEFINGS];
    int briefing_count;
    int conflict_count; /* records that somebody must decide about */
    int ask_count;      /* questions of a team leader without an answer */
    char asked_by[VIEW_NAME_SIZE]; /* the newest of them */
    bool is_checked;    /* the tablet was looked at, for this shift */
    int check_looks;    /* things that aren't right; see view_check */
    int pin_hours_left; /* for a PIN that is too old; -1: it isn't */
    struct view_begun begun[VIEW_BEGUN]; /* touched last first */
    int begun_count;                     /* at most VIEW_BEGUN */
    struct view_welfare welfare;         /* TASK_CHECK_IN is the first task */
    int clock_off_s;                     /* GPS minus clock; 0: they agree */
    int notice_numbers;         /* left in this tablet's block; -1: no power */
    struct view_place position; /* the officer's own */
    bool has_form[10]; /* by enum tile_kind: this tablet has its form */
};

/* The ten tiles of the home screen, in the design's order. */
enum tile_kind {
    TILE_ASB,
    TILE_ENV,
    TILE_HATE,
    TILE_CARE,
    TILE_SUSPICIOUS,
    TILE_SECURITY,
    TILE_VEHICLE,
    TILE_TENSION,
    TILE_PREVENT,
    TILE_NOTICE,
    TILE__COUNT
};

struct view_type {
    char code[VIEW_ID_SIZE];
    char label[VIEW_NAME_SIZE]; /* the form's text, English: tr() it */
    char icon[16];              /* a name of icons.def */
};

enum draft_who { WHO_NONE, WHO_PERSON, WHO_NEARBY, WHO_PLACE };
enum draft_going { GOING_NONE, GOING_YES, GOING_NO, GOING_UNKNOWN };
#define PEOPLE_UNKNOWN (-1)

/* What the officer decides; goes whole to the worker at each change. */
struct draft {
    char id[VIEW_ID_SIZE];   /* the record's, made by the worker */
    char kind[VIEW_ID_SIZE]; /* "asb" */
    char type[VIEW_ID_SIZE]; /* code of a view_type; "": not chosen */
    enum draft_who who;
    enum draft_going going;
    int people; /* PEOPLE_UNKNOWN: not answered */
    int64_t happened_ms;
    bool is_time_set; /* by the officer, not by opening the log */
    char place[VIEW_LINE_SIZE];
    bool is_place_set; /* typed by the officer, not by position */
    bool has_spot;     /* chosen on the map: the record's place */
    int32_t spot_lat_e7;
    int32_t spot_lon_e7;
    char persons[VIEW_PEOPLE][VIEW_LINE_SIZE]; /* described in words */
    char vehicles[VIEW_PEOPLE][VIEW_LINE_SIZE];
    char note[VIEW_NOTE_SIZE]; /* last: it is kept as far as it goes */
};

struct view_photo {
    uint32_t image; /* of a view_image, 0: not decoded */
    char id[VIEW_ID_SIZE];
    bool is_broken;    /* kept as a file, cannot be shown */
    bool is_copy;      /* somebody drew on it, or it is a sketch */
    int64_t length_ms; /* of a recording; 0: it is none */
};

/* A record like the one being written, made near here a short while ago. */
struct view_near {
    int64_t at_ms;            /* 0: there is none */
    char who[VIEW_NAME_SIZE]; /* "": not known here */
    bool is_you;
};

struct view_log {
    struct view_near near;
    char title[VIEW_NAME_SIZE]; /* the category's, English: tr() it */
    char marking[24];           /* "OFFICIAL", "OFFICIAL-SENSITIVE" */
    struct view_type types[VIEW_TYPES];
    int type_count;
    struct draft draft; /* as the worker holds it */
    struct view_place position;
    struct view_photo photos[VIEW_PHOTOS];
    int photo_count;
    int64_t saved_ms; /* of the draft; 0: not yet */
    uint32_t opened;  /* counts CMD_OPEN_LOG answered: a new draft is here */
    bool has_camera;
};

struct view_entry {
    int number;
    int64_t made_ms;
    int64_t late_for_ms; /* 0: made in time */
    char text[VIEW_NOTE_SIZE];
    int strike_from; /* bytes of `text` that a later entry amends */
    int strike_to;
    int amended_by; /* entry number, 0: none */
    int amends;     /* entry number, 0: none */
    int bold_from;  /* in an amending entry: the right words */
    int bold_to;
    char reason[VIEW_LINE_SIZE];
    bool by_beatbook;         /* written by the program */
    bool fits;                /* its hash fits the chain */
    bool has_conflict;        /* what it is about has two versions */
    char about[VIEW_ID_SIZE]; /* the record it is about; "": none */
    uint32_t image;           /* of its exhibit, 0: none */
    char exhibit[VIEW_LINE_SIZE];
    char photo[VIEW_ID_SIZE];        /* of the exhibit: it can be opened; "" */
    struct view_signature signature; /* on words of the record: the newest */
    int photo_count;
};

struct view_notebook {
    char book[VIEW_NAME_SIZE];
    char author[VIEW_NAME_SIZE];
    int page;
    int page_count;
    int64_t date_ms;
    struct view_entry entries[VIEW_ENTRIES]; /* of this page */
    int entry_count;
    int total_count; /* of the book */
    bool chain_fits;
    int misfit; /* number of the first that does not */
    int64_t checked_ms;
    int held_to;                    /* last entry that the server holds */
    int found;                      /* the line that was asked for; 0: none */
    uint32_t found_count;           /* counts what was found */
    char inspector[VIEW_NAME_SIZE]; /* "": not inspected */
    int inspected_page;
    char draft[VIEW_NOTE_SIZE];      /* a line that was begun and not written */
    struct view_signature signature; /* by its officer, the newest */
    struct view_signature counter;   /* by a team leader */
};

enum item_kind { ITEM_RECORD, ITEM_NOTE, ITEM_PHOTO, ITEM_SEALED, ITEM_OTHER };

struct view_item {
    enum item_kind kind;
    char title[VIEW_LINE_SIZE];
    char detail[VIEW_LINE_SIZE]; /* why it waits, or when it was made */
    int64_t made_ms;             /* 0: `detail` says it */
    int64_t bytes;
    bool waits_for_wifi;
    int photos, photos_held; /* of a record; both 0: it has none on the way */
};

struct view_problem {
    char id[VIEW_ID_SIZE];
    char title[VIEW_LINE_SIZE];
    char reason[VIEW_LINE_SIZE * 2]; /* the server's, and what is safe */
};

struct view_kind {
    char name[VIEW_NAME_SIZE]; /* English: tr() it */
    int held;
    int made;
};

struct view_sync {
    struct view_problem problem; /* the first; count in status */
    bool is_sending;
    char sending[VIEW_LINE_SIZE];
    uint32_t sending_image;
    int64_t sent_bytes;
    int64_t total_bytes;
    int seconds_left;                   /* -1: not known */
    int64_t tried_ms;                   /* last try without a connection */
    struct view_item items[VIEW_ITEMS]; /* in the order they will go */
    int item_count;
    int64_t item_bytes;
    struct view_kind kinds[VIEW_KINDS];
    int kind_count;
    int held_count;
    int made_count;
    bool holds_photos; /* on mobile data */
};

/* Minutes in one hotspot, low to high as far as positions can tell. */
struct view_hotspot {
    char id[VIEW_ID_SIZE];
    char name[VIEW_LINE_SIZE];
    int goal; /* 0: none */
    int low, best, high;
    bool is_visited;
};

/* The way as a small picture: thousandths of its box; x VIEW_LIFT: a gap. */
#define VIEW_LIFT (-1)
struct view_dot {
    int16_t x, y;
};

/* End-of-shift sheet. */
struct view_end {
    int64_t started_ms;
    int64_t ended_ms; /* 0: the patrol still runs */
    char beat[VIEW_NAME_SIZE];
    char partner[VIEW_NAME_SIZE];
    int observations;
    int notices;
    int photos;
    int entries;
    int made_count;
    int stored_count;
    int waiting_count;
    int draft_count;
    struct view_hotspot hotspots[VIEW_HOTSPOTS];
    int hotspot_count;
    int goals_met;
    bool has_track; /* at least one position */
    bool is_simulated;
    int64_t distance_m;
    int gap_count;
    int gap_minutes;
    bool is_at_least; /* gaps are over a fifth: minutes are "at least" */
    char gap_why[VIEW_LINE_SIZE]; /* of the longest, English: tr() it; "" */
    struct view_dot way[VIEW_WAY];
    int way_count;
    int page;                        /* of the notebook, that is written on */
    int unsigned_lines;              /* of the notebook */
    struct view_signature signature; /* of the ended patrol */
    int64_t free_bytes;              /* -1: not known */
    int64_t battery_until_ms; /* at the pace of this patrol; 0: not known */
};

enum side_kind {
    SIDE_TEXT,   /* in somebody's own words, or a number */
    SIDE_WORD,   /* our own word, English: tr() it */
    SIDE_TIME,   /* `time_ms` */
    SIDE_EMPTY,  /* the field was emptied */
    SIDE_STRUCK, /* the record was struck; `text` is the reason */
    SIDE_KEPT    /* written into without knowing of the strike */
};

struct view_side {
    enum side_kind kind;
    bool is_you;
    bool is_here;      /* on this tablet */
    bool is_office;    /* on the council's console */
    bool by_satellite; /* made_ms; else by that device's own clock */
    char who[VIEW_NAME_SIZE];
    char where[VIEW_NAME_SIZE]; /* the tablet's name */
    int64_t made_ms;
    int64_t time_ms;
    char text[VIEW_SIDE_SIZE];
};

/* One field that people wrote differently, or the record struck by one. */
struct view_question {
    char label[VIEW_LINE_SIZE]; /* English: tr() it; "": the record */
    bool can_write;             /* another value, as text */
    bool is_number;
    struct view_side sides[VIEW_SIDES];
    int side_count;
};

struct view_conflict {
    char id[VIEW_ID_SIZE];      /* "": none is open */
    char title[VIEW_LINE_SIZE]; /* English: tr() it */
    char by[VIEW_NAME_SIZE];
    bool by_you;
    int64_t made_ms;
    int joined_count; /* fields that joined without trouble */
    struct view_question questions[VIEW_QUESTIONS];
    int question_count;
    uint32_t opened; /* counts what was shown: another one, other values */
};

struct view_conflict_item {
    char id[VIEW_ID_SIZE];
    char title[VIEW_LINE_SIZE];  /* English: tr() it */
    char values[VIEW_LINE_SIZE]; /* of its first field, both */
    int64_t made_ms;
    int fields;
};

struct view_conflicts {
    struct view_conflict_item items[VIEW_CONFLICTS]; /* newest first */
    int item_count;
    struct view_conflict open;
};

/* The look at the tablet before a shift, in this order. */
enum check_kind {
    CHECK_CHAIN,
    CHECK_CLOCK,
    CHECK_FIX,
    CHECK_STORAGE,
    CHECK_FORMS,
    CHECK_POWERS,
    CHECK_PRINTER,
    CHECK__COUNT
};
/* What the clock was compared with: `other` of CHECK_CLOCK. */
enum clock_by { CLOCK_BY_COUNCIL, CLOCK_BY_GNSS, CLOCK_BY_DATE };
enum check_state { CHECK_RIGHT, CHECK_LOOK, CHECK_WRONG, CHECK_NOT_HERE };
struct view_check_item {
    enum check_state state;
    int64_t number; /* what was found, in the unit of the kind: seconds,
                       metres, MiB, forms, powers that hold today */
    int64_t other;
};
struct view_check {
    bool is_done;
    int64_t at_ms;
    struct view_check_item items[CHECK__COUNT];
    char issuer[VIEW_NAME_SIZE]; /* of the card that ends first */
    char until[CARD_DAY_SIZE];
};

/* Something to tell; `err` ERR_OK means it went well. */
enum told {
    TOLD_NOTHING,
    TOLD_SAVED,  /* can be undone for 8 s */
    TOLD_SEALED, /* saved, for good: only a reference stays */
    TOLD_UNDONE,
    TOLD_CHECKED_IN,
    TOLD_ENTRY_MADE,
    TOLD_PATROL_ENDED,
    TOLD_PHOTO_KEPT,
    TOLD_RECORDING_KEPT,
    TOLD_SOS_NOT_SENT,
    TOLD_SOS_SENT,     /* the control room sees it */
    TOLD_SOS_ANSWERED, /* somebody there took it */
    TOLD_LEFT_BEAT,
    TOLD_ENTERED_BEAT,
    TOLD_CALL_999, /* recorded; nobody was reached by it */
    TOLD_SOS_SHUT, /* nothing was recorded: nobody has signed in yet */
    TOLD_SETTLED,
    TOLD_CHANGED, /* meanwhile, by somebody else: look again */
    TOLD_FAILED,  /* `err` says why */
    TOLD_DAMAGED, /* the notebook's file; the PIN again mends it */
    TOLD_MENDED,  /* a new one was made, the old one is kept */
    TOLD_ASKED,   /* a question to who wrote a briefing */
    TOLD_TASK_CLOSED,
    TOLD_APPROVED,  /* a patrol log */
    TOLD_SENT_BACK, /* the same, with questions */
    TOLD_ANSWERED,
    TOLD_SIGNED,
    TOLD_PIN_SET,
    TOLD_DURESS_SET,
    TOLD_DURESS_SAME, /* the duress PIN would be the PIN itself */
    TOLD_IN_HOTSPOT,  /* `name` says which */
    TOLD_OUT_HOTSPOT,
    TOLD_VISIT_STARTED,
    TOLD_VISIT_ENDED,
    TOLD_FIELD_FULL,   /* letters typed had no room any more */
    TOLD_PATROL_RUNS,  /* practice must wait until it has ended */
    TOLD_NO_PHOTO_ROOM /* the disk is nearly full: words still go in */
};
struct view_told {
    enum told told;
    enum err err;
    char name[VIEW_NAME_SIZE]; /* of the place it speaks of; "" */
    uint32_t serial;
};

enum view_kind_id {
    VIEW_STATUS,
    VIEW_SIGNIN,
    VIEW_HOME,
    VIEW_LOG,
    VIEW_FORM,
    VIEW_NOTEBOOK,
    VIEW_SYNC,
    VIEW_END,
    VIEW_CONFLICT,
    VIEW_MAP,
    VIEW_CHECK,
    VIEW_TOLD,
    VIEW_BRIEFING,
    VIEW_PICTURE,
    VIEW_CAPTURE,
    VIEW_REVIEW,
    VIEW_REVIEW_LOG,
    VIEW_ASKED_OF,
    VIEW_RECORD,
    VIEW_KEPT,
    VIEW__COUNT
};

/* The latest of each; zeroed until the first comes. */
struct views {
    struct view_status status;
    struct view_signin signin;
    struct view_home home;
    struct view_log log;
    struct view_form form; /* with `log`, for every log but the quick one */
    struct view_notebook notebook;
    struct view_sync sync;
    struct view_end end;
    struct view_conflicts conflicts;
    struct view_map map;
    struct view_check check;
    struct view_told told;
    struct view_briefs briefs;
    struct view_picture picture;
    struct view_capture capture;
    struct view_reviews reviews;
    struct view_review_log review;
    struct view_asks asks;
    struct view_kept kept;
    struct view_record record; /* of the conflict that is open */
};

#endif /* UI_VIEW_H */
