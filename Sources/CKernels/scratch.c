#include "matmul.h"
#include <stdlib.h>

static _Thread_local float *room;
static _Thread_local ptrdiff_t room_size;

// Kept for the life of the thread, of which the pool has a fixed number.
float *kernel_scratch(ptrdiff_t count) {
    if (count <= room_size) return room;
    free(room);
    room_size = 0;
    room = aligned_alloc(64, ((size_t)count * sizeof(float) + 63) / 64 * 64);
    if (room) room_size = count;
    return room;
}
