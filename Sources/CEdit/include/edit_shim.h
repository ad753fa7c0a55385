// libedit for Swift. libedit keeps the terminal's modes, the buffer and the plain typing of text; what keys mean, and
// what the screen shows, is asked of a delegate. libedit's own drawing knows neither colours nor blocks of lines with a
// prompt before each, so it is sent to /dev/null, except on a terminal that cannot move its cursor. libedit sets itself
// up through variadic calls, which Swift cannot make; that, bracketed paste, and a Ctrl-C that works whichever thread
// the kernel hands it to are the rest of this shim.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct edit_session edit_session;

typedef enum {
    EDIT_LINE = 0,         // *line holds what was typed
    EDIT_END_OF_FILE = 1,  // Ctrl-D on an empty line, or the input ended
    EDIT_INTERRUPTED = 2,  // Ctrl-C
} edit_status;

/// What a key leads to.
typedef enum {
    EDIT_GO_ON = 0,
    EDIT_TAKE_ALL = 1,      // go on, and letters are keys for the delegate, too
    EDIT_ACCEPT = 2,        // the text is whole
    EDIT_LEAVE = 3,         // the input is at its end
    EDIT_OUTSIDE = 4,       // call `outside` with the terminal in its ordinary mode
    EDIT_CLEAR = 5,         // clear the screen and draw again
} edit_action;

/// Why the screen is drawn.
typedef enum {
    EDIT_LIVE = 0,
    EDIT_ACCEPTED = 1,
    EDIT_INTERRUPTED_LINE = 2,
    EDIT_RESIZED = 3,
    EDIT_ANEW = 4,
    EDIT_CLEARED = 5,
} edit_phase;

/// The action, and the text that takes the buffer's place (NULL: it stays; otherwise freed with free()) with the
/// cursor as an offset in bytes.
typedef struct {
    edit_action action;
    char *text;
    size_t cursor;
} edit_outcome;

/// Texts are UTF-8, cursors offsets in bytes. What is given back is freed with free().
typedef struct {
    void *context;
    /// A key that is no plain text: one character, or ESC and its sequence, or Ctrl-X and the next key.
    /// In a search also text that was pasted. `more_waits` says whether other keys have come already.
    edit_outcome (*key)(void *context, const char *key, const char *text, size_t cursor, bool more_waits);
    /// Pasted text; gives what to insert.
    char *(*paste)(void *context, const char *pasted);
    /// Gives the bytes to write to the terminal.
    char *(*draw)(void *context, const char *text, size_t cursor, int columns, int rows, edit_phase phase);
    /// Lets another program edit the text.
    edit_outcome (*outside)(void *context, const char *text, size_t cursor);
} edit_delegate;

/// Opens the editor on standard input, and on standard output (or, where that is no terminal, standard error).
/// Returns NULL when memory or the terminal is missing.
edit_session *edit_open(const char *program);
void edit_close(edit_session *session);
void edit_set_delegate(edit_session *session, edit_delegate delegate);

/// Whether the terminal can move its cursor. Where it cannot, each line is read by itself, and libedit shows it.
bool edit_is_capable(const edit_session *session);

/// Reads a block. `*line` is freed with free().
edit_status edit_read(edit_session *session, const char *prompt, char **line);

/// Sets the character type of the process to UTF-8: that of the environment, or C.UTF-8 where the environment has none.
void edit_use_utf8(void);

/// From now on SIGTERM and a hang-up that come while no line is edited call `request` (from a signal handler); the
/// process then ends at its own time. Without this, and while a line is edited, they end it at once.
void edit_on_termination(void (*request)(int signal_number));

/// From now on Ctrl-C calls `request` (from a signal handler) and ends a running `edit_read`. After `patience` of them
/// that nobody acknowledged the process exits with status 130; 0 means never.
void edit_on_interrupt(void (*request)(void), int patience);
