/*
 * libopendkim's verdicts: opendkim KEYS FILE... A line a file: NAME, and each
 * signature's algorithm with pass or fail. With "-" the keys are in the DNS.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opendkim/dkim.h>

static unsigned char *
read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	unsigned char *text = malloc(64 << 20);

	if (file == NULL || text == NULL)
		exit(2);
	*n = fread(text, 1, 64 << 20, file);
	fclose(file);
	return text;
}

static void
print_verdicts(DKIM *dkim)
{
	DKIM_SIGINFO **list;
	dkim_alg_t algorithm;
	int count;

	if (dkim_getsiglist(dkim, &list, &count) != DKIM_STAT_OK)
		return;
	for (int i = 0; i < count; i++) {
		bool good;

		dkim_sig_process(dkim, list[i]);
		good = DKIM_SIG_CHECK(list[i]);
		if (dkim_sig_getsignalg(list[i], &algorithm) != DKIM_STAT_OK)
			algorithm = DKIM_SIGN_UNKNOWN;
		printf(" %s=%s",
		    algorithm == DKIM_SIGN_ED25519SHA256 ? "ed25519" : "rsa",
		    good ? "pass" : "fail");
	}
}

int
main(int argc, char **argv)
{
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	int method = DKIM_QUERY_FILE;

	if (argc < 3 || lib == NULL)
		return 2;
	if (strcmp(argv[1], "-") != 0) {
		dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD,
		    &method, sizeof(method));
		dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, argv[1],
		    strlen(argv[1]));
	}
	for (int i = 2; i < argc; i++) {
		const char *name = strrchr(argv[i], '/');
		size_t n;
		unsigned char *text = read_file(argv[i], &n);
		DKIM_STAT status;
		DKIM *dkim = dkim_verify(
		    lib, (const unsigned char *)"test", NULL, &status);

		printf("%s", name != NULL ? name + 1 : argv[i]);
		if (dkim_chunk(dkim, text, n) == DKIM_STAT_OK &&
		    dkim_chunk(dkim, NULL, 0) == DKIM_STAT_OK) {
			dkim_eom(dkim, NULL);
			print_verdicts(dkim);
		}
		putchar('\n');
		dkim_free(dkim);
		free(text);
	}
	dkim_close(lib);
	return 0;
}
