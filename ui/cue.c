#include "ui/cue.h"

#include <SDL.h>
#include <math.h>

#include "core/mem.h"

#define RATE     22050 /* samples a second */
#define TONE_MAX (RATE / 2)
#define LEVEL    6000.0 /* of 32,767: heard in the hand, not in the street */
#define TURN     6.28318530717958648
#define REST_MS  50
#define FADE     110 /* samples, 5 ms: a tone that clicks is a fault */

struct cues {
    bool has_sound;
    bool has_shake;
    bool is_playing;
    SDL_AudioDeviceID audio; /* 0: not open */
    SDL_Haptic *haptic;      /* NULL: not open, or none */
};

static const struct {
    int hertz, tone_ms, shake_ms;
    float strength;
} shapes[] = {
    [CUE_NONE] = { 0, 0, 0, 0 },
    [CUE_DONE] = { 880, 60, 30, 0.4f },
    [CUE_REFUSED] = { 220, 160, 120, 0.7f },
    [CUE_HOLD] = { 0, 0, 80, 1.0f }, /* felt, never heard */
    [CUE_CALLED] = { 660, 120, 250, 1.0f },
};

enum cue cue_of_told(const struct view_told *told)
{
    switch (told->told) {
    case TOLD_NOTHING:
        return CUE_NONE;
    case TOLD_SOS_SENT:
    case TOLD_SOS_ANSWERED:
    case TOLD_CALL_999:
        return CUE_CALLED;
    case TOLD_FAILED:
    case TOLD_DAMAGED:
    case TOLD_SOS_NOT_SENT:
        return CUE_REFUSED;
    default:
        return told->err ? CUE_REFUSED : CUE_DONE;
    }
}

enum cue cue_of_hold(int before, int now)
{
    return now > before && now / 250 > before / 250 ? CUE_HOLD : CUE_NONE;
}

struct cues *cue_new(bool has_sound, bool has_shake)
{
    struct cues *c = mem_alloc(sizeof(*c));

    if (c != NULL) {
        *c = (struct cues){ .has_sound = has_sound, .has_shake = has_shake };
    }
    return c;
}

void cue_free(struct cues *c)
{
    if (c == NULL) {
        return;
    }
    if (c->audio != 0) {
        SDL_CloseAudioDevice(c->audio);
    }
    if (c->haptic != NULL) {
        SDL_HapticClose(c->haptic);
    }
    mem_free(c);
}

/* A device that isn't there is asked for once. */
static bool open_audio(struct cues *c)
{
    const SDL_AudioSpec want = {
        .freq = RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = 512
    };

    if (c->audio == 0 && SDL_InitSubSystem(SDL_INIT_AUDIO) == 0) {
        c->audio = SDL_OpenAudioDevice(NULL, 0, &want, NULL, 0);
    }
    c->has_sound = c->audio != 0;
    return c->has_sound;
}

static bool open_haptic(struct cues *c)
{
    if (c->haptic == NULL && SDL_InitSubSystem(SDL_INIT_HAPTIC) == 0 &&
        SDL_NumHaptics() > 0) {
        c->haptic = SDL_HapticOpen(0);
        if (c->haptic != NULL && SDL_HapticRumbleInit(c->haptic) != 0) {
            SDL_HapticClose(c->haptic);
            c->haptic = NULL;
        }
    }
    c->has_shake = c->haptic != NULL;
    return c->has_shake;
}

static void play_tone(struct cues *c, int hertz, int ms)
{
    static int16_t samples[TONE_MAX]; /* the UI thread's */
    const int count = RATE / 1000 * ms;

    for (int i = 0; i < count; i++) {
        const int edge = i < count - i ? i : count - i;
        const double fade = edge < FADE ? (double)edge / FADE : 1.0;

        samples[i] =
            (int16_t)(LEVEL * fade * sin(TURN * hertz * i / (double)RATE));
    }
    SDL_ClearQueuedAudio(c->audio);
    if (SDL_QueueAudio(c->audio, samples,
                       (uint32_t)count * sizeof(samples[0])) == 0) {
        SDL_PauseAudioDevice(c->audio, 0);
        c->is_playing = true;
    }
}

void cue_play(struct cues *c, enum cue cue)
{
    if (c == NULL || cue == CUE_NONE) {
        return;
    }
    if (c->has_shake && shapes[cue].shake_ms > 0 && open_haptic(c)) {
        (void)SDL_HapticRumblePlay(c->haptic, shapes[cue].strength,
                                   (uint32_t)shapes[cue].shake_ms);
    }
    if (c->has_sound && shapes[cue].tone_ms > 0 && open_audio(c)) {
        play_tone(c, shapes[cue].hertz, shapes[cue].tone_ms);
    }
}

int cue_rest(struct cues *c)
{
    if (c == NULL || !c->is_playing) {
        return -1;
    }
    if (SDL_GetQueuedAudioSize(c->audio) > 0) {
        return REST_MS;
    }
    SDL_PauseAudioDevice(c->audio, 1); /* a silent device costs no power */
    c->is_playing = false;
    return -1;
}
