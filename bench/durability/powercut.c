/* Writes down what a process does to the files of one folder, so that the disk after a power cut can be made from it.
 *
 * Preloaded (LD_PRELOAD). POWERCUT_FOLDER names the folder, POWERCUT_LOG the file to write to, which lies elsewhere. A record is
 * a header and the bytes of a path and of what was written; powercut.py reads them. Files ending in -shm are shared memory,
 * which no power cut leaves behind. Only the calls that SQLite and Python use are caught; memory maps are not. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

struct header {
    char what; /* Create, Write, Truncate, Begin and End of a sync, Unlink, Rename */
    char folder;
    char unused[2];
    uint32_t thread;
    uint64_t when; /* nanoseconds on the monotonic clock */
    uint64_t place;
    uint32_t path_length;
    uint32_t data_length;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[1024];
static size_t folder_length;
static int log_file = -1;
static char *names[MOST];
static char is_folder[MOST];

#define NEXT(name) static __typeof__(&name) next_##name; if (!next_##name) next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void fail(const char *why) {
    dprintf(2, "powercut: %s: %s\n", why, strerror(errno));
    _exit(99);
}

__attribute__((constructor)) static void set_up(void) {
    const char *where = getenv("POWERCUT_FOLDER"), *log_name = getenv("POWERCUT_LOG");
    if (!where || !log_name) return;
    if (strlen(where) >= sizeof folder) fail("the folder's name is too long");
    strcpy(folder, where);
    folder_length = strlen(folder);
    log_file = syscall(SYS_openat, AT_FDCWD, log_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) fail(log_name);
}

/* Threads by a mutex, processes by a lock on the log: a change and its record are one step for everybody. */
static void lock(void) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    pthread_mutex_lock(&turn);
    while (fcntl(log_file, F_SETLKW, &whole) < 0)
        if (errno != EINTR) fail("lock");
}

static void unlock(void) {
    struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    int kept = errno;
    fcntl(log_file, F_SETLK, &whole);
    pthread_mutex_unlock(&turn);
    errno = kept;
}

static int ours(const char *path) {
    size_t length;
    if (log_file < 0 || !path || strncmp(path, folder, folder_length)) return 0;
    if (path[folder_length] && path[folder_length] != '/') return 0;
    length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm");
}

static const char *name_of(int file) { return file >= 0 && file < MOST ? names[file] : NULL; }

static void record(char what, char dir, const char *path, uint64_t place, const void *data, size_t length) {
    struct timespec now;
    struct header head = {.what = what, .folder = dir, .thread = (uint32_t)syscall(SYS_gettid), .place = place};
    struct iovec parts[3];
    ssize_t whole;
    int kept = errno;
    clock_gettime(CLOCK_MONOTONIC, &now);
    head.when = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    head.path_length = (uint32_t)strlen(path);
    head.data_length = (uint32_t)length;
    parts[0] = (struct iovec){&head, sizeof head};
    parts[1] = (struct iovec){(void *)path, head.path_length};
    parts[2] = (struct iovec){(void *)data, length};
    whole = (ssize_t)(sizeof head + head.path_length + length);
    if (syscall(SYS_writev, log_file, parts, 3) != whole) fail("the log cannot be written");
    errno = kept;
}

static int opened(int file, const char *path, int flags, int was_there) {
    struct stat about;
    if (file < 0) return file;
    if (file >= MOST) fail("too many open files");
    free(names[file]);
    names[file] = strdup(path);
    is_folder[file] = fstat(file, &about) == 0 && S_ISDIR(about.st_mode);
    if (!was_there) record('C', 0, path, 0, NULL, 0);
    else if (flags & O_TRUNC) record('T', 0, path, 0, NULL, 0);
    return file;
}

#define OPEN(name)                                                                     \
    int name(const char *path, int flags, ...) {                                       \
        va_list more;                                                                  \
        mode_t mode = 0;                                                               \
        int file, was_there;                                                           \
        NEXT(name);                                                                    \
        if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {                          \
            va_start(more, flags);                                                     \
            mode = va_arg(more, mode_t);                                               \
            va_end(more);                                                              \
        }                                                                              \
        if (!ours(path)) return next_##name(path, flags, mode);                        \
        lock();                                                                        \
        was_there = faccessat(AT_FDCWD, path, F_OK, 0) == 0;                           \
        file = opened(next_##name(path, flags, mode), path, flags, was_there);         \
        unlock();                                                                      \
        return file;                                                                   \
    }

OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                   \
    int name(int at, const char *path, int flags, ...) {                               \
        va_list more;                                                                  \
        mode_t mode = 0;                                                               \
        int file, was_there;                                                           \
        NEXT(name);                                                                    \
        if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {                          \
            va_start(more, flags);                                                     \
            mode = va_arg(more, mode_t);                                               \
            va_end(more);                                                              \
        }                                                                              \
        if (!ours(path)) return next_##name(at, path, flags, mode);                    \
        lock();                                                                        \
        was_there = faccessat(AT_FDCWD, path, F_OK, 0) == 0;                           \
        file = opened(next_##name(at, path, flags, mode), path, flags, was_there);     \
        unlock();                                                                      \
        return file;                                                                   \
    }

OPENAT(openat)
OPENAT(openat64)

int close(int file) {
    NEXT(close);
    if (!name_of(file)) return next_close(file);
    lock();
    free(names[file]);
    names[file] = NULL;
    unlock();
    return next_close(file);
}

ssize_t write(int file, const void *data, size_t length) {
    ssize_t done;
    off_t place;
    NEXT(write);
    if (!name_of(file)) return next_write(file, data, length);
    lock();
    done = next_write(file, data, length);
    place = lseek(file, 0, SEEK_CUR) - (done > 0 ? done : 0);
    if (done > 0) record('W', 0, names[file], (uint64_t)place, data, (size_t)done);
    unlock();
    return done;
}

#define PWRITE(name, offset_type)                                                      \
    ssize_t name(int file, const void *data, size_t length, offset_type place) {       \
        ssize_t done;                                                                  \
        NEXT(name);                                                                    \
        if (!name_of(file)) return next_##name(file, data, length, place);             \
        lock();                                                                        \
        done = next_##name(file, data, length, place);                                 \
        if (done > 0) record('W', 0, names[file], (uint64_t)place, data, (size_t)done); \
        unlock();                                                                      \
        return done;                                                                   \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, offset_type)                                                    \
    int name(int file, offset_type size) {                                             \
        int done;                                                                      \
        NEXT(name);                                                                    \
        if (!name_of(file)) return next_##name(file, size);                            \
        lock();                                                                        \
        done = next_##name(file, size);                                                \
        if (done == 0) record('T', 0, names[file], (uint64_t)size, NULL, 0);           \
        unlock();                                                                      \
        return done;                                                                   \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* Only what was written before a sync began is on the disk when it ends, so that others may go on writing meanwhile. */
#define SYNC(name)                                                                     \
    int name(int file) {                                                               \
        int done;                                                                      \
        NEXT(name);                                                                    \
        if (!name_of(file)) return next_##name(file);                                  \
        lock();                                                                        \
        record('B', is_folder[file], names[file], 0, NULL, 0);                         \
        unlock();                                                                      \
        done = next_##name(file);                                                      \
        lock();                                                                        \
        if (done == 0 && names[file]) record('E', is_folder[file], names[file], 0, NULL, 0); \
        unlock();                                                                      \
        return done;                                                                   \
    }

SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    int done;
    NEXT(unlink);
    if (!ours(path)) return next_unlink(path);
    lock();
    done = next_unlink(path);
    if (done == 0) record('U', 0, path, 0, NULL, 0);
    unlock();
    return done;
}

int rename(const char *from, const char *to) {
    int done;
    NEXT(rename);
    if (!ours(from)) return next_rename(from, to);
    lock();
    done = next_rename(from, to);
    if (done == 0) record('R', 0, from, 0, to, strlen(to));
    unlock();
    return done;
}

/* What would go past the log must not go unnoticed. */
#define UNSEEN(name, result, parameters, arguments)                                    \
    result name parameters {                                                           \
        NEXT(name);                                                                    \
        if (name_of(file)) fail(#name " is not written down");                         \
        return next_##name arguments;                                                  \
    }

UNSEEN(writev, ssize_t, (int file, const struct iovec *parts, int count), (file, parts, count))
UNSEEN(pwritev, ssize_t, (int file, const struct iovec *parts, int count, off_t place), (file, parts, count, place))
UNSEEN(pwritev64, ssize_t, (int file, const struct iovec *parts, int count, off64_t place), (file, parts, count, place))
UNSEEN(fallocate, int, (int file, int mode, off_t place, off_t size), (file, mode, place, size))
UNSEEN(fallocate64, int, (int file, int mode, off64_t place, off64_t size), (file, mode, place, size))
UNSEEN(posix_fallocate, int, (int file, off_t place, off_t size), (file, place, size))
UNSEEN(posix_fallocate64, int, (int file, off64_t place, off64_t size), (file, place, size))
