#include "gnuplot_shim.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define GNUPLOT_USE_TMPFILE
#include <gnuplot-iostream.h>

extern char **environ;

struct cgnuplot {
    pid_t process = -1;
    int answers = -1;
    std::unique_ptr<gnuplotio::Gnuplot> stream; // owns the FILE of the commands
    std::string pending; // bytes read, not yet handed out as lines
};

namespace {

// A write to a pipe that nobody reads raises SIGPIPE, which would end the program. It is held back in this thread for as
// long as the object lives, and swallowed if it was raised meanwhile; the write then fails with EPIPE.
class HeldPipeSignal {
public:
    HeldPipeSignal() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        wasPending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~HeldPipeSignal() {
        if (!wasPending_) {
            const timespec none = {0, 0};
            while (sigtimedwait(&pipe_, nullptr, &none) == -1 && errno == EINTR) {}
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t pipe_, before_;
    bool wasPending_;
};

void closeIfOpen(int &descriptor) {
    if (descriptor >= 0) close(descriptor);
    descriptor = -1;
}

// Starts the process on the given ends of two pipes. 0, or an errno.
int spawn(const char *executable, int input, int output, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    // Messages are read back as GPVAL_ERRMSG; on standard error they would land in the middle of the prompt.
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (int signal : {SIGINT, SIGPIPE, SIGTERM, SIGQUIT}) sigaddset(&usual, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    const char *arguments[] = {"gnuplot", "-d", "-", nullptr};
    const int result = posix_spawnp(
        process, executable, &actions, &attributes, const_cast<char *const *>(arguments), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

// Waits for the process to end, for about a quarter of a second; then ends it.
void reap(pid_t process) {
    for (int tries = 0; tries < 50; tries++) {
        const pid_t ended = waitpid(process, nullptr, WNOHANG);
        if (ended == process || (ended == -1 && errno != EINTR)) return;
        const timespec pause = {0, 5 * 1000 * 1000};
        nanosleep(&pause, nullptr);
    }
    kill(process, SIGKILL);
    while (waitpid(process, nullptr, 0) == -1 && errno == EINTR) {}
}

long long millisecondsNow() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

// Moves the first whole line of `pending` to the buffer. Its length, or -1 if there is no whole line yet.
long takeLine(std::string &pending, char *buffer, size_t capacity) {
    const size_t end = pending.find('\n');
    if (end == std::string::npos) return -1;
    const size_t length = end < capacity - 1 ? end : capacity - 1;
    pending.copy(buffer, length);
    buffer[length] = 0;
    pending.erase(0, end + 1);
    return static_cast<long>(length);
}

} // namespace

cgnuplot *cgnuplot_open(const char *executable, int *error) {
    int commands[2] = {-1, -1}, answers[2] = {-1, -1};
    std::unique_ptr<cgnuplot> gnuplot;
    *error = 0;
    try {
        gnuplot = std::make_unique<cgnuplot>();
        if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) *error = errno;
        if (*error == 0) *error = spawn(executable, commands[0], answers[1], &gnuplot->process);
        closeIfOpen(commands[0]);
        closeIfOpen(answers[1]);
        if (*error == 0) {
            gnuplot->answers = answers[0];
            answers[0] = -1;
            FILE *file = fdopen(commands[1], "w");
            if (file == nullptr) {
                *error = errno;
            } else {
                commands[1] = -1;
                gnuplot->stream = std::make_unique<gnuplotio::Gnuplot>(file);
                return gnuplot.release();
            }
        }
    } catch (...) {
        *error = ENOMEM;
    }
    for (int *descriptor : {&commands[0], &commands[1], &answers[0], &answers[1]}) closeIfOpen(*descriptor);
    if (gnuplot) cgnuplot_close(gnuplot.release());
    return nullptr;
}

int cgnuplot_send_text(cgnuplot *gnuplot, const char *text, size_t length) {
    HeldPipeSignal held;
    try {
        gnuplot->stream->write(text, static_cast<std::streamsize>(length));
        gnuplot->stream->flush();
        return gnuplot->stream->good() ? CGNUPLOT_OK : CGNUPLOT_CLOSED;
    } catch (const std::ios_base::failure &) {
        return CGNUPLOT_CLOSED;
    } catch (...) {
        return CGNUPLOT_FAILED;
    }
}

int cgnuplot_write_records(
    const char *path, const double *values, size_t rows, size_t columns, size_t first, size_t end) {
    try {
        std::vector<std::vector<double>> unwrapped;
        for (size_t column = 0; column < columns; column++) {
            unwrapped.emplace_back(values + column * rows + first, values + column * rows + end);
        }
        std::ofstream file(path, first == 0 ? std::ios::binary : std::ios::binary | std::ios::app);
        gnuplotio::top_level_array_sender(file, unwrapped, gnuplotio::Mode1DUnwrap(), gnuplotio::ModeBinary());
        file.close();
        return file.good() ? CGNUPLOT_OK : CGNUPLOT_FAILED;
    } catch (...) {
        return CGNUPLOT_FAILED;
    }
}

long cgnuplot_read_line(cgnuplot *gnuplot, char *buffer, size_t capacity, int milliseconds) {
    const long long deadline = millisecondsNow() + milliseconds;
    try {
        while (true) {
            const long length = takeLine(gnuplot->pending, buffer, capacity);
            if (length >= 0) return length;
            const long long left = deadline - millisecondsNow();
            pollfd wait = {gnuplot->answers, POLLIN, 0};
            const int ready = poll(&wait, 1, left > 0 ? static_cast<int>(left) : 0);
            if (ready == 0) return CGNUPLOT_TIMEOUT;
            if (ready < 0 && errno == EINTR) continue;
            if (ready < 0) return CGNUPLOT_FAILED;
            char bytes[4096];
            const ssize_t count = read(gnuplot->answers, bytes, sizeof bytes);
            if (count > 0) gnuplot->pending.append(bytes, static_cast<size_t>(count));
            else if (count == 0 || errno != EINTR) return CGNUPLOT_CLOSED;
        }
    } catch (...) {
        return CGNUPLOT_FAILED;
    }
}

int cgnuplot_process(const cgnuplot *gnuplot) { return gnuplot->process; }

void cgnuplot_kill(cgnuplot *gnuplot) {
    if (gnuplot->process > 0) kill(gnuplot->process, SIGKILL);
}

void cgnuplot_close(cgnuplot *gnuplot) {
    if (gnuplot == nullptr) return;
    HeldPipeSignal held;
    try {
        gnuplot->stream.reset(); // flushes, and closes the FILE
    } catch (...) {
    }
    closeIfOpen(gnuplot->answers);
    if (gnuplot->process > 0) reap(gnuplot->process);
    delete gnuplot;
}
