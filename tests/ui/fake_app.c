#include "tests/ui/fake_app.h"

#include <cairo.h>
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_form.h"
#include "tests/ui/fake_map.h"
#include "ui/kit/tr.h"

#define MINUTE    ((int64_t)60000)
#define HOUR      ((int64_t)3600000)
#define MIDNIGHT  (FAKE_NOW_MS - 10 * HOUR - 7 * MINUTE - 12000)
#define AT(h, m)  (MIDNIGHT + (h)*HOUR + (m)*MINUTE)
#define IMG_BENCH 1
#define IMG_SHOP  2
#define IMG_ROAD  3

static void put(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}
#define PUT(field, text) put(field, sizeof(field), text)

void fake_status(struct view_status *s)
{
    s->now_ms = FAKE_NOW_MS;
    PUT(s->officer, "Amina Yusuf");
    s->waiting_count = 7;
    s->is_waiting_known = true;
    s->unread_count = 2;
    s->link = LINK_MOBILE;
    s->link_bars = 2;
    s->synced_ms = AT(9, 42);
    s->has_fix = true;
    s->accuracy_m = 6;
    s->battery_percent = 82;
}

static void fill_signin(struct view_signin *v)
{
    static const char *const officers[6][3] = {
        { "Amina Yusuf", N_("Enforcement officer"), "4127" },
        { "Marek Nowak", N_("Enforcement officer"), "4188" },
        { "Priya Nair", N_("Neighbourhood officer"), "4203" },
        { "Gareth Pryce", N_("Neighbourhood officer"), "4215" },
        { "Keisha Brown", N_("Enforcement officer"), "4230" },
        { "Tom Ashdown", N_("Team leader"), "4009" },
    };

    PUT(v->council, "Westbrook District Council");
    PUT(v->tablet, "WB-07");
    v->officer_count = 6;
    for (int i = 0; i < 6; i++) {
        PUT(v->officers[i].id, officers[i][2]);
        PUT(v->officers[i].name, officers[i][0]);
        PUT(v->officers[i].role, officers[i][1]);
        PUT(v->officers[i].number, officers[i][2]);
    }
    v->tries_left = 5;
}

static void fill_place(struct view_place *p)
{
    p->has_fix = true;
    p->fix_ms = FAKE_NOW_MS;
    p->accuracy_m = 6;
    p->lat_e7 = 515840300;
    p->lon_e7 = -29972200;
    PUT(p->name, "Bus Station, Stand C");
    PUT(p->beat, "Beat 3");
}

static void fill_home(struct view_home *v)
{
    static const char *const briefings[3][2] = {
        { "Bus station: groups after school", "Hotspot, 15:00 to 17:30" },
        { "Missing: Elsie Garland, 81", "Last seen Priory Estate, 07:50" },
        { "Market day: Corn Street closed", "Until 16:00" },
    };

    v->patrol = PATROL_ON;
    v->pin_hours_left = -1;
    PUT(v->beat, "Beat 3, Town Centre");
    PUT(v->partner, "Marek Nowak");
    v->started_ms = FAKE_NOW_MS - HOUR - 36 * MINUTE - 12000;
    fake_fill_tasks(v);
    v->briefing_count = 3;
    for (int i = 0; i < 3; i++) {
        PUT(v->briefings[i].title, briefings[i][0]);
        PUT(v->briefings[i].detail, briefings[i][1]);
        v->briefings[i].is_unread = i < 2;
    }
    v->welfare = (struct view_welfare){ .due_ms = AT(10, 30),
                                        .grace_ms = 2 * MINUTE,
                                        .is_seen = true };
    v->notice_numbers = 16;
    fill_place(&v->position);
    for (int i = 0; i < TILE__COUNT; i++) {
        v->has_form[i] = true;
    }
}

static void fill_log(struct view_log *v)
{
    static const struct {
        const char *code;
        const char *label;
        const char *icon;
    } types[] = {
        { "rowdy", N_("Rowdy or inconsiderate"), "asb" },
        { "street-drinking", N_("Street drinking"), "bottle" },
        { "noise", N_("Noise"), "volume" },
        { "begging", N_("Begging"), "beg" },
        { "neighbour", N_("Nuisance neighbour"), "neighbour" },
        { "vehicle", N_("Vehicle nuisance"), "car" },
        { "cycle", N_("Cycle or e‑scooter"), "bike" },
        { "damage", N_("Vandalism or damage"), "damage" },
        { "litter", N_("Litter or drugs litter"), "env" },
        { "animal", N_("Animal problem"), "paw" },
        { "fireworks", N_("Fireworks"), "spark" },
        { "trespass", N_("Trespass"), "fence" },
        { "fly-posting", N_("Fly-posting"), "image" },
        { "abandoned", N_("Abandoned vehicle"), "truck" },
        { "lighting", N_("Broken street light"), "lamp" },
        { "sleeping", N_("Rough sleeping"), "care" },
        { "trading", N_("Street trading"), "house" },
        { "bins", N_("Bins left out"), "bin" },
        { "hoax", N_("Hoax calls"), "phone" },
        { "prostitution", N_("Kerb crawling"), "eye" },
        { "drugs", N_("Drug use"), "warn" },
        { "other", N_("Other"), "dot-o" },
    };

    PUT(v->title, N_("Anti-social behaviour"));
    v->type_count = (int)ARRAY_LEN(types);
    for (int i = 0; i < v->type_count; i++) {
        PUT(v->types[i].code, types[i].code);
        PUT(v->types[i].label, types[i].label);
        PUT(v->types[i].icon, types[i].icon);
    }
    fill_place(&v->position);
    PUT(v->draft.id, "draft-1");
    PUT(v->draft.kind, "asb");
    v->draft.people = PEOPLE_UNKNOWN;
    v->draft.happened_ms = AT(10, 5);
    v->saved_ms = AT(10, 7) + 31000;
    v->has_camera = true;
}

/* As in the design's picture: half filled. */
static void fill_draft(struct view_log *v)
{
    PUT(v->draft.type, "street-drinking");
    v->draft.who = WHO_NEARBY;
    v->draft.going = GOING_YES;
    v->draft.people = 4;
    v->photo_count = 2;
    v->photos[0].image = IMG_BENCH;
    v->photos[1].image = IMG_SHOP;
    PUT(v->photos[0].id, "photo-1");
    PUT(v->photos[1].id, "photo-2");
}

static struct view_entry *add_entry(struct view_notebook *v, int64_t ms,
                                    const char *text)
{
    struct view_entry *e;

    if (v->entry_count == VIEW_ENTRIES) { /* a new page takes the line */
        memset(v->entries, 0, sizeof(v->entries));
        v->entry_count = 0;
    }
    e = &v->entries[v->entry_count++];

    memset(e, 0, sizeof(*e));
    e->number = ++v->total_count;
    e->made_ms = ms;
    e->fits = true;
    PUT(e->text, text);
    return e;
}

static void fill_notebook(struct view_notebook *v)
{
    static const char slim[] =
        "Rear of 9 Tanner’s Row. Slim man, brown jacket, dropped a food "
        "carton and walked on toward Bridge Street.";
    static const char amended[] =
        "For “brown” read black jacket. Seen in photo 1.";
    struct view_entry *e;

    PUT(v->book, "WB-PNB-0117");
    PUT(v->author, "A Yusuf");
    v->page = 42;
    v->page_count = 42;
    v->date_ms = FAKE_NOW_MS;
    v->total_count = 211;
    (void)add_entry(v, AT(8, 31),
                    "On duty with M Nowak 4188. Foot patrol, Beat 3. Dry, "
                    "cloudy. Book carried forward from page 41.");
    (void)add_entry(v, AT(9, 12),
                    "Taxi rank, Station Approach. Spoke to two drivers about "
                    "engines left running. Both switched off when asked.");
    e = add_entry(v, AT(9, 38), slim);
    e->strike_from = (int)(strstr(slim, "brown jacket") - slim);
    e->strike_to = e->strike_from + (int)strlen("brown jacket");
    e->amended_by = 216;
    e->image = IMG_ROAD;
    PUT(e->exhibit, "09:38, ±5 m\nSeal 7c41 9be0 22af");
    PUT(e->photo, "saved-1");
    e = add_entry(v, AT(9, 48),
                  "Bridge Street. Same man gave name and address. Notice "
                  "004183 issued at 09:45. He said: “I didn’t see the "
                  "bin.”");
    PUT(e->signature.by, "Dai Morgan");
    PUT(e->signature.why, "would-not");
    e->signature.at_ms = AT(9, 47);
    e = add_entry(v, AT(9, 58), amended);
    e->amends = 214;
    e->bold_from = (int)(strstr(amended, "black jacket") - amended);
    e->bold_to = e->bold_from + (int)strlen("black jacket");
    PUT(e->reason, "checked against photo 1");
    e = add_entry(v, AT(10, 2),
                  "Spoke to a stallholder about waste cardboard.\nMarket "
                  "Place, stall 12. She will store it until collection at "
                  "16:00.");
    e->late_for_ms = AT(9, 20);
    v->chain_fits = true;
    v->checked_ms = FAKE_NOW_MS;
    v->held_to = 215;
    PUT(v->inspector, "T Ashdown");
    v->inspected_page = 39;
}

static void add_item(struct view_sync *v, enum item_kind kind,
                     const char *title, const char *detail, int64_t bytes)
{
    struct view_item *i = &v->items[v->item_count++];

    i->kind = kind;
    i->bytes = bytes;
    PUT(i->title, title);
    PUT(i->detail, detail);
}

static void fill_sync(struct view_sync *v)
{
    static const struct view_kind kinds[] = {
        { N_("Records"), 14, 16 },        { N_("Photos"), 8, 10 },
        { N_("Notebook entries"), 4, 6 }, { N_("Penalty notices"), 0, 1 },
        { N_("Hotspot visits"), 5, 5 },   { N_("Welfare check-ins"), 4, 4 },
    };

    PUT(v->problem.id, "notice-004183");
    PUT(v->problem.title, "Fixed penalty WB-26-004183");
    PUT(v->problem.reason,
        "The server has no postcode district “WB3”. The notice still stands "
        "and is safe here.");
    v->is_sending = true;
    PUT(v->sending, "Photo 2, street drinking, Bus Station");
    v->sending_image = IMG_SHOP;
    v->sent_bytes = 1224000;
    v->total_bytes = 3400000;
    v->seconds_left = 40;
    add_item(v, ITEM_SEALED, "Suspicious activity, sealed",
             "Goes next: safety first", 900);
    add_item(v, ITEM_RECORD, "Street drinking, Bus Station", "10:05 today",
             1000);
    add_item(v, ITEM_NOTE, "Notebook entries 216 and 217", "Book WB-PNB-0117",
             2000);
    add_item(v, ITEM_PHOTO, "Photo 1, street drinking", "Waits for Wi-Fi",
             2900000);
    v->items[3].waits_for_wifi = true;
    v->item_bytes = 2900000;
    v->kind_count = (int)ARRAY_LEN(kinds);
    memcpy(v->kinds, kinds, sizeof(kinds));
    v->held_count = 35;
    v->made_count = 42;
    v->holds_photos = true;
}

static void fill_hotspots(struct view_end *v)
{
    static const struct {
        const char *id, *name;
        int low, best, high;
    } hotspots[] = {
        { "market-place", "Market Place", 20, 22, 24 },
        { "station-approach", "Station Approach", 16, 18, 20 },
        { "tanners-row", "Tanner’s Row", 7, 9, 11 },
        { "abbey-close", "Abbey Close", 0, 0, 0 },
    };

    for (int i = 0; i < 4; i++) {
        struct view_hotspot *h = &v->hotspots[v->hotspot_count++];

        PUT(h->id, hotspots[i].id);
        PUT(h->name, hotspots[i].name);
        h->goal = 15;
        h->low = hotspots[i].low;
        h->best = hotspots[i].best;
        h->high = hotspots[i].high;
        h->is_visited = h->best > 0;
    }
    v->goals_met = 2;
}

/* Once around the block, as the design's picture has it. */
static void fill_way(struct view_end *v)
{
    static const struct view_dot corners[] = {
        { 190, 790 }, { 210, 470 }, { 560, 520 }, { 440, 260 }, { 450, 160 },
        { 760, 180 }, { 800, 400 }, { 740, 850 }, { 200, 660 },
    };
    const int legs = (int)ARRAY_LEN(corners) - 1;
    const int each = VIEW_WAY / legs;

    for (int i = 0; i < legs * each; i++) {
        const struct view_dot *a = &corners[i / each];
        const int t = i % each;

        v->way[v->way_count++] = (struct view_dot){
            (int16_t)(a->x + (a[1].x - a->x) * t / each),
            (int16_t)(a->y + (a[1].y - a->y) * t / each),
        };
    }
    v->has_track = true;
    v->distance_m = 9400;
    v->gap_count = 2;
    v->gap_minutes = 3;
    PUT(v->gap_why, N_("no satellites in sight"));
}

static void fill_end(struct view_end *v)
{
    fill_hotspots(v);
    fill_way(v);
    v->page = 43;
    v->free_bytes = (int64_t)12 * 1000 * 1000 * 1000;
    v->battery_until_ms = AT(18, 20);
    v->started_ms = AT(8, 31);
    PUT(v->beat, "Beat 3, Town Centre");
    PUT(v->partner, "Marek Nowak");
    v->observations = 6;
    v->notices = 1;
    v->photos = 10;
    v->entries = 6;
    v->made_count = 42;
    v->stored_count = 35;
    v->waiting_count = 7;
    v->draft_count = 1;
}

void fake_tell(struct fake_app *f, enum told told, enum err err)
{
    f->v.told.told = told;
    f->v.told.err = err;
    f->v.told.serial++;
}

/* --- pictures --- */

static void rgb(cairo_t *cr, unsigned color, double x, double y, double w,
                double h)
{
    cairo_set_source_rgb(cr, (color >> 16) / 255.0,
                         ((color >> 8) & 255) / 255.0, (color & 255) / 255.0);
    cairo_rectangle(cr, x, y, w, h);
    cairo_fill(cr);
}

static void draw_bench(cairo_t *cr)
{
    rgb(cr, 0xA9B18B, 0, 0, 104, 58);
    rgb(cr, 0x8C8E86, 0, 58, 104, 46);
    rgb(cr, 0x3C3A36, 16, 52, 5, 24);
    rgb(cr, 0x3C3A36, 82, 52, 5, 24);
    rgb(cr, 0x7A5A3A, 8, 34, 88, 7);
    rgb(cr, 0x7A5A3A, 8, 46, 88, 7);
    rgb(cr, 0xE6E6E6, 30, 70, 10, 18);
    rgb(cr, 0x2E6B35, 70, 70, 6, 18);
}

static void draw_shop(cairo_t *cr)
{
    rgb(cr, 0xB9C6CE, 0, 0, 104, 66);
    rgb(cr, 0x8E979C, 0, 66, 104, 38);
    rgb(cr, 0x3E4B57, 10, 24, 84, 6);
    rgb(cr, 0x3E4B57, 14, 30, 4, 52);
    rgb(cr, 0x3E4B57, 86, 30, 4, 52);
    rgb(cr, 0xDCE9EE, 20, 32, 30, 44);
    rgb(cr, 0xEAF2F5, 54, 32, 30, 44);
}

static void draw_road(cairo_t *cr)
{
    rgb(cr, 0xC6D5DF, 0, 0, 104, 70);
    rgb(cr, 0xA9876B, 0, 30, 42, 40);
    rgb(cr, 0xA9876B, 46, 26, 58, 44);
    rgb(cr, 0x979C9F, 0, 70, 104, 34);
    rgb(cr, 0x26324A, 61, 72, 10, 14);
}

static enum err post_picture(struct bridge *b, uint32_t id,
                             void (*draw)(cairo_t *cr))
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 208, 208);
    cairo_t *cr = cairo_create(s);
    enum err err;

    cairo_scale(cr, 2, 2);
    draw(cr);
    cairo_destroy(cr);
    cairo_surface_flush(s);
    err = bridge_post_image(b, id, cairo_image_surface_get_data(s), 208, 208,
                            cairo_image_surface_get_stride(s));
    cairo_surface_destroy(s);
    return err;
}

/* --- the worker --- */

static void post_all(struct fake_app *f)
{
    bridge_post(f->bridge, VIEW_SIGNIN, &f->v.signin);
    bridge_post(f->bridge, VIEW_HOME, &f->v.home);
    bridge_post(f->bridge, VIEW_LOG, &f->v.log);
    bridge_post(f->bridge, VIEW_NOTEBOOK, &f->v.notebook);
    bridge_post(f->bridge, VIEW_SYNC, &f->v.sync);
    bridge_post(f->bridge, VIEW_END, &f->v.end);
    bridge_post(f->bridge, VIEW_CONFLICT, &f->v.conflicts);
    bridge_post(f->bridge, VIEW_MAP, &f->v.map);
    bridge_post(f->bridge, VIEW_CHECK, &f->v.check);
    bridge_post(f->bridge, VIEW_STATUS, &f->v.status);
    bridge_post(f->bridge, VIEW_TOLD, &f->v.told);
    bridge_post(f->bridge, VIEW_BRIEFING, &f->v.briefs);
    bridge_post(f->bridge, VIEW_PICTURE, &f->v.picture);
    bridge_post(f->bridge, VIEW_CAPTURE, &f->v.capture);
    bridge_post(f->bridge, VIEW_RECORD, &f->v.record);
    bridge_post(f->bridge, VIEW_KEPT, &f->v.kept);
    fake_post_review(f);
}

static enum err fake_open(void *ctx, struct bridge *bridge)
{
    struct fake_app *f = ctx;
    enum err err;

    f->bridge = bridge;
    fake_status(&f->v.status);
    fill_signin(&f->v.signin);
    fill_home(&f->v.home);
    fake_fill_briefs(&f->v.briefs);
    fill_log(&f->v.log);
    fill_notebook(&f->v.notebook);
    fill_sync(&f->v.sync);
    fill_end(&f->v.end);
    fake_map(&f->v.map, &f->v.home.position);
    if (f->has_conflict) {
        fake_fill_conflicts(f);
    }
    if (f->has_drafts) {
        fake_fill_begun(&f->v.home);
    }
    fake_fill_review(f);
    f->v.status.is_signed_in = f->starts_signed_in;
    f->v.status.on_patrol = f->starts_signed_in && !f->is_leader;
    if (!f->starts_signed_in) {
        f->v.status.now_ms = AT(8, 24);
        f->v.status.link = LINK_NONE;
        f->v.status.waiting_count = 0;
        f->v.status.synced_ms = AT(17, 58) - 24 * HOUR;
        if (f->has_other_patrol) {
            f->v.signin.officers[4].waiting = 3;
            f->v.status.waiting_count = 3;
        }
    } else {
        fill_draft(&f->v.log);
    }
    err = post_picture(bridge, IMG_BENCH, draw_bench);
    if (!err) {
        err = post_picture(bridge, IMG_SHOP, draw_shop);
    }
    if (!err) {
        err = post_picture(bridge, IMG_ROAD, draw_road);
    }
    post_all(f);
    return err;
}

static void patrol(struct fake_app *f, enum command_kind kind)
{
    struct view_home *h = &f->v.home;

    if (kind == CMD_START_PATROL) {
        h->started_ms = f->v.status.now_ms;
    }
    h->paused_ms = f->v.status.now_ms;
    h->patrol = kind == CMD_PAUSE_PATROL ? PATROL_PAUSED
                : kind == CMD_END_PATROL ? PATROL_OFF
                                         : PATROL_ON;
    f->v.status.on_patrol = h->patrol != PATROL_OFF;
    h->is_checked = true;
    h->check_looks = 1;
    f->v.end.ended_ms =
        kind == CMD_END_PATROL ? f->v.status.now_ms : (int64_t)0;
    if (kind == CMD_END_PATROL) {
        fake_tell(f, TOLD_PATROL_ENDED, ERR_OK);
    }
}

static void save(struct fake_app *f, const struct command *cmd)
{
    f->v.log.draft = cmd->draft;
    f->v.status.waiting_count++;
    f->v.end.made_count++;
    f->v.end.waiting_count++;
    f->v.end.observations++;
    fake_tell(f, TOLD_SAVED, ERR_OK);
}

static void open_log(struct fake_app *f, const char *kind)
{
    const uint32_t opened = f->v.log.opened;

    if (strcmp(kind, "asb") != 0 && strcmp(kind, "notice") != 0) {
        fake_form_open(f, kind);
        return;
    }
    if (!f->starts_signed_in) {
        memset(&f->v.log, 0, sizeof(f->v.log));
        fill_log(&f->v.log);
    }
    f->v.log.opened = opened + 1;
}

static void sync_all(struct fake_app *f)
{
    f->v.sync.is_sending = false;
    f->v.sync.item_count = 0;
    f->v.sync.held_count = f->v.sync.made_count;
    f->v.sync.problem.title[0] = '\0';
    f->v.status.waiting_count = 0;
    f->v.status.refused_count = 0;
    f->v.status.synced_ms = f->v.status.now_ms;
    f->v.end.stored_count = f->v.end.made_count;
    f->v.end.waiting_count = 0;
    for (int i = 0; i < f->v.sync.kind_count; i++) {
        f->v.sync.kinds[i].held = f->v.sync.kinds[i].made;
    }
}

static void amend(struct fake_app *f, const struct command *cmd)
{
    struct view_notebook *v = &f->v.notebook;
    char text[VIEW_NOTE_SIZE];
    struct view_entry *e;

    for (int i = 0; i < v->entry_count; i++) {
        if (v->entries[i].number == cmd->number) {
            v->entries[i].strike_from = cmd->from;
            v->entries[i].strike_to = cmd->to;
            v->entries[i].amended_by = v->total_count + 1;
        }
    }
    snprintf(text, sizeof(text), "%.*s", VIEW_NOTE_SIZE - 1, cmd->text);
    e = add_entry(v, f->v.status.now_ms, text);
    e->amends = cmd->number;
    e->bold_to = (int)strlen(e->text);
    PUT(e->reason, cmd->reason);
}

static void handle_form(struct fake_app *f, const struct command *cmd)
{
    const bool is_sealed = f->v.form.tier == VIEW_SEALED;

    if (fake_form_handle(f, cmd)) {
        f->v.status.waiting_count++;
        f->v.end.observations++;
        fake_tell(f, is_sealed ? TOLD_SEALED : TOLD_SAVED, ERR_OK);
    }
}

static void handle_more(struct fake_app *f, const struct command *cmd)
{
    enum told told;

    switch (cmd->kind) {
    case CMD_CHECK_IN:
        f->v.home.task_count--;
        f->v.home.open_count--;
        memmove(f->v.home.tasks, f->v.home.tasks + 1,
                sizeof(f->v.home.tasks[0]) * (VIEW_TASKS - 1));
        fake_tell(f, TOLD_CHECKED_IN, ERR_OK);
        break;
    case CMD_READ_BRIEFING:
    case CMD_ASK_BRIEFING:
    case CMD_CLOSE_TASK:
    case CMD_SEE_TASK:
        told = fake_say(f, cmd);
        if (told != TOLD_NOTHING) {
            fake_tell(f, told, ERR_OK);
        }
        break;
    case CMD_ADD_ENTRY:
        add_entry(&f->v.notebook, f->v.status.now_ms, cmd->text)->late_for_ms =
            cmd->at_ms;
        fake_tell(f, TOLD_ENTRY_MADE, ERR_OK);
        break;
    case CMD_AMEND_ENTRY:
        amend(f, cmd);
        fake_tell(f, TOLD_ENTRY_MADE, ERR_OK);
        break;
    case CMD_PAUSE_SYNC:
        f->v.status.is_paused = cmd->is_on;
        break;
    case CMD_HOLD_PHOTOS:
        f->v.sync.holds_photos = cmd->is_on;
        break;
    case CMD_PUT_FIELD:
    case CMD_OPEN_ROW:
    case CMD_DROP_ROW:
    case CMD_SIGN_FIELD:
    case CMD_SAVE_FORM:
        handle_form(f, cmd);
        break;
    case CMD_SOS:
        f->v.status.sos = SOS_SENT;
        break;
    default:
        fake_place(f, cmd);
    }
}

static void fake_handle(void *ctx, const struct command *cmd)
{
    struct fake_app *f = ctx;

    f->counts[cmd->kind]++;
    f->last = *cmd;
    wipe(f->last.secret, sizeof(f->last.secret));
    if (f->fail_with != ERR_OK) {
        fake_tell(f, TOLD_FAILED, f->fail_with);
        post_all(f);
        return;
    }
    if (fake_signin(f, cmd) || fake_photo(f, cmd) || fake_review(f, cmd) ||
        fake_conflict(f, cmd)) {
        post_all(f);
        return;
    }
    switch (cmd->kind) {
    case CMD_LOCK:
    case CMD_SIGN_OUT:
        f->v.status.is_signed_in = false;
        f->v.signin.state = SIGNIN_READY;
        break;
    case CMD_START_PATROL:
    case CMD_PAUSE_PATROL:
    case CMD_RESUME_PATROL:
    case CMD_END_PATROL:
        patrol(f, cmd->kind);
        break;
    case CMD_OPEN_LOG:
        open_log(f, cmd->id);
        break;
    case CMD_PUT_DRAFT:
        f->v.log.draft = cmd->draft;
        break;
    case CMD_SAVE:
        save(f, cmd);
        break;
    case CMD_UNDO_SAVE:
        f->v.status.waiting_count--;
        fake_tell(f, TOLD_UNDONE, ERR_OK);
        break;
    case CMD_SYNC_NOW:
        sync_all(f);
        break;
    default:
        handle_more(f, cmd);
    }
    post_all(f);
}

static int fake_idle(void *ctx)
{
    (void)ctx;
    return -1;
}

static void fake_close(void *ctx)
{
    fake_form_close(ctx);
}

const struct app_backend fake_backend = {
    .open = fake_open,
    .handle = fake_handle,
    .idle = fake_idle,
    .close = fake_close,
};
