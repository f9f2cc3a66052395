#include "port/db/db.h"
#include "base/waiting.h"
#include "port/db/db_open.h"
#include "port/db/exclusive.h"
#include "port/db/transaction.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "port/db/filesystem.h"
#include "port/db/schema.h"
#include "unit.h"

static char dir[] = "/tmp/bm-unit-db-XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static unsigned
mode_of(const char *name)
{
	struct stat st;

	return stat(in_dir(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
refused(
    const char *name, enum db_mode mode, enum fail_kind kind, const char *words)
{
	struct fail f = {0};
	struct db *db;
	int r = db_open(&db, in_dir(name), mode, waiting_quiet(100), &f);

	ok(r == -1 && db == NULL && f.kind == kind &&
		strstr(f.text, words) != NULL,
	    "refused: %s (%s)", words, f.text);
	db_close(db);
}

static void
spoil(const char *name, const char *content)
{
	FILE *out = fopen(in_dir(name), "w");

	fputs(content, out);
	fclose(out);
}

static int64_t
count(struct db *db, const char *sql)
{
	struct fail f;
	struct db_statement *stmt;
	int64_t n = -1;

	if (db_prepare(db, &stmt, sql, &f) == 0 && db_step(db, stmt, &f) == 1)
		n = db_int(stmt, 0);
	db_reset(stmt);
	return n;
}

/* The umask counts, but in a setgid folder. */
static void
test_modes(void)
{
	static const struct {
		mode_t folder, umask, file, run;
	} cases[] = {{0700, 077, 0600, 0700}, {0700, 022, 0640, 0750},
	    {0700, 002, 0660, 0770}, {02770, 077, 0660, 02770}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fail f = {0};
		struct db *db;
		char name[16];

		snprintf(name, sizeof(name), "m%zu", i);
		chmod(in_dir(""), cases[i].folder);
		umask(cases[i].umask);
		ok(db_open(&db, in_dir(name), DB_CREATE, waiting_quiet(100),
		       &f) == 0,
		    "umask %o in a folder of mode %o: %s",
		    (unsigned)cases[i].umask, (unsigned)cases[i].folder,
		    f.text);
		ok(mode_of(name) == cases[i].file, "the database");
		snprintf(name, sizeof(name), "m%zu-lock", i);
		ok(mode_of(name) == cases[i].file, "its lock");
		snprintf(name, sizeof(name), "m%zu-run", i);
		ok(mode_of(name) == cases[i].run, "its folder");
		db_close(db);
	}
	umask(022);
}

static void
test_create(void)
{
	struct fail f = {0};
	struct db *db, *again, *reader;

	chmod(in_dir(""), 02770);
	umask(077);
	ok(db_open(&db, in_dir("a"), DB_CREATE, waiting_quiet(100), &f) == 0,
	    "made %s", f.text);
	ok(transaction_begin(db, &f) == 0 &&
		db_exec(db, "INSERT INTO courses(id) VALUES('c')", &f) == 0 &&
		transaction_commit(db, &f) == 0,
	    "a row is written");
	ok(mode_of("a") == 0660, "mode of the database");
	ok(mode_of("a-wal") == 0660, "mode of -wal");
	ok(mode_of("a-shm") == 0660, "mode of -shm");
	ok(mode_of("a-lock") == 0660, "mode of -lock");
	ok(mode_of("a-run") == 02770, "mode of -run");
	same(str_of(strrchr(db_run_dir(db), '/')), "/a-run", "db_run_dir");
	ok(db_open(&again, in_dir("a"), DB_CREATE, waiting_quiet(100), &f) == 0,
	    "made again: kept");
	ok(count(again, "SELECT count(*) FROM courses") == 1, "row is there");
	ok(db_open(&reader, in_dir("a"), DB_READ, waiting_quiet(100), &f) == 0,
	    "reader");
	ok(db_exec(reader, "DELETE FROM courses", &f) == -1 &&
		f.kind == FAIL_SYSTEM,
	    "a reader cannot write");
	ok(db_exec(reader, "CREATE TEMP TABLE t(a)", &f) == 0,
	    "but make temporary tables");
	ok(db_exec(db,
	       "INSERT INTO enrollments(course_id, user_id)"
	       "VALUES('c', 'nobody')",
	       &f) == -1,
	    "foreign keys hold");
	db_close(reader);
	db_close(again);
	db_close(db);
	umask(022);
}

static void
test_refusals(void)
{
	struct fail f;
	struct db *db;

	refused("none", DB_READ, FAIL_SYSTEM, "bm-import --create");
	refused("none", DB_WRITE, FAIL_SYSTEM, "does not exist");
	refused("", DB_WRITE, FAIL_SYSTEM, "not a file");
	refused("no/such", DB_CREATE, FAIL_SYSTEM, "cannot make");
	spoil("text", "this is a text of more than a hundred bytes, so that "
		      "it might be a header of SQLite, which it is not at all "
		      "by its first sixteen bytes\n");
	refused("text", DB_READ, FAIL_SYSTEM, "not a database");
	refused("text", DB_CREATE, FAIL_SYSTEM, "not a database");
	spoil("empty", "");
	refused("empty", DB_WRITE, FAIL_SYSTEM, "no database of bm");
	ok(db_open(&db, in_dir("empty"), DB_CREATE, waiting_quiet(100), &f) ==
		0,
	    "an empty file is filled");
	db_exec(db, "PRAGMA user_version = 999", &f);
	db_close(db);
	refused("empty", DB_WRITE, FAIL_SYSTEM, "newer bm");
	db_open(&db, in_dir("old"), DB_CREATE, waiting_quiet(100), &f);
	db_exec(db, "PRAGMA user_version = 0", &f);
	db_close(db);
	refused("old", DB_READ, FAIL_SYSTEM, "--upgrade");
	db_open(&db, in_dir("other"), DB_CREATE, waiting_quiet(100), &f);
	db_exec(db, "PRAGMA application_id = 7", &f);
	db_close(db);
	refused("other", DB_CREATE, FAIL_SYSTEM, "no database of bm");
}

#define TEXT_OF(number) TEXT_OF_WORD(number)
#define TEXT_OF_WORD(word) #word

/* An upgrade waits for the programs that have the database open. */
static void
test_exclusive(void)
{
	struct fail f = {0};
	struct db *one, *two, *three;

	db_open(&one, in_dir("alone"), DB_CREATE, waiting_quiet(100), &f);
	db_open(&two, in_dir("alone"), DB_WRITE, waiting_quiet(100), &f);
	ok(exclusive_enter(one, &f) < 0 && f.kind == FAIL_TEMP &&
		strstr(f.text, "in use by another program") != NULL,
	    "not while another program has it open");
	ok(db_exec(two, "PRAGMA user_version = 99", &f) == 0 &&
		db_exec(two, "PRAGMA user_version = " TEXT_OF(SCHEMA_VERSION),
		    &f) == 0,
	    "which goes on");
	db_close(two);
	ok(exclusive_enter(one, &f) == 0, "alone");
	ok(db_open(&three, in_dir("alone"), DB_WRITE, waiting_quiet(100), &f) <
		    0 &&
		f.kind == FAIL_TEMP,
	    "others wait in vain");
	ok(exclusive_leave(one, &f) == 0, "left");
	ok(db_open(&three, in_dir("alone"), DB_WRITE, waiting_quiet(100), &f) ==
		0,
	    "others come in");
	db_close(three);
	db_close(one);
}

static void
test_damaged(void)
{
	struct fail f = {0};
	struct db *db;
	char junk[4096];
	int fd;

	db_open(&db, in_dir("dmg"), DB_CREATE, waiting_quiet(100), &f);
	db_close(db);
	memset(junk, 'x', sizeof(junk));
	fd = open(in_dir("dmg"), O_WRONLY);
	ok(pwrite(fd, junk, 3000, 100) == 3000, "first page spoilt");
	close(fd);
	refused("dmg", DB_CREATE, FAIL_SYSTEM, "damaged");
}

static void
test_copy(void)
{
	struct fail f;
	struct db *db;
	char sql[300];

	db_open(&db, in_dir("a"), DB_WRITE, waiting_quiet(100), &f);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", in_dir("copy"));
	ok(db_exec(db, sql, &f) == 0, "copied");
	db_close(db);
	ok(db_open(&db, in_dir("copy"), DB_WRITE, waiting_quiet(100), &f) == 0,
	    "copy opens");
	ok(count(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
	    "and is in WAL mode again");
	db_close(db);
}

/*
 * Starts a child that holds the lock until its pipe is closed: ours, or as
 * sqlite3(1) does it, SQLite's alone.
 */
static pid_t
start_holder(int *out, bool ours)
{
	int ready[2], go[2];
	struct fail f;
	struct db *db;
	pid_t pid;
	char c;

	if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0)
		exit(1);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (db_open(&db, in_dir("a"), DB_WRITE, waiting_quiet(100),
			&f) != 0 ||
		    (ours ? transaction_begin(db, &f)
			  : db_exec(db, "BEGIN IMMEDIATE", &f)) != 0 ||
		    write(ready[1], "x", 1) != 1 || read(go[0], &c, 1) != 0)
			_exit(1);
		if (ours)
			transaction_rollback(db);
		_exit(0);
	}
	close(go[0]);
	close(ready[1]);
	ok(read(ready[0], &c, 1) == 1, "another %s writes",
	    ours ? "process" : "program");
	close(ready[0]);
	*out = go[1];
	return pid;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
test_waiting(void)
{
	struct fail f = {0};
	struct db *db;
	double start;
	int go, status;
	pid_t pid = start_holder(&go, true);

	db_open(&db, in_dir("a"), DB_WRITE, waiting_quiet(1000), &f);
	start = seconds();
	ok(transaction_begin(db, &f) == -1 && f.kind == FAIL_TEMP, "TEMP: %s",
	    f.text);
	ok(seconds() - start > 0.99 && seconds() - start < 5,
	    "after the time allowed");
	start = seconds();
	ok(transaction_begin(db, &f) == -1 && f.kind == FAIL_TEMP &&
		seconds() - start < 0.9,
	    "it does not wait a second time");
	ok(count(db, "SELECT count(*) FROM courses") == 1,
	    "reading goes on meanwhile");
	close(go);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "it ends");
	ok(transaction_begin(db, &f) == 0 && transaction_commit(db, &f) == 0,
	    "granted then");
	db_close(db);
}

static int told;
static char told_text[300];

static void
keep_text(const char *program, const char *text)
{
	(void)program;
	told++;
	snprintf(told_text, sizeof(told_text), "%s", text);
}

static struct waiting
told_after_50(int limit_ms)
{
	struct waiting w = waiting_told(limit_ms, keep_text, "db");

	w.after_ms = 50;
	return w;
}

/* A waiter is told once which process holds the lock, and goes on waiting. */
static void
test_told(void)
{
	struct fail f = {0};
	struct db *db, *other;
	char who[100];
	int go, status;
	pid_t pid = start_holder(&go, true);

	snprintf(
	    who, sizeof(who), "/a: process %ld (db) holds its lock", (long)pid);
	db_open(&db, in_dir("a"), DB_WRITE, told_after_50(300), &f);
	ok(transaction_begin(db, &f) < 0 && told == 1 &&
		strstr(told_text, who) != NULL,
	    "told: %s", told_text);
	snprintf(who, sizeof(who), "locked by process %ld (db)", (long)pid);
	ok(f.kind == FAIL_TEMP && strstr(f.text, who) != NULL,
	    "and when it gives up: %s", f.text);
	close(go);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "it ends");

	told = 0;
	db_open(&other, in_dir("a"), DB_WRITE, told_after_50(20), &f);
	pid = start_holder(&go, true);
	ok(transaction_begin(other, &f) < 0 && told == 0,
	    "a short wait is not told");
	close(go);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "it ends");
	db_close(other);
	db_close(db);
}

static void
test_told_of_sqlite(void)
{
	struct fail f = {0};
	struct db *db;
	char who[100];
	double start = seconds();
	int go, status;
	pid_t pid = start_holder(&go, false);

	told = 0;
	db_open(&db, in_dir("a"), DB_WRITE, told_after_50(400), &f);
	ok(transaction_begin(db, &f) < 0 && f.kind == FAIL_TEMP &&
		seconds() - start > 0.39,
	    "it waits for SQLite's lock");
	snprintf(who, sizeof(who), "process %ld (db)", (long)pid);
	ok(told == 1 && strstr(told_text, who) != NULL, "told: %s", told_text);
	ok(strstr(f.text, who) != NULL, "and in the end: %s", f.text);
	close(go);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "it ends");
	db_close(db);
}

#define WRITERS 4
#define ROUNDS 60

/* Each writer counts up in transactions; no update may be lost. */
static void
write_in_turn(void)
{
	struct fail f;
	struct db *db;
	int i;

	if (db_open(&db, in_dir("a"), DB_WRITE, waiting_quiet(20000), &f) != 0)
		_exit(1);
	for (i = 0; i < ROUNDS; i++) {
		if (transaction_begin(db, &f) != 0 ||
		    db_exec(db,
			"UPDATE courses SET title ="
			" coalesce(title, 0) + 1",
			&f) != 0 ||
		    transaction_commit(db, &f) != 0)
			_exit(1);
	}
	db_close(db);
	_exit(0);
}

static void
test_writers(void)
{
	struct fail f;
	struct db *db;
	int i, status, bad = 0;

	db_open(&db, in_dir("a"), DB_READ, waiting_quiet(1000), &f);
	fflush(stdout);
	for (i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			write_in_turn();
	}
	for (i = 0; i < WRITERS; i++)
		bad += wait(&status) < 0 || status != 0;
	ok(bad == 0, "%d writers end well", WRITERS);
	ok(count(db, "SELECT title FROM courses") == WRITERS * ROUNDS,
	    "no update is lost");
	db_close(db);
}

static void
test_bind(void)
{
	struct fail f;
	struct db *db;
	struct db_statement *stmt, *again;

	db_open(&db, in_dir("a"), DB_READ, waiting_quiet(100), &f);
	db_prepare(db, &stmt, "SELECT ?1, ?2, ?3", &f);
	db_prepare(db, &again, "SELECT ?1, ?2, ?3", &f);
	ok(stmt == again, "the same text, the same statement");
	db_bind(stmt, 1, STR("x\0y"));
	db_bind(stmt, 2, STR(""));
	db_bind(stmt, 3, (struct str){0});
	db_step(db, stmt, &f);
	db_prepare(db, &again, "SELECT ?1, ?2, ?3", &f);
	ok(stmt != again, "but not one in use");
	ok(str_eq(db_text(stmt, 0), STR("x\0y")), "bytes");
	ok(db_text(stmt, 1).p != NULL && db_text(stmt, 1).n == 0, "empty");
	ok(db_text(stmt, 2).p == NULL, "absent");
	db_close(db);
}

/* While the database is open, somebody does this to its file. */
static void
test_file_in_use(void)
{
	static const struct {
		const char *what, *command, *words;
	} rows[] = {
	    {"deleted", "rm in", "deleted, renamed or replaced"},
	    {"renamed", "mv in out", "deleted, renamed or replaced"},
	    {"replaced", "cp in new && mv new in",
		"deleted, renamed or replaced"},
	    {"hard link", "ln in second", "2 names"},
	};
	char command[300];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fail f = {0};
		struct db *db;

		ok(db_open(&db, in_dir("in"), DB_CREATE, waiting_quiet(100),
		       &f) == 0 &&
			transaction_begin(db, &f) == 0 &&
			transaction_commit(db, &f) == 0,
		    "%s: as it was opened, it is written to", rows[i].what);
		snprintf(command, sizeof(command), "cd %s && %s", dir,
		    rows[i].command);
		ok(system(command) == 0, "%s", command);
		ok(transaction_begin(db, &f) < 0 && f.kind == FAIL_SYSTEM &&
			strstr(f.text, rows[i].words) != NULL,
		    "%s: refused: %s", rows[i].what, f.text);
		if (i == 3) {
			refused("in", DB_WRITE, FAIL_SYSTEM, "2 names");
			refused("second", DB_READ, FAIL_SYSTEM, "2 names");
		}
		db_close(db);
		snprintf(command, sizeof(command),
		    "cd %s && rm -rf in in-* out second", dir);
		ok(system(command) == 0, "%s", command);
	}
}

static void
test_mount(void)
{
	/* Numbers of linux/magic.h and of the file systems' own headers. */
	static const struct {
		unsigned long number;
		const char *name;
		bool remote;
	} types[] = {
	    {0x6969, "nfs4", true},
	    {0xFF534D42, "cifs", true},
	    {0xFE534D42, "smb3", true},
	    {0x01021997, "9p", true},
	    {0x786F4256, "vboxsf", true},
	    {0xBACBACBC, "vmhgfs", true},
	    {0x47504653, "gpfs", true},
	    {0x19830326, "beegfs", true},
	    {0x01161970, "gfs2", true},
	    {0x7461636F, "ocfs2", true},
	    {0x20030528, "pvfs2", true},
	    {0x7C7C6673, "prl_fs", true},
	    {0x65735546, "virtiofs", true},
	    {0x65735546, "fuse.vmhgfs-fuse", true},
	    {0x65735546, "fuse.sshfs", true},
	    {0x65735546, "fuseblk", false}, /* ntfs-3g */
	    {0x65735546, "fuse.mergerfs", false},
	    {0x65735546, NULL, false},
	    {0xEF53, "ext4", false},
	    {0x58465342, "xfs", false},
	    {0x01021994, "tmpfs", false},
	    {0x794C7630, "overlay", false},
	};

	ok(!filesystem_is_remote("/"), "the root is local");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		ok(filesystem_type_is_remote(types[i].number, types[i].name) ==
			types[i].remote,
		    "%s is %s",
		    types[i].name != NULL ? types[i].name : "FUSE alone",
		    types[i].remote ? "remote" : "local");
}

int
main(void)
{
	char command[100];

	if (mkdtemp(dir) == NULL)
		return 1;
	test_modes();
	test_create();
	test_refusals();
	test_exclusive();
	test_damaged();
	test_copy();
	test_waiting();
	test_told();
	test_told_of_sqlite();
	test_writers();
	test_bind();
	test_file_in_use();
	test_mount();
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "cleaned up");
	return unit_end();
}
