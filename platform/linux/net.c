#include "platform/linux/net.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/net_curl.h"

enum net_state { NET_IDLE, NET_SENT, NET_ANSWERED };

struct net {
    struct net_curl_config config;
    void (*ready)(void *ctx);
    void *ready_ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopping;     /* under lock */
    enum net_state state; /* under lock; the job is the thread's in SENT */
    struct net_curl_job job;
    struct net_answer answer;
    CURL *easy;
    CURLM *multi;
};

static bool is_stopping(struct net *n)
{
    bool stop;

    pthread_mutex_lock(&n->lock);
    stop = n->is_stopping;
    pthread_mutex_unlock(&n->lock);
    return stop;
}

/* Drives one transfer; CURLE_ABORTED_BY_CALLBACK when the program stops. */
static CURLcode transfer(struct net *n)
{
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    int running = 1;

    if (curl_multi_add_handle(n->multi, n->easy)) {
        return CURLE_OUT_OF_MEMORY;
    }
    while (running && !is_stopping(n)) {
        if (curl_multi_perform(n->multi, &running)) {
            break;
        }
        if (running) {
            curl_multi_poll(n->multi, NULL, 0, 1000, NULL);
        }
    }
    for (;;) {
        int left;
        CURLMsg *msg = curl_multi_info_read(n->multi, &left);

        if (!msg) {
            break;
        }
        if (msg->msg == CURLMSG_DONE) {
            code = msg->data.result;
        }
    }
    curl_multi_remove_handle(n->multi, n->easy);
    return code;
}

static void run_job(struct net *n)
{
    struct net_answer answer = { .err = ERR_NOMEM };

    if (!net_curl_prepare(n->easy, &n->config, &n->job)) {
        CURLcode code = transfer(n);

        net_curl_finish(n->easy, code, &n->config, &n->job, &answer);
    }
    pthread_mutex_lock(&n->lock);
    n->answer = answer;
    n->state = NET_ANSWERED;
    pthread_cond_broadcast(&n->changed);
    pthread_mutex_unlock(&n->lock);
    if (n->ready) {
        n->ready(n->ready_ctx);
    }
}

static void *run(void *ctx)
{
    struct net *n = ctx;

    for (;;) {
        bool stop;

        pthread_mutex_lock(&n->lock);
        while (n->state != NET_SENT && !n->is_stopping) {
            pthread_cond_wait(&n->changed, &n->lock);
        }
        stop = n->is_stopping;
        pthread_mutex_unlock(&n->lock);
        if (stop) {
            return NULL;
        }
        run_job(n);
    }
}

static void copy(struct buf *out, struct bytes in)
{
    buf_init(out, in.len + 1);
    buf_put(out, in.data, in.len);
    (void)buf_text(out); /* with its NUL behind */
}

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

static enum err copy_config(struct net *n, const struct net_options *o)
{
    struct net_curl_config *c = &n->config;

    copy(&c->url, text_bytes(o->url));
    copy(&c->authority, o->authority);
    copy(&c->certificate, o->certificate);
    copy(&c->key, o->key);
    copy(&c->proxy, text_bytes(o->proxy));
    c->has_proxy = o->proxy != NULL;
    c->answer_max = o->answer_max_bytes;
    if (c->url.err || c->authority.err || c->certificate.err || c->key.err ||
        c->proxy.err) {
        return ERR_NOMEM;
    }
    return ERR_OK;
}

static void job_fini(struct net_curl_job *job)
{
    curl_slist_free_all(job->headers);
    buf_fini(&job->path);
    buf_fini(&job->content_type);
    buf_fini(&job->body);
    buf_fini(&job->answer);
    memset(job, 0, sizeof(*job));
}

static void free_all(struct net *n)
{
    if (n->easy) {
        curl_easy_cleanup(n->easy);
    }
    if (n->multi) {
        curl_multi_cleanup(n->multi);
    }
    job_fini(&n->job);
    buf_fini(&n->config.url);
    buf_fini(&n->config.authority);
    buf_fini(&n->config.certificate);
    buf_wipe(&n->config.key);
    buf_fini(&n->config.proxy);
    pthread_cond_destroy(&n->changed);
    pthread_mutex_destroy(&n->lock);
    mem_free(n);
}

enum err net_open(const struct net_options *options, struct net **out)
{
    pthread_condattr_t attr;
    struct net *n;
    enum err err;

    if (strncmp(options->url, "https://", 8) != 0) {
        return ERR_USAGE;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
        return ERR_NOMEM;
    }
    n = mem_alloc(sizeof(*n));
    if (!n) {
        return ERR_NOMEM;
    }
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&n->changed, &attr);
    pthread_condattr_destroy(&attr);
    n->ready = options->ready;
    n->ready_ctx = options->ready_ctx;
    err = copy_config(n, options);
    n->easy = curl_easy_init();
    n->multi = curl_multi_init();
    if (!err && (!n->easy || !n->multi)) {
        err = ERR_NOMEM;
    }
    if (!err && pthread_create(&n->thread, NULL, run, n)) {
        err = ERR_NOMEM;
    }
    if (err) {
        free_all(n);
        return err;
    }
    *out = n;
    return ERR_OK;
}

void net_close(struct net *n)
{
    if (!n) {
        return;
    }
    pthread_mutex_lock(&n->lock);
    n->is_stopping = true;
    pthread_cond_broadcast(&n->changed);
    pthread_mutex_unlock(&n->lock);
    curl_multi_wakeup(n->multi);
    pthread_join(n->thread, NULL);
    free_all(n);
}

enum err net_send(struct net *n, const struct net_request *request)
{
    struct net_curl_job *job = &n->job;
    enum err err = ERR_OK;

    pthread_mutex_lock(&n->lock);
    if (n->state != NET_IDLE) {
        err = ERR_BUSY;
    } else {
        job_fini(job);
        job->request = *request;
        copy(&job->path, text_bytes(request->path));
        copy(&job->content_type, text_bytes(request->content_type));
        copy(&job->body, request->body);
        buf_init(&job->answer, n->config.answer_max);
        if (job->path.err || job->content_type.err || job->body.err) {
            err = ERR_NOMEM;
        } else {
            n->state = NET_SENT;
            pthread_cond_broadcast(&n->changed);
        }
    }
    pthread_mutex_unlock(&n->lock);
    return err;
}

enum err net_wait(struct net *n, uint32_t timeout_ms, struct net_answer *out)
{
    struct timespec until;
    enum err err = ERR_OK;
    int rc = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&n->lock);
    while (n->state == NET_SENT && timeout_ms > 0 && rc != ETIMEDOUT) {
        rc = pthread_cond_timedwait(&n->changed, &n->lock, &until);
    }
    if (n->state == NET_ANSWERED) {
        *out = n->answer;
        n->state = NET_IDLE;
    } else {
        err = n->state == NET_SENT ? ERR_BUSY : ERR_NOT_FOUND;
    }
    pthread_mutex_unlock(&n->lock);
    return err;
}
