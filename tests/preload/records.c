/*
 * Preloaded into the programs by the tests: copies the JSON records that they
 * write, to standard output or to a file, into $BM_TEST_RECORDS, a file for
 * each program, process and descriptor; the first 64 KiB of each. The numbers
 * of processes come again, so a random one is in the name, too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define FILES 64
#define BYTES_MAX (64 << 10)

static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_close)(int);
static const char *folder; /* NULL: this is no program of ours */
static unsigned nonce;
static size_t copied[FILES];
static unsigned closed[FILES]; /* how often, since its number comes again */
static enum { UNKNOWN, RECORDS, OTHER } kinds[FILES];

/* Constructors of other libraries may call before the one below. */
static void
find_calls(void)
{
	void *symbol = dlsym(RTLD_NEXT, "write");

	memcpy(&real_write, &symbol, sizeof(symbol));
	symbol = dlsym(RTLD_NEXT, "close");
	memcpy(&real_close, &symbol, sizeof(symbol));
}

__attribute__((constructor)) static void
find_folder(void)
{
	if (strncmp(program_invocation_short_name, "bm-", 3) == 0)
		folder = getenv("BM_TEST_RECORDS");
	if (getrandom(&nonce, sizeof(nonce), 0) < 0)
		folder = NULL;
}

static void
copy_bytes(int fd, const char *p, size_t n)
{
	char path[4096];
	int out;

	if (kinds[fd] == UNKNOWN)
		kinds[fd] = n > 1 && memcmp(p, "{\"", 2) == 0 ? RECORDS : OTHER;
	if (kinds[fd] == OTHER || copied[fd] >= BYTES_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%s.%ld.%d.%u.%x", folder,
	    program_invocation_short_name, (long)getpid(), fd, closed[fd],
	    nonce);
	out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (out < 0)
		return;
	if (n > BYTES_MAX - copied[fd])
		n = BYTES_MAX - copied[fd];
	copied[fd] += n;
	if (real_write(out, p, n) < 0)
		kinds[fd] = OTHER;
	real_close(out);
}

int
close(int fd)
{
	if (real_close == NULL)
		find_calls();
	if (fd >= 0 && fd < FILES) {
		kinds[fd] = UNKNOWN;
		copied[fd] = 0;
		closed[fd]++;
	}
	return real_close(fd);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t done;
	int saved;

	if (real_write == NULL)
		find_calls();
	done = real_write(fd, p, n);
	saved = errno;
	if (done > 0 && folder != NULL && fd != STDERR_FILENO && fd < FILES)
		copy_bytes(fd, p, (size_t)done);
	errno = saved;
	return done;
}
