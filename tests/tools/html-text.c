/*
 * html-text DIR FILE...: write the text of each HTML file to DIR/NAME.txt, as
 * bm-render makes it. Status 1 if a file cannot be converted, 2 for an I/O
 * error.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "mail/text/text.h"

static int
convert_file(const char *dir, const char *path,
    const struct text_params *params, struct fail *f)
{
	struct buf html = {0}, out = {0}, name = {0};
	char *copy = mem_dup(path, strlen(path));
	FILE *file = NULL;
	int rc = file_read(&html, path, 64 << 20, NULL, f);

	if (rc == 0)
		rc = text_from_html(&out, buf_str(&html), params, f);
	if (rc == 0) {
		buf_printf(&name, "%s/%s.txt", dir, basename(copy));
		file = fopen(buf_cstr(&name), "w");
		if (file == NULL)
			rc = fail_errno(f, "%s", name.p);
	}
	if (file != NULL) {
		fwrite(buf_str(&out).p, 1, out.len, file);
		if (fclose(file) != 0)
			rc = fail_errno(f, "%s", name.p);
	}
	buf_free(&html);
	buf_free(&out);
	buf_free(&name);
	free(copy);
	return rc;
}

int
main(int argc, char **argv)
{
	struct text_params params = {.width = 72};
	struct fail f;
	int status = 0;

	if (argc < 3) {
		fputs("usage: html-text DIR FILE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (convert_file(argv[1], argv[i], &params, &f) == 0)
			continue;
		fprintf(stderr, "html-text: %s: %s\n", argv[i], f.text);
		status = status > fail_status(&f) ? status : fail_status(&f);
	}
	return status;
}
