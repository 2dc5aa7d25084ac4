/* An ordinary disk on a quick one: every fsync and fdatasync takes SLOWSYNC_US microseconds longer. Preloaded by
 * `ingest.py --slow-disk` into everything it starts.
 *
 *   cc -O2 -shared -fPIC -o slowsync.so slowsync.c */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int file) {
    /* RTLD_NEXT leads to the real function, which is looked up anew each time: it costs far less than the sync. */
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *wanted = getenv("SLOWSYNC_US");
    long microseconds = wanted ? atol(wanted) : 0;
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&pause, NULL);
    return real(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
