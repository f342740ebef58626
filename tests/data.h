/*
 * data.h - published test data, read from the folder that BEATBOOK_DATA
 * names (else shared/data beside the source). A test skips without it.
 */
#ifndef TESTS_DATA_H
#define TESTS_DATA_H

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "tests/hex.h"
#include "tests/test.h"

#define DATA_PATH_MAX 4096
#ifndef SOURCE_DIR
#define SOURCE_DIR "." /* tests/CMakeLists.txt gives the real one */
#endif

static inline void data_path(const char *name, char out[DATA_PATH_MAX])
{
    const char *folder = getenv("BEATBOOK_DATA");
    const int len =
        snprintf(out, DATA_PATH_MAX, "%s/%s",
                 folder != NULL ? folder : SOURCE_DIR "/../shared/data", name);

    ASSERT(len > 0 && len < DATA_PATH_MAX);
}

/* NULL when it isn't there; a file that is no JSON fails the test. */
static inline json_t *data_json(const char *name)
{
    char path[DATA_PATH_MAX];
    json_error_t error;
    json_t *root;
    FILE *file;

    data_path(name, path);
    file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    /* Some vectors hold integers beyond 64 bits; nobody here reads them. */
    root = json_loadf(file, JSON_DECODE_INT_AS_REAL, &error);
    fclose(file);
    if (root == NULL) {
        fail_msg("%s:%d: %s", path, error.line, error.text);
    }
    return root;
}

static inline const char *data_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static inline double data_number(json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static inline struct hex data_hex(json_t *object, const char *key)
{
    return hex_new(data_text(object, key));
}

#endif /* TESTS_DATA_H */
