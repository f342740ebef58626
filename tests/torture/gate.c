#include "tests/torture/gate.h"

static struct {
    uint64_t nth, count, fired;
    int64_t live;
    unsigned pauses;
    bool is_armed, is_lasting;
    enum gate_what what;
    gate_seen *seen;
    void *ctx;
    uintptr_t stack_end;
} gate;

/* What clang and gcc push on entry. */
struct frame {
    const struct frame *caller;
    uintptr_t back;
};

void gate_choose(enum gate_what what)
{
    gate.what = what;
}

void gate_arm(uint64_t nth, bool is_lasting)
{
    gate.nth = nth;
    gate.is_lasting = is_lasting;
    gate.count = 0;
    gate.fired = 0;
    gate.stack_end = (uintptr_t)__builtin_frame_address(0);
    gate.is_armed = true;
}

void gate_disarm(void)
{
    gate.is_armed = false;
}

uint64_t gate_count(void)
{
    return gate.count;
}

uint64_t gate_fired(void)
{
    return gate.fired;
}

int64_t gate_live(void)
{
    return gate.live;
}

void gate_pause(void)
{
    gate.pauses++;
}

void gate_resume(void)
{
    gate.pauses--;
}

void gate_watch(gate_seen *seen, void *ctx)
{
    gate.seen = seen;
    gate.ctx = ctx;
}

/* A test's own code is linked before this file's, and ours behind it. */
static void tell(const struct frame *f)
{
    uintptr_t callers[GATE_DEPTH];
    size_t count = 0;

    while (count < GATE_DEPTH && (uintptr_t)f < gate.stack_end &&
           (uintptr_t)f % sizeof(f) == 0 && f->back >= (uintptr_t)gate_choose) {
        callers[count++] = f->back;
        if (f->caller <= f) {
            break;
        }
        f = f->caller;
    }
    gate.seen(gate.ctx, gate.count, callers, count);
}

bool gate_fails(enum gate_what what)
{
    if (!gate.is_armed || gate.pauses > 0 || gate.what != what) {
        return false;
    }
    gate.count++;
    if (gate.seen != NULL) {
        tell(__builtin_frame_address(0));
    }
    if (gate.nth == 0 || gate.count < gate.nth ||
        (gate.count > gate.nth && !gate.is_lasting)) {
        return false;
    }
    gate.fired++;
    return true;
}

void gate_born(const void *p)
{
    gate.live += p != NULL;
}

void gate_died(const void *p)
{
    gate.live -= p != NULL;
}
