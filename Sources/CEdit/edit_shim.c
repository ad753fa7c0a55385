#include "session.h"
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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

// The terminal

static void bracketed_paste(edit_session *session, bool on) {
    if (!session->is_capable) return;
    fputs(on ? "\033[?2004h" : "\033[?2004l", session->output);
    fflush(session->output);
}

void give_terminal(edit_session *session) {
    bracketed_paste(session, false);
    el_set(session->editor, EL_PREP_TERM, 0);
}

void take_terminal(edit_session *session) {
    el_set(session->editor, EL_PREP_TERM, 1);
    bracketed_paste(session, true);
}

void draw(edit_session *session, edit_phase phase) {
    if (!session->delegate.draw) return;
    struct winsize size;
    if (ioctl(fileno(session->output), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 80;
    if (size.ws_row == 0) size.ws_row = 24;
    size_t cursor;
    char *text = buffer_text(session->editor, &cursor);
    if (!text) return;
    char *bytes = session->delegate.draw(session->delegate.context, text, cursor, size.ws_col, size.ws_row, phase);
    free(text);
    if (!bytes) return;
    fputs(bytes, session->output);
    fflush(session->output);
    free(bytes);
}

// Reading

bool input_waits(edit_session *session, int milliseconds) {
    if (session->first_byte < session->end_of_bytes) return true;
    struct pollfd source = {STDIN_FILENO, POLLIN, 0};
    return poll(&source, 1, milliseconds) > 0 && source.revents & POLLIN;
}

/// Deals with what signals asked for while nobody typed. False at Ctrl-C.
static bool heed_signals(edit_session *session) {
    if (signals_take_continuation()) {
        // After Ctrl-Z and `fg` the terminal has the shell's settings.
        give_terminal(session);
        take_terminal(session);
        session->phase = EDIT_ANEW;
        if (!session->is_capable) el_set(session->editor, EL_REFRESH);
    }
    if (signals_take_resize()) {
        el_resize(session->editor);
        if (session->phase == EDIT_LIVE) session->phase = EDIT_RESIZED;
        if (!session->is_capable) el_set(session->editor, EL_REFRESH);
    }
    if (!signals_take_interrupt()) return true;
    session->interrupted = true;
    session->first_byte = session->end_of_bytes = 0;
    errno = EINTR;
    return false;
}

/// Waits for a byte of the keyboard. 1, 0 at the end, -1 at Ctrl-C or an error.
static int read_byte(edit_session *session, char *byte) {
    while (session->first_byte >= session->end_of_bytes) {
        if (!heed_signals(session)) return -1;
        if (session->is_capable && !input_waits(session, 0)) {
            draw(session, session->phase);
            session->phase = EDIT_LIVE;
        }
        struct pollfd sources[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_descriptor(), POLLIN, 0}};
        if (poll(sources, 2, -1) < 0 && errno != EINTR) return -1;
        if (!(sources[0].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL))) continue;
        const ssize_t count = read(STDIN_FILENO, session->bytes, sizeof session->bytes);
        if (count == 0 || (count < 0 && errno == EIO)) return 0;
        if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
        session->first_byte = 0;
        session->end_of_bytes = count > 0 ? (size_t)count : 0;
    }
    *byte = session->bytes[session->first_byte++];
    return 1;
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

// Opening and closing

static void choose_streams(edit_session *session) {
    session->output = isatty(STDOUT_FILENO) ? stdout : stderr;
    session->nowhere = fopen("/dev/null", "we");
    const char *terminal = getenv("TERM");
    session->is_capable = session->nowhere && isatty(fileno(session->output)) && terminal && *terminal
        && strcmp(terminal, "dumb") != 0;
}

edit_session *edit_open(const char *program) {
    edit_session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    edit_use_utf8();
    choose_streams(session);
    session->prompt = "";
    FILE *drawing = session->is_capable ? session->nowhere : session->output;
    FILE *complaints = session->nowhere ? session->nowhere : stderr;
    session->editor = el_init_fd(
        program, stdin, drawing, complaints, STDIN_FILENO, fileno(session->output), STDERR_FILENO);
    if (!session->editor) {
        edit_close(session);
        return NULL;
    }
    el_set(session->editor, EL_CLIENTDATA, session);
    el_set(session->editor, EL_SIGNAL, 0);
    el_set(session->editor, EL_EDITOR, "emacs");
    el_set(session->editor, EL_PROMPT, current_prompt);
    el_set(session->editor, EL_GETCFN, read_character);
    // libedit swaps CR and LF on their way in, which makes two line ends of the CR LF in pasted text.
    el_set(session->editor, EL_SETTY, "-d", "-icrnl", "-inlcr", NULL);
    edit_bind_keys(session);
    signals_watch_terminal(session->is_capable);
    return session;
}

void edit_close(edit_session *session) {
    if (!session) return;
    if (session->editor) el_end(session->editor);
    if (session->nowhere) fclose(session->nowhere);
    free(session);
}

void edit_set_delegate(edit_session *session, edit_delegate delegate) { session->delegate = delegate; }

bool edit_is_capable(const edit_session *session) { return session->is_capable; }

// A block

/// What libedit gives back, without the final newline, in memory of its own.
static char *copy_of_line(const char *line, size_t length) {
    if (length > 0 && line[length - 1] == '\n') length--;
    return strndup(line, length);
}

static void end_interrupted(edit_session *session) {
    if (session->is_capable) draw(session, EDIT_INTERRUPTED_LINE);
    else fputs("^C\n", session->output);
    fflush(session->output);
    el_reset(session->editor);
}

edit_status edit_read(edit_session *session, const char *prompt, char **line) {
    *line = NULL;
    session->prompt = prompt;
    session->interrupted = session->left = false;
    session->phase = EDIT_LIVE;
    signals_take_interrupt();
    signals_take_continuation();
    if (signals_take_resize()) el_resize(session->editor);
    // Before the prompt is shown, not after it as libedit does: whoever sees the prompt may type.
    take_terminal(session);
    int length = 0;
    signals_line_is_edited(true);
    const char *text = el_gets(session->editor, &length);
    signals_line_is_edited(false);
    edit_status status = EDIT_END_OF_FILE;
    if (session->interrupted) {
        end_interrupted(session);
        status = EDIT_INTERRUPTED;
    } else if (text && length > 0 && !session->left) {
        *line = copy_of_line(text, (size_t)length);
        if (*line) status = EDIT_LINE;
    }
    bracketed_paste(session, false);
    session->prompt = "";
    return status;
}
