/*
 * The work for an unsubscribe mail of any making is that of reading it: the CPU
 * time is held against that of SHA-256 over the same bytes, so that neither the
 * machine's speed nor its load counts.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "mail/optout/unsub.h"
#include "unit.h"

#define SIZE ((size_t)1 << 20)
#define TRIES 5
#define RATIO_MAX 25 /* SHA-256 of 1 MB takes 1 to 3 ms */

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
time_hash(struct str s)
{
	unsigned char sum[CRYPTO_SHA256];
	double start = seconds();

	crypto_sha256(s.p, s.n, sum);
	return seconds() - start;
}

static double
time_mail(struct str s)
{
	struct arena *a = arena_new();
	struct unsub u;
	double start = seconds(), spent;

	unsub_read(&u, s, a);
	spent = seconds() - start;
	arena_free(a);
	return spent;
}

static void
test_mail(const char *head, const char *piece)
{
	double hash = 1e9, mail = 1e9;
	struct buf b = {0};

	buf_adds(&b, head);
	while (b.len < SIZE)
		buf_adds(&b, piece);
	buf_adds(&b, "\n\n");
	for (int i = 0; i < TRIES; i++) {
		double h = time_hash(buf_str(&b)), m = time_mail(buf_str(&b));

		hash = h < hash ? h : hash;
		mail = m < mail ? m : mail;
	}
	ok(mail <= RATIO_MAX * hash, "%s: %.1f times SHA-256 (%.1f ms)", piece,
	    mail / hash, mail * 1e3);
	buf_free(&b);
}

int
main(void)
{
	test_mail("Subject: ", "=?a?Q?x");
	test_mail("Subject: ", "=?");
	test_mail("Subject: ", "=?a?Q?x?= ");
	test_mail("Subject: ", "\n =?utf-8?B?QUFB?=");
	test_mail("Subject: ", "A");
	test_mail("To: ", "<a+AAAA@b>,");
	test_mail("To: ", "\"(<");
	test_mail("Received: ", "\n =?a?Q?x");
	test_mail("", "Subject: =?a?Q?x\n");
	test_mail("", "To: a+AAAA@b.example\n");
	test_mail("", "X:\n");
	return unit_end();
}
