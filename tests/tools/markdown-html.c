/*
 * Markdown on standard input to HTML, with --text plain text; a NUL byte ends
 * each text.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "mail/html/markdown.h"
#include "mail/html/plain.h"

int
main(int argc, char **argv)
{
	struct buf in = {0}, out = {0};
	struct str text;
	struct fail f;
	bool plain = argc > 1 && strcmp(argv[1], "--text") == 0;
	int rc;

	if (file_read_stdin(&in, 64 << 20, &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		return 2;
	}
	for (size_t i = 0; i < in.len; i += text.n + 1) {
		text = str_of(buf_cstr(&in) + i);
		rc = plain ? plain_to_html(&out, text, &f)
			   : markdown_to_html(&out, text, false, &f);
		if (rc < 0)
			buf_adds(&out, f.text);
		buf_addc(&out, '\0');
	}
	if (out.len > 0)
		fwrite(out.p, 1, out.len, stdout);
	buf_free(&in);
	buf_free(&out);
	return 0;
}
