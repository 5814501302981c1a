/*
 * Counts the system calls that write, and kills the process before the nth.
 *
 *     cc -shared -fPIC -O2 -o counter.so counter.c -ldl
 *     LD_PRELOAD=./counter.so python tests/support/killing.py ...
 *
 * One counter for all of them, so that n walks over each state that the disk can be
 * left in. Nothing is counted until kills_arm is called.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static volatile long last, seen;

/* Kill before call n from now on; 0 stops counting, -1 only counts. */
void kills_arm(long n)
{
    seen = 0;
    last = n;
}

long kills_seen(void)
{
    return seen;
}

static void counted(void)
{
    if (last && __sync_add_and_fetch(&seen, 1) == last) {
        kill(getpid(), SIGKILL);
        for (;;)
            pause();
    }
}

#define COUNTED(type, name, takes, given) \
    type name takes \
    { \
        static type (*real) takes; \
        if (!real) \
            real = (type (*) takes)dlsym(RTLD_NEXT, #name);                        \
        counted(); \
        return real given; \
    }

COUNTED(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
COUNTED(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
COUNTED(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t at), (fd, b, n, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t at), (fd, b, n, at))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, ftruncate, (int fd, off_t n), (fd, n))
COUNTED(int, ftruncate64, (int fd, off64_t n), (fd, n))
COUNTED(int, fallocate, (int fd, int how, off_t at, off_t n), (fd, how, at, n))
COUNTED(int, posix_fallocate, (int fd, off_t at, off_t n), (fd, at, n))
COUNTED(int, rename, (const char *a, const char *b), (a, b))
COUNTED(int, renameat, (int d, const char *a, int e, const char *b), (d, a, e, b))
COUNTED(int, link, (const char *a, const char *b), (a, b))
COUNTED(int, linkat, (int d, const char *a, int e, const char *b, int how), (d, a, e, b, how))
COUNTED(int, symlink, (const char *a, const char *b), (a, b))
COUNTED(int, unlink, (const char *a), (a))
COUNTED(int, unlinkat, (int d, const char *a, int how), (d, a, how))
COUNTED(int, rmdir, (const char *a), (a))
COUNTED(int, mkdir, (const char *a, mode_t how), (a, how))
COUNTED(int, mkdirat, (int d, const char *a, mode_t how), (d, a, how))

/* Opening counts where it makes or empties a file. */
#define OPENS(name, takes, given) \
    int name takes \
    { \
        static int (*real) takes; \
        mode_t mode = 0; \
        if (!real) \
            real = (int (*) takes)dlsym(RTLD_NEXT, #name);                       \
        if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                                \
            va_list more; \
            va_start(more, flags); \
            mode = va_arg(more, mode_t); \
            va_end(more); \
        } \
        if (flags & (O_CREAT | O_TRUNC)) \
            counted(); \
        return real given; \
    }

OPENS(open, (const char *a, int flags, ...), (a, flags, mode))
OPENS(open64, (const char *a, int flags, ...), (a, flags, mode))
OPENS(openat, (int d, const char *a, int flags, ...), (d, a, flags, mode))
OPENS(openat64, (int d, const char *a, int flags, ...), (d, a, flags, mode))
