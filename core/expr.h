/*
 * expr.h - the small expressions of forms ("shown_when", "constraint"):
 * SQL scalar expressions over the fields of one record.
 *
 * They come with a form from outside, so three fences stand around them,
 * each enough by itself: our own reader lets through only the words below
 * and turns every field into a bound parameter; SQLite's authorizer allows
 * one SELECT and the functions by name; its limits and a step count end
 * whatever still runs. A value is bound, never printed into SQL.
 *
 *   field keys, whole numbers, 'texts' ('' inside is one quote), NULL
 *   =  ==  !=  <>  <  <=  >  >=  +  -  *  /  ( )  ,
 *   AND OR NOT IN IS BETWEEN
 *   length lower upper trim substr instr abs min max coalesce iif nullif
 *   replace
 *
 * A set of codes reads as ",a,b,": instr(strands, ',race,') > 0.
 */
#ifndef CORE_EXPR_H
#define CORE_EXPR_H

#include "core/base.h"

struct expr_engine; /* an own database in memory; not for two threads */
struct expr;

MUST_USE enum err expr_open(struct expr_engine **engine_out);
void expr_close(struct expr_engine *engine); /* after its expressions */

/* A name that a field may have: [a-z][a-z0-9_]*, not longer than
 * EXPR_NAME_MAX, and none of the words above. */
bool expr_is_name(const char *name);

/*
 * `names` are the fields it may use. ERR_DENIED: a word, name or sign that
 * is not on the list; ERR_BAD_DATA: no expression; ERR_TOO_LONG: beyond
 * EXPR_MAX_BYTES, EXPR_TOKENS_MAX or EXPR_DEPTH_MAX.
 */
MUST_USE enum err expr_compile(struct expr_engine *engine, const char *text,
                               const char *const *names, size_t name_count,
                               struct expr **expr_out);
void expr_free(struct expr *expr); /* NULL is allowed */

enum expr_kind { EXPR_NULL, EXPR_INT, EXPR_TEXT };

struct expr_value {
    enum expr_kind kind;
    int64_t number;
    struct bytes text; /* valid UTF-8, borrowed during the call */
};

/* SQL's three answers; unknown where a NULL decides. */
enum expr_truth { EXPR_FALSE, EXPR_TRUE, EXPR_UNKNOWN };

/*
 * `values` stand in the order of the names given to expr_compile.
 * ERR_BAD_DATA: a value that it cannot work with (overflow, a text beyond
 * EXPR_VALUE_MAX_BYTES, more than EXPR_STEPS_MAX steps).
 */
MUST_USE enum err expr_eval(struct expr *expr, const struct expr_value *values,
                            enum expr_truth *truth_out);

#endif /* CORE_EXPR_H */
