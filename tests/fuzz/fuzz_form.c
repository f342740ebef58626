/* fuzz_form.c - any bytes: no crash, as a form and as an expression. A form
 * that parses has fields that can be found, and can be checked empty. */
#include <string.h>

#include "core/expr.h"
#include "core/form_check.h"
#include "core/form_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_form(const char *text, size_t len)
{
    struct form_problems problems;
    struct form *form;

    if (form_parse(text, len, &form) != ERR_OK) {
        return;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        ASSERT(form_find(form, form->fields[i].id) == &form->fields[i]);
    }
    ASSERT(form_check(form, NULL, 0, &problems) == ERR_OK);
    form_free(form);
}

static void try_expr(const char *text)
{
    static const char *const names[] = { "a", "b" };
    const struct expr_value values[] = {
        { .kind = EXPR_INT, .number = INT64_MAX },
        { .kind = EXPR_TEXT, .text = { (const uint8_t *)",x,", 3 } },
    };
    struct expr_engine *engine;
    enum expr_truth truth;
    struct expr *expr;

    ASSERT(expr_open(&engine) == ERR_OK);
    if (expr_compile(engine, text, names, ARRAY_LEN(names), &expr) == ERR_OK) {
        const enum err err = expr_eval(expr, values, &truth);

        ASSERT(err == ERR_OK || err == ERR_BAD_DATA);
        expr_free(expr);
    }
    expr_close(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[4096];
    int64_t ms;

    try_form((const char *)data, size);
    if (size < sizeof(text)) {
        memcpy(text, data, size);
        text[size] = '\0';
        try_expr(text);
        (void)(form_read_time(text, &ms) == ERR_OK);
    }
    return 0;
}
