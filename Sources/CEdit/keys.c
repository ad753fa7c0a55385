// Keys. libedit binds sequences one by one and types what follows an unknown one as text (Ctrl-Left gives ";5D"). Here
// all that begins with ESC [ goes to one function, which reads the sequence to its end by the rules of ECMA-48. What a
// key means is for the delegate to say.
#include "session.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ESCAPE 0x1b
#define KEY_BYTES 64

// Passing keys on

static unsigned char leave(edit_session *session) {
    session->left = true;
    return CC_EOF;
}

/// Ends the reading with the text as it is. An empty line would mean the end of the input: libedit's newline goes last.
static unsigned char accept(edit_session *session) {
    const LineInfoW *info = el_wline(session->editor);
    if (session->is_capable) draw(session, EDIT_ACCEPTED);
    el_cursor(session->editor, (int)(info->lastchar - info->cursor));
    el_insertstr(session->editor, "\n");
    return CC_NEWLINE;
}

/// Replaces the buffer where the outcome says so.
static void take(edit_session *session, edit_outcome outcome) {
    if (!outcome.text) return;
    replace_buffer(session->editor, outcome.text, outcome.cursor);
    free(outcome.text);
}

static edit_action ask(edit_session *session, const char *key) {
    size_t cursor;
    char *text = buffer_text(session->editor, &cursor);
    if (!text) return EDIT_GO_ON;
    const edit_outcome outcome =
        session->delegate.key(session->delegate.context, key, text, cursor, input_waits(session, 0));
    free(text);
    take(session, outcome);
    return outcome.action;
}

static void edit_outside(edit_session *session) {
    size_t cursor;
    char *text = buffer_text(session->editor, &cursor);
    if (!text) return;
    give_terminal(session);
    take(session, session->delegate.outside(session->delegate.context, text, cursor));
    take_terminal(session);
    free(text);
    session->phase = EDIT_ANEW;
}

/// Encodes a character behind what `key` holds already.
static void add(char *key, wchar_t character) {
    const size_t length = strlen(key);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    if (length + 8 > KEY_BYTES) return;
    const size_t used = wcrtomb(key + length, character, &state);
    key[length + (used == (size_t)-1 ? 0 : used)] = 0;
}

static bool read_into(EditLine *editor, char *key, wchar_t *character) {
    if (el_wgetc(editor, character) != 1) return false;
    add(key, *character);
    return true;
}

/// What a terminal answers (OSC, DCS and the like) goes on to ESC \ or BEL. The same letters with Alt have nothing behind
/// them, so that a pause ends it, too.
static bool skip_answer(EditLine *editor) {
    wchar_t character = 0, previous;
    do {
        if (!input_waits(session_of(editor), 50)) return true;
        previous = character;
        if (el_wgetc(editor, &character) != 1) return false;
    } while (character != 7 && !(previous == ESCAPE && character == '\\'));
    return true;
}

/// Reads the rest of a sequence after ESC and one character. False at the end of the input.
static bool read_sequence(EditLine *editor, char *key, wchar_t second) {
    wchar_t character;
    if (wcschr(L"]P_^X", second)) return skip_answer(editor);
    if (second != '[' && second != 'O') return true;
    do {
        if (!read_into(editor, key, &character)) return false;
    } while (character >= 0x20 && character < 0x40);
    // The function keys of the Linux console, ESC [ [ A, and the mouse of the oldest kind, ESC [ M and three bytes.
    if (strcmp(key, "\033[[") == 0) return read_into(editor, key, &character);
    for (int i = 0; i < 3 && strncmp(key, "\033[M", 3) == 0; i++) {
        if (!input_waits(session_of(editor), 50)) break;
        if (!read_into(editor, key, &character)) return false;
    }
    return true;
}

static unsigned char paste(EditLine *editor);
static bool paste_as_key(EditLine *editor);

/// Reads a key as a whole while the delegate takes all of them. ESC with nothing behind it is a key by itself.
static bool read_key(EditLine *editor, char *key) {
    wchar_t character;
    *key = 0;
    if (el_wgetc(editor, &character) != 1) return false;
    add(key, character);
    if (character != ESCAPE || !input_waits(session_of(editor), 0)) return true;
    if (el_wgetc(editor, &character) != 1) return false;
    add(key, character);
    return read_sequence(editor, key, character);
}

static unsigned char act(EditLine *editor, const char *first) {
    edit_session *session = session_of(editor);
    char key[KEY_BYTES];
    strcpy(key, first);
    bool takes_all = false;
    for (;;) {
        const bool is_paste = strcmp(key, "\033[200~") == 0;
        if (is_paste && !takes_all) return paste(editor);
        if (is_paste && !paste_as_key(editor)) return CC_EOF;
        switch (is_paste ? EDIT_TAKE_ALL : ask(session, key)) {
        case EDIT_ACCEPT: return accept(session);
        case EDIT_LEAVE: return leave(session);
        case EDIT_OUTSIDE: edit_outside(session); return CC_REFRESH;
        case EDIT_CLEAR: session->phase = EDIT_CLEARED; return CC_REFRESH;
        case EDIT_TAKE_ALL:
            takes_all = true;
            if (!read_key(editor, key)) return CC_EOF;
            continue;
        case EDIT_GO_ON: return CC_REFRESH;
        }
    }
}

// What is bound

static unsigned char plain_key(EditLine *editor, int character) {
    char key[KEY_BYTES] = "";
    add(key, (wchar_t)character);
    return act(editor, key);
}

static unsigned char alt_key(EditLine *editor, int character) {
    char key[KEY_BYTES] = "\033";
    add(key, (wchar_t)character);
    return read_sequence(editor, key, (wchar_t)character) ? act(editor, key) : CC_EOF;
}

/// Ctrl-X and the key after it.
static unsigned char double_key(EditLine *editor, int character) {
    char key[KEY_BYTES] = "";
    wchar_t second;
    if (el_wgetc(editor, &second) != 1) return CC_EOF;
    add(key, (wchar_t)character);
    add(key, second);
    return act(editor, key);
}

static void bind(EditLine *editor, const char *key, const char *command) {
    el_set(editor, EL_BIND, key, command, NULL);
}

void edit_bind_keys(edit_session *session) {
    static const char *const plain[] = {"^A", "^B", "^D", "^E", "^F", "^G", "^H", "^I", "^K", "^L", "^N", "^P",
                                        "^R", "^T", "^U", "^W", "^Y", "^_", "^?", ")",  "]",  "}"};
    static const char *const alt[] = {"\033[", "\033O", "\033b", "\033f", "\033d", "\033<",
                                      "\033>", "\033n", "\033p", "\033x", "\033\r", "\033\n", "\033^?",
                                      "\033^H", "\033]", "\033P", "\033_", "\033^", "\033X"};
    EditLine *editor = session->editor;
    el_set(editor, EL_ADDFN, "bridge-key", "Ask what a key means", plain_key);
    el_set(editor, EL_ADDFN, "bridge-alt", "Ask what a key with Alt means", alt_key);
    el_set(editor, EL_ADDFN, "bridge-double", "Ask what Ctrl-X and a key mean", double_key);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) bind(editor, plain[i], "bridge-key");
    for (size_t i = 0; i < sizeof alt / sizeof *alt; i++) bind(editor, alt[i], "bridge-alt");
    bind(editor, "^X", "bridge-double");
    if (!session->is_capable) return;
    bind(editor, "^M", "bridge-key");
    bind(editor, "^J", "bridge-key");
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

/// Reads up to the end of the paste, control characters left out but the tab and those that end lines.
static bool read_paste(EditLine *editor, wide_text *pasted) {
    static const wchar_t end[] = L"\033[201~";
    size_t matched = 0;
    wchar_t character;
    while (end[matched]) {
        if (el_wgetc(editor, &character) != 1) return false;
        if (character == end[matched]) {
            matched++;
            continue;
        }
        matched = character == end[0];
        if (matched) continue;
        if (character < ' ' && character != '\r' && character != '\n' && character != '\t') continue;
        if (!append(pasted, character)) return false;
    }
    return true;
}

/// Whether CR stands in pairs only, and LF nowhere: tmux sends LF as CR, and so CR LF as two of them.
static bool has_paired_returns(const wide_text *pasted) {
    size_t run = 0;
    for (size_t i = 0; i < pasted->count; i++) {
        if (pasted->text[i] == '\n') return false;
        if (pasted->text[i] == '\r') run++;
        else if (run % 2 == 1) return false;
        else run = 0;
    }
    return run % 2 == 0;
}

/// Makes every line end, CR, LF or CR LF, an LF.
static void unify_line_ends(wide_text *pasted) {
    const wchar_t second_half = has_paired_returns(pasted) ? '\r' : '\n';
    size_t kept = 0;
    for (size_t i = 0; i < pasted->count; i++) {
        const bool is_return = pasted->text[i] == '\r';
        if (is_return && i + 1 < pasted->count && pasted->text[i + 1] == second_half) i++;
        pasted->text[kept++] = is_return ? '\n' : pasted->text[i];
    }
    if (pasted->text) pasted->text[kept] = 0;
    pasted->count = kept;
}

/// The paste as the delegate wants it, or NULL for "as it is".
static wchar_t *filtered(edit_session *session, const wchar_t *pasted) {
    const size_t size = wcslen(pasted) * 4 + 1;
    char *narrow = malloc(size);
    if (!narrow) return NULL;
    char *answer = NULL;
    if (wcstombs(narrow, pasted, size) != (size_t)-1)
        answer = session->delegate.paste(session->delegate.context, narrow);
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

/// Reads a paste without the line ends behind it.
static bool read_trimmed_paste(EditLine *editor, wide_text *pasted) {
    const bool complete = read_paste(editor, pasted);
    unify_line_ends(pasted);
    while (pasted->count > 0 && pasted->text[pasted->count - 1] == '\n') pasted->text[--pasted->count] = 0;
    return complete;
}

/// Gives a paste to a delegate that takes all keys, as one of them. False at the end of the input.
static bool paste_as_key(EditLine *editor) {
    wide_text pasted = {NULL, 0, 0};
    const bool complete = read_trimmed_paste(editor, &pasted);
    const wchar_t *text = pasted.text ? pasted.text + wcsspn(pasted.text, L"\n\t") : L"";
    const size_t size = pasted.count * 4 + 1;
    char *narrow = complete && *text ? malloc(size) : NULL;
    if (narrow && wcstombs(narrow, text, size) != (size_t)-1) ask(session_of(editor), narrow);
    free(narrow);
    free(pasted.text);
    return complete;
}

static unsigned char paste(EditLine *editor) {
    wide_text pasted = {NULL, 0, 0};
    const bool complete = read_trimmed_paste(editor, &pasted);
    if (complete && pasted.count > 0) {
        wchar_t *instead = filtered(session_of(editor), pasted.text);
        el_winsertstr(editor, instead ? instead : pasted.text);
        free(instead);
    }
    free(pasted.text);
    return complete ? CC_REFRESH : CC_EOF;
}
