#include "mail/plain_fast.h"

struct plain_fast *
plain_fast_new(const struct plain_params *params)
{
	(void)params;
	return NULL;
}
void
plain_fast_free(struct plain_fast *p)
{
	(void)p;
}
bool
plain_fast_suits(
    const struct plain_fast *p, const struct template_data *d, struct arena *a)
{
	(void)p;
	(void)d;
	(void)a;
	return false;
}
int
plain_fast_render(const struct plain_fast *p, const struct template_data *d,
    struct arena *a, struct buf *b, struct fail *f)
{
	(void)p;
	(void)d;
	(void)a;
	(void)b;
	(void)f;
	return -1;
}
