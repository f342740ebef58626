/*
 * app.h - the verbs that screens may use, and what answers them.
 *
 * A verb posts a command to the worker thread and returns at once; the
 * answer is a new view. The UI thread never touches the core, so a slow
 * disk stalls no frame. The worker is a backend: ui/worker/ over the
 * core, tests/ui/fake_app.c with the design's sample day.
 */
#ifndef UI_APP_H
#define UI_APP_H

#include "ui/kit/image.h"
#include "ui/kit/strokes.h"
#include "ui/view.h"

enum command_kind {
    CMD_NOTHING, /* wakes the worker */
    CMD_SIGN_IN,
    CMD_LOCK,
    CMD_SIGN_OUT,
    CMD_START_PATROL,
    CMD_PAUSE_PATROL,
    CMD_RESUME_PATROL,
    CMD_END_PATROL,
    CMD_CHECK_IN,
    CMD_READ_BRIEFING,
    CMD_OPEN_LOG, /* id: its kind, key: of a draft or "", spot */
    CMD_PUT_DRAFT,
    CMD_SAVE,
    CMD_UNDO_SAVE,
    CMD_TAKE_PHOTO,
    CMD_ATTACH_PHOTO,
    CMD_REMOVE_PHOTO,
    CMD_OPEN_PAGE,
    CMD_ADD_ENTRY,
    CMD_AMEND_ENTRY,
    CMD_SYNC_NOW,
    CMD_PAUSE_SYNC,
    CMD_HOLD_PHOTOS,
    CMD_SOS,
    CMD_LANGUAGE,
    CMD_OPEN_CONFLICT, /* id */
    CMD_SETTLE,        /* number: what was shown; choice, other */
    CMD_PUT_FIELD,     /* key, act, text or at_ms */
    CMD_OPEN_ROW,      /* key: "persons.2", "": back to the observation */
    CMD_DROP_ROW,      /* key */
    CMD_SAVE_FORM,
    CMD_ASK_BRIEFING, /* id, text */
    CMD_CLOSE_TASK,   /* id, is_on: done, reason */
    CMD_SEE_TASK,     /* id */
    CMD_OPEN_FOR,     /* id, secret: a colleague opens it for another */
    CMD_USE_CODE,     /* secret: a recovery code does */
    CMD_FIND_STAFF,   /* text */
    CMD_SET_PIN,      /* id, secret: who gets one; while it is open for it */
    CMD_STOP_OPENING, /* nobody gets one */
    CMD_TAKE_PATROL,  /* is_on: hand over, else end it */
    CMD_SET_DURESS,   /* secret */
    CMD_CHECK_TABLET, /* before a shift */
    CMD_RENEW_PIN,    /* a new one for who is signed in */
    CMD_VISIT,        /* id: of a hotspot; is_on: begins, else ends */
    CMD_OPEN_ABOUT,   /* id: the notebook's line about that record */
    CMD_OPEN_PHOTO,   /* id: large, with its custody */
    CMD_DRAW,         /* id: on a copy of it, "": on an empty sheet */
    CMD_CAPTURE,      /* number: enum capture_mode */
    CMD_SHOOT,        /* a photo; a recording begins, or ends */
    CMD_PLAY,         /* id: a recording, from its start; again: no more */
    CMD_PRACTISE,     /* is_on: begin, else leave; from the sign-in page */
    CMD_KEEP_ENTRY,   /* text: of a line that is being written; "": none */
    CMD_OPEN_REVIEW,  /* id: of a patrol */
    CMD_PUT_QUESTION, /* id: of an entry, text; "": none */
    CMD_REVIEW,       /* id: of a patrol, is_on: approves the rest, reason */
    CMD_COUNTERSIGN,  /* id: of a patrol, hand */
    CMD_ANSWER,       /* id: of an entry, text */
    CMD_SIGN_BOOK,    /* hand */
    CMD_SIGN_FIELD,   /* key, hand, at_ms */
    CMD_KEEP_WORDS,   /* number: enum kept_kind; key: about what; text */
    CMD_ASK_ABOUT,    /* id: of a record, key: whom, text */
    CMD_READ_RECORD   /* id: all its fields, what became of it */
};

/* What is done to one answer of the open form. */
enum field_act {
    FIELD_WRITE,  /* `text` is the answer; "" takes it out */
    FIELD_CHOOSE, /* the same, but chosen twice is taken out */
    FIELD_TOGGLE, /* `text` is a code, put into the set or taken out */
    FIELD_STEP,   /* `number` more, from where it stands */
    FIELD_TIME    /* `at_ms` local; 0 takes it out */
};

/* A place that was chosen on the map, for a log. */
struct log_spot {
    bool is_set; /* else only the name */
    int32_t lat_e7;
    int32_t lon_e7;
    char name[VIEW_LINE_SIZE]; /* as people call it, or a grid reference */
};

/* What is to stand in each field: of side 1.., or another value. */
#define SETTLE_OTHER (-1)
struct settlement {
    uint32_t opened;            /* of the view that it answers */
    int choice[VIEW_QUESTIONS]; /* 0: left open */
    char other[VIEW_QUESTIONS][VIEW_OTHER_SIZE];
};

/* What a hand gave: a drawing, or a name typed, or why there is neither. */
struct hand {
    struct view_ink ink; /* width 0: none */
    char name[VIEW_NAME_SIZE];
    char why[16];
    char by[VIEW_NAME_SIZE]; /* who signs, where that was asked */
};

/* Which fields a kind uses is said at its verb below. */
struct command {
    enum command_kind kind;
    char id[VIEW_ID_SIZE];
    char secret[32]; /* a PIN; wiped by the bridge once handled */
    char text[VIEW_NOTE_SIZE];
    char reason[VIEW_LINE_SIZE];
    int number;
    int from; /* bytes of an entry's text */
    int to;
    bool is_on;
    int64_t at_ms;
    char key[VIEW_KEY_SIZE];
    enum field_act act;
    struct draft draft;
    struct settlement settlement;
    struct log_spot spot; /* of OPEN_LOG */
    struct drawing drawing;
    struct hand hand; /* END_PATROL, COUNTERSIGN, SIGN_BOOK, SIGN_FIELD */
};

struct bridge;

/* The worker's side. All functions run on the worker thread. */
struct app_backend {
    /* Posts the first views. */
    enum err (*open)(void *ctx, struct bridge *bridge);
    void (*handle)(void *ctx, const struct command *cmd);
    /* Called when nothing waits; returns ms until it wants to be called
     * again without a command, or -1: only a command wakes it. */
    int (*idle)(void *ctx);
    void (*close)(void *ctx);
};

/* `path` of ATTACH_PHOTO; longer ones are refused. */
#define APP_PATH_MAX (VIEW_NOTE_SIZE - 1)

/* Verbs. `app` is the bridge; ERR_FULL: 256 commands wait already. */
struct app;

MUST_USE enum err app_sign_in(struct app *app, const char *officer_id,
                              const char *pin);
/* A kind that takes a person (NULL: none) and a PIN or code (NULL: none). */
MUST_USE enum err app_secret(struct app *app, enum command_kind kind,
                             const char *id, const char *secret);
MUST_USE enum err app_find_staff(struct app *app, const char *words);
MUST_USE enum err app_send(struct app *app, enum command_kind kind);
MUST_USE enum err app_send_on(struct app *app, enum command_kind kind,
                              bool is_on);
MUST_USE enum err app_pause_patrol(struct app *app, const char *reason);
/* `reasons` why hotspots had no visit: "id=code;" for each; may be "". */
MUST_USE enum err app_end_patrol(struct app *app, const char *reasons,
                                 const struct hand *hand);
/* A kind that takes what a hand gave, and an id or NULL. */
MUST_USE enum err app_sign(struct app *app, enum command_kind kind,
                           const char *id, const struct hand *hand);
/* A kind that takes an id and words. */
MUST_USE enum err app_say(struct app *app, enum command_kind kind,
                          const char *id, const char *words);
/* What was typed into a sheet so far; "" when it is sent, or given up. */
MUST_USE enum err app_keep_words(struct app *app, int kind, const char *about,
                                 const char *text);
/* A question to a colleague, by id, about a record. */
MUST_USE enum err app_ask_about(struct app *app, const char *record_id,
                                const char *whom, const char *question);
MUST_USE enum err app_review(struct app *app, const char *patrol,
                             bool approves_rest, const char *reason);
MUST_USE enum err app_check_in(struct app *app, const char *task_id);
/* `changed`: of the view that was read. */
MUST_USE enum err app_read_briefing(struct app *app, const char *id,
                                    uint64_t changed);
MUST_USE enum err app_ask_briefing(struct app *app, const char *id,
                                   const char *question);
MUST_USE enum err app_close_task(struct app *app, const char *id, bool is_done,
                                 const char *reason);
MUST_USE enum err app_see_task(struct app *app, const char *id);
/* `draft`: one that was begun (view_begun), "": a new one. `spot` is a place
 * that was chosen on the map, or NULL. */
MUST_USE enum err app_open_log(struct app *app, const char *kind,
                               const char *draft, const struct log_spot *spot);
MUST_USE enum err app_visit(struct app *app, const char *area_id, bool begins);
MUST_USE enum err app_open_about(struct app *app, const char *record_id);
MUST_USE enum err app_put_draft(struct app *app, const struct draft *draft);
MUST_USE enum err app_save(struct app *app, const struct draft *draft);
/* `key` as the page says it; rows' answers have their row before them. */
MUST_USE enum err app_put_field(struct app *app, const char *key,
                                enum field_act act, const char *text);
MUST_USE enum err app_step_field(struct app *app, const char *key, int by);
MUST_USE enum err app_put_time(struct app *app, const char *key, int64_t at_ms);
/* A signature on words of the open form; what was there is replaced. */
MUST_USE enum err app_sign_field(struct app *app, const char *key,
                                 const struct hand *hand, int64_t at_ms);
MUST_USE enum err app_send_row(struct app *app, enum command_kind kind,
                               const char *key);
MUST_USE enum err app_attach_photo(struct app *app, const char *draft_id,
                                   const char *path);
MUST_USE enum err app_remove_photo(struct app *app, const char *photo_id);
/* CMD_OPEN_PHOTO, CMD_PLAY. */
MUST_USE enum err app_photo(struct app *app, enum command_kind kind,
                            const char *photo_id);
MUST_USE enum err app_capture(struct app *app, enum capture_mode mode);
/* On a copy of that photo; "": on an empty sheet. */
MUST_USE enum err app_draw(struct app *app, const char *photo_id,
                           const struct drawing *drawing);
MUST_USE enum err app_open_page(struct app *app, int page);
/* `late_for_ms` 0: for now. */
MUST_USE enum err app_add_entry(struct app *app, const char *text,
                                int64_t late_for_ms);
/* What was typed of one so far; "" when it is written, or given up. */
MUST_USE enum err app_keep_entry(struct app *app, const char *text);
/* Replaces bytes [from, to) of that entry's text by `text`, in a new one. */
MUST_USE enum err app_amend_entry(struct app *app, int number, int from, int to,
                                  const char *text, const char *reason);
MUST_USE enum err app_open_conflict(struct app *app, const char *record_id);
MUST_USE enum err app_read_record(struct app *app, const char *record_id);
MUST_USE enum err app_settle(struct app *app, const struct settlement *what);
MUST_USE enum err app_set_language(struct app *app, const char *lang);

/* What is to be shown; valid until the next bridge_take. */
const struct views *app_views(const struct app *app);
/* The picture a view names, or NULL while it is not there. */
const struct image *app_image(const struct app *app, uint32_t id);
/* The stored map (ui/map/map.h), or NULL where there is none. */
struct map *app_map(const struct app *app);

#endif /* UI_APP_H */
