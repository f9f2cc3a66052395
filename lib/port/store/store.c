#include "port/store/store.h"

#include <stddef.h>

int
store_begin(struct store *s, bool lazy, struct fail *f)
{
	return s->ops->begin(s, lazy, f);
}

int
store_commit(struct store *s, struct fail *f)
{
	return s->ops->commit(s, f);
}

void
store_rollback(struct store *s)
{
	s->ops->rollback(s);
}

int
store_finish(struct store *s, int rc, struct fail *f)
{
	if (rc == 0)
		return s->ops->commit(s, f);
	s->ops->rollback(s);
	return rc;
}

int
store_begin_read(struct store *s, struct fail *f)
{
	return s->ops->begin_read(s, f);
}

int
store_end_read(struct store *s, struct fail *f)
{
	return s->ops->end_read(s, f);
}

void
store_close(struct store *s)
{
	if (s != NULL)
		s->ops->close(s);
}
