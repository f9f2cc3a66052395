/*
 * Any bytes as CSV: rows come in order, fields are bounded valid UTF-8 with
 * their NUL, and reading ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/str.h"
#include "base/utf8.h"

static void
check_row(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		struct str s = row->fields[i];

		if (strlen(s.p) != s.n || utf8_valid(s.p, s.n) != s.n ||
		    s.n > CSV_FIELD_MAX)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
	struct csv *c;
	struct csv_row row;
	struct fail f;
	unsigned long line = 0;
	int rc;

	if (file == NULL)
		return 0;
	c = csv_new(file);
	while ((rc = csv_next(c, &row, &f)) != 0) {
		if (row.line <= line)
			abort();
		line = row.line;
		if (rc > 0)
			check_row(&row);
		else if (f.kind != FAIL_DATA)
			abort();
	}
	csv_free(c);
	fclose(file);
	return 0;
}
