/* verify: the verdict on each signature of messages. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/filter.h"
#include "base/map.h"
#include "base/program.h"
#include "mail/dkim/dkim_signature.h"
#include "sign/sign.h"
#include "sign/sign_keys.h"
#include "sign/sign_lookup.h"

#define MESSAGE_MAX (64 * 1024 * 1024) /* bytes */

/* A record, or why there is none; of a run, since a Maildir has one key. */
struct fetched {
	bool done;
	struct dkim_record record;
	struct fail failure;
};

struct verifying {
	struct option_list given;

	struct filter *out;
	struct arena *run, *arena; /* of the run, of the message */
	struct sign_keys keys;     /* in place of the DNS */
	struct map *records;       /* name to struct fetched */
};

static const struct fetched *
fetch_record(struct verifying *v, struct str selector, struct str domain)
{
	struct buf name = {0};
	struct fetched *r;

	dkim_record_put_name(&name, selector, domain);
	r = map_put(v->records, buf_str(&name));
	buf_free(&name);
	if (r->done)
		return r;
	r->done = true;
	if (sign_lookup_key(
		&r->record, selector, domain, v->run, &r->failure) == 0)
		r->failure.kind = FAIL_NONE;
	return r;
}

/* The record from the DNS, or that of a key file with this selector. */
static int
find_record(struct verifying *v, const struct dkim_signature *s,
    struct dkim_record *record, struct fail *f)
{
	const struct fetched *r;

	*record = (struct dkim_record){0};
	for (size_t i = 0; i < v->keys.count; i++) {
		if (str_eq(v->keys.all[i].selector, s->selector))
			record->key = v->keys.all[i].key;
	}
	if (record->key != NULL)
		return 0;
	if (v->keys.count > 0)
		return fail_data(f, "no --key has this selector");
	r = fetch_record(v, s->selector, s->domain);
	*record = r->record;
	*f = r->failure;
	return f->kind == FAIL_NONE ? 0 : -1;
}

static void
put_tag(struct buf *b, const char *name, struct str value)
{
	if (value.p != NULL)
		buf_printf(b, " %s=%.*s", name,
		    (int)(value.n < 253 ? value.n : 253), value.p);
}

static void
print_verdict(struct verifying *v, const char *file, const char *verdict,
    const struct dkim_signature *s, const char *reason)
{
	struct buf line = {0};

	buf_printf(&line, "%s: %s", file, verdict);
	put_tag(&line, "d", s->domain);
	put_tag(&line, "s", s->selector);
	put_tag(&line, "a", s->algorithm);
	if (reason[0] != '\0')
		buf_printf(&line, ": %s", reason);
	buf_addc(&line, '\n');
	filter_write(v->out, buf_str(&line));
	buf_free(&line);
}

/* The reason to trust a valid signature less, or "". */
static const char *
find_reservation(const struct dkim_signature *s, const struct dkim_record *r)
{
	if (r->testing)
		return "the record says testing (t=y): receivers ignore it";
	if (s->limit >= 0)
		return "l= leaves the end of the body open to anybody";
	return "";
}

static void
judge_signature(struct verifying *v, const char *file,
    const struct dkim_fields *h, const struct dkim_field *field)
{
	struct dkim_signature s;
	struct dkim_record r = {0};
	struct fail f = {0};

	if (dkim_signature_parse(&s, field, v->arena, &f) < 0 ||
	    find_record(v, &s, &r, &f) < 0 ||
	    dkim_signature_verify(
		&s, h, &r, clock_wall_ms() / 1000, v->arena, &f) < 0) {
		print_verdict(v, file, f.kind == FAIL_TEMP ? "unknown" : "fail",
		    &s, f.text);
		filter_raise(v->out, fail_status(&f));
	} else {
		print_verdict(v, file, "pass", &s, find_reservation(&s, &r));
	}
}

/* Files have the lines of this system, signatures those of the network. */
static struct str
add_returns(struct str text, struct arena *arena)
{
	struct buf b = {0};
	struct str line, out;

	while (str_line(&text, &line)) {
		bool ended = line.p + line.n < text.p;

		buf_addstr(&b, line);
		if (ended && (line.n == 0 || line.p[line.n - 1] != '\r'))
			buf_addc(&b, '\r');
		if (ended)
			buf_addc(&b, '\n');
	}
	out = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static void
judge_message(struct verifying *v, const char *file, struct str text)
{
	const struct dkim_signature none = {0};
	struct filter_record place = {.file = file};
	struct dkim_fields h;
	struct fail f = {0};
	size_t n = 0;

	arena_reset(v->arena);
	if (dkim_fields_parse(&h, add_returns(text, v->arena), v->arena, &f) <
	    0) {
		filter_report(v->out, &place, "verify", "invalid", &f);
		return;
	}
	for (size_t i = 0; i < h.count; i++) {
		if (!str_is_nocase(h.all[i].name, "DKIM-Signature"))
			continue;
		judge_signature(v, file, &h, &h.all[i]);
		n++;
	}
	if (n > 0)
		return;
	print_verdict(v, file, "none", &none, "there is no signature");
	filter_raise(v->out, 1);
}

static int
judge_file(struct verifying *v, const char *path, struct fail *f)
{
	bool standard = strcmp(path, "-") == 0;
	struct buf text = {0};
	int rc;

	rc = standard ? file_read_stdin(&text, MESSAGE_MAX, f)
		      : file_read(&text, path, MESSAGE_MAX, NULL, f);
	if (rc == 0 && text.len == 0)
		rc = fail_system(
		    f, "%s: there is no message", standard ? "stdin" : path);
	if (rc == 0)
		judge_message(v, standard ? "stdin" : path, buf_str(&text));
	buf_free(&text);
	return rc;
}

static int
is_message_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
judge_folder(struct verifying *v, const char *folder, struct fail *f)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_message_file, alphasort);
	struct buf path = {0};
	int rc = 0;

	if (n < 0)
		return fail_errno(f, "%s: cannot read", folder);
	for (int i = 0; i < n; i++) {
		buf_reset(&path);
		buf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		if (rc == 0)
			rc = judge_file(v, buf_cstr(&path), f);
		free(entries[i]);
	}
	free(entries);
	buf_free(&path);
	return rc;
}

/* A Maildir has cur and new; another folder is not read by mistake. */
static int
judge_maildir(struct verifying *v, const char *path, struct fail *f)
{
	static const char *const parts[] = {"cur", "new"};
	struct buf folder = {0};
	int rc = 0;

	for (size_t i = 0; i < 2 && rc == 0; i++) {
		buf_reset(&folder);
		buf_printf(&folder, "%s/%s", path, parts[i]);
		rc = judge_folder(v, buf_cstr(&folder), f);
	}
	buf_free(&folder);
	return rc;
}

static int
judge_operand(struct verifying *v, const char *path, struct fail *f)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return judge_maildir(v, path, f);
	return judge_file(v, path, f);
}

static int
judge_all(struct verifying *v, const struct options *o, struct fail *f)
{
	if (v->given.count > 0 &&
	    sign_keys_load(&v->keys, &v->given, o->settings, v->run, f) < 0)
		return -1;
	if (o->operand_count == 0)
		return judge_file(v, "-", f);
	for (int i = 0; i < o->operand_count; i++) {
		if (judge_operand(v, o->operands[i], f) < 0)
			return -1;
	}
	return 0;
}

static int
run_verify(struct verifying *v, const struct options *o)
{
	struct fail f = {0};

	v->out = filter_new(PROGRAM, NULL, 0);
	v->run = arena_new();
	v->arena = arena_new();
	v->records = map_new(sizeof(struct fetched));
	if (judge_all(v, o, &f) < 0)
		filter_raise(v->out, program_die(PROGRAM, &f));
	for (size_t i = 0; i < map_count(v->records); i++)
		dkim_record_free(
		    &((struct fetched *)map_item(v->records, i, NULL))->record);
	sign_keys_free(&v->keys);
	map_free(v->records);
	arena_free(v->arena);
	arena_free(v->run);
	return filter_finish(v->out);
}

int
sign_verify(int argc, char **argv)
{
	struct verifying v = {0};
	struct option_spec specs[] = {
	    OPTION_LIST("key", 0, &v.given, "SELECTOR=FILE",
		"believe this key and ask no DNS"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = sign_libraries,
	    .synopsis = "verify [--key SELECTOR=FILE...] [FILE|MAILDIR...]",
	    .purpose = "Print the verdict on each signature of a message on "
		       "stdin, of files or of\nMaildirs.",
	    .specs = specs,
	    .operands_max = -1};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run_verify(&v, &o);
	options_free(&o);
	return status;
}
