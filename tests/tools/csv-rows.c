/*
 * csv-rows: how the reader of CSV sees files. On standard input each file is
 * its length in decimal, a newline and its bytes. For each, a line for a row,
 * "LINE HEX HEX ...", or "LINE!" for one that is refused, or "LINE!!" where
 * the file is; and a line "." at its end.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/csv.h"

static void
put_row(struct buf *b, const struct csv_row *row)
{
	buf_printf(b, "%lu", row->line);
	for (size_t i = 0; i < row->count; i++) {
		buf_addc(b, ' ');
		crypto_hex(b, (const unsigned char *)row->fields[i].p,
		    row->fields[i].n);
	}
	buf_addc(b, '\n');
}

static void
put_rows(struct buf *b, FILE *file)
{
	struct csv *c = csv_new(file);
	struct csv_row row;
	struct fail f;
	int rc;

	while ((rc = csv_next(c, &row, &f)) != 0) {
		if (rc > 0)
			put_row(b, &row);
		else
			buf_printf(b, "%lu!%s\n", row.line,
			    f.kind == FAIL_DATA ? "" : "!");
	}
	buf_adds(b, ".\n");
	csv_free(c);
}

int
main(void)
{
	struct buf in = {0}, out = {0};
	FILE *file;
	size_t n;

	while (scanf("%zu", &n) == 1 && getchar() == '\n') {
		buf_reset(&in);
		if (fread(buf_reserve(&in, n + 1), 1, n, stdin) != n)
			return 2;
		file = fmemopen(in.p, n, "r");
		if (file == NULL)
			return 2;
		buf_reset(&out);
		put_rows(&out, file);
		fclose(file);
		fwrite(out.p, 1, out.len, stdout);
	}
	buf_free(&in);
	buf_free(&out);
	return fflush(stdout) == 0 ? 0 : 2;
}
