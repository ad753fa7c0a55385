// libedit for Swift. libedit sets itself up through variadic calls, which Swift cannot make; this shim makes them, and
// adds what libedit lacks: bracketed paste, every CSI key bound or swallowed, Up and Down inside a block of lines,
// resizing, and a Ctrl-C that works whichever thread the kernel hands it to.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct edit_session edit_session;

typedef enum {
    EDIT_LINE = 0,         // *line holds what was typed, without the final newline
    EDIT_END_OF_FILE = 1,  // Ctrl-D on an empty line, or the input ended
    EDIT_INTERRUPTED = 2,  // Ctrl-C
} edit_status;

/// What Tab answers: text to insert at the cursor and text to show below the line. Either may be NULL; both are freed
/// with free().
typedef struct {
    char *insertion;
    char *listing;
} edit_completion;

/// Asked at Tab: `text` is the whole buffer in UTF-8, `cursor` a byte offset into it, `columns` the terminal's width.
typedef edit_completion (*edit_complete_function)(void *context, const char *text, size_t cursor, int columns);

/// Asked for pasted text before it is inserted; gives back text to insert (freed with free()), or NULL for "as it is".
typedef char *(*edit_paste_function)(void *context, const char *text);

/// Opens the editor on standard input, and on standard output (or, where that is no terminal, standard error).
/// Returns NULL when memory or the terminal is missing.
edit_session *edit_open(const char *program);
void edit_close(edit_session *session);

void edit_set_completion(edit_session *session, edit_complete_function function, void *context);
void edit_set_paste_filter(edit_session *session, edit_paste_function function, void *context);

/// Reads one line, which holds newlines when a block was pasted or recalled. `*line` is freed with free().
/// `prompt` may hold escape sequences between two \1 bytes each; \1 must not be its last byte.
edit_status edit_read(edit_session *session, const char *prompt, char **line);

/// Adds an entry that Up and Ctrl-R find.
void edit_add_history(edit_session *session, const char *entry);

/// Sets the character type of the process to UTF-8: that of the environment, or C.UTF-8 where the environment has none.
void edit_use_utf8(void);

/// From now on Ctrl-C calls `request` (from a signal handler) and ends a running `edit_read`. After `patience` of them
/// that nobody acknowledged the process exits with status 130; 0 means never.
void edit_on_interrupt(void (*request)(void), int patience);

/// Says that the interruption was seen, so that the count of impatience starts again.
void edit_acknowledge_interrupt(void);

/// The number of columns of the terminal behind `descriptor`, or `fallback`.
int edit_columns(int descriptor, int fallback);
