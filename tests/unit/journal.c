/*
 * Journals: which texts are whole, cut off by a crash or damaged, and what
 * recovery makes of them. The expected results follow from where each line was
 * put, never from the reader.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc32.h"
#include "mail/record/journal_record.h"
#include "mail/record/journal_text.h"
#include "port/db/db_open.h"
#include "port/ledger_sqlite/forget.h"
#include "port/ledger_sqlite/journal.h"
#include "port/ledger_sqlite/journal_dir.h"
#include "port/ledger_sqlite/journal_live.h"
#include "port/ledger_sqlite/recovery.h"
#include "port/ledger_sqlite/sender.h"
#include "unit.h"

#define NOW 1000000
#define OWNER "12-34-abcdef01"
#define LINES 6
#define RENEWAL 256 /* outcomes that make a fold due */

/*
 * These take the place of libc's: what is synced is counted, and calls fail as
 * a disk, a lock or another process would have it.
 */
static int synced_files, synced_folders, synced_data; /* counts */
static int sync_error, lock_error, unlink_error, reserve_error,
    lost_names;                 /* the next call fails */
static const char *before_lock; /* what another process does to a journal */
static bool short_write;        /* of the next line of a journal */
static bool named_before_sync;

static int
fail_once(int *error)
{
	errno = *error;
	*error = 0;
	return errno != 0 ? -1 : 0;
}

static bool rows_unsynced;     /* bytes in the log of the database */
static bool named_before_rows; /* a journal, while they were */

/* The name of an open file; false if it does not end so. */
static bool
name_of(int fd, const char *end, char name[300])
{
	char link[32];
	size_t len = strlen(end);
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, name, 299);
	name[n < 0 ? 0 : n] = '\0';
	return n >= (ssize_t)len && strcmp(name + n - len, end) == 0;
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	char name[300];

	rows_unsynced = rows_unsynced || name_of(fd, "-wal", name);
	return syscall(SYS_pwrite64, fd, p, n, at);
}

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
	char name[300];

	synced_data++;
	if (name_of(fd, "-wal", name))
		rows_unsynced = false;
	return fail_once(&sync_error) < 0 ? -1
					  : (int)syscall(SYS_fdatasync, fd);
}

int
fallocate(int fd, int mode, off_t at, off_t n)
{
	return fail_once(&reserve_error) < 0
		   ? -1
		   : (int)syscall(SYS_fallocate, fd, mode, at, n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	char name[300];

	if (short_write && name_of(fd, ".log", name)) {
		short_write = false;
		n /= 2;
	}
	return syscall(SYS_write, fd, p, n);
}

int
flock(int fd, int operation)
{
	char name[300], command[1300];

	if (fail_once(&lock_error) < 0)
		return -1;
	if (before_lock != NULL && name_of(fd, ".log", name)) {
		snprintf(
		    command, sizeof(command), "f='%s'; %s", name, before_lock);
		before_lock = NULL;
		if (system(command) != 0)
			puts("# the other process failed");
	}
	return (int)syscall(SYS_flock, fd, operation);
}

int
unlinkat(int fd, const char *name, int flags)
{
	return fail_once(&unlink_error) < 0
		   ? -1
		   : (int)syscall(SYS_unlinkat, fd, name, flags);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	named_before_sync = named_before_sync || synced_files == 0;
	named_before_rows = named_before_rows || rows_unsynced;
	if (lost_names > 0) { /* another process has swept the file */
		lost_names--;
		(void)unlinkat(from_dir, from, 0);
	}
	return (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

static char dir[] = "/tmp/bm-unit-XXXXXX";
static char path[64], run_dir[80];
static struct arena *arena;

/* The check value of the CRC-32 that zlib and PNG use, and the empty text. */
static void
test_crc(void)
{
	static const char text[] = "123456789";
	bool split = true;

	for (size_t i = 0; i <= 9; i++)
		split = split && crc32_add(crc32_add(0, text, i), text + i,
				     9 - i) == 0xCBF43926;
	ok(split, "the CRC of a text is that of its parts");
	ok(crc32_add(0, "", 0) == 0, "of nothing: 0");
	/* python3 -c 'import zlib; print(hex(zlib.crc32(bytes(range(256)))))'
	 */
	unsigned char all[256];
	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	ok(crc32_add(0, all, 256) == 0x29058C73, "of all bytes");
}

static struct journal_record
intent(const char *key)
{
	return (struct journal_record){.kind = JOURNAL_INTENT,
	    .email_id = STR("week3"),
	    .key = str_of(key),
	    .at = NOW,
	    .attempt = 1};
}

/* A text of a header and LINES intents, each synced by itself. */
struct sample {
	struct buf text;
	size_t at[LINES + 2]; /* where each line begins, and the end */
};

static void
make_sample(struct sample *s)
{
	*s = (struct sample){0};
	journal_text_header(&s->text, STR(OWNER), 1);
	for (int i = 1; i <= LINES; i++) {
		char key[16];
		struct journal_record r;

		snprintf(key, sizeof(key), "k%d@x", i);
		r = intent(key);
		s->at[i] = s->text.len;
		journal_record_put(&s->text, &r);
		journal_line_frame(&s->text, s->at[i],
		    journal_line_seed(STR(OWNER)), (int64_t)s->at[i],
		    (int64_t)s->at[i]);
	}
	s->at[LINES + 1] = s->text.len;
}

static struct journal_text
read_text(const struct buf *b, struct journal_known known)
{
	struct journal_text t;

	arena_reset(arena);
	journal_text_read(&t, STR(OWNER), buf_str(b), known, arena);
	return t;
}

static void
test_line(void)
{
	struct sample s;
	struct journal_line line;
	struct str text;
	uint32_t seed = journal_line_seed(STR(OWNER));
	bool found = true;

	make_sample(&s);
	text = (struct str){s.text.p + s.at[2], s.at[3] - s.at[2] - 1};
	ok(journal_line_parse(&line, text, seed) &&
		line.offset == (int64_t)s.at[2] &&
		line.good == (int64_t)s.at[2] && str_eq(line.text, text),
	    "a line says where it is");
	ok(!journal_line_parse(&line, text, journal_line_seed(STR("other"))),
	    "in its own journal only");
	for (size_t i = 0; i < 8 * text.n; i++) {
		s.text.p[s.at[2] + i / 8] ^= (char)(1 << i % 8);
		found = found && !journal_line_parse(&line, text, seed);
		s.text.p[s.at[2] + i / 8] ^= (char)(1 << i % 8);
	}
	ok(found, "each flipped bit of %zu shows", 8 * text.n);
	found = true;
	for (size_t n = 0; n < text.n; n++)
		found = found && !journal_line_parse(
				     &line, (struct str){text.p, n}, seed);
	ok(found, "and each missing end");
	buf_free(&s.text);
}

/* Cut at every byte: what a crash leaves, but for a missing header. */
static void
test_cut(void)
{
	struct sample s;
	struct journal_known known = {1, 0};
	bool crash = true, shorter = true, zeros = true;

	make_sample(&s);
	known.size = (int64_t)s.at[4];
	for (size_t n = 0; n <= s.text.len; n++) {
		struct buf cut = {0};
		struct journal_text t;
		size_t whole = 0;

		while (whole <= LINES && s.at[whole + 1] <= n)
			whole++;
		buf_add(&cut, s.text.p, n);
		t = read_text(&cut, (struct journal_known){0});
		crash = crash && t.damaged == (n > 0 && whole == 0) &&
			t.count == (whole > 0 ? whole - 1 : 0);
		t = read_text(&cut, known);
		shorter = shorter && t.damaged == (whole < 4);
		memset(buf_reserve(&cut, 99), 0, 99);
		cut.len += 99;
		t = read_text(&cut, known);
		zeros = zeros && t.damaged == (whole < 4) &&
			t.size == (int64_t)s.at[whole];
		buf_free(&cut);
	}
	ok(crash, "a text cut anywhere ends at its last whole line");
	ok(shorter, "shorter than the ledger knows, it is damaged");
	ok(zeros, "reserved space changes nothing");
	buf_free(&s.text);
}

/* Each byte zeroed or flipped: damage, unless it is in the last line. */
static void
test_bytes(void)
{
	struct sample s;
	bool zeroed = true, flipped = true, doubt = true;

	make_sample(&s);
	for (size_t i = 0; i < s.text.len; i++) {
		char was = s.text.p[i];
		bool last = i >= s.at[LINES];
		struct journal_text t;

		s.text.p[i] = '\0';
		t = read_text(&s.text, (struct journal_known){0});
		zeroed = zeroed && t.damaged == !last && t.count >= LINES - 2 &&
			 t.count < LINES + (i < s.at[1]);
		s.text.p[i] = (char)(was ^ 4);
		t = read_text(&s.text, (struct journal_known){0});
		flipped = flipped && t.damaged == !last;
		doubt = doubt && (last || (t.doubt_end > (int64_t)i &&
					      t.damage_at <= (int64_t)i));
		s.text.p[i] = was;
	}
	ok(zeroed, "a zeroed byte is damage below the last line's good offset");
	ok(flipped, "so is a flipped bit");
	ok(doubt, "facts before the damage are open to doubt");
	buf_free(&s.text);
}

static void
add_line(struct buf *b, const struct sample *s, int i)
{
	buf_add(b, s->text.p + s->at[i], s->at[i + 1] - s->at[i]);
}

/* Lines in another order, or not once each; 0 is the header. */
static void
test_moved(void)
{
	static const struct {
		int order[LINES + 3]; /* ends in -1 */
		size_t count;         /* of different facts */
		const char *name;
	} cases[] = {
	    {{0, 1, 2, 4, 5, 6, -1}, 5, "a line cut out"},
	    {{0, 2, 3, 4, 5, 6, -1}, 5, "the first fact cut out"},
	    {{1, 2, 3, 4, 5, 6, -1}, 6, "the header cut out"},
	    {{0, 1, 3, 2, 4, 5, 6, -1}, 6, "two lines swapped"},
	    {{1, 0, 2, 3, 4, 5, 6, -1}, 6, "the header swapped"},
	    {{0, 1, 2, 2, 3, 4, 5, 6, -1}, 6, "a line doubled"},
	    {{0, 1, 2, 3, 4, 5, 6, 6, -1}, 6, "the last line doubled"},
	    {{0, 1, 2, 2, 4, 5, 6, -1}, 5, "a line written over the next"},
	    {{6, 5, 4, 3, 2, 1, 0, -1}, 6, "all in reverse"},
	};
	struct sample s;

	make_sample(&s);
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		struct buf b = {0};
		struct journal_text t;
		bool sorted = true;

		for (const int *i = cases[c].order; *i >= 0; i++)
			add_line(&b, &s, *i);
		t = read_text(&b, (struct journal_known){0});
		for (size_t i = 1; i < t.count; i++)
			sorted =
			    sorted && t.lines[i - 1].offset < t.lines[i].offset;
		ok(t.damaged && t.count == cases[c].count && sorted,
		    "%s: damaged, %zu facts in order", cases[c].name, t.count);
		buf_free(&b);
	}
	buf_free(&s.text);
}

/* A hole among lines that one sync was to cover, as a power cut leaves it. */
static void
test_hole(void)
{
	struct buf b = {0};
	struct journal_record r = intent("k@x");
	struct journal_text t;
	size_t at[5];

	journal_text_header(&b, STR(OWNER), 1);
	at[0] = b.len;
	for (int i = 1; i < 5; i++) {
		journal_record_put(&b, &r);
		journal_line_frame(&b, at[i - 1], journal_line_seed(STR(OWNER)),
		    (int64_t)at[i - 1], (int64_t)at[i < 3 ? 0 : 1]);
		at[i] = b.len;
	}
	memset(b.p + at[1] + 3, 0, at[2] - at[1]);
	t = read_text(&b, (struct journal_known){0});
	ok(!t.damaged && t.count == 1 && t.size == (int64_t)at[1],
	    "a hole behind what was synced ends the text");
	t = read_text(&b, (struct journal_known){1, (int64_t)at[2]});
	ok(t.damaged && t.count == 2 && t.damage_at == (int64_t)at[1],
	    "below what the ledger has read it is damage");
	b.p[5] = '?';
	t = read_text(&b, (struct journal_known){0});
	ok(t.damaged && t.count == 2,
	    "behind damage nothing tells what was synced: all lines count");
	buf_free(&b);
}

static void
test_generations(void)
{
	struct sample s;
	struct buf none = {0}, foreign = {0}, zeros = {0};
	struct journal_text t;

	make_sample(&s);
	t = read_text(&s.text, (struct journal_known){2, 10});
	ok(t.damaged && t.doubt_end == INT64_MAX, "an older generation");
	t = read_text(&s.text, (struct journal_known){1, 10});
	ok(!t.damaged && t.generation == 1, "the same");
	foreign.len = 0;
	journal_text_header(&foreign, STR(OWNER), 2);
	t = read_text(&foreign, (struct journal_known){1, 4000000});
	ok(!t.damaged && t.generation == 2 && t.count == 0,
	    "a newer one may be shorter");
	buf_reset(&foreign);
	journal_text_header(&foreign, STR("other"), 1);
	t = read_text(&foreign, (struct journal_known){0});
	ok(t.damaged, "another owner's header is none");
	t = read_text(&none, (struct journal_known){0});
	ok(!t.damaged, "an empty file that the ledger does not know");
	t = read_text(&none, (struct journal_known){1, 90});
	ok(t.damaged && t.doubt_end == INT64_MAX, "and one that it does");
	memset(buf_reserve(&zeros, 4096), 0, 4096);
	zeros.len = 4096;
	t = read_text(&zeros, (struct journal_known){0});
	ok(t.damaged, "nothing but zeros: its header is lost");
	buf_free(&s.text);
	buf_free(&none);
	buf_free(&foreign);
	buf_free(&zeros);
}

/* Journals of schema 2: plain lines, of which the last may be torn. */
static void
test_unframed(void)
{
	struct buf b = {0};
	struct journal_record r = intent("k@x");
	struct journal_text t;
	size_t two;

	journal_record_put(&b, &r);
	journal_record_put(&b, &r);
	two = b.len;
	t = read_text(&b, (struct journal_known){0});
	ok(t.unframed && !t.damaged && t.count == 2, "two lines");
	buf_add(&b, b.p, 30);
	t = read_text(&b, (struct journal_known){0});
	ok(t.unframed && !t.damaged && t.count == 2 && t.size == (int64_t)two,
	    "and a torn one");
	t = read_text(&b, (struct journal_known){1, 0});
	ok(!t.unframed && t.damaged && t.count == 0,
	    "not if the ledger knows a journal of this schema");
	buf_free(&b);
}

/* Records. */
static void
test_record(void)
{
	struct buf b = {0};
	struct fail f;
	struct journal_record r = intent("k@x"), back;

	r.course_id = STR("c\"1");
	r.content = STR("aa");
	journal_record_put(&b, &r);
	b.len--;
	arena_reset(arena);
	ok(journal_record_parse(&back, buf_str(&b), arena, &f) == 0 &&
		str_eq(back.course_id, r.course_id) &&
		str_eq(back.content, r.content) && back.subject.p == NULL &&
		back.kind == JOURNAL_INTENT && back.at == NOW,
	    "a record with its mailing");
	r.course_id = (struct str){0};
	buf_reset(&b);
	journal_record_put(&b, &r);
	b.len--;
	ok(journal_record_parse(&back, buf_str(&b), arena, &f) == 0 &&
		back.course_id.p == NULL && back.content.p == NULL,
	    "and one without");
	buf_free(&b);
}

static void
test_keep(void)
{
	char key[] = "k@x", reply[] = "fine";
	struct journal_record r = intent(key);
	struct fail f;

	arena_reset(arena);
	r.kind = JOURNAL_OUTCOME;
	r.outcome = (struct outcome){
	    .class = "ok", .stage = "dot", .reply = str_of(reply)};
	journal_record_keep(&r, arena);
	memset(key, '?', 3);
	memset(reply, '?', 4);
	ok(str_is(r.key, "k@x") && str_is(r.outcome.reply, "fine") &&
		str_is(r.email_id, "week3") && r.course_id.p == NULL,
	    "a kept record has strings of its own");
	ok(journal_record_parse(&r,
	       STR("{\"fact\":\"intent\",\"email_id\":\"w\",\"at\":1,"
		   "\"attempt\":1}"),
	       arena, &f) < 0,
	    "a record without a key is none");
}

/* More than one damage in a text. */
static void
test_two_damages(void)
{
	struct sample s;
	struct buf b = {0};
	struct journal_text t;

	make_sample(&s);
	for (int i = 0; i <= LINES; i++)
		add_line(&b, &s, i == 3 ? 4 : i == 4 ? 3 : i);
	b.p[5] = '?';
	t = read_text(&b, (struct journal_known){0});
	ok(t.damaged && t.damage_at == 0 && t.count == LINES,
	    "the first place is named");
	b.len = s.at[2];
	t = read_text(&b, (struct journal_known){1, 5000});
	ok(t.damaged && t.doubt_end == 5000,
	    "without a header the ledger's size counts");
	b.len = 0;
	for (int i = 0; i <= LINES; i++)
		add_line(&b, &s, i);
	b.p[s.at[2]] = '?';
	b.p[s.at[LINES] - 9] = '?';
	t = read_text(&b, (struct journal_known){0});
	ok(t.damaged && t.count == LINES - 2 &&
		t.doubt_end == (int64_t)s.at[LINES],
	    "the last place ends the doubt");
	buf_free(&b);
	buf_free(&s.text);
}

/* Files. */

static struct db *
open_db(void)
{
	struct fail f;
	struct db *db;

	if (db_open(&db, path, DB_WRITE, waiting_quiet(5000), &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return db;
}

static void
shell(const char *command)
{
	char all[300];

	snprintf(all, sizeof(all), "cd '%s' && %s", run_dir, command);
	if (system(all) != 0)
		printf("# failed: %s\n", command);
}

/* The first integer of a query; text must not need binding. */
static int64_t
number(const char *sql)
{
	struct db *db = open_db();
	struct db_statement *st;
	struct fail f;
	int64_t n = -1;

	if (db_prepare(db, &st, sql, &f) == 0 && db_step(db, st, &f) == 1) {
		n = db_int(st, 0);
		db_reset(st);
	}
	db_close(db);
	return n;
}

static void
change(const char *sql)
{
	struct db *db = open_db();
	struct fail f;

	if (db_exec(db, sql, &f) < 0)
		printf("# %s\n", f.text);
	db_close(db);
}

/* True if the recipient's row has this state; "" for no row. */
static bool
is_state(const char *key, const char *state)
{
	char sql[200];

	if (state[0] == '\0')
		snprintf(sql, sizeof(sql),
		    "SELECT count(*)=0 FROM deliveries WHERE key='%s'", key);
	else
		snprintf(sql, sizeof(sql),
		    "SELECT count(*)=1 FROM deliveries WHERE key='%s'"
		    " AND state='%s' AND owner IS NULL AND prior IS NULL",
		    key, state);
	return number(sql) == 1;
}

static struct buf notes;

static void
keep_note(void *ctx, const char *text)
{
	(void)ctx;
	buf_adds(&notes, text);
	buf_addc(&notes, '\n');
}

static const struct recovery_notes to_notes = {keep_note, NULL};

/* 0, or the kind of failure. */
static enum fail_kind
recover(struct fail *f)
{
	struct db *db = open_db();
	int rc;

	buf_reset(&notes);
	*f = (struct fail){0};
	rc = recovery_once(db, &to_notes, f);
	db_close(db);
	return rc < 0 ? f->kind : FAIL_NONE;
}

static bool
recovers(void)
{
	struct fail f;
	bool good = recover(&f) == FAIL_NONE;

	if (!good)
		printf("# %s\n", f.text);
	return good;
}

static struct ledger *
open_ledger(struct db *db)
{
	struct fail f;
	struct ledger *l;

	if (sender_open(&l, NULL, db, LEDGER_PROCESS, &to_notes, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return l;
}

static struct ledger_item
item(const char *key)
{
	return (struct ledger_item){.email_id = STR("week3"),
	    .key = str_of(key),
	    .course_id = STR("course-v1:U+C+1"),
	    .content = STR("aa"),
	    .subject = STR("Week 3"),
	    .email = str_of(key)};
}

static void
claim(struct ledger *l, struct ledger_item *it)
{
	struct ledger_item *items[] = {it};
	struct claim_policy none = {.wait_over = true};
	struct fail f = {0};

	if (ledger_claim(l, items, 1, &none, NOW, &f) < 0 ||
	    it->verdict != CLAIM_YOURS)
		printf("# not claimed: %s\n", f.text);
}

static void
settle(struct ledger *l, const struct ledger_item *it,
    enum outcome_status status, int64_t now)
{
	struct outcome o = {.status = status,
	    .class = status == OUTCOME_SENT ? "ok" : "greylisted",
	    .stage = "dot",
	    .next_try = status == OUTCOME_DEFERRED ? now + 5 : 0};
	struct fail f;

	ledger_settle(l, it, &o, now);
	ledger_sync(l, &f);
}

/*
 * A run that is killed: claim@x is only claimed, intent@x has an intent, sent@x
 * an outcome, late@x one behind the others; deferred@x is put off, and
 * released@x taken back. Nothing is folded.
 */
static void
crash_each(struct ledger *l)
{
	static struct ledger_item its[6];
	static const char *const keys[] = {"claim@x", "deferred@x",
	    "released@x", "intent@x", "sent@x", "late@x"};
	struct fail f;

	for (int i = 0; i < 6; i++) {
		its[i] = item(keys[i]);
		claim(l, &its[i]);
	}
	for (int i = 1; i < 5; i++) {
		ledger_intend(l, &its[i], NOW);
		ledger_sync(l, &f);
	}
	settle(l, &its[1], OUTCOME_DEFERRED, NOW);
	ledger_release(l, &its[2]);
	ledger_sync(l, &f);
	settle(l, &its[4], OUTCOME_SENT, NOW);
	ledger_intend(l, &its[5], NOW);
	ledger_sync(l, &f);
	settle(l, &its[5], OUTCOME_DEFERRED, NOW);
}

static void
in_child(void (*crash)(struct ledger *))
{
	pid_t pid;

	change("DELETE FROM deliveries; DELETE FROM emails;"
	       " DELETE FROM journals");
	shell("rm -rf -- *");
	pid = fork();
	if (pid == 0) {
		crash(open_ledger(open_db()));
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Number of files in the run folder whose names end so. */
static int
files(const char *suffix)
{
	DIR *d = opendir(run_dir);
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name), s = strlen(suffix);

		n += len >= s && strcmp(e->d_name + len - s, suffix) == 0;
	}
	closedir(d);
	return n;
}

static void
test_sound(void)
{
	in_child(crash_each);
	ok(recovers() && notes.len == 0 && files(".log") == 0 &&
		files(".bad") == 0,
	    "a killed run is folded, and nothing is said");
	ok(is_state("claim@x", "") && is_state("released@x", ""),
	    "who had no intent, or a release behind it, is as before");
	ok(is_state("intent@x", "in_doubt") && is_state("sent@x", "sent") &&
		is_state("deferred@x", "deferred") &&
		is_state("late@x", "deferred"),
	    "the last fact of the others counts");
	ok(number("SELECT count(*) FROM journals") == 0,
	    "no place is kept of a journal that is gone");
	ok(number("SELECT count(*) FROM deliveries WHERE key='deferred@x'"
		  " AND class='greylisted' AND next_try=1000005 AND attempt=1"
		  " AND at=1000000 AND first=1000000") == 1,
	    "all of an outcome is in its row");
}

/* The rows of an older copy, or of one before the mailing was begun. */
static void
test_missing(void)
{
	in_child(crash_each);
	change("DELETE FROM deliveries; DELETE FROM emails;"
	       " DELETE FROM journals");
	ok(recovers() && is_state("sent@x", "sent") &&
		is_state("intent@x", "in_doubt") &&
		is_state("deferred@x", "deferred"),
	    "missing rows are made");
	ok(is_state("claim@x", "") && is_state("released@x", ""),
	    "but not of those who were not mailed");
	ok(number("SELECT count(*) FROM emails WHERE id='week3'"
		  " AND course_id='course-v1:U+C+1' AND content='aa'"
		  " AND subject='Week 3' AND created=1000000") == 1,
	    "the mailing is made, too");
	ok(number("SELECT sum(count) FROM totals WHERE state='sent'") >= 1 &&
		number("SELECT count(*) FROM deliveries WHERE email=key") == 4,
	    "each with an address");

	in_child(crash_each);
	change("UPDATE deliveries SET owner=NULL, prior=NULL, class='x',"
	       " state='deferred', at=999999; DELETE FROM journals");
	ok(recovers() && is_state("sent@x", "sent") &&
		is_state("intent@x", "in_doubt"),
	    "rows that are older than the fact are brought up to date");

	in_child(crash_each);
	change("UPDATE deliveries SET owner=NULL, prior=NULL, class='x',"
	       " state='failed', at=1000001; DELETE FROM journals");
	ok(recovers() && is_state("intent@x", "failed") &&
		is_state("deferred@x", "failed") && is_state("sent@x", "sent"),
	    "newer ones stay, but who was sent it was");

	in_child(crash_each);
	change("UPDATE deliveries SET owner=NULL, prior=NULL, class='ok',"
	       " state='sent', at=5; DELETE FROM journals");
	ok(recovers() && is_state("intent@x", "sent") &&
		is_state("deferred@x", "sent"),
	    "sent is final");
}

/* One that was folded is settled by its row: no row, nothing to make. */
static void
crash_folded(struct ledger *l)
{
	static struct ledger_item it, other;
	struct fail f;

	it = item("sent@x");
	claim(l, &it);
	ledger_intend(l, &it, NOW);
	settle(l, &it, OUTCOME_SENT, NOW);
	ledger_flush(l, &f);
	other = item("claim@x");
	claim(l, &other);
}

/* Between the opening of a dead owner's file and its lock. */
static void
test_replaced(void)
{
	in_child(crash_each);
	before_lock = "cp $f $f.new && mv $f.new $f";
	ok(recovers() && before_lock == NULL && files(".log") == 1 &&
		notes.len == 0 && !is_state("sent@x", "sent"),
	    "a file that has another inode by now is left alone");
	ok(recovers() && files(".log") == 0 && is_state("sent@x", "sent"),
	    "and folded when it is looked at again");
	in_child(crash_each);
	change("DELETE FROM deliveries");
	before_lock = "rm $f";
	ok(recovers() && before_lock == NULL && notes.len == 0,
	    "one that another process has folded and removed is passed by");
}

/* A line that is whole and says nothing known, as a newer bm would write. */
static void
test_unknown_fact(void)
{
	char name[300];
	struct buf b = {0};
	struct stat st;
	FILE *p;
	int fd;

	in_child(crash_each);
	snprintf(name, sizeof(name), "ls %s/*.log", run_dir);
	p = popen(name, "r");
	if (p == NULL || fscanf(p, "%299s", name) != 1)
		exit(2);
	pclose(p);
	shell("for f in *.log; do tr -d '\\0' <$f >t; cat t >$f; rm t; done");
	fd = open(name, O_WRONLY | O_APPEND | O_CLOEXEC);
	fstat(fd, &st);
	name[strlen(name) - strlen(".log")] = '\0';
	buf_adds(&b, "{\"fact\":\"new\"}\n");
	journal_line_frame(&b, 0,
	    journal_line_seed(str_of(strrchr(name, '/') + 1)), st.st_size,
	    st.st_size);
	ok(write(fd, b.p, b.len) == (ssize_t)b.len, "a line more");
	close(fd);
	ok(recovers() && files(".bad") == 1 && is_state("sent@x", "sent") &&
		is_state("deferred@x", "in_doubt") &&
		is_state("claim@x", "in_doubt"),
	    "whoever is not settled may be meant by it");
	buf_free(&b);
}

/* bm-ledger(7), outside the promise: nothing tells this from a crash. */
static void
test_cut_at_line(void)
{
	in_child(crash_each);
	shell("for f in *.log; do head -n 1 $f >cut; cat cut >$f; rm cut;"
	      " truncate -s 9000 $f; done");
	ok(recovers() && notes.len == 0 && files(".bad") == 0 &&
		is_state("intent@x", "") && is_state("sent@x", ""),
	    "cut at the end of a line, behind all folds: like a crash");
}

static void
test_gone_on_purpose(void)
{
	struct forget_counts n;
	struct fail f;
	struct db *db;

	in_child(crash_folded);
	change("DELETE FROM deliveries WHERE key='sent@x'");
	ok(recovers() && is_state("sent@x", ""),
	    "a row that was removed after its fold stays away");

	in_child(crash_folded);
	shell("for f in *.log; do cp $f ../kept; mv ../kept ../$f; done");
	db = open_db();
	ok(forget_person(db, STR("sent@x"), NULL, &n, &f) == 0 &&
		n.deliveries == 1,
	    "a person is forgotten");
	db_close(db);
	shell("mv ../*.log .");
	change("DELETE FROM journals");
	ok(recovers() && is_state("sent@x", "") &&
		number("SELECT count(*) FROM deliveries") == 1,
	    "and no fact brings the address back");
}

/* The place of a killed run's journal decides which facts make rows. */
/* The intent begins where the fold has ended. */
static void
crash_behind_fold(struct ledger *l)
{
	static struct ledger_item its[2];
	struct fail f;

	its[0] = item("folded@x");
	its[1] = item("next@x");
	claim(l, &its[0]);
	claim(l, &its[1]);
	settle(l, &its[0], OUTCOME_SENT, NOW);
	ledger_flush(l, &f);
	ledger_intend(l, &its[1], NOW);
	ledger_sync(l, &f);
}

static void
test_unfolded(void)
{
	char name[100];
	struct fail f;
	int fd;

	in_child(crash_each);
	change("DELETE FROM deliveries");
	ok(recovers() && is_state("sent@x", "sent") &&
		is_state("intent@x", "in_doubt"),
	    "facts behind the place of the last claim make rows");

	in_child(crash_each);
	change("DELETE FROM deliveries;"
	       " UPDATE journals SET generation=0, size=999999");
	ok(recovers() && is_state("sent@x", "sent"),
	    "the place in another generation does not count");

	in_child(crash_behind_fold);
	change("DELETE FROM deliveries");
	ok(recovers() && is_state("next@x", "in_doubt") &&
		is_state("folded@x", ""),
	    "a fact right behind what was folded makes a row");

	in_child(crash_each);
	unlink_error = EIO;
	ok(recover(&f) == FAIL_SYSTEM && strstr(f.text, ".log: ") != NULL,
	    "a journal that cannot be removed: %s", f.text);
	change("DELETE FROM deliveries WHERE key='sent@x'");
	ok(recovers() && is_state("sent@x", "") && files(".log") == 0,
	    "folded once more it makes no rows");

	in_child(crash_each);
	change("UPDATE deliveries SET owner='other'; DELETE FROM journals");
	snprintf(name, sizeof(name), "%s/other.log", run_dir);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	flock(fd, LOCK_EX);
	ok(recovers() && number("SELECT count(*) FROM deliveries WHERE"
				" owner='other' AND state='claimed'") == 6,
	    "rows that another has are left alone");
	close(fd);

	in_child(crash_each);
	shell("sed -i 2d *.log");
	change("DELETE FROM deliveries; DELETE FROM emails;"
	       " DELETE FROM journals");
	ok(recovers() && is_state("sent@x", "sent") &&
		number("SELECT count(*) FROM emails WHERE course_id=''") == 1,
	    "a mailing whose course is lost is there without one");
}

static void
test_schema_2(void)
{
	in_child(crash_each);
	shell("rm *.log; printf '%s\\n' '{\"fact\":\"intent\",\"email_id\":"
	      "\"week3\",\"key\":\"old@x\",\"at\":1,\"attempt\":1}' >o.log");
	change("DELETE FROM journals; UPDATE deliveries SET owner='o'");
	ok(recovers() && is_state("old@x", "") && is_state("claim@x", "") &&
		notes.len == 0,
	    "a journal of schema 2 makes no rows");
}

static void
test_close(void)
{
	struct db *db = open_db();
	struct ledger *l;
	struct ledger_item its[6], other;
	struct fail f;

	in_child(crash_folded);
	ok(recovers() && is_state("claim@x", ""), "a fresh ledger");
	l = open_ledger(db);
	for (int i = 0; i < 2; i++) {
		its[i] = item(i == 0 ? "open@x" : "idle@x");
		claim(l, &its[i]);
	}
	ledger_intend(l, &its[0], NOW);
	ok(recovers() && number("SELECT count(*) FROM journals") == 1,
	    "the place of a live owner stays");
	ledger_close(l, &f);
	ok(is_state("open@x", "in_doubt") && is_state("idle@x", ""),
	    "closed with an open intent it is in doubt");

	l = open_ledger(db);
	its[0] = item("a@x");
	claim(l, &its[0]);
	settle(l, &its[0], OUTCOME_DEFERRED, NOW);
	ledger_flush(l, &f);
	its[1] = item("a@x");
	claim(l, &its[1]);
	ledger_release(l, &its[1]);
	ledger_flush(l, &f);
	ok(is_state("a@x", "deferred"), "released it is as before, at once");
	its[2] = item("a@x");
	claim(l, &its[2]);
	settle(l, &its[2], OUTCOME_SENT, NOW + 9);
	ledger_flush(l, &f);
	ok(is_state("a@x", "sent") &&
		number("SELECT first FROM deliveries WHERE key='a@x'") == NOW,
	    "the first attempt's time stays");
	its[3] = item("b@x");
	claim(l, &its[3]);
	ledger_release(l, &its[3]);
	ledger_flush(l, &f);
	ok(is_state("b@x", ""), "a new row goes, at once");
	other = item("claim@x");
	{
		pid_t pid = fork();

		if (pid == 0) {
			crash_folded(open_ledger(open_db()));
			_exit(0);
		}
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	claim(l, &other);
	ok(other.verdict == CLAIM_YOURS,
	    "what an owner had who has died since is to be had");
	ledger_close(l, &f);
	db_close(db);
}

#define MANY 1300

/* More than one transaction's worth of outcomes, and of facts. */
static void
crash_many(struct ledger *l)
{
	static struct ledger_item its[MANY];
	static char keys[MANY][16];
	struct ledger_item *some[256];
	struct claim_policy none = {0};
	struct fail f;

	for (int i = 0; i < MANY; i += 256) {
		int n = MANY - i < 256 ? MANY - i : 256;

		for (int k = 0; k < n; k++) {
			snprintf(keys[i + k], 16, "m%d@x", i + k);
			its[i + k] = item(keys[i + k]);
			some[k] = &its[i + k];
		}
		ledger_claim(l, some, (size_t)n, &none, NOW, &f);
	}
	for (int i = 0; i < MANY; i++) {
		struct outcome o = {
		    .status = OUTCOME_SENT, .class = "ok", .stage = "dot"};

		ledger_settle(l, &its[i], &o, NOW);
	}
	ledger_sync(l, &f);
}

static void
fold_many(struct ledger *l)
{
	struct fail f;

	crash_many(l);
	ledger_flush(l, &f);
}

static void
test_many(void)
{
	static const char sent[] =
	    "SELECT count(*) FROM deliveries WHERE state='sent'"
	    " AND owner IS NULL";

	in_child(fold_many);
	ok(number(sent) == MANY, "more than a slice is folded");
	in_child(crash_many);
	ok(number(sent) == 0 && recovers() && number(sent) == MANY,
	    "and recovered");
}

/* The tables of damage: a shell command on the file $f, whose lines are $n. */
static void
test_damage(void)
{
	static const struct {
		const char *command;
		const char *states[5]; /* deferred released intent sent late */
		const char *name;
	} cases[] = {
	    {"printf x | dd of=$f bs=1 conv=notrunc status=none",
		{"deferred", "in_doubt", "in_doubt", "sent", "deferred"},
		"the header, first byte"},
	    {": >$f",
		{"in_doubt", "in_doubt", "in_doubt", "in_doubt", "in_doubt"},
		"emptied"},
	    {"sed -i 4d $f",
		{"in_doubt", "in_doubt", "in_doubt", "sent", "in_doubt"},
		"a line cut out"},
	    {"sed -i '/sent\",/s/sent/tens/' $f",
		{"in_doubt", "in_doubt", "in_doubt", "in_doubt", "deferred"},
		"an outcome that cannot be read"},
	    {"sed -i '/late.*intent/d; /intent.*late/s/late/LATE/' $f",
		{"in_doubt", "in_doubt", "in_doubt", "sent", "deferred"},
		"a late intent that cannot be read"},
	};
	static const char *const keys[] = {
	    "deferred@x", "released@x", "intent@x", "sent@x", "late@x"};

	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		char command[200], want[200];
		bool good;

		in_child(crash_each);
		snprintf(command, sizeof(command), "f=$(echo *.log) && %s",
		    cases[c].command);
		shell(command);
		good = recovers();
		for (int i = 0; i < 5; i++) {
			if (!is_state(keys[i], cases[c].states[i])) {
				printf("# %s is not %s\n", keys[i],
				    cases[c].states[i]);
				good = false;
			}
		}
		ok(good && is_state("claim@x", "in_doubt"), "%s",
		    cases[c].name);
		snprintf(want, sizeof(want),
		    "and %lld of its recipients are in doubt",
		    (long long)number("SELECT count(*) FROM deliveries WHERE"
				      " state='in_doubt'"));
		ok(files(".log") == 0 && files(".bad") == 1 &&
			strstr(buf_cstr(&notes), " is damaged at byte ") !=
			    NULL &&
			strstr(buf_cstr(&notes), want) != NULL &&
			strchr(buf_cstr(&notes), '\n')[1] == '\0',
		    "set aside, and said once");
	}
}

static void
test_orphans(void)
{
	in_child(crash_each);
	shell("rm -f *.log");
	ok(recovers() && is_state("claim@x", "in_doubt") &&
		is_state("sent@x", "in_doubt"),
	    "claims without a journal are in doubt");
	ok(number("SELECT count(*) FROM deliveries WHERE class='no_reply'") ==
		6,
	    "without a reply");
	ok(strstr(buf_cstr(&notes),
	       ".log is gone; its 6 unsettled recipients are in doubt\n") !=
		NULL,
	    "and that is said");
	ok(recovers() && notes.len == 0, "once");
}

static int
accept(void *ctx, const char *owner, struct str content, struct fail *f)
{
	(void)ctx;
	(void)owner;
	(void)content;
	(void)f;
	return 0;
}

static void
test_files(void)
{
	struct fail f;
	int fd;

	in_child(crash_each);
	shell("mkdir a.log b.tmp; mkfifo c.log d.tmp; ln -s /dev/zero e.log; "
	      "ln -s ../../etc/passwd f.tmp; touch left.tmp");
	if (geteuid() == 0) {
		shell("touch strange.log; chown 54321:54321 strange.log");
		ok(recover(&f) == FAIL_SYSTEM &&
			strstr(f.text, "-run/strange.log: belongs to uid "
				       "54321") != NULL,
		    "a journal of a stranger is named: %s", f.text);
		ok(journal_dir_each(run_dir, accept, NULL, &f) < 0,
		    "also for a reader");
		shell("chgrp 0 strange.log; rm strange.log");
	}
	ok(journal_dir_each(run_dir, accept, NULL, &f) == 0,
	    "folders, pipes and links are no journals: %s", f.text);
	shell("touch mine.tmp");
	snprintf(f.text, sizeof(f.text), "%s/mine.tmp", run_dir);
	fd = open(f.text, O_RDWR | O_CLOEXEC);
	flock(fd, LOCK_EX);
	ok(recovers() && files("left.tmp") == 0 && files("mine.tmp") == 1,
	    "what a dead process began is swept, not what a live one makes");
	close(fd);
	ok(recovers() && files("mine.tmp") == 0, "until it dies");
	shell("rm -r a.log b.tmp c.log d.tmp e.log f.tmp");
}

/* Lines of the first journal that have this text. */
static int
lines_with(const char *text)
{
	char command[300];
	FILE *p;
	int n = -1;

	snprintf(
	    command, sizeof(command), "grep -ac '%s' %s/*.log", text, run_dir);
	p = popen(command, "r");
	if (p == NULL || fscanf(p, "%d", &n) != 1)
		n = -1;
	if (p != NULL)
		pclose(p);
	return n;
}

static void
test_mailings(void)
{
	struct journal *j;
	struct journal_record a = intent("a@x"), b = intent("b@x");
	struct journal_place one, two;
	struct fail f;

	shell("rm -rf -- *");
	a.course_id = b.course_id = STR("c1");
	a.content = STR("aa");
	b.content = STR("bb");
	journal_open(&j, run_dir, true, &f);
	one = journal_place(j);
	journal_put(j, &a);
	journal_put(j, &a);
	journal_put(j, &b);
	journal_put(j, &a);
	ok(journal_unsynced(j) && journal_place(j).known.size == one.known.size,
	    "buffered lines are not in the file");
	journal_sync(j, &f);
	two = journal_place(j);
	ok(!journal_unsynced(j) && lines_with("course_id") == 2 &&
		lines_with("\"content\":\"aa\"") == 1,
	    "the first fact of each content has the mailing");
	ok(lines_with("\"good\":0,") == 1 && two.known.generation == 1,
	    "only the header was written when nothing was good");
	ok(journal_renew(j, &b, 1, &f) == 0 &&
		journal_place(j).known.generation == 2 &&
		journal_place(j).known.size < two.known.size &&
		lines_with("course_id") == 1,
	    "a renewed journal says it again");
	journal_put(j, &a);
	journal_sync(j, &f);
	{
		struct buf all = {0};
		struct journal_text t;

		ok(journal_read(j, &all, &f) == 0, "read");
		arena_reset(arena);
		journal_text_read(&t, str_of(journal_owner(j)), buf_str(&all),
		    two.known, arena);
		ok(!t.damaged && t.generation == 2 && t.count == 2 &&
			t.size == journal_place(j).known.size,
		    "its lines are whole");
		buf_free(&all);
	}
	journal_close(j, JOURNAL_SET_ASIDE);
	ok(files(".bad") == 1 && files(".log") == 0, "set aside");
	shell("rm -f *.bad");
}

static struct journal *
open_journal(bool durable)
{
	struct journal *j = NULL;
	struct fail f;

	shell("rm -rf -- *");
	if (journal_open(&j, run_dir, durable, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	return j;
}

/* The place that the line of this number names as good, from 0; or -1. */
static int64_t
good_of(struct journal *j, size_t line)
{
	struct buf all = {0};
	struct journal_text t;
	struct fail f;
	int64_t good = -1;

	arena_reset(arena);
	if (journal_read(j, &all, &f) == 0) {
		journal_text_read(&t, str_of(journal_owner(j)), buf_str(&all),
		    (struct journal_known){0}, arena);
		if (!t.damaged && line < t.count)
			good = t.lines[line].good;
	}
	buf_free(&all);
	return good;
}

static void
test_syncs(void)
{
	struct journal *j;
	struct journal_record a = intent("a@x");
	struct fail f;
	int64_t header, first;

	synced_files = synced_folders = synced_data = 0;
	named_before_sync = false;
	lost_names = 3;
	j = open_journal(true);
	header = journal_place(j).known.size;
	ok(!named_before_sync && synced_files >= 1 && synced_folders == 1,
	    "the header is synced before the file has its name, that then");
	ok(lost_names == 0 && files(".log") == 1 && files(".tmp") == 0,
	    "a file that another process has swept is made again");
	journal_put(j, &a);
	journal_put(j, &a);
	ok(journal_write(j, &f) == 0 && synced_data == 0 &&
		journal_place(j).known.size == header,
	    "what is written only is not good");
	journal_put(j, &a);
	ok(journal_sync(j, &f) == 0 && synced_data == 1 &&
		journal_place(j).known.size > header,
	    "a sync makes all good");
	first = journal_place(j).known.size;
	ok(journal_sync(j, &f) == 0 && synced_data == 1,
	    "without new lines it is none");
	journal_put(j, &a);
	journal_put(j, &a);
	journal_sync(j, &f);
	ok(good_of(j, 0) == header && good_of(j, 1) == header &&
		good_of(j, 2) == header && good_of(j, 3) == first &&
		good_of(j, 4) == first,
	    "each line names what was good when it was written");
	synced_files = synced_folders = 0;
	ok(journal_renew(j, &a, 1, &f) == 0 && !named_before_sync &&
		synced_files == 1 && synced_folders == 1,
	    "a renewed journal is synced so, too");
	ok(good_of(j, 0) == 0, "its first lines know of nothing good");
	sync_error = EIO;
	journal_put(j, &a);
	ok(journal_sync(j, &f) < 0 && f.kind == FAIL_SYSTEM &&
		strstr(f.text, "fdatasync") != NULL,
	    "a sync that fails: %s", f.text);
	ok(journal_sync(j, &f) < 0 && journal_write(j, &f) < 0,
	    "is not tried again");
	journal_close(j, JOURNAL_KEEP);
	ok(files(".log") == 1, "a journal can be kept");

	j = open_journal(true);
	journal_put(j, &a);
	short_write = true;
	ok(journal_sync(j, &f) < 0 && strstr(f.text, "No space left") != NULL,
	    "half a line is a full disk: %s", f.text);
	journal_close(j, JOURNAL_REMOVE);

	j = open_journal(false);
	header = journal_place(j).known.size;
	synced_data = 0;
	journal_put(j, &a);
	ok(journal_sync(j, &f) == 0 && synced_data == 0 &&
		journal_place(j).known.size > header,
	    "for the process alone what is written is good");
	journal_close(j, JOURNAL_REMOVE);
	ok(files(".log") == 0, "and removed");
}

/* From here on the file cannot grow beyond so many bytes. */
static void
limit_file(struct journal *j, rlim_t more)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = more == RLIM_INFINITY
			     ? limit.rlim_max
			     : (rlim_t)journal_place(j).known.size + more;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* The longest that a relay's reply is kept with. */
static char long_reply[1000];

static struct journal_record
outcome_of(const char *key)
{
	struct journal_record r = intent(key);

	r.kind = JOURNAL_OUTCOME;
	r.outcome = (struct outcome){.status = OUTCOME_SENT,
	    .class = "ok",
	    .stage = "dot",
	    .reply = {long_reply, sizeof(long_reply)}};
	return r;
}

/* With --durability process no commit syncs the rows. */
static void
test_renewal(void)
{
	static struct ledger_item items[RENEWAL];
	static char keys[RENEWAL][16];
	struct ledger_item *some[RENEWAL];
	struct outcome o = outcome_of("x").outcome;
	struct claim_policy none = {0};
	struct db *db = open_db();
	struct ledger *l = open_ledger(db);
	struct fail f = {0};
	int names = 0;

	named_before_rows = false;
	for (int chunk = 0; chunk < 16; chunk++) {
		for (int i = 0; i < RENEWAL; i++) {
			snprintf(keys[i], sizeof(keys[i]), "%d-%d@x", chunk, i);
			items[i] = item(keys[i]);
			some[i] = &items[i];
		}
		ledger_claim(l, some, RENEWAL, &none, NOW, &f);
		if (chunk == 0) /* the journal is new, without rows to lose */
			named_before_rows = false;
		for (int i = 0; i < RENEWAL; i++)
			ledger_settle(l, &items[i], &o, NOW);
		synced_files = 0;
		ledger_fold(l, NOW, &f);
		names += synced_files;
	}
	ok(names > 0 && !named_before_rows,
	    "rows are synced before a journal is renewed without them: %d",
	    names);
	ok(number("SELECT max(generation) FROM journals") > 1,
	    "and know its generation");
	ledger_close(l, &f);
	db_close(db);
}

/* Ends when the journal has been renewed, before the next fold. */
static void
crash_renewed(struct ledger *l)
{
	static struct ledger_item its[4], more[RENEWAL];
	static const char *const keys[] = {
	    "over@x", "open@x", "twice@x", "last@x"};
	static char names[RENEWAL][16];
	struct ledger_item *some[RENEWAL];
	struct outcome o = outcome_of("x").outcome;
	struct claim_policy none = {0};
	struct fail f;

	for (int i = 0; i < 4; i++) {
		its[i] = item(keys[i]);
		claim(l, &its[i]);
		ledger_intend(l, &its[i], NOW);
	}
	ledger_intend(l, &its[2], NOW);
	settle(l, &its[0], OUTCOME_FAILED, NOW);
	settle(l, &its[2], OUTCOME_FAILED, NOW);
	synced_folders = 0;
	for (int chunk = 0; chunk < 40 && synced_folders == 0; chunk++) {
		for (int i = 0; i < RENEWAL; i++) {
			snprintf(
			    names[i], sizeof(names[i]), "%d-%d@x", chunk, i);
			more[i] = item(names[i]);
			some[i] = &more[i];
		}
		ledger_claim(l, some, RENEWAL, &none, NOW, &f);
		for (int i = 0; i < RENEWAL; i++)
			ledger_settle(l, &more[i], &o, NOW);
		ledger_fold(l, NOW, &f);
	}
}

static void
test_kept_intents(void)
{
	in_child(crash_renewed);
	ok(recovers() && notes.len == 0 && is_state("open@x", "in_doubt") &&
		is_state("last@x", "in_doubt"),
	    "a renewed journal has the open intents");
	ok(is_state("over@x", "failed") && is_state("twice@x", "failed"),
	    "and not those that have an outcome");
}

static void
test_full_disk(void)
{
	struct journal *j = open_journal(true);
	struct journal_record a = intent("a@x"), b = outcome_of("b@x");
	struct fail f;
	size_t open, i;

	memset(long_reply, 'x', sizeof(long_reply));
	limit_file(j, 20);
	journal_put(j, &a);
	ok(journal_unsynced(j), "an intent that has no room keeps the gate");
	ok(journal_sync(j, &f) < 0 && f.kind == FAIL_SYSTEM, "a full disk: %s",
	    f.text);
	ok(journal_sync(j, &f) == 0 && !journal_unsynced(j) &&
		lines_with("intent") == 0,
	    "told once, since it was dropped whole");
	journal_put(j, &b);
	ok(journal_sync(j, &f) < 0 && journal_sync(j, &f) < 0,
	    "an outcome that is lost is told each time");
	journal_close(j, JOURNAL_REMOVE);

	j = open_journal(true);
	limit_file(j, 8000);
	for (open = 1; open < 40; open++) {
		journal_keep_room(j, open);
		journal_put(j, &a);
		if (journal_sync(j, &f) < 0)
			break;
	}
	ok(open > 1 && open < 40 && (size_t)lines_with("intent") == open - 1,
	    "an intent whose outcome would have no room is dropped alone");
	for (i = open - 1; i-- > 0;) {
		journal_keep_room(j, i);
		journal_put(j, &b);
		ok(journal_sync(j, &f) == 0, "an outcome has its room");
	}
	ok((size_t)lines_with("outcome") == open - 1, "and is in the file");
	limit_file(j, RLIM_INFINITY);
	journal_close(j, JOURNAL_REMOVE);
}

/* A journal of a full disk is renewed with room for the outcomes, or stays. */
static void
test_full_disk_renewed(void)
{
	struct journal *j = open_journal(true);
	struct journal_record a = intent("a@x"), b = outcome_of("a@x");
	struct fail f;
	int64_t size;

	journal_keep_room(j, 1);
	journal_put(j, &a);
	journal_sync(j, &f);
	size = journal_place(j).known.size;
	limit_file(j, 500);
	ok(journal_renew(j, &a, 1, &f) < 0 &&
		journal_place(j).known.size == size &&
		lines_with("intent") == 1 && files(".tmp") == 0,
	    "without the room: %s", f.text);
	limit_file(j, RLIM_INFINITY);
	ok(journal_renew(j, &a, 1, &f) == 0, "with the room");
	reserve_error = ENOSPC;
	journal_keep_room(j, 0);
	journal_put(j, &b);
	ok(journal_sync(j, &f) == 0 && lines_with("outcome") == 1,
	    "the outcome has it");
	ok(reserve_error != 0, "and asks for none");
	reserve_error = 0;
	journal_close(j, JOURNAL_REMOVE);
}

static void
test_reserved(void)
{
	struct journal *j = open_journal(true);
	struct journal_record a = intent("a@x");
	struct fail f;
	char name[200];
	struct stat st = {0};

	a.course_id = STR("c1");
	a.content = STR("aa");
	journal_put(j, &a);
	journal_sync(j, &f);
	snprintf(name, sizeof(name), "%s/%s.log", run_dir, journal_owner(j));
	ok(stat(name, &st) == 0 && st.st_size >= 131072, "space is reserved");
	journal_renew(j, NULL, 0, &f);
	journal_put(j, &a);
	journal_sync(j, &f);
	ok(stat(name, &st) == 0 && st.st_size >= 131072, "again when renewed");
	ok(lines_with("course_id") == 1,
	    "the mailing that was the last before is named again");
	a.email_id = STR("week4");
	journal_put(j, &a);
	journal_sync(j, &f);
	ok(lines_with("course_id") == 2,
	    "one with the same content is another");
	journal_close(j, JOURNAL_REMOVE);
}

/*
 * Three messages are under way when a sync of the journal fails: the gate of
 * shut@x has not opened, told@x has a reply, and slow@x was not taken.
 */
static struct ledger *
fail_under_way(struct db *db, struct ledger_item *its)
{
	static const char *const keys[] = {"shut@x", "told@x", "slow@x"};
	struct outcome sent = {
	    .status = OUTCOME_SENT, .class = "ok", .stage = "dot"};
	struct outcome slow = {.status = OUTCOME_DEFERRED,
	    .class = "throttled",
	    .stage = "dot",
	    .next_try = NOW + 5};
	struct ledger *l;
	struct fail f;

	if (sender_open(&l, NULL, db, LEDGER_POWER, NULL, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(2);
	}
	for (int i = 0; i < 3; i++) {
		its[i] = item(keys[i]);
		claim(l, &its[i]);
		if (i > 0)
			ledger_intend(l, &its[i], NOW);
	}
	ledger_sync(l, &f);
	ledger_withdraw(l, &its[2], &slow, NOW, &f);
	ledger_intend(l, &its[0], NOW);
	ledger_settle(l, &its[1], &sent, NOW);
	sync_error = EIO;
	return l;
}

/* Known outcomes become rows when the journal fails. */
static void
test_failing(void)
{
	struct db *db = open_db();
	struct ledger_item its[3];
	struct ledger *l;
	struct fail f = {0};

	in_child(crash_folded);
	recovers();
	l = fail_under_way(db, its);
	ledger_release(l, &its[0]);
	ok(ledger_rescue(l, &f) == 0 && sync_error == 0 &&
		is_state("told@x", "sent") && is_state("shut@x", ""),
	    "a journal that fails is rescued into the rows: %s", f.text);
	f = (struct fail){0};
	ok(ledger_close(l, &f) < 0 && strstr(f.text, "journal") != NULL &&
		files(".log") == 0,
	    "closing tells, and leaves no journal: %s", f.text);
	ok(is_state("slow@x", "deferred") && is_state("shut@x", "") &&
		recovers() && is_state("told@x", "sent"),
	    "who was not taken is deferred, and nobody is in doubt");

	in_child(crash_folded);
	recovers();
	l = fail_under_way(db, its);
	ok(ledger_close(l, &f) < 0 && files(".log") == 0, "closed at once");
	ok(is_state("told@x", "sent") && is_state("slow@x", "deferred") &&
		number("SELECT count(*) FROM deliveries WHERE state='claimed'"
		       " OR owner IS NOT NULL") == 0,
	    "all is settled in the rows");
	db_close(db);
}

/* With neither rows nor a sync the journal stays, as after a crash. */
static void
test_failing_both(void)
{
	struct db *db, *other = open_db();
	struct ledger_item its[3];
	struct ledger *l;
	struct fail f;

	in_child(crash_folded);
	recovers();
	db_open(&db, path, DB_WRITE, waiting_quiet(10), &f);
	l = fail_under_way(db, its);
	ledger_release(l, &its[0]);
	db_exec(other, "BEGIN IMMEDIATE", &f);
	ok(ledger_rescue(l, &f) < 0, "neither journal nor rows: %s", f.text);
	ok(ledger_close(l, &f) < 0 && files(".log") == 1, "a journal is kept");
	db_exec(other, "ROLLBACK", &f);
	ok(recovers() && is_state("told@x", "sent") &&
		is_state("slow@x", "deferred") && files(".log") == 0,
	    "and read by the next process");
	db_close(db);
	db_close(other);
}

static int
refuse(void *ctx, const char *owner, struct str content, struct fail *f)
{
	(void)ctx;
	(void)content;
	return fail_system(f, "not %s", owner);
}

static void
test_folder(void)
{
	struct fail f = {0};
	char name[100];

	in_child(crash_each);
	ok(journal_dir_each_dead(run_dir, refuse, NULL, &f) < 0 &&
		f.text[0] == 'n' && files(".log") == 1,
	    "a visitor's failure keeps the file");
	lock_error = ENOLCK;
	ok(recover(&f) == FAIL_SYSTEM && strstr(f.text, ".log: ") != NULL &&
		files(".log") == 1,
	    "a lock that cannot be asked for: %s", f.text);
	snprintf(name, sizeof(name), "%s/none", run_dir);
	ok(journal_dir_each_dead(name, refuse, NULL, &f) == 0,
	    "no folder has no journals");
	ok(journal_dir_each_dead(path, refuse, NULL, &f) < 0,
	    "a file is no folder: %s", f.text);
	ok(recovers() && files(".log") == 0, "then it is folded");
}

/* An intent alone is folded, too: an older copy of the file then shows. */
static void
test_places(void)
{
	struct db *db;
	struct ledger *l;
	struct ledger_item it = item("slow@x");
	struct fail f;
	int64_t claimed, folded;

	change("DELETE FROM deliveries; DELETE FROM journals");
	db = open_db();
	l = open_ledger(db);
	claim(l, &it);
	claimed = number("SELECT size FROM journals");
	ledger_intend(l, &it, NOW);
	ledger_sync(l, &f);
	ledger_fold(l, NOW + 249, &f);
	ok(number("SELECT size FROM journals") == claimed, "not at once");
	ledger_fold(l, NOW + 250, &f);
	folded = number("SELECT size FROM journals");
	ok(claimed > 0 && folded > claimed,
	    "the place of an intent is known after 250 ms");
	settle(l, &it, OUTCOME_SENT, NOW + 300);
	ledger_fold(l, NOW + 299, &f);
	ok(number("SELECT size FROM journals") > folded,
	    "at once by a clock that was set back");
	ledger_close(l, &f);
	db_close(db);
	ok(is_state("slow@x", "sent") && files(".log") == 0, "closed");
}

/* Readers see the facts of a live owner. */
static void
test_live(void)
{
	struct db *db = open_db();
	struct ledger *l = open_ledger(db);
	struct ledger_item it = item("live@x");
	struct journal_live *live;
	const struct journal_record *r;
	struct fail f;
	char owner[64];

	claim(l, &it);
	ledger_intend(l, &it, NOW);
	settle(l, &it, OUTCOME_SENT, NOW);
	{
		struct db_statement *st;

		db_prepare(db, &st, "SELECT owner FROM journals", &f);
		db_step(db, st, &f);
		snprintf(owner, sizeof(owner), "%.*s", (int)db_text(st, 0).n,
		    db_text(st, 0).p);
		db_reset(st);
	}
	ok(journal_live_new(&live, run_dir, &f) == 0, "read");
	r = journal_live_find(live, str_of(owner), STR("week3"), STR("live@x"));
	ok(r != NULL && r->kind == JOURNAL_OUTCOME &&
		r->outcome.status == OUTCOME_SENT,
	    "the last fact of a live owner");
	ok(journal_live_find(live, STR("x"), STR("week3"), STR("live@x")) ==
		NULL,
	    "of this owner only");
	journal_live_free(live);
	ledger_close(l, &f);
	db_close(db);
}

int
main(void)
{
	struct fail f;
	struct db *db;
	char command[64];

	if (mkdtemp(dir) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/bm.db", dir);
	snprintf(run_dir, sizeof(run_dir), "%s/bm.db-run", dir);
	if (db_open(&db, path, DB_CREATE, waiting_quiet(5000), &f) < 0) {
		printf("Bail out! %s\n", f.text);
		return 2;
	}
	db_exec(db,
	    "INSERT INTO courses(id, title) VALUES('course-v1:U+C+1', 'C')",
	    &f);
	db_close(db);
	arena = arena_new();
	test_crc();
	test_line();
	test_cut();
	test_bytes();
	test_moved();
	test_hole();
	test_generations();
	test_unframed();
	test_record();
	test_keep();
	test_two_damages();
	test_sound();
	test_missing();
	test_replaced();
	test_unknown_fact();
	test_cut_at_line();
	test_gone_on_purpose();
	test_unfolded();
	test_schema_2();
	test_close();
	test_many();
	test_damage();
	test_orphans();
	test_files();
	test_mailings();
	test_syncs();
	test_renewal();
	test_kept_intents();
	test_full_disk();
	test_full_disk_renewed();
	test_reserved();
	test_failing();
	test_failing_both();
	test_folder();
	test_places();
	test_live();
	arena_free(arena);
	buf_free(&notes);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		puts("# left behind");
	return unit_end();
}
