/*
 * Files that have an address in them. The expected ones are those that were
 * written with it.
 */
#include "base/holders.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "unit.h"

#define ADDRESS "ada@xn--bcher-kva.example"
#define SHOWN           \
	"ada@b\xc3\xbc" \
	"cher.example"

static void
note(void *ctx, const char *path, const char *why)
{
	buf_printf(ctx, "%s%s;", path, why != NULL ? " unread" : "");
}

static void
put(const char *path, const char *before, size_t fill, const char *text)
{
	struct buf b = {0};
	struct fail f;

	buf_adds(&b, before);
	for (size_t i = 0; i < fill; i++)
		buf_addc(&b, ' ');
	buf_adds(&b, text);
	ok(file_replace(path, buf_str(&b), &f) == 0, "%s", path);
	buf_free(&b);
}

static void
find(const char *path, const char *want)
{
	const struct holders_address ada = {{STR(ADDRESS), STR(SHOWN)}};
	struct buf got = {0};

	holders_find(path, &ada, note, &got);
	ok(strcmp(buf_cstr(&got), want) == 0, "%s: %s", path, buf_cstr(&got));
	buf_free(&got);
}

static void
test_texts(void)
{
	static const struct {
		const char *text;
		bool has;
	} cases[] = {{ADDRESS, true}, {"\"email\":\"" ADDRESS "\"", true},
	    {"To: ADA@XN--bcher-KVA.example.", true}, {"<" SHOWN ">", true},
	    {"h" ADDRESS, false}, {"x." ADDRESS, false}, {ADDRESS "s", false},
	    {"bob@uni.example ada@uni.example", false}, {"@", false},
	    {"", false}, {"@@" ADDRESS, true},
	    {"SQLite format 3 h" ADDRESS "x", true}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("one", "", 0, cases[i].text);
		find("one", cases[i].has ? "one;" : "");
	}
	find("none", "");
}

/* Wherever the pieces that are read meet. */
static void
test_seams(void)
{
	for (size_t at = 65536 - 40; at < 65536 + 3; at++) {
		put("one", "", at, ADDRESS " and more");
		find("one", "one;");
		put("one", "", at, "h" ADDRESS);
		find("one", "");
	}
}

static void
test_folders(void)
{
	ok(mkdir("d", 0700) == 0 && mkdir("d/b", 0700) == 0 &&
		mkfifo("d/fifo", 0600) == 0 &&
		symlink("../one", "d/link") == 0 && symlink(".", "d/loop") == 0,
	    "a folder");
	put("one", "", 0, ADDRESS);
	put("d/c", "", 0, ADDRESS);
	put("d/b/a", "", 70000, ADDRESS);
	put("d/b/z", "", 0, "nothing");
	find("d", "d/b/a;d/c;");
}

int
main(void)
{
	char folder[] = "/tmp/holders.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 2;
	test_texts();
	test_seams();
	test_folders();
	if (unit_end() != 0)
		return 1;
	fflush(stdout);
	execlp("rm", "rm", "-rf", folder, (char *)NULL);
	return 2;
}
