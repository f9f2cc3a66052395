/* The opt-out page under a web server. */
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"
#include "mail/optout/page.h"
#include "mail/optout/page_html.h"
#include "mail/optout/page_language.h"
#include "mail/optout/page_text.h"
#include "optout/confined.h"
#include "optout/optout.h"
#include "optout/subcommand.h"
#include "port/open/store_open.h"
#include "port/optout/cgi.h"
#include "port/optout/keyfile.h"
#include "port/roster/roster_lookup.h"

#define BODY_WAIT_MS 10000
#define LOCK_WAIT_MS 3000
#define PAGE_FILE_MAX 65536 /* bytes of one template */

struct cgi {
	const char *db_path, *key_file, *pages, *platform, *mailto;
	struct arena *arena;
	struct page_request request;
	struct page_order order;
	struct token token;
	struct page_html view;
};

/* A template of --pages, else the built-in one. */
static struct str
find_page(void *ctx, const char *name)
{
	struct cgi *c = ctx;
	struct buf b = {0};
	struct str text = {0};
	struct fail f;

	if (c->pages == NULL)
		return page_text_builtin(NULL, name);
	if (file_read(&b, arena_printf(c->arena, "%s/%s.html", c->pages, name),
		PAGE_FILE_MAX, NULL, &f) == 0)
		text = (struct str){
		    arena_dup(c->arena, buf_cstr(&b), b.len), b.len};
	buf_free(&b);
	return text.p != NULL ? text : page_text_builtin(NULL, name);
}

/* Into the error log of the web server, which adds the time. */
static void
log_act(struct cgi *c, const char *what)
{
	struct buf act = {0};

	buf_adds(&act, page_act_name(c->order.act));
	if (c->order.one_click)
		buf_adds(&act, " (one-click)");
	subcommand_note_token(buf_cstr(&act), c->order.token, what);
	buf_free(&act);
}

static int
change_register(struct cgi *c, struct store *store, struct fail *f)
{
	struct optouts *optouts = store->optouts;
	enum page_act act = c->order.act;
	bool all = act == PAGE_STOP_ALL || act == PAGE_START_ALL;
	struct optout o = {
	    .course_id = all ? STR(ALL_MAIL) : c->token.course_id,
	    .user_id = c->token.user_id,
	    .key = c->token.key,
	    .out = act == PAGE_STOP_COURSE || act == PAGE_STOP_ALL,
	    .source = c->order.one_click ? STR("one-click") : STR("page"),
	    .at = clock_wall_ms(),
	    .link = c->token.course_id};
	long long count;

	if (act == PAGE_SHOW || c->view.test)
		return 0;
	if (o.out)
		return optouts_add(optouts, &o, NULL, f);
	if (store_begin(store, false, f) < 0)
		return -1;
	return store_finish(store, optouts_undo(optouts, &o, &count, f), f);
}

static int
read_standings(struct cgi *c, struct optouts *optouts, struct fail *f)
{
	const struct token *t = &c->token;
	struct optout_standing course, all;

	if (optouts_standing(optouts, t->course_id, t->user_id, t->key,
		t->course_id, &course, f) < 0 ||
	    optouts_standing(optouts, STR(ALL_MAIL), t->user_id, t->key,
		t->course_id, &all, f) < 0)
		return -1;
	c->view.course_out = course.out;
	c->view.all_out = all.out;
	c->view.course_kept = course.kept;
	c->view.all_kept = all.kept;
	return 0;
}

static int
act_beside(struct cgi *c, struct db *db, struct fail *f)
{
	struct store *store;
	int rc = store_open(&store, db, f);

	if (rc < 0)
		return -1;
	rc = change_register(c, store, f);
	if (rc == 0)
		rc = read_standings(c, store->optouts, f);
	store_close(store);
	return rc < 0 ? -1
		      : roster_lookup_course(db, c->token.course_id,
			    &c->view.course, c->arena, f);
}

/*
 * Every failure of the database is 503: the answer claims no success. 403: the
 * link may not take back what it wants to.
 */
static int
act_on_register(struct cgi *c, const char *path, struct fail *f)
{
	bool reads = c->order.act == PAGE_SHOW || c->view.test;
	enum db_mode mode = reads ? DB_READ : DB_WRITE;
	struct db *db = NULL;
	int status = 503;

	if (db_open(&db, path, mode, waiting_quiet(LOCK_WAIT_MS), f) == 0 &&
	    act_beside(c, db, f) == 0)
		status = 200;
	else if (f->kind == FAIL_DATA)
		status = 403;
	db_close(db);
	return status;
}

/* 200 with a valid token, 404 without; 500 if the keys cannot be read. */
static int
open_token(struct cgi *c, const char *key_file, struct fail *f)
{
	struct token_keys keys;
	struct buf who = {0};

	if (keyfile_load(&keys, key_file, c->arena, f) < 0)
		return 500;
	if (token_read(&c->token, &keys, c->order.token, c->arena, f) < 0)
		return 404;
	c->view.test = c->token.kind == TOKEN_TEST;
	page_html_mask(&who, c->token.key, c->arena);
	c->view.address = arena_str(c->arena, buf_str(&who));
	buf_free(&who);
	return 200;
}

static int
serve_token(struct cgi *c, struct options *o, struct fail *f)
{
	const char *key_file, *db_path;
	int status;

	if (settings_need(o->settings, "BM_KEY_FILE", &key_file, f) < 0 ||
	    settings_need(o->settings, "BM_DB", &db_path, f) < 0)
		return 500;
	status = open_token(c, key_file, f);
	if (status == 200)
		status = act_on_register(c, db_path, f);
	if (c->order.act != PAGE_SHOW && status == 200)
		log_act(c, c->view.test
			       ? "the link of a test message changes nothing"
			       : "done");
	else if (c->order.act != PAGE_SHOW)
		log_act(c, f->text);
	else if (status >= 500)
		program_note(PROGRAM, "%s", f->text);
	return status;
}

static int
write_answer(struct cgi *c, struct filter *out)
{
	bool body = c->view.status != 204 && !str_is(c->request.method, "HEAD");
	struct page_text_source texts = {find_page, c};
	struct buf b = {0}, html = {0};
	struct fail f;
	int rc;

	if (page_html_render(&html, &c->view, &texts, c->arena, &f) < 0) {
		program_note(PROGRAM, "%s", f.text);
		c->pages = NULL;
		c->view.language = page_language_choose(
		    c->request.languages, &texts, c->arena);
		buf_reset(&html);
		page_html_render(&html, &c->view, &texts, c->arena, &f);
	}
	cgi_put_head(&b, c->view.status, c->view.language);
	if (body)
		buf_addstr(&b, buf_str(&html));
	rc = filter_write(out, buf_str(&b));
	buf_free(&b);
	buf_free(&html);
	return rc;
}

/* Without usable settings (o is NULL) every request is answered with 500. */
static int
serve_request(struct cgi *c, struct options *o)
{
	struct filter *out = filter_new(PROGRAM, NULL, 0);
	struct page_text_source texts = {find_page, c};
	struct fail f = {0};
	int status;

	c->arena = arena_new();
	if (c->pages != NULL && access(c->pages, X_OK) < 0)
		program_note(PROGRAM, "--pages: %s cannot be used", c->pages);
	if (o != NULL && confined_enter(o, c->pages, &f) < 0) {
		program_note(PROGRAM, "%s", f.text);
		o = NULL;
	}
	status = cgi_read(&c->request, BODY_WAIT_MS, c->arena);
	if (o == NULL)
		status = 500;
	cgi_harden();
	if (status == 200) {
		page_read(&c->order, &c->request, c->arena);
		status = c->order.status;
	}
	if (status == 200)
		status = serve_token(c, o, &f);
	c->view.status = status;
	c->view.act = c->order.act;
	c->view.platform = str_of(c->platform);
	c->view.mailto = str_of(c->mailto);
	c->view.language =
	    page_language_choose(c->request.languages, &texts, c->arena);
	write_answer(c, out);
	arena_free(c->arena);
	return filter_finish(out);
}

int
optout_cgi(int argc, char **argv)
{
	struct cgi c = {0};
	struct option_spec specs[] = {
	    DB_OPTION(c.db_path),
	    OPTION_TEXT("key-file", 0, &c.key_file, "FILE", "BM_KEY_FILE",
		"the file of the keys"),
	    OPTION_TEXT("pages", 0, &c.pages, "DIR", NULL,
		"templates in place of the built-in ones"),
	    OPTION_TEXT("platform", 0, &c.platform, "NAME", "BM_PLATFORM_NAME",
		"the platform's name"),
	    OPTION_TEXT("mailto", 0, &c.mailto, "ADDRESS", "BM_OPTOUT_MAILTO",
		"where people may write to"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .synopsis = "cgi [--pages DIR] [OPTION...]",
	    .purpose = "Serve the opt-out page to a web server (CGI/1.1).",
	    .specs = specs};
	int status = program_options(&o, argc, argv);

	if (status == -1) {
		status = serve_request(&c, &o);
		options_free(&o);
	} else if (status != 0) {
		c = (struct cgi){0}; /* its pointers are dead */
		serve_request(&c, NULL);
	}
	return status;
}
