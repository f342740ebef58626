#include "core/port.h"

#include <stdarg.h>
#include <stdio.h>

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    const struct port *port = ctx;

    return port->ops->random(port->ctx, out, len);
}

struct crypto_random port_random(const struct port *port)
{
    /* fill() only reads it; crypto_random has one pointer for all. */
    return (struct crypto_random){ fill, (void *)(uintptr_t)port };
}

void port_log(const struct port *port, enum port_log_level level,
              const char *format, ...)
{
    char text[PORT_LOG_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    port->ops->log(port->ctx, level, text);
}
