// Between libedit's wide characters and the delegate's UTF-8.
#include "session.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static size_t encode(char *at, wchar_t character) {
    mbstate_t state;
    memset(&state, 0, sizeof state);
    const size_t length = wcrtomb(at, character, &state);
    if (length != (size_t)-1) return length;
    *at = '?';
    return 1;
}

char *buffer_text(EditLine *editor, size_t *cursor) {
    const LineInfoW *info = el_wline(editor);
    const size_t count = (size_t)(info->lastchar - info->buffer);
    char *text = malloc(count * 4 + 1);
    if (!text) return NULL;
    size_t length = 0;
    *cursor = 0;
    for (const wchar_t *at = info->buffer; at < info->lastchar; at++) {
        if (at == info->cursor) *cursor = length;
        length += encode(text + length, *at);
    }
    if (info->cursor == info->lastchar) *cursor = length;
    text[length] = 0;
    return text;
}

void replace_buffer(EditLine *editor, const char *text, size_t cursor) {
    const size_t length = strlen(text);
    wchar_t *wide = malloc((length + 1) * sizeof *wide);
    if (!wide) return;
    size_t count = 0, place = 0;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (size_t at = 0; at < length;) {
        if (at <= cursor) place = count;
        const size_t used = mbrtowc(&wide[count], text + at, length - at, &state);
        if (used == 0 || used > length - at) break;
        count++;
        at += used;
    }
    if (cursor >= length) place = count;
    wide[count] = 0;
    const LineInfoW *info = el_wline(editor);
    el_cursor(editor, (int)(info->lastchar - info->cursor));
    el_deletestr(editor, (int)(info->lastchar - info->buffer));
    if (count > 0) el_winsertstr(editor, wide);
    el_cursor(editor, (int)place - (int)count);
    free(wide);
}
