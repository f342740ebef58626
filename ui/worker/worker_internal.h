/*
 * worker_internal.h - shared by the files worker_*.c. Not for others.
 */
#ifndef UI_WORKER_WORKER_INTERNAL_H
#define UI_WORKER_WORKER_INTERNAL_H

#include "core/body.h"
#include "core/tablet_capture.h"
#include "core/tablet_track.h"
#include "platform/linux/media.h"
#include "platform/linux/photo.h"
#include "ui/bridge.h"
#include "ui/worker/form_desk.h"
#include "ui/worker/form_types.h"
#include "ui/worker/worker.h"

/* A position older than this is shown as the last fix, not as now. */
#define WORKER_FIX_AGE_MS 15000

/* Small pictures of the notebook's page; the bridge keeps twice as many. */
#define WORKER_SHOTS 12

/* A photo of the open log: its files are sealed already. */
struct worker_photo {
    struct tablet_capture kept;
    bool is_used;
};

/* On which side of an area's edge the patrol was seen last. */
struct worker_fence {
    char id[AREA_ID_SIZE];
    bool is_known, is_in;
};

struct worker_spot {
    bool is_set;
    struct geo_pos pos;
};

/* Camera or microphone, while a log's page has it open. */
struct worker_camera {
    enum capture_mode mode;
    struct media *media; /* NULL: nothing runs */
    bool is_recording;
    bool is_ending;                 /* the file's end is awaited */
    uint64_t since_ms;              /* monotonic: opened, or asked to end */
    struct tablet_sealing *sealing; /* of what is recorded */
    uint64_t bytes;                 /* of it */
    struct photo_picture picture;   /* the newest, whole */
};

struct worker {
    const struct session_options *options;
    struct session *session;
    struct session *real; /* locked, while `session` is for practice; or NULL */
    struct bridge *bridge;
    struct views *views; /* owned: what was posted last */
    struct worker_photo photos[VIEW_PHOTOS];
    struct form_desk form;            /* the form that is open */
    struct uuid form_id;              /* of its record to be */
    char near_category[VIEW_ID_SIZE]; /* what worker_look_near looked for */
    struct uuid near_own;
    struct form_draft undone; /* saved last: "Undo" makes it a draft again */
    struct uuid entry_id;     /* of the line being written; zero: none */
    struct draft undone_log;  /* the same of the quick log; no type: none */
    char recent[VIEW_FORM_OFFERS][VIEW_LINE_SIZE]; /* places, last first */
    int recent_count;
    uint32_t image_count; /* ids given out */
    struct worker_shot {
        struct uuid photo;
        uint32_t image;    /* 0: free */
    } shots[WORKER_SHOTS]; /* posted for the notebook, in a ring */
    int next_shot;
    struct worker_camera capture;
    struct media *player;       /* of a recording; NULL: none plays */
    struct uuid saved;          /* what "Undo" takes back; zero: nothing */
    struct uuid officer;        /* signed in; zero: nobody */
    bool is_damage_told;        /* the next right PIN mends the file */
    bool is_open_for;           /* a colleague or a code opened the tablet
                                   for somebody who gets a PIN */
    bool is_duress;             /* little is shown, all is recorded */
    struct session_front front; /* as written last */
    bool has_front;             /* the file was there at the start */
    uint64_t made_before;       /* events that practice began with */
    uint64_t kept_waiting;
    bool is_front_kept;
    bool is_paused; /* sending, by hand */
    bool is_sending;
    bool is_leaving;               /* signed out: the key goes when all rests */
    struct uuid conflict;          /* open on the screen; zero: none */
    struct uuid review;            /* patrol log open on the screen; or zero */
    struct uuid kept[KEPT__COUNT]; /* drafts of sheets; zero: none */
    struct hash conflict_stamp;    /* of what was shown of it */
    uint64_t wake_ms; /* monotonic: when the engine wants to be asked */
    uint64_t pump_ms; /* monotonic: not asked before; 0: now */
    /* while a patrol runs: worker_patrol.c */
    bool is_tracking;
    struct track track;
    struct worker_fence fences[TABLET_HOTSPOTS_MAX + 1]; /* and the beat */
    int fence_count;
    struct worker_spot spot; /* of the open log, chosen on the map */
    struct uuid sos;         /* the call for help; zero: none */
    uint64_t sos_ms;         /* monotonic: when it was asked about last */
    int battery_at_start;    /* of the patrol, percent; -1: not known */
    uint64_t battery_ms;     /* monotonic: when that was */
};

/* --- helpers: worker.c --- */

int64_t worker_local_ms(struct worker *w, int64_t utc_ms);
int64_t worker_now_ms(struct worker *w); /* local wall clock */
uint64_t worker_mono_ms(struct worker *w);
/* Copies `text` cut at a whole character. */
void worker_put(char *out, size_t size, const char *text);
/* The same of text that has no end. */
void worker_put_some(char *out, size_t size, struct bytes text);
#define WORKER_PUT(field, text) worker_put(field, sizeof(field), text)
/* A fresh record id. */
MUST_USE enum err worker_new_id(struct worker *w, struct uuid *out);
/* One line to tell; `err` ERR_OK: it went well. */
void worker_tell(struct worker *w, enum told told, enum err err);

/* bridge_post() of one of w->views, veiled under duress. */
void worker_post(struct worker *w, enum view_kind_id kind, const void *view);

/* --- views, each renewed from the tablet and posted --- */

/* Whole metres of an accuracy; 0 when it is not known. */
int worker_metres(uint32_t accuracy_mm);
/* The officer's own place now; zeroed without a fix. */
void worker_position(struct worker *w, struct view_place *out);
/* That, or the place chosen on the map for the open log. */
void worker_log_position(struct worker *w, struct view_place *out);
/* Names of council and tablet, from the open store. */
void worker_read_names(struct worker *w);
/* What the sign-in screen will say after a restart. */
void worker_keep_front(struct worker *w);
void worker_show_status(struct worker *w);
void worker_show_signin(struct worker *w);
void worker_show_home(struct worker *w);
/* The drafts, as the home screen lists them: read, or read and shown. */
void worker_read_begun(struct worker *w, struct view_home *v);
void worker_show_begun(struct worker *w);
void worker_show_notebook(struct worker *w, int page); /* 0: the last */
/* The page with the line about that record, and which one it is. */
void worker_show_about(struct worker *w, const char *record_id);
void worker_show_sync(struct worker *w);
void worker_show_end(struct worker *w);
void worker_show_conflicts(struct worker *w);
void worker_show_map(struct worker *w); /* after home: it names the beat */
/* The same, and the own place: some steps further. */
void worker_follow_map(struct worker *w);
/* After anything was recorded or acknowledged. */
void worker_show_all(struct worker *w);

/* --- signing in and out: worker_signin.c --- */

void worker_sign_in(struct worker *w, const struct command *cmd);
void worker_lock(struct worker *w);
/* The officer goes home: an event, then what waits is sent as far as it goes
 * at once, then worker_left(). While a patrol runs it only locks. */
void worker_sign_out(struct worker *w);
void worker_left(struct worker *w); /* forgets the key */
void worker_take_patrol(struct worker *w, bool takes_over);

/* --- a PIN for another: worker_newcomer.c --- */

void worker_open_for(struct worker *w, const struct command *cmd);
void worker_use_code(struct worker *w, const struct command *cmd);
void worker_find_staff(struct worker *w, const char *words);
void worker_set_pin(struct worker *w, const struct command *cmd);
void worker_stop_opening(struct worker *w);
void worker_renew_pin(struct worker *w);
void worker_set_duress(struct worker *w, const char *pin);
/* What became of a try is on the sign-in screen afterwards. */
void worker_answer(struct worker *w, const struct uuid *officer, enum err err);
/* The officer whose PIN was right is on the screen, or asked about a
 * colleague's patrol first. */
MUST_USE enum err worker_let_in(struct worker *w, const struct uuid *officer);

/* --- a made-up day to practise on: worker_practice.c --- */

void worker_practise(struct worker *w, bool is_on);
/* Its folder goes; nothing to do outside of practice. */
void worker_end_practice(struct worker *w);

/* --- the tablet before a shift: worker_check.c --- */

void worker_check(struct worker *w);

/* Puts into views->log.near what is like the record `own` to be, of this
 * category; looks only when either changes. */
void worker_look_near(struct worker *w, const char *category,
                      const struct uuid *own);

/* --- under duress: worker_duress.c --- */

/* An SOS that nothing on this screen tells. */
void worker_silent_sos(struct worker *w);
/* Takes persons, places and words out of what is about to be shown. */
void worker_veil(struct worker *w, enum view_kind_id kind);

/* --- a patrol: worker_patrol.c --- */

/* The local day, "2026-10-16". */
#define WORKER_DAY_SIZE 11
void worker_day(struct worker *w, char out[WORKER_DAY_SIZE]);
/* The day that many days from today. */
void worker_day_in(struct worker *w, int days, char out[WORKER_DAY_SIZE]);
MUST_USE enum err worker_begin_patrol(struct worker *w);
MUST_USE enum err worker_pause_patrol(struct worker *w, const char *reason);
MUST_USE enum err worker_go_on(struct worker *w);
/* `reasons` why hotspots had no visit: "id=code;id=code;"; signed by hand,
 * and with it the officer's book. */
MUST_USE enum err worker_end_patrol(struct worker *w, const char *reasons,
                                    const struct hand *hand);
void worker_resume_patrol(struct worker *w);
void worker_leave_patrol(struct worker *w);
/* One look at the receiver; ms until the next, -1: no patrol runs. */
int worker_look(struct worker *w);
/* What the newest patrol's track comes to, till now. */
MUST_USE enum err worker_way(struct worker *w, struct tablet_way *out);
void worker_put_beat(struct worker *w, struct view_home *v);
void worker_put_welfare(struct worker *w, struct view_home *v);
void worker_put_sos(struct worker *w, struct view_status *s);
void worker_check_in(struct worker *w);
void worker_call_for_help(struct worker *w);
/* Whatever waits goes now. */
void worker_send_first(struct worker *w);

/* --- edges and visits: worker_fence.c --- */

void worker_fence_begin(struct worker *w);
/* True when an edge was crossed: a line of the log says so. */
bool worker_watch_fences(struct worker *w);
void worker_visit(struct worker *w, const struct command *cmd);
void worker_end_visits(struct worker *w); /* those that the officer began */

/* --- the open log: worker_log.c --- */

/* What a category is called; its id when this tablet does not know it. */
const char *worker_category(struct worker *w, const char *id);

/* Photos and position of the open log, for its record. */
size_t worker_take_photos(struct worker *w, struct tablet_photo *out);
bool worker_place(struct worker *w, struct body_place *out);

void worker_open_log(struct worker *w, const struct command *cmd);
void worker_put_draft(struct worker *w, const struct draft *draft);
/* As worker_tell(); on a full disk it says that words go in without photos. */
void worker_tell_saved(struct worker *w, enum told told, enum err err);
/* A draft of the quick log as it is kept; false: none of this version. */
struct bytes worker_draft_bytes(const struct draft *draft);
bool worker_draft_read(struct bytes data, struct draft *out);
void worker_save(struct worker *w, const struct draft *draft);
void worker_undo_save(struct worker *w);
/* The quick log that was saved last is a draft again. */
MUST_USE enum err worker_log_again(struct worker *w);

/* --- what it has captured: worker_photo.c --- */

void worker_attach(struct worker *w, const char *path);
void worker_remove_photo(struct worker *w, const char *id);
void worker_drop_photos(struct worker *w); /* out of sight, not lost */
void worker_load_photos(struct worker *w); /* those of the open draft */
/* `copy_of` NULL: it is none. ERR_FULL when the log has enough. */
MUST_USE enum err worker_add_photo(struct worker *w, const struct photo *p,
                                   const struct uuid *copy_of);
/* What is sealed already, but for `small`; gives it its id. */
MUST_USE enum err worker_add_capture(struct worker *w, struct tablet_capture *c,
                                     struct bytes small);
/* NULL: not one of the open log. */
const struct tablet_capture *worker_capture(const struct worker *w,
                                            const char *id);

/* --- one of them, or of a saved record, large: worker_picture.c --- */

void worker_open_picture(struct worker *w, const char *id);
/* The first photo of the record that a line is about, small. */
void worker_put_exhibit(struct worker *w, const struct uuid *record,
                        struct view_entry *to);
void worker_draw(struct worker *w, const struct command *cmd);
/* The original where it is here, else the small one. */
MUST_USE enum err worker_file(struct worker *w, const char *id,
                              struct buf *out);
/* The same decoded, large; buf_wipe its `rgb` after ERR_OK. */
MUST_USE enum err worker_look_at(struct worker *w, const char *id,
                                 struct photo_picture *out);

/* --- camera, microphone, codes: worker_capture.c --- */

void worker_open_capture(struct worker *w, enum capture_mode mode);
void worker_shoot(struct worker *w);
void worker_play(struct worker *w, const char *id);
/* A recording that runs is kept as far as it came. */
void worker_stop_capture(struct worker *w);
/* ms until the next look, -1: nothing runs. */
int worker_capture_step(struct worker *w);

/* --- the same with a page made from its form: worker_form.c --- */

/* CMD_OPEN_LOG of any kind but "asb". */
void worker_open_form(struct worker *w, const struct command *cmd);
/* CMD_PUT_FIELD, CMD_SIGN_FIELD, CMD_OPEN_ROW, CMD_DROP_ROW. */
void worker_put_field(struct worker *w, const struct command *cmd);
void worker_keep_form(struct worker *w); /* shown and kept as it is */
void worker_save_form(struct worker *w);
void worker_close_form(struct worker *w); /* forgets what was shown */
/* After the record was taken back. */
MUST_USE enum err worker_draft_again(struct worker *w);
/* Nobody is signed in: all that was typed is forgotten. */
void worker_forget_forms(struct worker *w);

/* --- what is typed into sheets: worker_kept.c --- */

void worker_show_kept(struct worker *w);
void worker_keep_words(struct worker *w, const struct command *cmd);
/* They were sent. */
void worker_forget_words(struct worker *w, int kind);

/* --- two versions: worker_conflict.c --- */

void worker_open_conflict(struct worker *w, const char *record_id);
void worker_settle(struct worker *w, const struct settlement *what);
/* The record whole, into a view of its own, which it posts; who could be
 * asked about it stands there already. */
void worker_read_record(struct worker *w, const struct uuid *record);
void worker_ask_about(struct worker *w, const struct command *cmd);
void worker_open_record(struct worker *w, const struct command *cmd);
/* What people wrote into the record, all of it, joined by " | ". */
void worker_conflict_values(struct worker *w, const struct uuid *record,
                            char *out, size_t size);

/* --- briefings and tasks: worker_brief.c --- */

/* Into home, status and a view of their own, which it posts. */
void worker_read_briefs(struct worker *w);
void worker_brief(struct worker *w, const struct command *cmd);

/* --- patrol logs, questions, signatures: worker_review.c --- */

/* Into status and views of their own, which it posts. */
void worker_show_reviews(struct worker *w);
/* OPEN_REVIEW, PUT_QUESTION, REVIEW, ANSWER. */
void worker_review(struct worker *w, const struct command *cmd);
/* SIGN_BOOK, COUNTERSIGN. */
void worker_sign(struct worker *w, const struct command *cmd);
/* `ink` is room for the drawing; `out` points into it and into `hand`. */
struct strokes;
struct tablet_signing;
void worker_take_hand(struct worker *w, const struct hand *hand,
                      struct strokes *ink, struct tablet_signing *out);
/* The newest on words of a record; empty when there is none. */
void worker_put_signature(struct worker *w, const struct uuid *record,
                          struct view_signature *to);
/* All of them up to `most`, newest first; returns how many. */
int worker_read_hands(struct worker *w, const struct uuid *record,
                      struct view_signature *out, int most);
/* The newest of a book or a patrol; either may be NULL. */
void worker_read_signs(struct worker *w, const struct uuid *record,
                       struct view_signature *own,
                       struct view_signature *counter);

/* --- the council: worker_sync.c --- */

/* One step; ms until the next is due, -1: only a command wakes it. */
int worker_pump(struct worker *w);
void worker_sync_now(struct worker *w);

#endif /* UI_WORKER_WORKER_INTERNAL_H */
