// Ctrl-C, Ctrl-Z, resizes and requests to end. A signal may be delivered to any thread, so a handler cannot count on
// breaking a read() of the main one: it writes to a pipe which the reader polls together with the keyboard.
#define _GNU_SOURCE  // pipe2
#include "session.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int pipe_ends[2] = {-1, -1};
static atomic_bool interrupt_pending, resize_pending, continuation_pending;
static struct termios first_settings;
static bool terminal_is_capable;
static atomic_int unanswered;
static atomic_int patience;
static void (*_Atomic request_interruption)(void);
static void (*_Atomic request_end)(int);
static atomic_bool line_is_edited;

static void wake_reader(void) {
    const int saved = errno;
    if (pipe_ends[1] >= 0) (void)!write(pipe_ends[1], "", 1);
    errno = saved;
}

static void on_interrupt(int signal_number) {
    (void)signal_number;
    atomic_store(&interrupt_pending, true);
    void (*request)(void) = atomic_load(&request_interruption);
    if (request) request();
    const int limit = atomic_load(&patience);
    if (atomic_fetch_add(&unanswered, 1) + 1 >= limit && limit > 0) _exit(130);
    wake_reader();
}

static void on_resize(int signal_number) {
    (void)signal_number;
    atomic_store(&resize_pending, true);
    wake_reader();
}

static void on_continuation(int signal_number) {
    (void)signal_number;
    atomic_store(&continuation_pending, true);
    wake_reader();
}

static void restore_terminal(void) {
    static const char no_bracketed_paste[] = "\033[?2004l";
    if (terminal_is_capable) (void)!write(STDOUT_FILENO, no_bracketed_paste, sizeof no_bracketed_paste - 1);
    tcsetattr(STDIN_FILENO, TCSANOW, &first_settings);
}

/// While a line is edited there is nothing to be saved. What runs is told to stop, so that it can save itself.
static void on_termination(int signal_number) {
    restore_terminal();
    void (*request)(int) = atomic_load(&request_end);
    if (request && signal_number != SIGQUIT && !atomic_load(&line_is_edited)) {
        const int saved = errno;
        request(signal_number);
        errno = saved;
        return;
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void open_pipe(void) {
    if (pipe_ends[0] >= 0) return;
    if (pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) != 0) pipe_ends[0] = pipe_ends[1] = -1;
}

static void install(int signal_number, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

/// Ctrl-Z: the shell finds the terminal as it left it; the reader takes it again when the program goes on.
static void on_suspension(int signal_number) {
    const int saved = errno;
    restore_terminal();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, signal_number);
    pthread_sigmask(SIG_UNBLOCK, &blocked, &before);
    // Here the process stands still, unless there is no shell that could wake it.
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    install(signal_number, on_suspension, SA_RESTART);
    errno = saved;
    on_continuation(SIGCONT);
}

void edit_on_interrupt(void (*request)(void), int limit) {
    open_pipe();
    atomic_store(&request_interruption, request);
    atomic_store(&patience, limit);
    atomic_store(&unanswered, 0);
    install(SIGINT, on_interrupt, 0);
}

void edit_on_termination(void (*request)(int)) { atomic_store(&request_end, request); }

void signals_line_is_edited(bool is_edited) { atomic_store(&line_is_edited, is_edited); }

/// A signal that is ignored stays so: `nohup` asked for it.
static void install_unless_ignored(int signal_number, void (*handler)(int), int flags) {
    struct sigaction before;
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return;
    install(signal_number, handler, flags);
}

void signals_watch_terminal(bool is_capable) {
    open_pipe();
    terminal_is_capable = is_capable && isatty(STDOUT_FILENO);
    install(SIGCONT, on_continuation, SA_RESTART);
    install(SIGWINCH, on_resize, SA_RESTART);
    if (tcgetattr(STDIN_FILENO, &first_settings) != 0) return;
    install_unless_ignored(SIGTSTP, on_suspension, SA_RESTART);
    install_unless_ignored(SIGTERM, on_termination, 0);
    install_unless_ignored(SIGHUP, on_termination, 0);
    install_unless_ignored(SIGQUIT, on_termination, 0);
}

int signals_descriptor(void) { return pipe_ends[0]; }

static void drain(void) {
    char bytes[64];
    while (pipe_ends[0] >= 0 && read(pipe_ends[0], bytes, sizeof bytes) > 0) {}
}

bool signals_take_interrupt(void) {
    drain();
    if (!atomic_exchange(&interrupt_pending, false)) return false;
    atomic_store(&unanswered, 0);
    return true;
}

bool signals_take_resize(void) { return atomic_exchange(&resize_pending, false); }

bool signals_take_continuation(void) { return atomic_exchange(&continuation_pending, false); }
