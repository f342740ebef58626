#include "ui/kit/board.h"

#include <string.h>

#define ROWS 3

struct board {
    const char *lang; /* used for it unless another is chosen */
    const char *name;
    bool has_capitals;
    const char *pages[BOARD_NUMBERS][ROWS];
};

static const struct board boards[] = {
    { "en",
      "English",
      true,
      { { "qwertyuiop", "asdfghjkl", "zxcvbnm" },
        { "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM" },
        { "1234567890", "-/:;()&@\"", "?!+=#*%" } } },
    { "cy", /* signs: the letters with a circumflex */
      "Cymraeg",
      true,
      { { "qwertyuiop", "asdfghjkl", "zxcvbnm" },
        { "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM" },
        { "1234567890", "ŵŷâêîôûï@", "ŴŶÂÊÎÔÛ" } } },
    { "pl",
      "Polski",
      true,
      { { "qwertyuiop", "asdfghjkl", "zxcvbnm" },
        { "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM" },
        { "1234567890", "ąćęłńóśźż", "ĄĆĘŁÓŚŻ" } } },
    { "ar", /* second page: hamza, the rarer letters, signs */
      "العربية",
      false,
      { { "ضصثقفغعهخح", "شسيبلاتنمك", "طرزوةدج" },
        { "أإآءئؤىذظـ", "«»()-/:;\"@", "؟،؛!+=%" },
        { "1234567890", "-/:;()&@\"", "؟!+=#*%" } } },
    { "ur", /* by sound, as the officer's own phone has it */
      "اردو",
      false,
      { { "قوعرتےءیہپ", "اسدفگحجکل", "زشچطبنم" },
        { "ٹڑڈضصثذظغخ", "ھںژآئؤۃأ«", "؟،؛!۔»-" },
        { "1234567890", "-/:;()&@\"", "؟!+=#*%" } } },
};

static const char *const numbers[ROWS] = { "123", "456", "789" };

static const struct board *board_of(const struct ui *ui)
{
    if (ui->keyboard_board > 0) {
        return &boards[ui->keyboard_board - 1];
    }
    for (size_t i = 0; i < ARRAY_LEN(boards); i++) {
        if (strcmp(boards[i].lang, ui->list.lang) == 0) {
            return &boards[i];
        }
    }
    return &boards[0];
}

const char *board_row(const struct ui *ui, int row)
{
    return ui->keyboard_page == BOARD_NUMBERS
               ? numbers[row]
               : board_of(ui)->pages[ui->keyboard_page][row];
}

const char *board_name(const struct ui *ui)
{
    return board_of(ui)->name;
}

bool board_has_capitals(const struct ui *ui)
{
    return board_of(ui)->has_capitals;
}

void board_next(struct ui *ui)
{
    const size_t now = (size_t)(board_of(ui) - boards);

    ui->keyboard_board = (int)((now + 1) % ARRAY_LEN(boards)) + 1;
    ui->keyboard_page = BOARD_LETTERS;
}
