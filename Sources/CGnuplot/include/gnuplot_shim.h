// A gnuplot process with both ends of the conversation: commands go in through gnuplot-iostream, answers come back line
// by line. Plain C, so that Swift can call it; no C++ exception leaves it and no SIGPIPE reaches the program.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cgnuplot cgnuplot;

// Results of the calls below.
enum {
    CGNUPLOT_OK = 0,
    CGNUPLOT_CLOSED = -1,  // gnuplot has gone away
    CGNUPLOT_TIMEOUT = -2, // no whole line within the time given
    CGNUPLOT_FAILED = -3   // anything else, such as no memory
};

// Starts `executable -d -` (a name to look for in PATH, or a path; no shell, no init files), in a process group of its
// own so that Ctrl-C does not reach it. NULL on failure, with the errno of the failure in *error (ENOENT: not installed).
cgnuplot *cgnuplot_open(const char *executable, int *error);

// Sends `length` bytes of commands and flushes them.
int cgnuplot_send_text(cgnuplot *gnuplot, const char *text, size_t length);

// Writes the records `first` ..< `end` of `rows` records of `columns` doubles (column-major: one column after the
// other) to the file `path`, after what is in it already if `first` is not 0, in the layout of gnuplot's
// `binary format='%double...' record=(rows)`. Needs no process: a file, and not the pipe, because gnuplot would run the
// bytes as commands if the plot command before them failed.
int cgnuplot_write_records(
    const char *path, const double *values, size_t rows, size_t columns, size_t first, size_t end);

// Reads one line of what gnuplot prints, without its line end, cut to `capacity - 1` bytes and ended with a zero.
// Waits at most `milliseconds`. Returns the length, or one of the negative results above.
long cgnuplot_read_line(cgnuplot *gnuplot, char *buffer, size_t capacity, int milliseconds);

// The number of the process.
int cgnuplot_process(const cgnuplot *gnuplot);

// Ends the process at once, whatever it is doing; the handle is still to be closed.
void cgnuplot_kill(cgnuplot *gnuplot);

// Ends the process (end of input first, a signal if it does not go within a quarter of a second) and frees the handle.
void cgnuplot_close(cgnuplot *gnuplot);

#ifdef __cplusplus
}
#endif
