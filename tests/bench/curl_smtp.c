/*
 * libcurl's own SMTP transaction, as a program would use it: one handle a
 * thread, kept for all its messages.
 *   curl_smtp smtp://HOST:PORT/NAME THREADS FILE...
 * Sends each message record once and prints how many were accepted.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "mail/record/message.h"

struct input {
	pthread_mutex_t lock;
	const char *url;
	char **files; /* the next one first */
	FILE *stream;
};

struct sender {
	pthread_t thread;
	struct input *input;
	struct arena *arena;
	struct str rest; /* of the message that is sent */
	long sent;
};

static ssize_t
next_line(struct input *in, char **line, size_t *cap)
{
	ssize_t n = -1;

	pthread_mutex_lock(&in->lock);
	for (;;) {
		if (in->stream != NULL)
			n = getline(line, cap, in->stream);
		if (n > 0 || *in->files == NULL)
			break;
		if (in->stream != NULL)
			fclose(in->stream);
		in->stream = fopen(*in->files++, "r");
	}
	pthread_mutex_unlock(&in->lock);
	return n;
}

static size_t
on_read(char *p, size_t size, size_t n, void *ctx)
{
	struct sender *s = ctx;
	size_t k = size * n < s->rest.n ? size * n : s->rest.n;

	memcpy(p, s->rest.p, k);
	s->rest = (struct str){s->rest.p + k, s->rest.n - k};
	return k;
}

static bool
send_one(struct sender *s, CURL *easy, const struct message *m)
{
	struct curl_slist *to = curl_slist_append(
	    NULL, arena_dup(s->arena, m->email.p, m->email.n));
	CURLcode rc;

	s->rest = m->message;
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM,
	    arena_dup(s->arena, m->sender.p, m->sender.n));
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
	rc = curl_easy_perform(easy);
	curl_slist_free_all(to);
	return rc == CURLE_OK;
}

static void *
work(void *ctx)
{
	struct sender *s = ctx;
	CURL *easy = curl_easy_init();
	struct message m;
	struct fail f;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	curl_easy_setopt(easy, CURLOPT_URL, s->input->url);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, s);
	while ((n = next_line(s->input, &line, &cap)) > 0) {
		struct str raw = {line, (size_t)n - 1};

		arena_reset(s->arena);
		if (message_parse(&m, raw, s->arena, &f) == 0)
			s->sent += send_one(s, easy, &m);
	}
	curl_easy_cleanup(easy);
	free(line);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct input in = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct sender *senders;
	long threads, sent = 0;

	if (argc < 4)
		return 2;
	in.url = argv[1];
	in.files = argv + 3;
	threads = strtol(argv[2], NULL, 10);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	senders = mem_new((size_t)threads * sizeof(*senders));
	for (long i = 0; i < threads; i++) {
		senders[i].input = &in;
		senders[i].arena = arena_new();
		if (pthread_create(
			&senders[i].thread, NULL, work, &senders[i]) != 0)
			return 2;
	}
	for (long i = 0; i < threads; i++) {
		pthread_join(senders[i].thread, NULL);
		sent += senders[i].sent;
		arena_free(senders[i].arena);
	}
	free(senders);
	if (in.stream != NULL)
		fclose(in.stream);
	curl_global_cleanup();
	printf("%ld\n", sent);
	return 0;
}
