#include "port/db/generation.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "port/db/db_open.h"
#include "port/db/transaction.h"
#include "unit.h"

#define ID_A "0123456789abcdef0123456789abcdef"
#define ID_B "fedcba9876543210fedcba9876543210"

/* These take the place of libc's, to count what is synced. */
static int synced_files, synced_folders, synced_data;

int
fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		synced_folders++;
	else
		synced_files++;
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	char link[32], name[300] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, name, sizeof(name) - 1) > 0 &&
	    strstr(name, "-wal") == NULL)
		synced_data++;
	return (int)syscall(SYS_fdatasync, fd);
}

static char dir[] = "/tmp/bm-unit-generation-XXXXXX";

static int
open_file(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return open(path, O_RDWR | O_CREAT, 0600);
}

static void
write_counter(int fd, const char *id, int64_t counter)
{
	struct generation_file g = {.counter = counter, .at = counter * 1000};
	struct fail f;

	snprintf(g.id, sizeof(g.id), "%s", id);
	if (generation_file_write(fd, &g, &f) < 0)
		abort();
}

/* -1: no slot is whole. */
static int64_t
read_counter(int fd)
{
	struct generation_file g;
	struct fail f;

	return generation_file_read(fd, &g, &f) == 1 ? g.counter : -1;
}

static void
test_slots(void)
{
	int fd = open_file("slots");
	struct stat st;

	ok(read_counter(fd) == -1, "an empty file has no generation");
	for (int64_t n = 0; n < 300; n++) {
		write_counter(fd, ID_A, n);
		if (read_counter(fd) != n)
			break;
		if (n == 299)
			ok(1, "the last that was written is read");
	}
	ok(fstat(fd, &st) == 0 && st.st_size == 128, "two slots of 64 bytes");
	write_counter(fd, ID_B, 300);
	ok(read_counter(fd) == 300, "the id does not matter for the choice");
	close(fd);
}

/* A write that is torn leaves the generation before it. */
static void
test_damage(void)
{
	int fd = open_file("damage");
	unsigned char whole[128], byte;
	bool older = true, none = true;

	write_counter(fd, ID_A, 7); /* the second slot */
	write_counter(fd, ID_A, 8); /* the first */
	if (pread(fd, whole, 128, 0) != 128)
		abort();
	for (int i = 0; i < 64; i++) {
		for (int bit = 0; bit < 8; bit++) {
			byte = (unsigned char)(whole[i] ^ (1 << bit));
			if (pwrite(fd, &byte, 1, i) != 1)
				abort();
			older = older && read_counter(fd) == 7;
			if (ftruncate(fd, 64 + bit * 8) < 0)
				abort();
			none = none && read_counter(fd) == -1;
			if (pwrite(fd, whole, 128, 0) != 128)
				abort();
		}
	}
	ok(older, "each flipped bit of the newer slot: the older one is read");
	ok(none, "and with the older slot torn: none");
	ok(read_counter(fd) == 8, "whole again");
	close(fd);
}

struct seen {
	char text[400];
};

static int
note_mailing(void *ctx, const struct generation_file_mailing *m, struct fail *f)
{
	struct seen *s = ctx;
	size_t n = strlen(s->text);

	(void)f;
	snprintf(s->text + n, sizeof(s->text) - n, "%.*s/%.*s/%.*s;",
	    (int)m->id.n, m->id.p, (int)m->course.n, m->course.p,
	    (int)m->content.n, m->content.p != NULL ? m->content.p : "");
	return 0;
}

static void
lists(int fd, const char *want)
{
	struct seen s = {0};
	struct fail f = {0};

	ok(generation_file_each(fd, note_mailing, &s, &f) == 0 &&
		strcmp(s.text, want) == 0,
	    "listed: %s (%s)", want, s.text);
}

static void
add(int fd, const char *id, const char *course, const char *content)
{
	struct generation_file_mailing m = {
	    str_of(id), str_of(course), str_of(content)};
	struct fail f = {0};

	ok(generation_file_list(fd, &m, true, &f) == 0, "%s %s", id, f.text);
}

static void
test_list(void)
{
	int fd = open_file("list");
	struct stat st;
	off_t whole;

	write_counter(fd, ID_A, 1);
	lists(fd, "");
	add(fd, "w1", "C\"1\n", "c1");
	add(fd, "w2", "C2", "c2");
	add(fd, "w1", "C\"1\n", "c1");
	lists(fd, "w1/C\"1\n/c1;w2/C2/c2;");
	add(fd, "w1", "C\"1\n", "c3");
	add(fd, "w1", "C\"1\n", "c1");
	lists(fd, "w1/C\"1\n/c1;w2/C2/c2;w1/C\"1\n/c3;w1/C\"1\n/c1;");
	ok(read_counter(fd) == 1, "the slots stay");
	fstat(fd, &st);
	whole = st.st_size;
	add(fd, "w3", "C3", "c3");
	fstat(fd, &st);
	for (off_t cut = st.st_size - 1; cut > whole; cut--) {
		struct seen s = {0};
		struct fail f;

		if (ftruncate(fd, cut) < 0 ||
		    generation_file_each(fd, note_mailing, &s, &f) < 0 ||
		    (cut < st.st_size - 1 && strstr(s.text, "w3") != NULL))
			ok(0, "torn at %lld: %s", (long long)cut, s.text);
	}
	add(fd, "w4", "C4", "c4");
	lists(fd, "w1/C\"1\n/c1;w2/C2/c2;w1/C\"1\n/c3;w1/C\"1\n/c1;w4/C4/c4;");
	close(fd);
}

static int64_t
counter_of(struct db *db)
{
	struct db_statement *st;
	struct fail f;
	int64_t n = -1;

	if (db_prepare(db, &st, "SELECT counter FROM generation", &f) == 0 &&
	    db_step(db, st, &f) == 1)
		n = db_int(st, 0);
	db_reset(st);
	return n;
}

/* Which transactions move the two counters, and to what. */
static void
test_raise(void)
{
	char path[200];
	struct fail f = {0};
	struct db *db;
	int fd;

	snprintf(path, sizeof(path), "%s/db", dir);
	ok(db_open(&db, path, DB_CREATE, waiting_quiet(100), &f) == 0,
	    "made %s", f.text);
	fd = open_file("db-lock");
	ok(counter_of(db) == 0 && read_counter(fd) == -1,
	    "a new database needs no file");
	ok(transaction_begin(db, &f) == 0 && generation_raise(db, &f) == 0 &&
		generation_claim(db, &f) == 0,
	    "raised %s", f.text);
	ok(read_counter(fd) == 0, "the file is made before the counter is 1");
	ok(transaction_commit(db, &f) == 0 && counter_of(db) == 1 &&
		read_counter(fd) == 1,
	    "once a transaction, the file behind the commit");
	ok(transaction_begin(db, &f) == 0 && generation_raise(db, &f) == 0,
	    "again");
	transaction_rollback(db);
	ok(counter_of(db) == 1 && read_counter(fd) == 1, "rolled back");
	ok(transaction_begin(db, &f) == 0 && transaction_commit(db, &f) == 0 &&
		counter_of(db) == 1,
	    "a change of something else");

	ok(db_exec(db, "UPDATE generation SET counter = 5", &f) == 0 &&
		transaction_begin(db, &f) == 0 &&
		generation_claim(db, &f) == 0 &&
		transaction_commit(db, &f) == 0 && read_counter(fd) == 6,
	    "a database ahead of its file, as a crash leaves it: %s", f.text);
	ok(db_exec(db, "UPDATE generation SET counter = 5", &f) == 0 &&
		transaction_begin(db, &f) == 0 &&
		generation_raise(db, &f) == 0 &&
		transaction_commit(db, &f) == 0 && counter_of(db) == 5 &&
		read_counter(fd) == 6,
	    "an older one: a change does not hide it");
	ok(transaction_begin(db, &f) == 0 && generation_claim(db, &f) < 0 &&
		f.kind == FAIL_SYSTEM && strstr(f.text, "is older") != NULL,
	    "and a claim is refused: %s", f.text);
	transaction_rollback(db);
	close(fd);
	db_close(db);
}

/* A raise and a mailing, in transactions that are lazy or not. */
static void
test_syncs(bool lazy)
{
	const struct generation_file_mailing m = {
	    STR("w1"), STR("C1"), STR("c1")};
	char path[200];
	struct fail f = {0};
	struct db *db;

	snprintf(path, sizeof(path), "%s/sync%d", dir, lazy);
	ok(db_open(&db, path, DB_CREATE, waiting_quiet(100), &f) == 0,
	    "made %s", f.text);
	ok(transaction_begin_lazy(db, lazy, &f) == 0, "begun");
	synced_files = synced_folders = synced_data = 0;
	ok(generation_claim(db, &f) == 0 && synced_files == !lazy &&
		synced_folders == !lazy,
	    "a new file and its name are synced%s", lazy ? ": not lazily" : "");
	ok(generation_list(db, &m, &f) == 0 && synced_data == !lazy,
	    "a listed mailing is");
	ok(generation_list(db, &m, &f) == 0 && synced_data == !lazy, "once");
	ok(transaction_commit(db, &f) == 0, "done");
	db_close(db);
}

static int
count_mailing(
    void *ctx, const struct generation_file_mailing *m, struct fail *f)
{
	(void)m;
	(void)f;
	++*(int *)ctx;
	return 0;
}

/* A file that was replaced while it was locked; copies; and a decision. */
static void
test_standing(void)
{
	char path[200], command[1000];
	struct generation_age age;
	struct generation_file g, old;
	struct fail f = {0};
	struct db *db;
	int mailings = 0, fd;

	snprintf(path, sizeof(path), "%s/standing", dir);
	ok(db_open(&db, path, DB_CREATE, waiting_quiet(100), &f) == 0 &&
		transaction_begin(db, &f) == 0 &&
		generation_claim(db, &f) == 0 &&
		transaction_commit(db, &f) == 0,
	    "made %s", f.text);
	fd = open_file("standing-lock");
	generation_file_read(fd, &old, &f);
	write_counter(fd, ID_A, 40);
	ok(transaction_begin(db, &f) == 0 && generation_claim(db, &f) < 0 &&
		strstr(f.text, "is not the database of") != NULL,
	    "another's file: %s", f.text);
	ok(generation_accept(db, count_mailing, &mailings, &age, &f) == 1 &&
		age.all && transaction_commit(db, &f) == 0 &&
		generation_file_read(fd, &g, &f) == 1 && g.counter == 41 &&
		counter_of(db) == 41 && strcmp(g.id, ID_A) != 0 &&
		strcmp(g.id, old.id) != 0,
	    "accepted under a new id, above both counters");
	ok(transaction_begin(db, &f) == 0 &&
		generation_accept(db, count_mailing, &mailings, &age, &f) ==
		    0 &&
		transaction_commit(db, &f) == 0,
	    "nothing more to accept");

	ok(db_exec(db, "UPDATE generation SET copied=1", &f) == 0 &&
		transaction_begin(db, &f) == 0 &&
		generation_claim(db, &f) == 0 &&
		transaction_commit(db, &f) == 0,
	    "a copy that is as new as the file");
	{
		struct db_statement *st;

		ok(db_prepare(db, &st, "SELECT copied IS NULL FROM generation",
		       &f) == 0 &&
			db_step(db, st, &f) == 1 && db_int(st, 0) == 1,
		    "is one no longer");
		db_reset(st);
	}
	ok(db_exec(db, "UPDATE generation SET copied=1, counter=0", &f) == 0 &&
		ftruncate(fd, 0) == 0 && transaction_begin(db, &f) == 0 &&
		generation_claim(db, &f) < 0 &&
		strstr(f.text, "does not tell how new") != NULL,
	    "a copy without a file is refused at 0, too: %s", f.text);
	transaction_rollback(db);

	ok(db_exec(db, "UPDATE generation SET copied=NULL", &f) == 0 &&
		transaction_begin(db, &f) == 0 &&
		generation_claim(db, &f) == 0 &&
		transaction_commit(db, &f) == 0,
	    "again a new one");
	snprintf(command, sizeof(command),
	    "cp %s-lock %s.new && mv %s.new %s-lock", path, path, path, path);
	ok(transaction_begin(db, &f) == 0 && generation_raise(db, &f) == 0 &&
		system(command) == 0 && transaction_commit(db, &f) == 0 &&
		read_counter(fd) == 1,
	    "a file that has lost its name is not written");
	ok(transaction_begin(db, &f) == 0 && generation_claim(db, &f) < 0 &&
		strstr(f.text, "does not tell how new") != NULL,
	    "and counts as missing: %s", f.text);
	transaction_rollback(db);
	close(fd);
	db_close(db);
}

int
main(void)
{
	char command[100];

	if (mkdtemp(dir) == NULL)
		return 1;
	test_slots();
	test_damage();
	test_list();
	test_raise();
	test_syncs(false);
	test_syncs(true);
	test_standing();
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ok(system(command) == 0, "cleaned up");
	return unit_end();
}
