/*
 * Any bytes as a sheet of any dialect and encoding: reading ends, and what is
 * accepted is valid UTF-8 in fields that end with a NUL. The first byte chooses
 * the dialect.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/decode.h"
#include "base/utf8.h"
#include "mail/roster/roster_header.h"
#include "mail/roster/roster_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_row(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		struct str s = row->fields[i];

		if (s.p[s.n] != '\0' || utf8_valid(s.p, s.n) != s.n)
			abort();
	}
}

/* The first row that can be one is the header. */
static void
read_rows(struct csv *c, struct arena *arena)
{
	struct roster_columns columns;
	struct roster_row person;
	struct csv_row row;
	struct fail f = {0};
	bool header = false;
	int rc;

	while ((rc = csv_next(c, &row, &f)) != 0) {
		if (rc < 0)
			continue;
		check_row(&row);
		if (!header)
			header = roster_header_parse(&columns, row.fields,
				     row.count, NULL, arena, &f) == 0;
		else if (!roster_row_is_empty(row.fields, row.count) &&
			 roster_row_skipped(&columns, row.fields, row.count)
				 .p == NULL)
			roster_row_parse(&person, &columns, row.fields,
			    row.count, arena, &f);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char separators[] = ",;\t|";
	struct csv_dialect d = {.guards = true};
	struct arena *arena;
	struct decode *decode;
	struct csv *c;
	struct fail f;
	FILE *file;

	if (size < 2)
		return 0;
	d.separator = separators[data[0] & 3];
	d.loose_quotes = (data[0] & 4) != 0;
	d.cr_ends = (data[0] & 8) != 0;
	d.full_row = data[0] >> 4 & 3;
	file = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "r");
	if (file == NULL)
		return 0;
	arena = arena_new();
	if (decode_open(&decode, file,
		(data[0] & 64) != 0 ? "windows-1252" : NULL, &f) == 0) {
		c = csv_new(decode_stream(decode));
		csv_set_dialect(c, &d);
		read_rows(c, arena);
		csv_free(c);
		decode_close(decode);
	}
	arena_free(arena);
	fclose(file);
	return 0;
}
