#include "report/view_stops.h"

#include "base/clock.h"
#include "base/json_put.h"
#include "base/program.h"
#include "mail/report/report_json.h"
#include "port/open/store_open_file.h"
#include "port/relay/relay_stops.h"

#define WAIT_MS 3000 /* longest wait for a lock */

struct stops_list {
	struct buf text;
	bool json;
	size_t count;
};

static void
put_text(struct buf *b, const char *name, struct str s)
{
	json_put(b, name, s.n > 0 ? s : (struct str){0});
}

static void
put_object(struct buf *b, const struct relay_stop *s)
{
	buf_addc(b, '{');
	json_put(b, "scope", str_of(stop_scope_name(s->scope)));
	put_text(b, "key", s->key);
	json_put(b, "relay", s->relay);
	put_text(b, "account", s->account);
	json_put(b, "class", s->class);
	put_text(b, "stage", s->stage);
	if (s->code != 0)
		json_put_int(b, "code", s->code);
	else
		json_put_raw(b, "code", STR("null"));
	put_text(b, "enhanced", s->enhanced);
	put_text(b, "reply", s->reply);
	report_json_time(b, "at", s->at);
	report_json_time(b, "until", s->until);
	buf_adds(b, "}\n");
}

/* A row for the eye, and a sentence below it. */
static void
put_stop_row(struct buf *b, const struct relay_stop *s)
{
	buf_printf(b, "%-9s%-24.*s %-24.*s %-12.*s %.*s\n    ",
	    stop_scope_name(s->scope), (int)s->key.n, s->key.p, (int)s->relay.n,
	    s->relay.p, (int)s->account.n, s->account.p, (int)s->class.n,
	    s->class.p);
	relay_stop_describe(b, s);
	buf_addc(b, '\n');
}

static int
add_stop(void *ctx, const struct relay_stop *s, struct fail *ignored)
{
	struct stops_list *list = ctx;

	(void)ignored;
	if (list->json)
		put_object(&list->text, s);
	else if (list->count == 0)
		buf_printf(&list->text, "%-9s%-24s %-24s %-12s %s\n", "SCOPE",
		    "KEY", "RELAY", "ACCOUNT", "CLASS");
	if (!list->json)
		put_stop_row(&list->text, s);
	list->count++;
	return 0;
}

int
view_stops(struct view *v, struct fail *f)
{
	struct stops_list list = {.json = v->args->json};

	for (size_t i = 0; i < v->path_count; i++) {
		struct str all = {0};
		struct store *store;
		int rc;

		if (store_open_file(&store, v->paths[i], STORE_READ,
			waiting_told(WAIT_MS, program_tell, PROGRAM), f) < 0) {
			buf_free(&list.text);
			return -1;
		}
		rc = relay_stops_each(store->stops, all, all, clock_wall_ms(),
		    add_stop, &list, f);
		store_close(store);
		if (rc < 0) {
			buf_free(&list.text);
			return -1;
		}
	}
	if (list.count == 0 && !list.json)
		program_note(PROGRAM, "there are no stops");
	return view_write(v, &list.text);
}
