#include "mail/template/template.h"

#include <stdlib.h>
#include <string.h>

#include "mail/template/template_unit.h"

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->unit_count; i++) {
		free(t->units[i]->name);
		free(t->units[i]->shown);
		free(t->units[i]->source);
		free(t->units[i]->ops);
		free(t->units[i]);
	}
	for (size_t i = 0; i < t->name_count; i++) {
		free(t->names[i].text);
		free(t->names[i].parts);
	}
	free(t->units);
	free(t->names);
	free(t);
}

bool
template_uses(const struct template *t, const char *name)
{
	for (size_t i = 0; i < t->name_count; i++)
		if (strcmp(t->names[i].text, name) == 0)
			return true;
	return false;
}
