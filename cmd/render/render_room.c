#include "render/render_room.h"

#include <string.h>

#include "base/arena.h"
#include "base/confine.h"

#define FIXED 7 /* paths besides the attachments */

/* The folder of the first n bytes of a path. */
static const char *
cut_folder(const struct render *r, const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n > 0 ? arena_dup(r->arena, path, n) : ".";
}

/* Each recipient's file stands in a folder of a name without tags. */
static const char *
find_attachment(const struct render *r, const char *path)
{
	const char *tag = strstr(path, "{{");

	return tag == NULL ? path : cut_folder(r, path, (size_t)(tag - path));
}

/* A file is made in its folder; what a link such as /dev/stdout leads to is
 * there already. */
static const char *
find_target(const struct render *r, const char *path)
{
	return path == NULL ? NULL : cut_folder(r, path, strlen(path));
}

int
render_room_enter(struct render *r, struct fail *f)
{
	const struct mailing_paths *m = &r->paths;
	struct confine_path *paths =
	    arena_alloc(r->arena, (FIXED + m->attach_count) * sizeof(*paths));
	size_t n = 0;

	paths[n++] = (struct confine_path){m->body, false};
	paths[n++] = (struct confine_path){
	    m->images ? cut_folder(r, m->body, strlen(m->body)) : NULL, false};
	paths[n++] = (struct confine_path){m->text, false};
	paths[n++] = (struct confine_path){m->layout, false};
	paths[n++] = (struct confine_path){m->partials, false};
	paths[n++] = (struct confine_path){find_target(r, r->preview), true};
	paths[n++] = (struct confine_path){r->preview, true};
	for (size_t i = 0; i < m->attach_count; i++)
		paths[n++] = (struct confine_path){
		    find_attachment(r, m->attach[i]), false};
	return confine(paths, n, true, f);
}
