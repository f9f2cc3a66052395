#include "mail/optout/page_html.h"

#include <string.h>

#include "base/json.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "mail/mime/addr.h"
#include "mail/template/template.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"

static const char *
text_direction(const char *language)
{
	static const char *const rtl[] = {
	    "ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", NULL};
	size_t n = strcspn(language, "-");

	for (size_t i = 0; rtl[i] != NULL; i++) {
		if (n == strlen(rtl[i]) && strncmp(language, rtl[i], n) == 0)
			return "rtl";
	}
	return "ltr";
}

static void
put_flag(struct buf *b, const char *name, bool value)
{
	json_put_raw(b, name, value ? STR("true") : STR("false"));
}

static void
put_members(struct buf *b, const struct page_html *v)
{
	bool ready = v->status == 200;
	bool done = ready && v->act != PAGE_SHOW && !v->test;
	struct buf url = {0};

	buf_printf(&url, "mailto:%.*s", (int)v->mailto.n, v->mailto.p);
	buf_addc(b, '{');
	json_put(b, "lang", str_of(v->language));
	json_put(b, "dir", str_of(text_direction(v->language)));
	json_put(b, "who", v->address);
	json_put(b, "course", v->course);
	json_put(b, "platform", v->platform);
	json_put(b, "mailto", v->mailto);
	json_put(b, "mailto_url", buf_str(&url));
	put_flag(b, "ready", ready);
	put_flag(b, "test", ready && v->test);
	put_flag(b, "course_out", v->course_out);
	put_flag(b, "all_out", v->all_out);
	put_flag(b, "course_kept", v->course_kept);
	put_flag(b, "all_kept", v->all_kept);
	put_flag(b, "refused", v->status == 403);
	put_flag(b, "done", done);
	put_flag(b, "stopped_course", done && v->act == PAGE_STOP_COURSE);
	put_flag(b, "stopped_all", done && v->act == PAGE_STOP_ALL);
	put_flag(b, "started_course", done && v->act == PAGE_START_COURSE);
	put_flag(b, "started_all", done && v->act == PAGE_START_ALL);
	put_flag(b, "invalid", v->status == 404);
	put_flag(b, "busy", v->status == 503);
	put_flag(b, "failed", v->status >= 500 && v->status != 503);
	put_flag(b, "misused",
	    v->status >= 400 && v->status < 500 && v->status != 403 &&
		v->status != 404);
	buf_addc(b, '}');
	buf_free(&url);
}

static struct template_source
get_partial(void *ctx, const char *name)
{
	const struct page_text_source *texts = ctx;

	return (struct template_source){.bytes = texts->get(texts->ctx, name)};
}

int
page_html_render(struct buf *out, const struct page_html *v,
    const struct page_text_source *texts, struct arena *arena, struct fail *f)
{
	char *name = arena_printf(arena, "page.%s", v->language);
	struct page_text_source shown = *texts;
	struct template_params params = {.name = name,
	    .context = TEMPLATE_HTML,
	    .rules.missing = TEMPLATE_MISSING_EMPTY,
	    .rules.partial = get_partial,
	    .rules.partial_ctx = &shown};
	struct template *t = NULL;
	struct json_object data;
	const struct json_object *objects[] = {&data};
	struct template_data all = {.objects = objects, .count = 1};
	struct buf json = {0};
	int rc = -1;

	put_members(&json, v);
	if (template_parse(&t, texts->get(texts->ctx, name), &params, f) == 0 &&
	    json_parse(&data, buf_str(&json), arena, f) == 0)
		rc = template_render(t, &all, arena, out, f);
	template_free(t);
	buf_free(&json);
	return rc;
}

void
page_html_mask(struct buf *b, struct str key, struct arena *arena)
{
	const char *at = memrchr(key.p, '@', key.n);
	struct str domain = {0};

	if (at != NULL) {
		domain = (struct str){at + 1, key.n - (size_t)(at + 1 - key.p)};
		key.n = (size_t)(at - key.p);
	}
	buf_add(b, key.p, utf8_grapheme(key.p, key.n, 0));
	buf_adds(b, "\xE2\x80\xA6");
	if (at != NULL) {
		buf_addc(b, '@');
		buf_addstr(b, addr_shown(domain, arena));
	}
}
