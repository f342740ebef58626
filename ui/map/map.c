#include "ui/map/map.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "ui/map/map_draw.h"
#include "ui/map/map_spot.h"

#define FRESH_MAX 32

struct piece {
    bool is_used;
    struct map_key key;
    enum map_piece kind;
    struct image *image; /* of MAP_PIECE_DRAWN */
    uint32_t frame;      /* when it was last asked for */
};

struct fresh {
    struct map_key key;
    uint8_t *pixels; /* NULL: there is none */
    uint32_t pack;   /* which pack it is of */
};

struct found {
    char words[MAP_WORDS_SIZE]; /* what was looked for */
    struct mappack_place places[MAP_FOUND_MAX];
    size_t count;
};

struct map {
    /* UI thread */
    char words[MAP_WORDS_SIZE]; /* asked for last */
    struct found found;
    struct piece pieces[MAP_PIECES_MAX];
    struct map_state state;
    struct map_key asked[MAP_WISHES_MAX];
    int asked_count;
    int used_count; /* pieces asked for in this frame */
    uint32_t frame;
    uint32_t shown_pack;
    /* under the mutex */
    SDL_Thread *thread;
    SDL_mutex *mutex;
    SDL_cond *wake;
    bool stops;
    char path[MAP_PATH_MAX]; /* "": nothing to open */
    uint32_t pack;           /* counts map_open */
    struct map_key wishes[MAP_WISHES_MAX];
    int wish_count;
    bool is_drawing; /* or looks for words */
    struct fresh fresh[FRESH_MAX];
    int fresh_count;
    char looks_for[MAP_WORDS_SIZE]; /* "": nothing */
    struct geo_pos looks_from;
    struct found fresh_found;
    bool is_fresh_found;
    struct map_state next; /* what `state` will be */
    bool is_next;
    uint32_t event_type;
};

static bool is_same_key(const struct map_key *a, const struct map_key *b)
{
    return a->zoom == b->zoom && a->column == b->column && a->row == b->row &&
           a->look.theme == b->look.theme &&
           a->look.percent == b->look.percent &&
           a->look.is_welsh == b->look.is_welsh;
}

/* --- the thread; the mutex is held where it says so --- */

static void tell_ui(uint32_t event_type)
{
    SDL_Event ev;

    if (event_type != 0) {
        SDL_zero(ev);
        ev.type = event_type;
        (void)SDL_PushEvent(&ev); /* a full queue wakes it too */
    }
}

/* Held before and after. */
static struct map_draw *open_pack(struct map *m, struct map_draw *old)
{
    char path[MAP_PATH_MAX];
    struct mappack *pack = NULL;
    struct map_draw *draw = NULL;
    struct map_state state = { .status = MAP_REFUSED };

    (void)snprintf(path, sizeof(path), "%s", m->path);
    m->path[0] = '\0';
    SDL_UnlockMutex(m->mutex);
    map_draw_free(old);
    state.fault = mappack_open(path, &pack);
    if (state.fault == MAPPACK_FINE) {
        state.facts = *mappack_facts(pack);
        state.status = MAP_READY;
        if (map_draw_new(pack, &draw)) {
            state.status = MAP_REFUSED;
            state.fault = MAPPACK_NO_MEMORY;
        }
    }
    SDL_LockMutex(m->mutex);
    m->next = state;
    m->is_next = true;
    return draw;
}

/* Held before and after. */
static void draw_one(struct map *m, struct map_draw *draw)
{
    struct fresh f = { .key = m->wishes[0], .pack = m->pack };
    enum err err;

    m->wish_count--;
    memmove(&m->wishes[0], &m->wishes[1],
            (size_t)m->wish_count * sizeof(m->wishes[0]));
    m->is_drawing = true;
    SDL_UnlockMutex(m->mutex);
    err = map_draw_piece(draw, &f.key, &f.pixels);
    SDL_LockMutex(m->mutex);
    m->is_drawing = false;
    if (err == ERR_BAD_DATA) {
        m->next.damaged_count++;
        m->is_next = true;
    }
    m->fresh[m->fresh_count++] = f;
}

/* Held before and after. A pack whose search is damaged finds nothing. */
static void find_one(struct map *m, struct map_draw *draw)
{
    struct found f = { .count = 0 };
    const struct geo_pos from = m->looks_from;

    memcpy(f.words, m->looks_for, sizeof(f.words));
    m->looks_for[0] = '\0';
    m->is_drawing = true;
    SDL_UnlockMutex(m->mutex);
    if (map_draw_find(draw, f.words, &from, f.places, MAP_FOUND_MAX,
                      &f.count)) {
        f.count = 0;
    }
    SDL_LockMutex(m->mutex);
    m->is_drawing = false;
    m->fresh_found = f;
    m->is_fresh_found = true;
}

static int work(void *arg)
{
    struct map *m = arg;
    struct map_draw *draw = NULL;

    SDL_LockMutex(m->mutex);
    while (!m->stops) {
        if (m->path[0] != '\0') {
            draw = open_pack(m, draw);
        } else if (draw != NULL && m->looks_for[0] != '\0') {
            find_one(m, draw);
        } else if (draw != NULL && m->wish_count > 0 &&
                   m->fresh_count < FRESH_MAX) {
            draw_one(m, draw);
        } else {
            SDL_CondWait(m->wake, m->mutex);
            continue;
        }
        tell_ui(m->event_type);
    }
    SDL_UnlockMutex(m->mutex);
    map_draw_free(draw);
    return 0;
}

/* --- the UI thread --- */

enum err map_new(struct map **out)
{
    struct map *m = mem_alloc(sizeof(*m));

    if (m == NULL) {
        return ERR_NOMEM;
    }
    m->mutex = SDL_CreateMutex();
    m->wake = SDL_CreateCond();
    if (m->mutex != NULL && m->wake != NULL) {
        m->thread = SDL_CreateThread(work, "map", m);
    }
    if (m->thread == NULL) {
        map_free(m);
        return ERR_NOMEM;
    }
    *out = m;
    return ERR_OK;
}

static void drop_pieces(struct map *m)
{
    for (int i = 0; i < MAP_PIECES_MAX; i++) {
        image_free(m->pieces[i].image);
        memset(&m->pieces[i], 0, sizeof(m->pieces[i]));
    }
}

void map_free(struct map *map)
{
    if (map == NULL) {
        return;
    }
    if (map->thread != NULL) {
        SDL_LockMutex(map->mutex);
        map->stops = true;
        SDL_CondSignal(map->wake);
        SDL_UnlockMutex(map->mutex);
        SDL_WaitThread(map->thread, NULL);
    }
    for (int i = 0; i < map->fresh_count; i++) {
        mem_free(map->fresh[i].pixels);
    }
    drop_pieces(map);
    SDL_DestroyCond(map->wake);
    SDL_DestroyMutex(map->mutex);
    mem_free(map);
}

enum err map_open(struct map *map, const char *path)
{
    if (path[0] == '\0' || strlen(path) >= MAP_PATH_MAX) {
        return ERR_TOO_LONG;
    }
    SDL_LockMutex(map->mutex);
    (void)snprintf(map->path, sizeof(map->path), "%s", path);
    map->pack++;
    map->wish_count = 0;
    SDL_CondSignal(map->wake);
    SDL_UnlockMutex(map->mutex);
    map->state.status = MAP_OPENING;
    return ERR_OK;
}

const struct map_state *map_state(const struct map *map)
{
    return &map->state;
}

void map_set_event(struct map *map, uint32_t event_type)
{
    SDL_LockMutex(map->mutex);
    map->event_type = event_type;
    SDL_UnlockMutex(map->mutex);
    tell_ui(event_type);
}

void map_search(struct map *map, const char *words, struct geo_pos from)
{
    (void)snprintf(map->words, sizeof(map->words), "%s", words);
    SDL_LockMutex(map->mutex);
    memcpy(map->looks_for, map->words, sizeof(map->looks_for));
    map->looks_from = from;
    SDL_CondSignal(map->wake);
    SDL_UnlockMutex(map->mutex);
}

const struct mappack_place *map_found(const struct map *map, size_t *count_out)
{
    *count_out = map->found.count;
    return strcmp(map->words, map->found.words) == 0 ? map->found.places : NULL;
}

void map_begin(struct map *map)
{
    map->frame++;
    map->asked_count = 0;
    map->used_count = 0;
}

enum map_piece map_tile(struct map *map, const struct map_key *key,
                        const struct image **image_out)
{
    *image_out = NULL;
    for (int i = 0; i < MAP_PIECES_MAX; i++) {
        struct piece *p = &map->pieces[i];

        if (p->is_used && is_same_key(&p->key, key)) {
            p->frame = map->frame;
            map->used_count++;
            *image_out = p->image;
            return p->kind;
        }
    }
    if (map->asked_count < MAP_WISHES_MAX) {
        map->asked[map->asked_count++] = *key;
    }
    return MAP_PIECE_WAITS;
}

const struct image *map_peek(const struct map *map, const struct map_key *key)
{
    for (int i = 0; i < MAP_PIECES_MAX; i++) {
        const struct piece *p = &map->pieces[i];

        if (p->is_used && is_same_key(&p->key, key)) {
            return p->image;
        }
    }
    return NULL;
}

void map_end(struct map *map)
{
    SDL_LockMutex(map->mutex);
    memcpy(map->wishes, map->asked,
           (size_t)map->asked_count * sizeof(map->asked[0]));
    map->wish_count = map->asked_count;
    if (map->wish_count > 0) {
        SDL_CondSignal(map->wake);
    }
    SDL_UnlockMutex(map->mutex);
}

/* Where the next piece goes: a free place while there may be more, else
 * that of the one that was not asked for longest. */
static struct piece *make_room(struct map *m)
{
    const int shown = m->used_count + m->asked_count;
    int most = 2 * shown;
    int used = 0;
    struct piece *oldest = NULL;
    struct piece *free_one = NULL;

    most = most < MAP_PIECES_MIN ? MAP_PIECES_MIN : most;
    for (int i = 0; i < MAP_PIECES_MAX; i++) {
        struct piece *p = &m->pieces[i];

        used += p->is_used;
        if (!p->is_used) {
            free_one = p;
        } else if (oldest == NULL || p->frame < oldest->frame) {
            oldest = p;
        }
    }
    if (free_one != NULL && used < most) {
        return free_one;
    }
    image_free(oldest->image);
    memset(oldest, 0, sizeof(*oldest));
    return oldest;
}

static void keep(struct map *m, struct fresh *f)
{
    struct piece *p;

    if (f->pack != m->shown_pack) {
        mem_free(f->pixels);
        return; /* of a pack that is shown no more */
    }
    p = make_room(m);
    p->is_used = true;
    p->key = f->key;
    p->frame = m->frame;
    p->kind = MAP_PIECE_NONE;
    if (f->pixels != NULL &&
        image_take(f->pixels, MAP_TILE_DP, MAP_TILE_DP, &p->image) == ERR_OK) {
        p->kind = MAP_PIECE_DRAWN;
    }
}

bool map_take(struct map *map)
{
    bool any;

    SDL_LockMutex(map->mutex);
    any = map->is_next || map->is_fresh_found || map->fresh_count > 0;
    if (map->is_fresh_found) {
        map->found = map->fresh_found;
        map->is_fresh_found = false;
    }
    if (map->is_next) {
        map->state = map->next;
        map->is_next = false;
    }
    if (map->shown_pack != map->pack) {
        map->shown_pack = map->pack;
        drop_pieces(map);
    }
    for (int i = 0; i < map->fresh_count; i++) {
        keep(map, &map->fresh[i]);
    }
    if (map->fresh_count > 0) {
        map->fresh_count = 0;
        SDL_CondSignal(map->wake); /* there is room for more */
    }
    SDL_UnlockMutex(map->mutex);
    return any;
}

bool map_is_idle(struct map *map)
{
    bool is_idle;

    SDL_LockMutex(map->mutex);
    is_idle = map->path[0] == '\0' && map->wish_count == 0 &&
              !map->is_drawing && map->fresh_count == 0 && !map->is_next &&
              map->looks_for[0] == '\0' && !map->is_fresh_found &&
              map->state.status != MAP_OPENING;
    SDL_UnlockMutex(map->mutex);
    return is_idle;
}
