#include "session.h"
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

edit_session *session_of(EditLine *editor) {
    void *session = NULL;
    el_get(editor, EL_CLIENTDATA, &session);
    return session;
}

static char *current_prompt(EditLine *editor) { return (char *)session_of(editor)->prompt; }

void edit_use_utf8(void) {
    if (setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void bracketed_paste(edit_session *session, bool on) {
    if (!session->fancy) return;
    fputs(on ? "\033[?2004h" : "\033[?2004l", session->output);
    fflush(session->output);
}

/// After Ctrl-Z and `fg` the terminal has the shell's settings: sets ours again and draws the line anew.
static void take_terminal_back(edit_session *session) {
    el_set(session->editor, EL_PREP_TERM, 0);
    el_set(session->editor, EL_PREP_TERM, 1);
    bracketed_paste(session, true);
    el_set(session->editor, EL_REFRESH);
}

/// Waits for a byte of the keyboard. 1, 0 at the end, -1 at Ctrl-C or an error. Resizes are dealt with on the way.
static int read_byte(edit_session *session, char *byte) {
    for (;;) {
        if (signals_take_continuation()) take_terminal_back(session);
        if (signals_take_resize()) {
            el_resize(session->editor);
            el_set(session->editor, EL_REFRESH);
        }
        if (signals_take_interrupt()) {
            session->interrupted = true;
            errno = EINTR;
            return -1;
        }
        struct pollfd sources[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_descriptor(), POLLIN, 0}};
        if (poll(sources, 2, -1) < 0 && errno != EINTR) return -1;
        if (!(sources[0].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL))) continue;
        const ssize_t count = read(STDIN_FILENO, byte, 1);
        if (count > 0) return 1;
        if (count == 0 || errno == EIO) return 0;
        if (errno != EINTR && errno != EAGAIN) return -1;
    }
}

/// libedit's reader of characters: UTF-8 with bytes that are no character replaced by U+FFFD.
static int read_character(EditLine *editor, wchar_t *character) {
    edit_session *session = session_of(editor);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        char byte;
        const int status = read_byte(session, &byte);
        if (status <= 0) return status;
        const size_t length = mbrtowc(character, &byte, 1, &state);
        if (length == (size_t)-2) continue;
        if (length == (size_t)-1) *character = 0xFFFD;
        return 1;
    }
}

edit_session *edit_open(const char *program) {
    edit_session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    edit_use_utf8();
    session->output = isatty(STDOUT_FILENO) ? stdout : stderr;
    session->prompt = "";
    session->history = history_init();
    session->editor = el_init(program, stdin, session->output, stderr);
    if (!session->history || !session->editor) {
        edit_close(session);
        return NULL;
    }
    const char *terminal = getenv("TERM");
    session->fancy = isatty(fileno(session->output)) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
    HistEvent event;
    history(session->history, &event, H_SETSIZE, 5000);
    history(session->history, &event, H_SETUNIQUE, 1);
    el_set(session->editor, EL_CLIENTDATA, session);
    el_set(session->editor, EL_SIGNAL, 0);
    el_set(session->editor, EL_EDITOR, "emacs");
    el_set(session->editor, EL_HIST, history, session->history);
    el_set(session->editor, EL_PROMPT_ESC, current_prompt, '\1');
    el_set(session->editor, EL_GETCFN, read_character);
    edit_bind_keys(session);
    signals_watch_terminal();
    return session;
}

void edit_close(edit_session *session) {
    if (!session) return;
    if (session->editor) el_end(session->editor);
    if (session->history) history_end(session->history);
    free(session);
}

void edit_set_completion(edit_session *session, edit_complete_function function, void *context) {
    session->complete = function;
    session->complete_context = context;
}

void edit_set_paste_filter(edit_session *session, edit_paste_function function, void *context) {
    session->paste = function;
    session->paste_context = context;
}

void edit_add_history(edit_session *session, const char *entry) {
    HistEvent event;
    history(session->history, &event, H_ENTER, entry);
}

/// The line without its final newline, in memory of its own.
static char *copy_of_line(const char *line, size_t length) {
    if (length > 0 && line[length - 1] == '\n') length--;
    char *copy = malloc(length + 1);
    if (!copy) return NULL;
    memcpy(copy, line, length);
    copy[length] = 0;
    return copy;
}

/// Leaves the line as it stands on the screen and goes below it, also from the middle of a block.
static void leave_line(edit_session *session) {
    const LineInfo *info = el_line(session->editor);
    for (const char *at = info->cursor; at < info->lastchar; at++)
        if (*at == '\n') fputc('\n', session->output);
    fputs("^C\n", session->output);
    fflush(session->output);
}

edit_status edit_read(edit_session *session, const char *prompt, char **line) {
    *line = NULL;
    session->prompt = prompt;
    session->interrupted = false;
    signals_take_interrupt();
    signals_take_continuation();
    if (signals_take_resize()) el_resize(session->editor);
    // Before the prompt is shown, not after it as libedit does: whoever sees the prompt may type.
    el_set(session->editor, EL_PREP_TERM, 1);
    bracketed_paste(session, true);
    int length = 0;
    const char *text = el_gets(session->editor, &length);
    edit_status status = EDIT_END_OF_FILE;
    if (session->interrupted) {
        leave_line(session);
        el_reset(session->editor);
        status = EDIT_INTERRUPTED;
    } else if (text && length > 0) {
        *line = copy_of_line(text, (size_t)length);
        if (*line) status = EDIT_LINE;
    }
    bracketed_paste(session, false);
    session->prompt = "";
    return status;
}
