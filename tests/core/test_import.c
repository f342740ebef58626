/* The police's real open data through one tablet; skipped without it. */
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "core/csv.h"
#include "core/fields.h"
#include "core/project.h"
#include "core/tablet_list.h"
#include "tests/store_machine.h"

#define FILE_MAX_BYTES ((size_t)16 * 1024 * 1024)

static struct bytes read_file(const char *path)
{
    uint8_t *data = malloc(FILE_MAX_BYTES);
    struct bytes out = { data, 0 };
    FILE *file = fopen(path, "rb");

    assert_non_null(data);
    if (file != NULL) {
        out.len = fread(data, 1, FILE_MAX_BYTES, file);
        fclose(file);
    }
    return out;
}

static void publish(struct tablet *t)
{
    struct evlog_new e = { .record = machine_record(9),
                           .kind = KIND_FORM,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct bytes json =
        read_file(SOURCE_DIR "/assets/forms/police_uk_import.json");
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, "police_uk_import");
    cbor_put_text(body_field(&w, DEFINITION_JSON), (const char *)json.data,
                  json.len);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
    free((void *)(uintptr_t)json.data);
}

static struct bytes cell(sqlite3_stmt *st, int64_t record, size_t column)
{
    struct bytes text = { NULL, 0 };
    struct bytes value;

    sqlite3_reset(st);
    sqlite3_bind_int64(st, 1, record);
    sqlite3_bind_int64(st, 2, (int64_t)(16 + column));
    if (sqlite3_step(st) == SQLITE_ROW) {
        value.data = sqlite3_column_blob(st, 0);
        value.len = (size_t)sqlite3_column_bytes(st, 0);
        assert_true(project_text(value, &text));
    }
    return text;
}

/* Every cell of the file, in the order of the records' making. */
static uint64_t compare_cells(struct tablet *t, struct bytes file)
{
    sqlite3 *db = store_db(tablet_store(t));
    struct csv_reader csv;
    sqlite3_stmt *records, *fields;
    uint64_t rows = 0;

    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT id FROM record WHERE kind = 1"
                                        " ORDER BY created_hlc",
                                        -1, &records, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT value FROM field WHERE"
                                        " record = ?1 AND field = ?2",
                                        -1, &fields, NULL),
                     SQLITE_OK);
    csv_open(&csv, file);
    assert_ok(csv_next(&csv)); /* names */
    while (csv_next(&csv) == ERR_OK) {
        assert_int_equal(sqlite3_step(records), SQLITE_ROW);
        for (size_t i = 0; i < csv.width; i++) {
            assert_true(
                bytes_eq(cell(fields, sqlite3_column_int64(records, 0), i),
                         csv_field(&csv, i)));
        }
        rows++;
    }
    assert_int_equal(sqlite3_step(records), SQLITE_DONE);
    sqlite3_finalize(records);
    sqlite3_finalize(fields);
    csv_close(&csv);
    return rows;
}

static void one_file(const char *path)
{
    struct bytes file = read_file(path);
    struct tablet_options options;
    struct evlog_counts counts;
    struct machine m;
    struct tablet *t;
    struct buf why;
    uint64_t rows;

    if (file.len == 0) {
        free((void *)(uintptr_t)file.data);
        skip();
        return;
    }
    machine_new(&m, 1);
    machine_close(&m);
    options = (struct tablet_options){ .store = machine_options(&m),
                                       .port = sim_port(m.sim) };
    assert_ok(tablet_open(&options, &t));
    publish(t);
    buf_init(&why, 1000);
    assert_ok(tablet_import_police_uk(t, file, &rows, &why));
    assert_int_equal(compare_cells(t, file), rows);
    assert_ok(evlog_counts(tablet_log(t), &counts));
    assert_int_equal(counts.waiting, rows + 1);
    assert_ok(store_fsck(tablet_store(t), machine_finding, NULL));
    print_message("%llu rows\n", (unsigned long long)rows);
    buf_fini(&why);
    tablet_close(t);
    machine_free(&m);
    free((void *)(uintptr_t)file.data);
}

static const char *data_folder(void)
{
    const char *data = getenv("BEATBOOK_DATA");

    return data != NULL ? data : SOURCE_DIR "/../shared/data";
}

static void every_cell_of_the_gwent_file_is_kept(void **state)
{
    char path[400];

    (void)state;
    snprintf(path, sizeof(path),
             "%s/incidents/police-uk/2018-12-gwent-street.csv", data_folder());
    one_file(path);
}

static void every_cell_of_the_kent_file_is_kept(void **state)
{
    char path[400];

    (void)state;
    snprintf(path, sizeof(path),
             "%s/incidents/police-uk/2018-11-kent-street.csv", data_folder());
    one_file(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_gwent_file_is_kept),
        cmocka_unit_test(every_cell_of_the_kent_file_is_kept),
    };

    return RUN_TESTS(tests);
}
