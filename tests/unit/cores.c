/*
 * What has read a secret leaves no core file.
 */
#include "base/cores.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "unit.h"

int
main(void)
{
	char path[] = "/tmp/cores.XXXXXX";
	struct rlimit limit = {1 << 20, RLIM_INFINITY};
	struct buf b = {0};
	struct fail f;
	int fd = mkstemp(path);

	setrlimit(RLIMIT_CORE, &limit);
	ok(fd >= 0 && file_read(&b, path, 100, NULL, &f) == 0 &&
		prctl(PR_GET_DUMPABLE) == 1,
	    "a file that is no secret changes nothing");
	ok(file_read_secret(&b, path, 100, &f) == 0, "a secret: %s", f.text);
	ok(prctl(PR_GET_DUMPABLE) == 0, "no other process reads it");
	ok(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0,
	    "no core file");
	buf_free(&b);
	close(fd);
	unlink(path);
	return unit_end();
}
