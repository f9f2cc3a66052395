#include "port/mailing/attachments.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "mail/html/images.h"
#include "mail/mime/mime.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"

struct attachment {
	const char *path;           /* or the source of template */
	struct template *template;  /* NULL: one file for all recipients */
	struct multipart_part part; /* of that file */
};

struct attachments {
	struct attachment *files;
	size_t file_count;
	struct multipart_part *images;
	size_t image_count, image_cap;
	struct str *content; /* for the fingerprint */
	size_t content_count, content_cap;
	struct arena *arena; /* the mailing's */
	const char *base;    /* folder of the body's images */
};

static void
add_fingerprint_item(struct attachments *a, struct str s)
{
	a->content = mem_more(
	    a->content, a->content_count, &a->content_cap, sizeof(*a->content));
	a->content[a->content_count++] = s;
}

static struct str
find_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return str_of(slash != NULL ? slash + 1 : path);
}

/* The part of a file; *bytes, if not NULL, is the file's content. */
static int
read_part(struct multipart_part *part, struct str *bytes, const char *path,
    struct arena *arena, struct fail *f)
{
	struct buf raw = {0}, base64 = {0};
	int rc = file_read(&raw, path, ATTACHMENTS_FILE_MAX, NULL, f);

	part->filename = find_base_name(arena_dup(arena, path, strlen(path)));
	if (rc == 0)
		rc = multipart_encode(part, &base64, buf_str(&raw), f);
	if (rc == 0) {
		part->base64 = arena_str(arena, buf_str(&base64));
		if (bytes != NULL)
			*bytes = arena_str(arena, buf_str(&raw));
	}
	buf_free(&raw);
	buf_free(&base64);
	return rc;
}

static int
read_constant(struct attachments *a, struct multipart_part *part,
    const char *path, struct fail *f)
{
	struct str bytes = {0};

	if (read_part(part, &bytes, path, a->arena, f) < 0)
		return fail_system(f, "%s", f->text);
	add_fingerprint_item(a, part->filename);
	add_fingerprint_item(a, bytes);
	return 0;
}

static int
read_attachment(struct attachments *a, const char *path,
    enum template_missing missing, struct fail *f)
{
	struct attachment *file = &a->files[a->file_count++];
	struct template_params tp = {
	    .name = path, .context = TEMPLATE_TEXT, .rules.missing = missing};

	file->path = path;
	if (strstr(path, "{{") == NULL)
		return read_constant(a, &file->part, path, f);
	add_fingerprint_item(a, str_of(path));
	return template_parse(&file->template, str_of(path), &tp, f);
}

static int
load_image(void *ctx, struct str src, struct str *cid, struct fail *f)
{
	struct attachments *a = ctx;
	struct multipart_part *part;
	const char *path =
	    arena_printf(a->arena, "%s%.*s", a->base, (int)src.n, src.p);

	a->images = mem_more(
	    a->images, a->image_count, &a->image_cap, sizeof(*a->images));
	part = &a->images[a->image_count];
	*part = (struct multipart_part){0};
	if (read_constant(a, part, path, f) < 0)
		return -1;
	images_cid(&part->cid, a->content[a->content_count - 1], a->arena);
	*cid = part->cid;
	a->image_count++;
	return 0;
}

static int
inline_images(struct attachments *a, struct source *body, struct fail *f)
{
	const char *slash = strrchr(body->name, '/');
	struct buf out = {0};
	int rc;

	a->base = slash == NULL ? ""
				: arena_dup(a->arena, body->name,
				      (size_t)(slash + 1 - body->name));
	rc = images_inline(&out, body, load_image, a, f);
	if (rc == 0)
		body->bytes = arena_str(a->arena, buf_str(&out));
	buf_free(&out);
	return rc;
}

int
attachments_new(struct attachments **out, const struct mailing_paths *p,
    struct source *body, struct arena *arena, struct fail *f)
{
	struct attachments *a = mem_new(sizeof(*a));
	size_t i;

	*out = a;
	a->arena = arena;
	a->files =
	    arena_alloc(arena, (p->attach_count + 1) * sizeof(*a->files));
	for (i = 0; i < p->attach_count; i++) {
		if (read_attachment(a, p->attach[i], p->missing, f) < 0)
			return -1;
	}
	return p->images ? inline_images(a, body, f) : 0;
}

void
attachments_free(struct attachments *a)
{
	size_t i;

	if (a == NULL)
		return;
	for (i = 0; i < a->file_count; i++)
		template_free(a->files[i].template);
	free(a->images);
	free(a->content);
	free(a);
}

size_t
attachments_content(const struct attachments *a, const struct str **items)
{
	*items = a->content;
	return a->content_count;
}

static size_t
count_slashes(struct str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '/';
	return n;
}

/* A field's value must not lead into another folder. */
static int
check_personal_path(
    const struct attachment *file, struct str path, struct fail *f)
{
	if (count_slashes(path) == count_slashes(str_of(file->path)) &&
	    memmem(path.p, path.n, "..", 2) == NULL)
		return 0;
	return fail_data(
	    f, "the attachment %s: a value has a '/' or \"..\"", file->path);
}

static int
read_personal_part(struct multipart_part *part, const struct attachment *file,
    const struct template_data *data, struct arena *arena, struct fail *f)
{
	struct buf path = {0};
	int rc = template_render(file->template, data, arena, &path, f);

	*part = (struct multipart_part){0};
	if (rc == 0)
		rc = check_personal_path(file, buf_str(&path), f);
	if (rc == 0 && read_part(part, NULL, buf_cstr(&path), arena, f) < 0)
		rc = fail_data(f, "the attachment %s", f->text);
	buf_free(&path);
	return rc;
}

static int
attach_files(void *ctx, const struct template_data *data, struct arena *arena,
    const struct multipart_part **parts, size_t *count, struct fail *f)
{
	const struct attachments *a = ctx;
	struct multipart_part *list =
	    arena_alloc(arena, a->file_count * sizeof(struct multipart_part));
	size_t i;

	for (i = 0; i < a->file_count; i++) {
		const struct attachment *file = &a->files[i];

		if (file->template == NULL)
			list[i] = file->part;
		else if (read_personal_part(&list[i], file, data, arena, f) < 0)
			return -1;
	}
	*parts = list;
	*count = a->file_count;
	return 0;
}

void
attachments_fill(struct attachments *a, struct compose_params *c)
{
	c->images = a->images;
	c->image_count = a->image_count;
	c->attach = a->file_count > 0 ? attach_files : NULL;
	c->attach_ctx = a;
}
