/*
 * torture_cuts.c - each request and each answer of a journey cut at every
 * byte. A copy of the whole scene is made at that byte.
 *
 * What a whole run is to show is the same for all cuts that look alike to
 * both sides, so without --all the run of most bytes ends as soon as the
 * tablet has refused what it got; of SAMPLE bytes one goes on to the end,
 * the first and the last of each message, too.
 */
#include <stdio.h>

#include "tests/torture/crew.h"

#define SAMPLE 100

static struct {
    enum scene_journey journey;
    struct crew crew;
    bool is_all, is_child;
    uint64_t messages, bytes, whole;
} run;

/* A short run: nothing may have come of a cut message. */
static void on_fed(struct scene *s, enum err err)
{
    (void)s;
    crew_done(err == ERR_OK ? "a cut answer was taken" : NULL);
}

/* True in the copy of the scene that goes on with this cut. */
static bool cut_at(struct scene *s, enum scene_cut way, size_t len, size_t at)
{
    const bool is_whole = run.is_all || at == 0 || at + 1 == len ||
                          (at + s->message) % SAMPLE == 0;
    char label[120];

    snprintf(label, sizeof(label), "%s, %s %llu cut after %zu of %zu%s",
             scene_name(run.journey),
             way == SCENE_CUT_UP ? "request" : "answer",
             (unsigned long long)s->message, at, len,
             s->is_bare ? ", without its length" : "");
    run.whole += is_whole;
    if (!crew_child(&run.crew, label)) {
        return false;
    }
    run.is_child = true;
    s->on_request = s->on_answer = NULL;
    s->on_fed = is_whole ? NULL : on_fed;
    s->cut = way;
    s->cut_message = s->message;
    s->cut_at = at;
    return true;
}

static bool cut_all(struct scene *s, enum scene_cut way, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        if (cut_at(s, way, len, at)) {
            return true;
        }
    }
    return false;
}

static void on_request(struct scene *s, size_t len)
{
    run.messages++;
    run.bytes += len;
    (void)cut_all(s, SCENE_CUT_UP, len);
}

static void on_answer(struct scene *s, size_t len)
{
    run.bytes += len;
    if (!cut_all(s, SCENE_CUT_DOWN, len)) {
        s->is_bare = true;
        if (!cut_all(s, SCENE_CUT_DOWN, len)) {
            s->is_bare = false;
        }
    }
}

void torture_cuts(enum scene_journey j, bool is_all)
{
    static struct scene s;
    enum err err;

    run.journey = j;
    run.crew = (struct crew){ 0, 0 };
    run.is_all = is_all;
    run.messages = run.bytes = run.whole = 0;
    scene_open(&s, j);
    if (j == SCENE_SAVE) {
        printf("ok - %s # SKIP it has no bytes on a wire\n", scene_name(j));
        scene_close(&s);
        return;
    }
    s.on_request = on_request;
    s.on_answer = on_answer;
    err = scene_go(&s, j);
    if (run.is_child) {
        scene_calm(&s);
        crew_done(scene_check(&s, j));
    }
    ASSERT(err == ERR_OK);
    scene_close(&s);
    printf("# cuts %s | %llu messages, %llu bytes: %llu cuts, %llu of them to "
           "the end, %llu broken\n",
           scene_name(j), (unsigned long long)run.messages,
           (unsigned long long)run.bytes, (unsigned long long)run.crew.runs,
           (unsigned long long)run.whole, (unsigned long long)run.crew.failed);
    crew_end(&run.crew, scene_name(j));
}
