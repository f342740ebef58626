#include "platform/linux/net_curl.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "core/limits.h"

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
    struct net_curl_job *job = ctx;

    buf_put(&job->answer, data, size * count);
    job->is_too_long = job->answer.err == ERR_TOO_LONG;
    return job->answer.err ? 0 : size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *ctx)
{
    static const char name[] = "upload-offset:";
    struct net_curl_job *job = ctx;
    const size_t len = size * count;
    char number[32];

    if (len > strlen(name) && strncasecmp(data, name, strlen(name)) == 0) {
        size_t rest = len - strlen(name);
        char *end;

        if (rest < sizeof(number)) {
            memcpy(number, data + strlen(name), rest);
            number[rest] = '\0';
            job->upload_offset = strtoull(number, &end, 10);
            job->has_offset = end != number && strchr("\r\n", *end);
        }
    }
    return len;
}

/* BBR keeps its pace over lossy radio links; where the kernel doesn't grant
 * it, its default will do. */
static int tune_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    (void)ctx;
    (void)purpose;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
    return CURL_SOCKOPT_OK;
}

static bool add_header(struct net_curl_job *job, const char *text)
{
    struct curl_slist *list = curl_slist_append(job->headers, text);

    if (list) {
        job->headers = list;
    }
    return list != NULL;
}

static enum err make_headers(struct net_curl_job *job)
{
    char text[160];
    bool ok = add_header(job, "Expect:");

    if (job->content_type.len > 0) {
        snprintf(text, sizeof(text), "Content-Type: %.100s",
                 (const char *)job->content_type.data);
        ok = ok && add_header(job, text);
    }
    if (job->request.has_upload) {
        ok = ok && add_header(job, "Tus-Resumable: 1.0.0");
        snprintf(text, sizeof(text), "Upload-Offset: %" PRIu64,
                 job->request.upload_offset);
        ok = ok && add_header(job, text);
        snprintf(text, sizeof(text), "Upload-Length: %" PRIu64,
                 job->request.upload_length);
        ok = ok && add_header(job, text);
    }
    return ok ? ERR_OK : ERR_NOMEM;
}

static void set_blob(CURL *easy, CURLoption option, const struct buf *b)
{
    struct curl_blob blob = { b->data, b->len, CURL_BLOB_COPY };

    if (b->len > 0) {
        curl_easy_setopt(easy, option, &blob);
    }
}

static void set_tls(CURL *easy, const struct net_curl_config *config)
{
    const long verify = config->authority.len > 0 ? 1L : 0L;

    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L); /* see net.h */
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    /* The system's authorities are nobody's here. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    set_blob(easy, CURLOPT_CAINFO_BLOB, &config->authority);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
    if (config->certificate.len > 0) {
        curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "PEM");
        curl_easy_setopt(easy, CURLOPT_SSLKEYTYPE, "PEM");
        set_blob(easy, CURLOPT_SSLCERT_BLOB, &config->certificate);
        set_blob(easy, CURLOPT_SSLKEY_BLOB, &config->key);
    }
}

static void set_limits(CURL *easy, const struct net_curl_config *config,
                       uint32_t timeout_ms)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)NET_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     (long)(timeout_ms ? timeout_ms : NET_TIMEOUT_MS));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)NET_SPEED_MIN_BYTES);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)NET_SPEED_TIME_S);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                     (curl_off_t)config->answer_max);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, tune_socket);
    /* "" also means: not the one in the environment. */
    curl_easy_setopt(easy, CURLOPT_PROXY,
                     config->has_proxy ? (const char *)config->proxy.data : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}

static void set_method(CURL *easy, struct net_curl_job *job)
{
    const struct net_request *r = &job->request;

    if (r->method == NET_HEAD) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (r->method == NET_GET) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)job->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->body.data);
        if (r->method == NET_PATCH) {
            curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PATCH");
        }
    }
}

enum err net_curl_prepare(CURL *easy, const struct net_curl_config *config,
                          struct net_curl_job *job)
{
    struct buf url;
    enum err err = make_headers(job);

    buf_init(&url, 2048);
    buf_put(&url, config->url.data, config->url.len);
    buf_put(&url, job->path.data, job->path.len);
    curl_easy_reset(easy); /* options only; the connection stays */
    if (curl_easy_setopt(easy, CURLOPT_URL, buf_text(&url)) || url.err) {
        err = ERR_NOMEM;
    }
    buf_fini(&url);
    set_tls(easy, config);
    set_limits(easy, config, job->request.timeout_ms);
    set_method(easy, job);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, job);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->error);
    return err;
}

/* --- what it meant --- */

static size_t drop_body(char *data, size_t size, size_t count, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * count;
}

/*
 * Who issued the certificate that was just refused? Asked by a second
 * handshake that verifies nothing, shows no certificate of ours and sends
 * no request.
 */
static void issuer_seen(const struct net_curl_config *config, char *out,
                        size_t size)
{
    CURL *easy = curl_easy_init();
    struct curl_certinfo *info = NULL;
    static const char mark[] = "Issuer:";

    out[0] = '\0';
    if (!easy) {
        return;
    }
    curl_easy_setopt(easy, CURLOPT_URL, config->url.data);
    set_tls(easy, &(struct net_curl_config){ .url = config->url });
    set_limits(easy, config, NET_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_body);
    (void)curl_easy_perform(easy);
    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) == CURLE_OK && info &&
        info->num_of_certs > 0) {
        for (struct curl_slist *s = info->certinfo[0]; s; s = s->next) {
            if (strncmp(s->data, mark, strlen(mark)) == 0) {
                snprintf(out, size, "%s", s->data + strlen(mark));
            }
        }
    }
    curl_easy_cleanup(easy);
}

/* X509_V_ERR_* of OpenSSL's x509_vfy.h; the numbers are stable. */
enum {
    VERIFY_NOT_YET = 9,
    VERIFY_EXPIRED = 10,
    VERIFY_PURPOSE = 26,
};

static void explain_refused_server(CURL *easy,
                                   const struct net_curl_config *config,
                                   struct net_answer *out)
{
    char *const why = out->why;
    char issuer[120];
    long result = 0;

    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
    out->trouble = result == VERIFY_EXPIRED || result == VERIFY_NOT_YET
                       ? NET_TROUBLE_DATE
                       : NET_TROUBLE_STRANGER;
    if (result == VERIFY_EXPIRED) {
        snprintf(why, NET_WHY_MAX,
                 "the server's certificate has expired; tell the "
                 "administrator, and check this tablet's date");
        return;
    }
    if (result == VERIFY_NOT_YET) {
        snprintf(why, NET_WHY_MAX,
                 "the server's certificate is not valid yet: check this "
                 "tablet's date");
        return;
    }
    if (result == VERIFY_PURPOSE) {
        snprintf(why, NET_WHY_MAX,
                 "what answered has a device's certificate, not a server's");
        return;
    }
    issuer_seen(config, issuer, sizeof(issuer));
    snprintf(why, NET_WHY_MAX,
             "the certificate was not issued by our council but by \"%s\": "
             "another council's server, or a network that reads along",
             issuer[0] ? issuer : "an unknown authority");
}

/* OpenSSL's words for an alert that the server sent about us. */
static const struct {
    const char *words;
    bool is_own; /* another certificate of ours could help */
    enum net_trouble trouble;
    const char *why;
} alerts[] = {
    { "alert certificate expired", true, NET_TROUBLE_EXPIRED,
      "this tablet's certificate has expired; ask the administrator to let "
      "it renew" },
    { "alert certificate revoked", false, NET_TROUBLE_ENDED,
      "this tablet's access was ended by the council" },
    { "alert unknown ca", true, NET_TROUBLE_STRANGER,
      "this server does not know our council's tablets: is it another "
      "council's?" },
    { "alert certificate required", false, NET_TROUBLE_EXPIRED,
      "the server saw no certificate of ours" },
    { "alert bad certificate", true, NET_TROUBLE_EXPIRED,
      "the server refused this tablet's certificate" },
    { "alert access denied", false, NET_TROUBLE_ENDED,
      "this tablet's access was ended by the council" },
    { "wrong version number", false, NET_TROUBLE_STRANGER,
      "what answered does not speak TLS: plain HTTP, or another service" },
    { "packet length too long", false, NET_TROUBLE_STRANGER,
      "what answered does not speak TLS: plain HTTP, or another service" },
    { "unsupported protocol", false, NET_TROUBLE_STRANGER,
      "the server offers only an outdated TLS" },
    { "alert protocol version", false, NET_TROUBLE_STRANGER,
      "the server offers only an outdated TLS" },
};

static bool explain_alert(const char *error, struct net_answer *out)
{
    for (size_t i = 0; i < ARRAY_LEN(alerts); i++) {
        if (strcasestr(error, alerts[i].words)) {
            snprintf(out->why, NET_WHY_MAX, "%s", alerts[i].why);
            out->is_own_refused = alerts[i].is_own;
            out->trouble = alerts[i].trouble;
            return true;
        }
    }
    return false;
}

static enum err error_of(CURLcode code, const struct net_curl_job *job)
{
    switch (code) {
    case CURLE_OK:
        return ERR_OK;
    case CURLE_OUT_OF_MEMORY:
        return ERR_NOMEM;
    case CURLE_ABORTED_BY_CALLBACK:
        return ERR_STOPPED;
    case CURLE_FILESIZE_EXCEEDED:
        return ERR_TOO_LONG;
    case CURLE_WRITE_ERROR:
        return job->is_too_long ? ERR_TOO_LONG : ERR_NOMEM;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return ERR_TLS;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
        return ERR_PORTAL;
    default:
        return ERR_UNREACHABLE;
    }
}

static void explain(CURL *easy, CURLcode code,
                    const struct net_curl_config *config,
                    struct net_curl_job *job, struct net_answer *out)
{
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        explain_refused_server(easy, config, out);
    } else if (explain_alert(job->error, out)) {
        out->err = ERR_TLS; /* TLS 1.3 tells it while reading */
    } else if (out->err == ERR_TOO_LONG) {
        snprintf(out->why, sizeof(out->why),
                 "the answer is longer than the limit");
    } else {
        snprintf(out->why, sizeof(out->why), "%s",
                 job->error[0] ? job->error : curl_easy_strerror(code));
    }
}

void net_curl_finish(CURL *easy, CURLcode code,
                     const struct net_curl_config *config,
                     struct net_curl_job *job, struct net_answer *out)
{
    const char *type = NULL;
    curl_off_t retry = 0;
    long status = 0;

    *out = (struct net_answer){ .err = error_of(code, job) };
    if (out->err) {
        explain(easy, code, config, job, out);
        return;
    }
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry);
    out->status = (int)status;
    snprintf(out->content_type, sizeof(out->content_type), "%s",
             type ? type : "");
    out->body = buf_bytes(&job->answer);
    out->has_offset = job->has_offset;
    out->upload_offset = job->upload_offset;
    if (retry > 0) {
        out->retry_after_s = retry < NET_RETRY_AFTER_MAX_S
                                 ? (uint32_t)retry
                                 : NET_RETRY_AFTER_MAX_S;
    }
}
