#include "base/settings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/near.h"
#include "unit.h"

static char dir[] = "/tmp/bm-settings-XXXXXX";

static const char *
store_file(const char *name, const char *text, mode_t mode)
{
	static struct buf path;
	FILE *f;

	buf_reset(&path);
	if (name == NULL) {
		buf_free(&path);
		return NULL;
	}
	buf_printf(&path, "%s/%s", dir, name);
	f = fopen(buf_cstr(&path), "we");
	if (f != NULL) {
		fputs(text, f);
		fclose(f);
		chmod(path.p, mode);
	}
	return path.p;
}

/* Compare a setting, read from a file of this text, or the failure. */
static void
check_value(const char *text, const char *name, const char *want)
{
	const char *path = store_file("a.conf", text, 0600);
	struct settings *s = NULL;
	struct fail f = {0};

	if (settings_new(&s, path, &f) < 0) {
		const char *at = f.text;

		if (strncmp(at, dir, strlen(dir)) == 0)
			at += strlen(dir) + 1;
		same(str_of(at), want, want);
		ok(f.kind == FAIL_SYSTEM, "SYSTEM");
	} else {
		const char *value = settings_get(s, name);

		same(str_of(value != NULL ? value : "(null)"), want, name);
	}
	settings_free(s);
}

static void
test_syntax(void)
{
	static const struct {
		const char *text, *name, *want;
	} cases[] = {
	    {"", "EMAIL_PORT", "587"},
	    {"", "EMAIL_HOST", "(null)"},
	    {"EMAIL_HOST=a.example\n", "EMAIL_HOST", "a.example"},
	    {"EMAIL_HOST=a.example", "EMAIL_HOST", "a.example"},
	    {" # note\n\n\t EMAIL_HOST = a \r\n", "EMAIL_HOST", "a"},
	    {"EMAIL_HOST=a\nEMAIL_HOST=b\n", "EMAIL_HOST", "b"},
	    {"EMAIL_HOST=a\nEMAIL_HOST=\n", "EMAIL_HOST", "(null)"},
	    {"EMAIL_PORT=\n", "EMAIL_PORT", "587"},
	    {"BM_PLATFORM_NAME=\" a # \\\"b\\\\\"\n", "BM_PLATFORM_NAME",
		" a # \"b\\"},
	    {"BM_POSTAL_ADDRESS=1 Way #5, \xc3\x84\n", "BM_POSTAL_ADDRESS",
		"1 Way #5, \xc3\x84"},
	    {"EMAIL_HOST_USER=u\n", "EMAIL_HOST", "(null)"},
	    {"\nEMAIL_HOST\n", "EMAIL_HOST",
		"a.conf:2: not of the form NAME=value"},
	    {"EMAIL_HOTS=x\n", "EMAIL_HOST",
		"a.conf:1: unknown setting EMAIL_HOTS; did you mean "
		"EMAIL_HOST?"},
	    {"\xef\xbb\xbf"
	     "EMAIL_HOST=mark\r\n",
		"EMAIL_HOST", "mark"},
	    {"EMAIL_PORT=1\n\xef\xbb\xbf"
	     "EMAIL_HOST=x\n",
		"EMAIL_HOST",
		"a.conf:2: unknown setting ?EMAIL_HOST; did you mean "
		"EMAIL_HOST?"},
	    {"=x\n", "EMAIL_HOST", "a.conf:1: unknown setting "},
	    {"EMAIL_HOST_FILE=x\n", "EMAIL_HOST",
		"a.conf:1: unknown setting EMAIL_HOST_FILE; did you mean "
		"EMAIL_HOST_USER?"},
	    {"QQQQ=x\n", "EMAIL_HOST", "a.conf:1: unknown setting QQQQ"},
	    {"EMAIL_HOST=\"x\n", "EMAIL_HOST",
		"a.conf:1: the closing quote is missing"},
	    {"EMAIL_HOST=\"x\" y\n", "EMAIL_HOST",
		"a.conf:1: text behind the closing quote"},
	    {"EMAIL_HOST=a\tb\n", "EMAIL_HOST",
		"a.conf:1: a control character in the line"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_value(cases[i].text, cases[i].name, cases[i].want);
}

static void
check_line(const struct settings *s, const char *line, const char *what)
{
	struct buf b = {0};

	settings_print(s, &b);
	ok(strstr(buf_cstr(&b), line) != NULL, "%s", what);
	buf_free(&b);
}

static void
test_sources(void)
{
	const char *path = store_file("a.conf",
	    "EMAIL_HOST=file\nEMAIL_PORT=26\nEMAIL_HOST_USER=u\n", 0644);
	struct settings *s = NULL;
	struct fail f = {0};
	const char *value;
	long long port = 0;
	struct buf want = {0};

	setenv("EMAIL_HOST", "env", 1);
	setenv("EMAIL_HOST_USER", "", 1);
	ok(settings_new(&s, path, &f) == 0, "open");
	same(str_of(settings_get(s, "EMAIL_HOST")), "env",
	    "the environment wins over a file");
	check_line(s, "EMAIL_HOST=env  # environment\n", "its origin");
	buf_printf(&want, "EMAIL_PORT=26  # %s:2\n", path);
	check_line(s, buf_cstr(&want), "a file's origin");
	ok(settings_get(s, "EMAIL_HOST_USER") == NULL,
	    "empty in the environment unsets");
	settings_override(s, "EMAIL_HOST", "cmd");
	same(str_of(settings_get(s, "EMAIL_HOST")), "cmd",
	    "the command line wins over all");
	check_line(s, "EMAIL_HOST=cmd  # command line\n", "its origin");
	check_line(s, "EMAIL_USE_TLS=true  # default\n", "a default");
	ok(settings_number(s, "EMAIL_PORT", &port, &f) == 0 && port == 26,
	    "number");
	settings_override(s, "EMAIL_PORT", "65536");
	ok(settings_number(s, "EMAIL_PORT", &port, &f) < 0 &&
		f.kind == FAIL_SYSTEM && str_starts(str_of(f.text), "EMAIL_"),
	    "%s", f.text);
	settings_override(s, "EMAIL_USE_TLS", "maybe");
	ok(settings_bool(s, "EMAIL_USE_TLS", &(bool){0}, &f) < 0 &&
		strstr(f.text, "EMAIL_USE_TLS (command line): ") == f.text,
	    "%s", f.text);
	ok(settings_need(s, "BM_DB", &value, &f) < 0, "need");
	same(str_of(f.text), "BM_DB is not set: the database file (bm.conf(5))",
	    "its text");
	settings_free(s);
	unsetenv("EMAIL_HOST");
	unsetenv("EMAIL_HOST_USER");
	buf_free(&want);
}

static void
test_places(void)
{
	struct settings *s = NULL;
	struct fail f = {0};
	struct buf path = {0};

	buf_printf(&path, "%s/bm", dir);
	mkdir(buf_cstr(&path), 0700);
	store_file("bm/bm.conf", "EMAIL_HOST=user\n", 0644);
	unsetenv("BM_CONFIG");
	setenv("XDG_CONFIG_HOME", dir, 1);
	ok(settings_new(&s, NULL, &f) == 0, "the user's file");
	same(str_of(settings_get(s, "EMAIL_HOST")), "user", "is read");
	settings_free(s);
	s = NULL;
	setenv("BM_CONFIG", "/dev/null", 1);
	ok(settings_new(&s, NULL, &f) == 0 &&
		settings_get(s, "EMAIL_HOST") == NULL,
	    "BM_CONFIG names another file instead");
	settings_free(s);
	s = NULL;
	ok(settings_new(&s, "/nonexistent", &f) < 0, "a named file is needed");
	same(str_of(f.text),
	    "/nonexistent: cannot open: No such file or directory", "text");
	unlink(store_file("bm/bm.conf", "", 0644));
	rmdir(buf_cstr(&path));
	buf_free(&path);
}

static void
test_private(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		int result;
	} cases[] = {
	    {"EMAIL_HOST_PASSWORD=x\n", 0600, 0},
	    {"EMAIL_HOST_PASSWORD=x\n", 0640, 0},
	    {"EMAIL_HOST_PASSWORD=x\n", 0660, -1},
	    {"EMAIL_HOST_PASSWORD=x\n", 0644, -1},
	    {"EMAIL_HOST_PASSWORD=x\n", 0602, -1},
	    {"EMAIL_HOST_PASSWORD=\n", 0644, 0},
	    {"EMAIL_HOST_PASSWORD_FILE=x\n", 0644, 0},
	    {"EMAIL_HOST=x\n", 0644, 0},
	    {"EMAIL_HOST=x\n", 0666, -1},
	    {"EMAIL_HOST=x\n", 0646, -1},
	    {"EMAIL_HOST_PASSWORD_COMMAND=x\n", 0666, -1},
	    {"EMAIL_HOST_PASSWORD_FILE=x\n", 0646, -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path =
		    store_file("a.conf", cases[i].text, cases[i].mode);
		struct settings *s = NULL;
		struct fail f = {0};

		ok(settings_new(&s, path, &f) == cases[i].result, "mode %o: %s",
		    (unsigned)cases[i].mode, f.text);
		settings_free(s);
	}
}

static void
check_secret(const char *conf, const char *want)
{
	const char *path = store_file("a.conf", conf, 0600);
	struct settings *s = NULL;
	struct fail f = {0};
	char *secret = NULL;

	ok(settings_new(&s, path, &f) == 0, "open %s", f.text);
	if (settings_secret(s, "EMAIL_HOST_PASSWORD", &secret, &f) < 0) {
		ok(f.kind == FAIL_SYSTEM && strstr(f.text, want) != NULL &&
			str_starts(str_of(f.text), "EMAIL_HOST_PASSWORD"),
		    "%s", f.text);
	} else {
		same(
		    str_of(secret != NULL ? secret : "(null)"), want, "secret");
	}
	free(secret);
	settings_free(s);
}

static void
test_secrets(void)
{
	struct buf conf = {0};

	check_secret("", "(null)");
	check_secret("EMAIL_HOST_PASSWORD=x y\n", "x y");
	check_secret("EMAIL_HOST_PASSWORD_COMMAND=echo 'a  b'; cat\n", "a  b");
	check_secret("EMAIL_HOST_PASSWORD_COMMAND=printf 'a\\n\\n'\n", "a");
	check_secret(
	    "EMAIL_HOST_PASSWORD_COMMAND=printf ' a\\r\\n\\r\\n'\n", " a");
	check_secret("EMAIL_HOST_PASSWORD_COMMAND=exit 3\n", "status 3");
	check_secret("EMAIL_HOST_PASSWORD_COMMAND=true\n", "printed nothing");
	check_secret("EMAIL_HOST_PASSWORD_COMMAND=yes\n", "over 65536 bytes");
	check_secret("EMAIL_HOST_PASSWORD_FILE=/nonexistent\n", "cannot open");
	check_secret(
	    "EMAIL_HOST_PASSWORD=x\nEMAIL_HOST_PASSWORD_COMMAND=echo y\n", "y");
	buf_printf(&conf, "EMAIL_HOST_PASSWORD_FILE=%s\n",
	    store_file("word", "from file\r\n", 0640));
	check_secret(buf_cstr(&conf), "from file");
	setenv("EMAIL_HOST_PASSWORD", "env", 1);
	check_secret(buf_cstr(&conf), "env");
	unsetenv("EMAIL_HOST_PASSWORD");
	store_file("word", "from file\n", 0644);
	check_secret(buf_cstr(&conf), "others may read");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	check_secret("", "(null)");
	store_file("EMAIL_HOST_PASSWORD", "cred\n", 0400);
	check_secret("", "cred");
	unsetenv("CREDENTIALS_DIRECTORY");
	unlink(store_file("EMAIL_HOST_PASSWORD", "", 0600));
	unlink(store_file("word", "", 0600));
	buf_free(&conf);
}

static void
test_print(void)
{
	const char *path = store_file("a.conf",
	    "EMAIL_HOST_PASSWORD=hunter2\nBM_PLATFORM_NAME=\"a \\\"b\"\n"
	    "EMAIL_HOST_TOKEN_COMMAND=get-token\n",
	    0600);
	struct settings *s = NULL;
	struct fail f = {0};
	struct buf b = {0}, want = {0};

	ok(settings_new(&s, path, &f) == 0, "open");
	settings_print(s, &b);
	buf_printf(&want,
	    "#EMAIL_HOST=  # not set\n"
	    "EMAIL_PORT=587  # default\n"
	    "#EMAIL_HOST_USER=  # not set\n"
	    "EMAIL_HOST_PASSWORD=********  # %s:1\n"
	    "EMAIL_HOST_TOKEN_COMMAND=get-token  # %s:3\n",
	    path, path);
	ok(strncmp(buf_cstr(&b), buf_cstr(&want), want.len) == 0,
	    "settings in order, secrets masked");
	ok(strstr(b.p, "hunter2") == NULL, "no secret in it");
	ok(strstr(b.p, "\nBM_PLATFORM_NAME=\"a \\\"b\"  # ") != NULL,
	    "quoted as a file needs it");
	settings_free(s);
	buf_free(&b);
	buf_free(&want);
}

static void
test_near(void)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"week1", "week2"},
	    {"WEEK", "week2"},
	    {"", "(null)"},
	    {"exam", "exams"},
	    {"exmas", "exams"},
	    {"abcdefgh", "(null)"},
	    {"xy", "(null)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct near near = {.name = str_of(cases[i].name)};

		near_offer(&near, STR("exams"));
		near_offer(&near, STR("week2"));
		near_offer(&near, STR(""));
		same(near.best.p != NULL ? near.best : STR("(null)"),
		    cases[i].want, cases[i].name);
	}
}

int
main(void)
{
	clearenv();
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("BM_CONFIG", "/dev/null", 1);
	if (mkdtemp(dir) == NULL)
		return 1;
	test_syntax();
	test_sources();
	test_places();
	test_private();
	test_secrets();
	test_print();
	test_near();
	unlink(store_file("a.conf", "", 0600));
	store_file(NULL, NULL, 0);
	rmdir(dir);
	return unit_end();
}
