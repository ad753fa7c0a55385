// What the files of the shim share.
#pragma once
#include "edit_shim.h"
#include <histedit.h>
#include <stdio.h>

struct edit_session {
    EditLine *editor;
    History *history;
    FILE *output;
    bool fancy;        // a terminal that understands escape sequences
    bool interrupted;  // Ctrl-C came while a line was read
    const char *prompt;
    edit_complete_function complete;
    void *complete_context;
    edit_paste_function paste;
    void *paste_context;
};

edit_session *session_of(EditLine *editor);

/// Binds every key that libedit leaves unbound or bound to the wrong thing.
void edit_bind_keys(edit_session *session);

/// A descriptor that is readable after Ctrl-C, a resize or a continuation, and what it was.
int signals_descriptor(void);
bool signals_take_interrupt(void);
bool signals_take_resize(void);
bool signals_take_continuation(void);

/// Watches for resizes and for coming back from Ctrl-Z, and gives the terminal its settings back before SIGTERM ends us.
void signals_watch_terminal(void);
