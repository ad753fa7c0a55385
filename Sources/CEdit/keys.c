// Keys. libedit binds sequences one by one and types what follows an unknown one as text (Ctrl-Left gives ";5D"). Here
// all that begins with ESC [ goes to one function, which reads the sequence to its end by the rules of ECMA-48 and acts
// on it or swallows it.
#include "session.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

// Control keys bound to libedit's own commands; pushing one back runs its command.
#define HISTORY_BACK "\x10"     // Ctrl-P
#define HISTORY_FORWARD "\x0e"  // Ctrl-N


/// Moves one line up (-1) or down (+1) inside a buffer of several lines; false when there is no such line.
static bool move_line(EditLine *editor, int direction) {
    const LineInfoW *info = el_wline(editor);
    const wchar_t *start = info->cursor;
    while (start > info->buffer && start[-1] != '\n') start--;
    const long column = info->cursor - start;
    const wchar_t *target;
    if (direction < 0) {
        if (start == info->buffer) return false;
        target = start - 1;
        while (target > info->buffer && target[-1] != '\n') target--;
    } else {
        target = info->cursor;
        while (target < info->lastchar && *target != '\n') target++;
        if (target == info->lastchar) return false;
        target++;
    }
    for (long i = 0; i < column && target < info->lastchar && *target != '\n'; i++) target++;
    el_cursor(editor, (int)(target - info->cursor));
    return true;
}

static unsigned char up(EditLine *editor, int key) {
    (void)key;
    if (!move_line(editor, -1)) el_push(editor, HISTORY_BACK);
    return CC_CURSOR;
}

static unsigned char down(EditLine *editor, int key) {
    (void)key;
    if (!move_line(editor, +1)) el_push(editor, HISTORY_FORWARD);
    return CC_CURSOR;
}

static bool is_word(wchar_t character) { return iswalnum((wint_t)character) || character == '_'; }

/// The offset of the word's border left or right of the cursor: over what is no word, then over the word.
static long word_border(EditLine *editor, int direction) {
    const LineInfoW *info = el_wline(editor);
    const wchar_t *at = info->cursor;
    if (direction < 0) {
        while (at > info->buffer && !is_word(at[-1])) at--;
        while (at > info->buffer && is_word(at[-1])) at--;
    } else {
        while (at < info->lastchar && !is_word(*at)) at++;
        while (at < info->lastchar && is_word(*at)) at++;
    }
    return at - info->cursor;
}

static unsigned char word_left(EditLine *editor, int key) {
    (void)key;
    el_cursor(editor, (int)word_border(editor, -1));
    return CC_CURSOR;
}

static unsigned char word_right(EditLine *editor, int key) {
    (void)key;
    el_cursor(editor, (int)word_border(editor, +1));
    return CC_CURSOR;
}

/// Home and End go to the ends of the line under the cursor, not of the block.
static unsigned char line_start(EditLine *editor, int key) {
    (void)key;
    const LineInfoW *info = el_wline(editor);
    const wchar_t *at = info->cursor;
    while (at > info->buffer && at[-1] != '\n') at--;
    el_cursor(editor, (int)(at - info->cursor));
    return CC_CURSOR;
}

static unsigned char line_end(EditLine *editor, int key) {
    (void)key;
    const LineInfoW *info = el_wline(editor);
    const wchar_t *at = info->cursor;
    while (at < info->lastchar && *at != '\n') at++;
    el_cursor(editor, (int)(at - info->cursor));
    return CC_CURSOR;
}

static unsigned char delete_forward(EditLine *editor, int key) {
    (void)key;
    const LineInfoW *info = el_wline(editor);
    if (info->cursor >= info->lastchar) return CC_ERROR;
    el_cursor(editor, 1);
    el_deletestr(editor, 1);
    return CC_REFRESH;
}

static unsigned char delete_word_forward(EditLine *editor, int key) {
    (void)key;
    const long length = word_border(editor, +1);
    el_cursor(editor, (int)length);
    if (length > 0) el_deletestr(editor, (int)length);
    return CC_REFRESH;
}

static unsigned char move(EditLine *editor, int by) {
    const LineInfoW *info = el_wline(editor);
    if (by < 0 ? info->cursor == info->buffer : info->cursor == info->lastchar) return CC_ERROR;
    el_cursor(editor, by);
    return CC_CURSOR;
}

static unsigned char clear_or_leave(EditLine *editor, int key) {
    const LineInfoW *info = el_wline(editor);
    if (info->lastchar == info->buffer) return CC_EOF;
    return delete_forward(editor, key);
}

// Paste

typedef struct {
    wchar_t *text;
    size_t count, capacity;
} wide_text;

static bool append(wide_text *text, wchar_t character) {
    if (text->count + 1 >= text->capacity) {
        const size_t capacity = text->capacity ? text->capacity * 2 : 256;
        wchar_t *grown = realloc(text->text, capacity * sizeof *grown);
        if (!grown) return false;
        text->text = grown;
        text->capacity = capacity;
    }
    text->text[text->count++] = character;
    text->text[text->count] = 0;
    return true;
}

/// Reads up to the end of the paste, line ends turned to LF, other control characters but the tab left out.
static bool read_paste(EditLine *editor, wide_text *pasted) {
    static const wchar_t end[] = L"\033[201~";
    size_t matched = 0;
    wchar_t character, previous = 0;
    while (end[matched]) {
        if (el_wgetc(editor, &character) != 1) return false;
        if (character == end[matched]) {
            matched++;
            continue;
        }
        matched = character == end[0];
        if (matched) continue;
        const bool second_half = character == '\n' && previous == '\r';
        previous = character;
        if (second_half) continue;
        if (character == '\r') character = '\n';
        if (character < ' ' && character != '\n' && character != '\t') continue;
        if (!append(pasted, character)) return false;
    }
    return true;
}

/// The paste as the filter wants it, or NULL for "as it is".
static wchar_t *filtered(edit_session *session, const wchar_t *pasted) {
    if (!session->paste) return NULL;
    const size_t size = wcslen(pasted) * 4 + 1;
    char *narrow = malloc(size);
    if (!narrow) return NULL;
    char *answer = NULL;
    if (wcstombs(narrow, pasted, size) != (size_t)-1) answer = session->paste(session->paste_context, narrow);
    free(narrow);
    if (!answer) return NULL;
    const size_t count = strlen(answer) + 1;
    wchar_t *wide = malloc(count * sizeof *wide);
    if (wide && mbstowcs(wide, answer, count) == (size_t)-1) {
        free(wide);
        wide = NULL;
    }
    free(answer);
    return wide;
}

static unsigned char paste(EditLine *editor) {
    wide_text pasted = {NULL, 0, 0};
    const bool complete = read_paste(editor, &pasted);
    while (pasted.count > 0 && pasted.text[pasted.count - 1] == '\n') pasted.text[--pasted.count] = 0;
    if (complete && pasted.count > 0) {
        wchar_t *instead = filtered(session_of(editor), pasted.text);
        el_winsertstr(editor, instead ? instead : pasted.text);
        free(instead);
    }
    free(pasted.text);
    return complete ? CC_REFRESH : CC_EOF;
}

// Sequences

static unsigned char act_on_tilde(EditLine *editor, const char *parameters) {
    switch (atoi(parameters)) {
    case 1: case 7: return line_start(editor, 0);
    case 4: case 8: return line_end(editor, 0);
    case 3: return strstr(parameters, ";5") ? delete_word_forward(editor, 0) : delete_forward(editor, 0);
    case 200: return paste(editor);
    default: return CC_NORM;
    }
}

static unsigned char act_on(EditLine *editor, const char *parameters, char final) {
    const bool by_word = strchr(parameters, ';') != NULL;  // with Ctrl, Alt or Shift held
    switch (final) {
    case 'A': return up(editor, 0);
    case 'B': return down(editor, 0);
    case 'C': return by_word ? word_right(editor, 0) : move(editor, +1);
    case 'D': return by_word ? word_left(editor, 0) : move(editor, -1);
    case 'H': return line_start(editor, 0);
    case 'F': return line_end(editor, 0);
    case '~': return act_on_tilde(editor, parameters);
    default: return CC_NORM;
    }
}

static unsigned char control_sequence(EditLine *editor, int key) {
    (void)key;
    char parameters[32] = "";
    size_t count = 0;
    wchar_t character;
    for (;;) {
        if (el_wgetc(editor, &character) != 1) return CC_EOF;
        if (character >= 0x40 && character <= 0x7e) return act_on(editor, parameters, (char)character);
        if (character < 0x20 || character > 0x7e) return CC_NORM;
        if (count + 1 < sizeof parameters) parameters[count++] = (char)character;
    }
}

/// ESC O and one letter: the arrow keys and Home, End of terminals in application mode, and F1 to F4.
static unsigned char single_shift(EditLine *editor, int key) {
    (void)key;
    wchar_t character;
    if (el_wgetc(editor, &character) != 1) return CC_EOF;
    return act_on(editor, "", character < 0x7f ? (char)character : 0);
}

// Completion

static unsigned char complete(EditLine *editor, int key) {
    (void)key;
    edit_session *session = session_of(editor);
    if (!session->complete) return CC_NORM;
    const LineInfo *info = el_line(editor);
    const size_t length = (size_t)(info->lastchar - info->buffer);
    char *text = malloc(length + 1);
    if (!text) return CC_ERROR;
    memcpy(text, info->buffer, length);
    text[length] = 0;
    const edit_completion answer = session->complete(
        session->complete_context, text, (size_t)(info->cursor - info->buffer),
        edit_columns(fileno(session->output), 80));
    free(text);
    unsigned char outcome = answer.insertion || answer.listing ? CC_REFRESH : CC_REFRESH_BEEP;
    if (answer.insertion && *answer.insertion) el_insertstr(editor, answer.insertion);
    if (answer.listing && *answer.listing) {
        fprintf(session->output, "\n%s\n", answer.listing);
        outcome = CC_REDISPLAY;
    }
    free(answer.insertion);
    free(answer.listing);
    return outcome;
}

static void bind(EditLine *editor, const char *key, const char *command) {
    el_set(editor, EL_BIND, key, command, NULL);
}

void edit_bind_keys(edit_session *session) {
    EditLine *editor = session->editor;
    el_set(editor, EL_ADDFN, "bridge-complete", "Complete the name", complete);
    el_set(editor, EL_ADDFN, "bridge-csi", "Act on a control sequence", control_sequence);
    el_set(editor, EL_ADDFN, "bridge-ss3", "Act on a shifted key", single_shift);
    el_set(editor, EL_ADDFN, "bridge-line-start", "Go to the start of the line", line_start);
    el_set(editor, EL_ADDFN, "bridge-line-end", "Go to the end of the line", line_end);
    el_set(editor, EL_ADDFN, "bridge-word-left", "Go back a word", word_left);
    el_set(editor, EL_ADDFN, "bridge-word-right", "Go on a word", word_right);
    el_set(editor, EL_ADDFN, "bridge-delete", "Delete, or leave when empty", clear_or_leave);
    bind(editor, "^I", "bridge-complete");
    bind(editor, "^A", "bridge-line-start");
    bind(editor, "^E", "bridge-line-end");
    bind(editor, "^D", "bridge-delete");
    bind(editor, "^P", "ed-prev-history");
    bind(editor, "^N", "ed-next-history");
    bind(editor, "^R", "em-inc-search-prev");
    bind(editor, "^W", "ed-delete-prev-word");
    bind(editor, "^L", "ed-clear-screen");
    bind(editor, "\033b", "bridge-word-left");
    bind(editor, "\033f", "bridge-word-right");
    bind(editor, "\033[", "bridge-csi");
    bind(editor, "\033O", "bridge-ss3");
}
