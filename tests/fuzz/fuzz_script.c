/* fuzz_script.c - any bytes as taps, keys and text on the tablet: no crash,
 * whatever a finger, a keyboard or a script does in whatever order. */
#include <string.h>

#include "tests/test.h"
#include "tests/ui/stage.h"
#include "ui/kit/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 64 /* each draws two frames */

/* One byte says what, the next where: every control can be reached. */
static void tap_any(struct stage *s, uint8_t which)
{
    struct ui *ui = &s->nav.ui;
    struct ui_event ev;

    if (ui->target_count == 0) {
        return;
    }
    if (ui_tap(ui, &ui->targets[which % ui->target_count], &ev)) {
        nav_event(&s->nav, &ev);
    }
}

static void type_any(struct stage *s, const uint8_t *data, size_t size)
{
    struct ui_event ev;
    char text[9];

    memcpy(text, data, size);
    text[size] = '\0';
    if (ui_type(&s->nav.ui, text, &ev)) {
        nav_event(&s->nav, &ev);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void *state = NULL;
    struct stage *s;
    size_t at = 0;

    if (size < 2) {
        return 0;
    }
    (void)(data[0] & 1 ? stage_open(&state) : stage_open_signed_out(&state));
    s = state;
    for (int i = 0; i < STEPS_MAX && at + 1 < size; i++, at += 2) {
        const size_t left = size - at - 1;

        switch (data[at] % 4) {
        case 0:
        case 1:
            tap_any(s, data[at + 1]);
            stage_turn(s);
            break;
        case 2:
            stage_key(s, data[at + 1] % 16);
            break;
        default:
            type_any(s, data + at + 1, left < 8 ? left : 8);
            stage_turn(s);
            break;
        }
    }
    stage_close(&state);
    return 0;
}
