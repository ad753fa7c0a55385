// What the files of the shim share.
#pragma once
#include "edit_shim.h"
#include <histedit.h>
#include <stdio.h>
#include <sys/types.h>

struct edit_session {
    EditLine *editor;
    FILE *output;      // the terminal
    FILE *nowhere;     // where libedit draws
    bool is_capable;   // a terminal that understands escape sequences
    bool interrupted;  // Ctrl-C came while a line was read
    bool left;         // Ctrl-D on an empty line
    edit_phase phase;  // why the next drawing is done
    const char *prompt;
    edit_delegate delegate;
    char bytes[1024];  // read and not yet used
    size_t first_byte, end_of_bytes;
};

edit_session *session_of(EditLine *editor);

/// The buffer in UTF-8, in memory of its own, and the cursor's offset in bytes.
char *buffer_text(EditLine *editor, size_t *cursor);

/// Puts a text in the place of the buffer.
void replace_buffer(EditLine *editor, const char *text, size_t cursor);

/// Whether a key has come that was not used yet, or comes within some milliseconds.
bool input_waits(edit_session *session, int milliseconds);

/// Asks the delegate for the screen and writes it.
void draw(edit_session *session, edit_phase phase);

/// Between `give_terminal` and `take_terminal` the terminal is in its ordinary mode.
void give_terminal(edit_session *session);
void take_terminal(edit_session *session);

/// Binds every key that libedit leaves unbound or bound to the wrong thing.
void edit_bind_keys(edit_session *session);

/// A descriptor that is readable after Ctrl-C, a resize or a continuation, and what it was.
int signals_descriptor(void);
bool signals_take_interrupt(void);
bool signals_take_resize(void);
bool signals_take_continuation(void);

/// Watches for resizes and for coming back from Ctrl-Z, and gives the terminal its settings back when SIGTERM, a hang-up
/// or Ctrl-\ asks us to end.
void signals_watch_terminal(bool is_capable);

/// While a line is edited a request to end is met at once.
void signals_line_is_edited(bool is_edited);
