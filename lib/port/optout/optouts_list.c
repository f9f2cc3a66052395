#include "port/optout/optouts_list.h"

#include "base/buf.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_ops.h"

int
optouts_list(struct optouts *r, struct str course_id, bool history,
    optout_fn *fn, void *ctx, struct fail *f)
{
	const struct optouts_choice c = {
	    .course_id = course_id, .latest = !history};

	return r->ops->list(r, &c, fn, ctx, f);
}

int
optouts_list_person(struct optouts *r, struct str user_id, struct str key,
    optout_fn *fn, void *ctx, struct fail *f)
{
	struct optouts_choice c = {
	    .person = true, .user_id = user_id, .key = key};
	struct buf hash = {0};
	int rc;

	if (key.n > 0)
		hidden_key_put(&hash, key);
	c.hidden = buf_str(&hash);
	rc = r->ops->list(r, &c, fn, ctx, f);
	buf_free(&hash);
	return rc;
}

int
optouts_list_out(struct optouts *r, struct str course_id, optout_name_fn *fn,
    void *ctx, struct fail *f)
{
	return r->ops->list_out(r, course_id, fn, ctx, f);
}
