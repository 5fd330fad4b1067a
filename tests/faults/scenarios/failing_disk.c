/* Loaded before the C library: writes and flushes of one database fail as a page of shared memory orders. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITES = 1, HALVES = 2, FLUSHES = 4 }; /* what fails; `HALVES`: writes, in their middle */

struct orders {
    int32_t what;   /* of the above */
    int32_t error;  /* errno */
    int32_t times;  /* how many more fail */
    int32_t failed; /* how many did */
};

static struct orders *orders;
static const char *database;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAILING_DISK_ORDERS");
    int file = name ? open(name, O_RDWR) : -1;
    database = getenv("FAILING_DISK_DATABASE");
    if (file < 0 || !database)
        return;
    void *page = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    orders = page == MAP_FAILED ? NULL : page;
    close(file);
}

/* The database itself, and what SQLite keeps beside it. */
static int is_ours(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && strncmp(path, database, strlen(database)) == 0;
}

static int fails(int file, int what) {
    if (!orders || !(orders->what & what) || orders->times <= 0 || !is_ours(file))
        return 0;
    if (__sync_fetch_and_sub(&orders->times, 1) <= 0)
        return 0;
    __sync_fetch_and_add(&orders->failed, 1);
    errno = orders->error;
    return 1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* A write that fails in the middle leaves its first half on the disk. */
#define WRITE(call, half) \
    if (fails(file, WRITES)) \
        return -1; \
    if (!fails(file, HALVES)) \
        return call; \
    if (half < 0) \
        return -1; \
    errno = orders->error; \
    return -1

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    WRITE(real(file, bytes, count), real(file, bytes, count / 2));
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    REAL(pwrite);
    WRITE(real(file, bytes, count, at), real(file, bytes, count / 2, at));
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    WRITE(real(file, bytes, count, at), real(file, bytes, count / 2, at));
}

int ftruncate(int file, off_t length) {
    REAL(ftruncate);
    return fails(file, WRITES) ? -1 : real(file, length);
}

int ftruncate64(int file, off64_t length) {
    REAL(ftruncate64);
    return fails(file, WRITES) ? -1 : real(file, length);
}

int fsync(int file) {
    REAL(fsync);
    return fails(file, FLUSHES) ? -1 : real(file);
}

int fdatasync(int file) {
    REAL(fdatasync);
    return fails(file, FLUSHES) ? -1 : real(file);
}
