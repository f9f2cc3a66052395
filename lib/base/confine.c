#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights, by the version of Landlock that brought them. */
#define FIRST ((1ULL << 13) - 1)       /* 1: all but these */
#define REFER LANDLOCK_ACCESS_FS_REFER /* 2: rename to another folder */
#define TRUNCATE (1ULL << 14)          /* 3 */
#define DEVICE_IOCTL (1ULL << 15)      /* 5 */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                           \
	(READ | LANDLOCK_ACCESS_FS_WRITE_FILE | REFER | TRUNCATE |      \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR)
#define OF_FILES                                                        \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	    TRUNCATE)

#ifdef BM_SANITIZED /* leaks are looked for by tracing oneself */
#define LEAKS "/proc"
#define PTRACE "bind"
#else
#define LEAKS NULL
#define PTRACE "ptrace"
#endif

/* Time zones, names of users, character sets, modules of the C library, and
 * OpenSSL's settings; which mounts there are. None of it is anybody's own. */
static const struct confine_path system_paths[] = {{"/usr", false},
    {"/lib", false}, {"/lib64", false}, {"/etc/localtime", false},
    {"/etc/passwd", false}, {"/etc/group", false},
    {"/etc/nsswitch.conf", false}, {"/etc/ssl", false},
    {"/etc/ld.so.cache", false}, {"/proc/self/mountinfo", false},
    {"/dev/urandom", false}, {"/dev/null", true}, {LEAKS, true}};

#define SYSTEM_PATHS (sizeof(system_paths) / sizeof(*system_paths))

/* 0: the kernel has none. */
static int
find_version(void)
{
	long n = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	return n < 0 ? 0 : (int)n;
}

static unsigned long long
list_rights(int version)
{
	return FIRST | (version >= 2 ? REFER : 0) |
	       (version >= 3 ? TRUNCATE : 0) |
	       (version >= 5 ? DEVICE_IOCTL : 0);
}

static int
allow_path(int rules, const struct confine_path *p, unsigned long long rights)
{
	struct landlock_path_beneath_attr beneath = {0};
	struct stat st;
	int rc = 0;

	if (p->path == NULL)
		return 0;
	beneath.parent_fd = open(p->path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return 0; /* nor will it be opened later */
	beneath.allowed_access = (p->write ? WRITE : READ) & rights;
	if (fstat(beneath.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		beneath.allowed_access &= OF_FILES;
	rc = (int)syscall(SYS_landlock_add_rule, rules,
	    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	/* A pipe or socket is on no file system that could be confined. */
	if (rc < 0 && errno == EBADFD)
		rc = 0;
	close(beneath.parent_fd);
	return rc;
}

static int
confine_files(const struct confine_path *paths, size_t count)
{
	const unsigned long long rights = list_rights(find_version());
	const struct landlock_ruleset_attr attr = {.handled_access_fs = rights};
	int rules, rc = 0;

	if (find_version() == 0)
		return 0;
	rules =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	for (size_t i = 0; rc == 0 && i < SYSTEM_PATHS; i++)
		rc = allow_path(rules, &system_paths[i], rights);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = allow_path(rules, &paths[i], rights);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return rc;
}

static int
confine_calls(void)
{
	static const char *const refused[] = {"socket", "socketpair", "connect",
	    "bind", "execve", "execveat", PTRACE, "process_vm_readv",
	    "process_vm_writev", "io_uring_setup"};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter == NULL ? -ENOMEM : 0;

	for (size_t i = 0; rc == 0 && i < sizeof(refused) / sizeof(*refused);
	     i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    seccomp_syscall_resolve_name(refused[i]), 0);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	errno = -rc;
	return rc == 0 || rc == -EINVAL || rc == -ENOSYS ? 0 : -1;
}

int
confine(
    const struct confine_path *paths, size_t count, bool calls, struct fail *f)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    confine_files(paths, count) < 0 || (calls && confine_calls() < 0))
		return fail_errno(f, "cannot confine the process");
	return 0;
}

void
confine_library(struct buf *b)
{
	const struct scmp_version *v = seccomp_version();
	bool filters = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;

	buf_printf(b, "libseccomp %u.%u.%u%s\n", v->major, v->minor, v->micro,
	    filters ? "" : ", which this kernel does not have");
	buf_printf(b, "Landlock %d%s\n", find_version(),
	    find_version() > 0 ? "" : ": not in this kernel");
}
