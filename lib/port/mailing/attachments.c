#include "port/mailing/attachments.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/beneath.h"
#include "base/buf.h"
#include "base/guarded.h"
#include "base/mem.h"
#include "mail/html/images.h"
#include "mail/mime/media_type.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"

struct attachment {
	const char *path;           /* or the source of template */
	struct template *template;  /* NULL: one file for all recipients */
	struct multipart_part part; /* of that file */
	struct str bytes;           /* of that file */
	struct str cid; /* the body shows the file; p == NULL: it does not */
};

struct attachments {
	struct attachment *files;
	size_t file_count;
	struct multipart_part *images;
	size_t image_count, image_cap;
	struct str *content; /* for the fingerprint */
	size_t content_count, content_cap;
	struct arena *arena; /* the mailing's */
	const char
	    *folder; /* of the images of the source that is read; or NULL */
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
	int rc = guarded_read(&raw, path, ATTACHMENTS_FILE_MAX, f);

	part->filename = find_base_name(arena_dup(arena, path, strlen(path)));
	if (rc == 0)
		rc = multipart_encode(part, &base64, buf_str(&raw), arena, f);
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
read_attachment(struct attachments *a, const char *path,
    enum template_missing missing, struct fail *f)
{
	struct attachment *file = &a->files[a->file_count++];
	struct template_params tp = {
	    .name = path, .context = TEMPLATE_TEXT, .rules.missing = missing};

	file->path = path;
	if (strstr(path, "{{") != NULL) {
		add_fingerprint_item(a, str_of(path));
		return template_parse(&file->template, str_of(path), &tp, f);
	}
	if (read_part(&file->part, &file->bytes, path, a->arena, f) < 0)
		return fail_system(f, "%s", f->text);
	add_fingerprint_item(a, file->part.filename);
	add_fingerprint_item(a, file->bytes);
	return 0;
}

static int
fail_picture(struct str name, struct str bytes, struct fail *f)
{
	return fail_data(f,
	    bytes.n == 0 ? "%.*s: the file is empty"
			 : "%.*s: not a picture, by its content",
	    (int)name.n, name.p);
}

/* The image with these bytes, which may be one already; its cid, or -1. */
static int
add_image(struct attachments *a, struct str name, struct str bytes,
    struct str *cid, struct fail *f)
{
	const char *type = media_type_picture(bytes);
	struct buf base64 = {0};
	struct multipart_part *part;
	int rc;

	if (type == NULL)
		return fail_picture(name, bytes, f);
	images_cid(cid, bytes, a->arena);
	for (size_t i = 0; i < a->image_count; i++)
		if (str_eq(a->images[i].cid, *cid))
			return 0;
	a->images = mem_more(
	    a->images, a->image_count, &a->image_cap, sizeof(*a->images));
	part = &a->images[a->image_count];
	*part = (struct multipart_part){.filename = name};
	rc = multipart_encode(part, &base64, bytes, a->arena, f);
	part->base64 = arena_str(a->arena, buf_str(&base64));
	buf_free(&base64);
	if (rc < 0)
		return -1;
	part->type = type;
	part->cid = *cid;
	a->image_count++;
	return 0;
}

static int
load_file(
    struct attachments *a, struct str path, struct str *cid, struct fail *f)
{
	const char *name = arena_dup(a->arena, path.p, path.n);
	struct buf raw = {0};
	struct str bytes = {0};
	size_t before = a->image_count;
	int rc = beneath_read(&raw, a->folder, name, ATTACHMENTS_FILE_MAX, f);

	if (rc == 0) {
		bytes = arena_str(a->arena, buf_str(&raw));
		rc = add_image(a, find_base_name(name), bytes, cid, f);
	}
	if (rc == 0 && a->image_count > before) {
		add_fingerprint_item(a, find_base_name(name));
		add_fingerprint_item(a, bytes);
	}
	buf_free(&raw);
	return rc;
}

static int
load_data(
    struct attachments *a, struct str bytes, struct str *cid, struct fail *f)
{
	const char *type = media_type_picture(bytes), *name;

	if (type == NULL)
		return fail_data(f, "its bytes are no picture");
	name = arena_printf(a->arena, "image%zu.%s", a->image_count + 1,
	    strcmp(type, "image/svg+xml") == 0 ? "svg" : type + 6);
	return add_image(a, str_of(name), bytes, cid, f);
}

/*
 * An attachment that the body shows becomes an image; the file of a record,
 * which is read later, gets an id that is made of its path.
 */
static int
load_attachment(
    struct attachments *a, struct str name, struct str *cid, struct fail *f)
{
	for (size_t i = 0; i < a->file_count; i++) {
		struct attachment *file = &a->files[i];

		if (!str_eq(find_base_name(file->path), name))
			continue;
		if (file->template != NULL)
			images_cid(cid, str_of(file->path), a->arena);
		else if (add_image(
			     a, file->part.filename, file->bytes, cid, f) < 0)
			return -1;
		file->cid = *cid;
		return 0;
	}
	return 0;
}

static int
load_image(void *ctx, enum image_kind kind, struct str name, struct str *cid,
    struct fail *f)
{
	struct attachments *a = ctx;

	switch (kind) {
	case IMAGE_FILE:
		return a->folder != NULL ? load_file(a, name, cid, f) : 0;
	case IMAGE_CID:
		return load_attachment(a, name, cid, f);
	case IMAGE_DATA:
		return load_data(a, arena_str(a->arena, name), cid, f);
	}
	return 0;
}

static const char *
find_folder(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL
		   ? "."
		   : arena_dup(arena, path, (size_t)(slash + 1 - path));
}

int
attachments_inline(
    struct attachments *a, struct source *source, bool files, struct fail *f)
{
	struct buf out = {0};
	int rc;

	a->folder = files ? find_folder(source->name, a->arena) : NULL;
	rc = images_inline(&out, source, load_image, a, f);
	if (rc == 0)
		source->bytes = arena_str(a->arena, buf_str(&out));
	buf_free(&out);
	return rc;
}

int
attachments_new(struct attachments **out, const struct mailing_paths *p,
    struct arena *arena, struct fail *f)
{
	struct attachments *a = mem_new(sizeof(*a));

	*out = a;
	a->arena = arena;
	a->files =
	    arena_alloc(arena, (p->attach_count + 1) * sizeof(*a->files));
	for (size_t i = 0; i < p->attach_count; i++) {
		if (read_attachment(a, p->attach[i], p->missing, f) < 0)
			return -1;
	}
	return 0;
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
	struct str bytes = {0};
	int rc = template_render(file->template, data, arena, &path, f);

	*part = (struct multipart_part){0};
	if (rc == 0)
		rc = check_personal_path(file, buf_str(&path), f);
	if (rc == 0 && read_part(part, &bytes, buf_cstr(&path), arena, f) < 0)
		rc = fail_data(f, "the attachment %s", f->text);
	if (rc == 0 && file->cid.p != NULL) {
		part->cid = file->cid;
		part->type = media_type_picture(bytes);
		if (part->type == NULL)
			rc = fail_picture(part->filename, bytes, f);
	}
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

	*count = 0;
	for (size_t i = 0; i < a->file_count; i++) {
		const struct attachment *file = &a->files[i];
		struct multipart_part *part = &list[*count];

		if (file->template != NULL &&
		    read_personal_part(part, file, data, arena, f) < 0)
			return -1;
		if (file->template == NULL)
			*part = file->part;
		/* The images have a file of all recipients already. */
		*count += file->template != NULL || file->cid.p == NULL;
	}
	*parts = list;
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
