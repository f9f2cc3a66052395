#include "port/relay/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define SLOTS 64
#define NAME_SIZE 128

enum phase {
	EMPTY,
	OFFERED,
	WRITTEN, /* the event READY is due */
	WAITING, /* at the gate */
	RELEASED,
	RENAMED, /* the event DONE is due */
};

struct slot {
	enum phase phase;
	struct envelope *envelope;
};

struct maildir {
	struct transport base;
	bool durable;
	char *path;
	int dir, tmp, new;
	struct slot slots[SLOTS];
	size_t used;
	bool unsynced; /* the last sync has failed: nothing is reported */
};

static struct maildir *
maildir_of(struct transport *t)
{
	return (struct maildir *)t;
}

static void
make_name(const struct envelope *e, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%.*s.bm", (int)e->name.n, e->name.p);
}

static size_t
count_room(const struct transport *t)
{
	return SLOTS - ((const struct maildir *)t)->used;
}

static void
offer_envelope(struct transport *t, struct envelope *e)
{
	struct maildir *m = maildir_of(t);

	for (size_t i = 0; i < SLOTS; i++) {
		if (m->slots[i].phase == EMPTY) {
			m->slots[i] = (struct slot){OFFERED, e};
			m->used++;
			return;
		}
	}
}

/* Open tmp, new or cur; make it if it is missing. */
static int
open_folder(const struct maildir *m, const char *name, struct fail *f)
{
	int fd;

	if (mkdirat(m->dir, name, 0700) < 0 && errno != EEXIST)
		return fail_errno(f, "%s/%s", m->path, name);
	fd = openat(m->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, "%s/%s", m->path, name);
	return fd;
}

static int
open_folders(struct maildir *m, struct fail *f)
{
	int cur = open_folder(m, "cur", f);

	if (cur < 0)
		return -1;
	(void)close(cur);
	m->tmp = open_folder(m, "tmp", f);
	if (m->tmp >= 0)
		m->new = open_folder(m, "new", f);
	return m->new < 0 ? -1 : 0;
}

/* needed: make the Maildir. Input without a message makes none. */
static int
open_dir(struct maildir *m, bool needed, struct fail *f)
{
	if (needed && mkdir(m->path, 0700) < 0 && errno != EEXIST)
		return fail_errno(f, "%s", m->path);
	m->dir = open(m->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->dir < 0 && errno == ENOENT && !needed)
		return 0;
	if (m->dir < 0)
		return fail_errno(f, "%s", m->path);
	return open_folders(m, f);
}

static int
write_message(struct maildir *m, const struct envelope *e, struct fail *f)
{
	char name[NAME_SIZE];
	int fd, rc;

	if (m->dir < 0 && open_dir(m, true, f) < 0)
		return -1;
	make_name(e, name);
	fd = openat(m->tmp, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(f, "%s/tmp/%s", m->path, name);
	rc = file_write(fd, e->message);
	if (close(fd) < 0)
		rc = -1;
	if (rc < 0) {
		fail_errno(f, "%s/tmp/%s", m->path, name);
		(void)unlinkat(m->tmp, name, 0);
	}
	return rc;
}

static int
move_to_new(struct maildir *m, const struct envelope *e, struct fail *f)
{
	char name[NAME_SIZE];

	make_name(e, name);
	if (renameat(m->tmp, name, m->new, name) < 0)
		return fail_errno(f, "%s/new/%s", m->path, name);
	return 0;
}

static int
step_slot(struct maildir *m, struct slot *s, struct fail *f)
{
	if (s->phase == OFFERED &&
	    !transport_may_leave(&m->base, s->envelope)) {
		s->phase = EMPTY;
		m->used--;
	} else if (s->phase == OFFERED) {
		if (write_message(m, s->envelope, f) < 0)
			return -1;
		s->phase = WRITTEN;
	} else if (s->phase == RELEASED) {
		if (move_to_new(m, s->envelope, f) < 0)
			return -1;
		s->phase = RENAMED;
	}
	return 0;
}

/*
 * Events are reported when their files are on the disk. One syncfs(2) for all
 * files and renames of a turn was measured 20 times as fast as fsync(2) each. A
 * message that cannot be written does not hold up those behind the gate.
 */
static int
take_turn(struct transport *t, int timeout_us, struct fail *f)
{
	struct maildir *m = maildir_of(t);

	struct fail ignored;
	int rc = 0;

	(void)timeout_us;
	for (size_t i = 0; i < SLOTS; i++) {
		if (step_slot(m, &m->slots[i], rc < 0 ? &ignored : f) < 0)
			rc = -1;
	}
	m->unsynced = m->used > 0 && m->durable && syncfs(m->dir) < 0;
	if (m->unsynced && rc == 0)
		rc = fail_errno(f, "%s", m->path);
	return rc;
}

static bool
next_event(struct transport *t, struct transport_event *ev)
{
	struct maildir *m = maildir_of(t);

	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &m->slots[i];

		if ((s->phase != WRITTEN && s->phase != RENAMED) || m->unsynced)
			continue;
		*ev = (struct transport_event){.type = TRANSPORT_READY,
		    .envelope = s->envelope,
		    .charged = true};
		if (s->phase == WRITTEN) {
			s->phase = WAITING;
			return true;
		}
		ev->type = TRANSPORT_DONE;
		ev->outcome.status = OUTCOME_SENT;
		ev->outcome.class = "ok";
		ev->outcome.stage = "maildir";
		s->phase = EMPTY;
		m->used--;
		return true;
	}
	return false;
}

static void
release_envelope(struct transport *t, struct envelope *e)
{
	struct maildir *m = maildir_of(t);

	for (size_t i = 0; i < SLOTS; i++) {
		if (m->slots[i].phase == WAITING && m->slots[i].envelope == e)
			m->slots[i].phase = RELEASED;
	}
}

/* A mail program moves messages to cur/ and appends flags to their names. */
static int
find_file(
    struct maildir *m, const char *folder, const char *name, struct fail *f)
{
	int fd = openat(m->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;
	size_t n = strlen(name);
	int found = 0;

	if (d == NULL) {
		fail_errno(f, "%s/%s", m->path, folder);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	while (found == 0 && (e = readdir(d)) != NULL)
		found = strncmp(e->d_name, name, n) == 0 &&
			(e->d_name[n] == '\0' || e->d_name[n] == ':');
	(void)closedir(d);
	return found;
}

/*
 * The rename is atomic: a file in tmp/ was not delivered. If there is no file,
 * a mail program has removed the message, or somebody has cleaned tmp/: 2.
 */
static int
was_delivered(struct transport *t, const struct envelope *e, struct fail *f)
{
	struct maildir *m = maildir_of(t);
	char name[NAME_SIZE];
	int found;

	if (m->dir < 0)
		return 2;
	make_name(e, name);
	if (faccessat(m->tmp, name, F_OK, 0) == 0)
		return 0;
	found = find_file(m, "new", name, f);
	if (found == 0)
		found = find_file(m, "cur", name, f);
	return found == 0 ? 2 : found;
}

/*
 * After a run that was abandoned messages at the gate stay in tmp/: the ledger
 * may hold an intent for them, and the file proves that they were not
 * delivered.
 */
static void
remove_unsent(struct maildir *m, bool abandoned)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &m->slots[i];
		char name[NAME_SIZE];

		if (s->phase != WRITTEN && (abandoned || s->phase != WAITING))
			continue;
		make_name(s->envelope, name);
		(void)unlinkat(m->tmp, name, 0);
	}
}

static void
close_maildir(struct transport *t, bool abandon)
{
	struct maildir *m = maildir_of(t);

	remove_unsent(m, abandon);
	if (m->new >= 0)
		(void)close(m->new);
	if (m->tmp >= 0)
		(void)close(m->tmp);
	if (m->dir >= 0)
		(void)close(m->dir);
	free(m->path);
	free(m);
}

/* Its file stays in tmp/: another process may be writing it by now. */
static void
withhold_envelope(struct transport *t, struct envelope *e)
{
	struct maildir *m = maildir_of(t);

	for (size_t i = 0; i < SLOTS; i++) {
		if (m->slots[i].phase != WAITING || m->slots[i].envelope != e)
			continue;
		m->slots[i].phase = EMPTY;
		m->used--;
	}
}

static const struct transport_ops ops = {
    .named = true,
    .room = count_room,
    .offer = offer_envelope,
    .turn = take_turn,
    .event = next_event,
    .release = release_envelope,
    .withhold = withhold_envelope,
    .delivered = was_delivered,
    .close = close_maildir,
};

int
maildir_open(
    struct transport **out, const char *path, bool durable, struct fail *f)
{
	struct maildir *m = mem_new(sizeof(*m));

	m->base.ops = &ops;
	m->durable = durable;
	m->path = mem_dup(path, strlen(path));
	m->dir = m->tmp = m->new = -1;
	if (open_dir(m, false, f) < 0) {
		close_maildir(&m->base, true);
		return -1;
	}
	*out = &m->base;
	return 0;
}
