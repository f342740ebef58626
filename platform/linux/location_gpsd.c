#include <errno.h>
#include <gps.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "core/mem.h"
#include "platform/linux/clock.h"
#include "platform/linux/location.h"

struct location {
    char host[128], port[16];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under lock: */
    bool is_stopping;
    struct location_stats stats;
    struct port_fix fix; /* source NONE before the first */
    uint64_t fix_at_ms;
    bool has_time;
    int64_t gnss_ms;
    uint64_t time_at_ms;
};

/* --- what a report means --- */

static bool to_e7(double degrees, double most, int32_t *out)
{
    if (!isfinite(degrees) || fabs(degrees) > most) {
        return false;
    }
    *out = (int32_t)lround(degrees * 1e7);
    return true;
}

/* Horizontal error; 0 when the receiver doesn't estimate one. */
static uint32_t accuracy_mm(const struct gps_fix_t *f)
{
    double metres = f->eph;

    if (!isfinite(metres) && isfinite(f->epx) && isfinite(f->epy)) {
        metres = hypot(f->epx, f->epy);
    }
    if (!isfinite(metres) || metres <= 0) {
        return 0;
    }
    return metres < 4e6 ? (uint32_t)(metres * 1000) : 4000000000U;
}

/* A replay comes through a pseudo terminal. */
static bool is_replay(const struct gps_data_t *gps)
{
    return gps->fix.status == STATUS_SIM ||
           strncmp(gps->dev.path, "/dev/pts/", 9) == 0;
}

static int64_t time_ms(const struct gps_fix_t *f)
{
    return (int64_t)f->time.tv_sec * 1000 + f->time.tv_nsec / 1000000;
}

static void take_report(struct location *l, const struct gps_data_t *gps)
{
    const struct gps_fix_t *f = &gps->fix;
    const uint64_t now = clock_mono_ms();
    struct port_fix fix = { .is_simulated = is_replay(gps) };

    if (!(gps->set & MODE_SET)) {
        return; /* satellites, devices, versions */
    }
    pthread_mutex_lock(&l->lock);
    l->stats.reports++;
    if ((gps->set & TIME_SET) && f->time.tv_sec > 0) {
        l->has_time = true;
        l->gnss_ms = time_ms(f);
        l->time_at_ms = now;
        fix.gnss_ms = l->gnss_ms;
    }
    if (f->mode >= MODE_2D && to_e7(f->latitude, 90, &fix.lat_e7) &&
        to_e7(f->longitude, 180, &fix.lon_e7)) {
        fix.source = f->mode >= MODE_3D ? PORT_FIX_3D : PORT_FIX_2D;
        fix.accuracy_mm = accuracy_mm(f);
        l->fix = fix;
        l->fix_at_ms = now;
        l->stats.fixes++;
    }
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

/* --- the thread --- */

static bool is_stopping(struct location *l)
{
    bool stop;

    pthread_mutex_lock(&l->lock);
    stop = l->is_stopping;
    pthread_mutex_unlock(&l->lock);
    return stop;
}

static void set_connected(struct location *l, bool is_connected)
{
    pthread_mutex_lock(&l->lock);
    l->stats.is_connected = is_connected;
    l->stats.connects += is_connected;
    l->stats.disconnects += !is_connected;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

static struct timespec after_ms(uint32_t ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void pause_for(struct location *l, uint32_t ms)
{
    const struct timespec until = after_ms(ms);
    int rc = 0;

    pthread_mutex_lock(&l->lock);
    while (!l->is_stopping && rc != ETIMEDOUT) {
        rc = pthread_cond_timedwait(&l->changed, &l->lock, &until);
    }
    pthread_mutex_unlock(&l->lock);
}

/* Until gpsd is gone, or we are to stop. A torn line isn't a report: libgps
 * drops what it can't read, and the next whole one counts. */
static bool listen_to(struct location *l, struct gps_data_t *gps)
{
    bool heard = false;

    (void)gps_stream(gps, WATCH_ENABLE | WATCH_JSON, NULL);
    set_connected(l, true);
    while (!is_stopping(l)) {
        if (!gps_waiting(gps, LOCATION_POLL_MS * 1000)) {
            continue;
        }
        gps->set = 0;
        if (gps_read(gps, NULL, 0) < 0) {
            break;
        }
        take_report(l, gps);
        heard = true;
    }
    set_connected(l, false);
    return heard;
}

static void *run(void *ctx)
{
    struct location *l = ctx;
    uint32_t wait_ms = LOCATION_RETRY_MIN_MS;
    struct gps_data_t *gps = mem_alloc(sizeof(*gps));

    while (gps && !is_stopping(l)) {
        memset(gps, 0, sizeof(*gps));
        if (gps_open(l->host, l->port, gps) == 0) {
            if (listen_to(l, gps)) {
                wait_ms = LOCATION_RETRY_MIN_MS;
            }
            gps_close(gps);
        }
        pause_for(l, wait_ms);
        wait_ms = wait_ms * 2 < LOCATION_RETRY_MAX_MS ? wait_ms * 2
                                                      : LOCATION_RETRY_MAX_MS;
    }
    mem_free(gps);
    return NULL;
}

enum err location_open(const char *host, const char *port,
                       struct location **out)
{
    struct location *l;
    pthread_condattr_t attr;

    if (strlen(host) >= sizeof(l->host) || strlen(port) >= sizeof(l->port)) {
        return ERR_TOO_LONG;
    }
    l = mem_alloc(sizeof(*l));
    if (!l) {
        return ERR_NOMEM;
    }
    memcpy(l->host, host, strlen(host) + 1);
    memcpy(l->port, port, strlen(port) + 1);
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&l->thread, NULL, run, l)) {
        pthread_cond_destroy(&l->changed);
        pthread_mutex_destroy(&l->lock);
        mem_free(l);
        return ERR_NOMEM;
    }
    *out = l;
    return ERR_OK;
}

void location_close(struct location *l)
{
    if (!l) {
        return;
    }
    pthread_mutex_lock(&l->lock);
    l->is_stopping = true;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    mem_free(l);
}

enum err location_fix(struct location *l, struct port_fix *out)
{
    enum err err = ERR_OK;

    pthread_mutex_lock(&l->lock);
    if (l->fix.source == PORT_FIX_NONE) {
        err = ERR_NOT_FOUND;
    } else {
        *out = l->fix;
        out->age_ms = clock_mono_ms() - l->fix_at_ms;
    }
    pthread_mutex_unlock(&l->lock);
    return err;
}

bool location_time(struct location *l, int64_t *gnss_ms_out)
{
    uint64_t age;
    bool is_fresh;

    pthread_mutex_lock(&l->lock);
    age = clock_mono_ms() - l->time_at_ms;
    is_fresh = l->has_time && age <= LOCATION_TIME_AGE_MS;
    if (is_fresh) {
        *gnss_ms_out = l->gnss_ms + (int64_t)age;
    }
    pthread_mutex_unlock(&l->lock);
    return is_fresh;
}

void location_stats(struct location *l, struct location_stats *out)
{
    pthread_mutex_lock(&l->lock);
    *out = l->stats;
    pthread_mutex_unlock(&l->lock);
}

bool location_wait(struct location *l, struct location_stats *seen,
                   uint32_t timeout_ms)
{
    const struct timespec until = after_ms(timeout_ms);
    bool is_new;
    int rc = 0;

    pthread_mutex_lock(&l->lock);
    while (l->stats.reports <= seen->reports &&
           l->stats.disconnects <= seen->disconnects && rc != ETIMEDOUT) {
        rc = pthread_cond_timedwait(&l->changed, &l->lock, &until);
    }
    is_new = l->stats.reports > seen->reports ||
             l->stats.disconnects > seen->disconnects;
    *seen = l->stats;
    pthread_mutex_unlock(&l->lock);
    return is_new;
}
