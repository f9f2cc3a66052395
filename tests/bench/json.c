/*
 * Microseconds to read and to write one 20 KB message record: medians over
 * many rounds of each. Reads the record from the file named, prints
 * "read US" and "write US".
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/record/message.h"

#define ROUNDS 4000

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *us)
{
	qsort(us, ROUNDS, sizeof(*us), by_value);
	return us[ROUNDS / 2];
}

static void
read_line(struct buf *b, const char *path)
{
	FILE *file = fopen(path, "r");
	int c;

	if (file == NULL)
		exit(2);
	while ((c = getc(file)) != EOF && c != '\n')
		buf_addc(b, (char)c);
	fclose(file);
}

int
main(int argc, char **argv)
{
	static double reading[ROUNDS], writing[ROUNDS];
	struct buf line = {0}, out = {0};
	struct arena *a = arena_new();
	struct message m;
	struct fail f;

	if (argc != 2)
		return 2;
	read_line(&line, argv[1]);
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_us(), middle;

		arena_reset(a);
		if (message_parse(&m, buf_str(&line), a, &f) < 0) {
			fprintf(stderr, "%s\n", f.text);
			return 2;
		}
		middle = now_us();
		buf_reset(&out);
		message_put(&out, &m);
		reading[i] = middle - start;
		writing[i] = now_us() - middle;
	}
	printf("read %.1f\nwrite %.1f\n", median(reading), median(writing));
	buf_free(&line);
	buf_free(&out);
	arena_free(a);
	return 0;
}
