#include "sign/sign_lookup.h"

#include <string.h>

#include "port/dns/dns.h"

int
sign_lookup_key(struct dkim_record *r, struct str selector, struct str domain,
    struct arena *arena, struct fail *f)
{
	struct dns_texts texts;
	struct buf name = {0};
	int rc;

	*r = (struct dkim_record){0};
	dkim_record_put_name(&name, selector, domain);
	rc = dns_texts(&texts, buf_cstr(&name), arena, f);
	buf_free(&name);
	if (rc < 0)
		return -1;
	if (texts.count == 0)
		return fail_data(f, "there is no record");
	if (texts.count > 1)
		return fail_data(f,
		    "there are %zu records, where receivers expect one",
		    texts.count);
	return dkim_record_parse(r, texts.all[0], arena, f);
}

/* The version ends where a blank or a semicolon follows, or the text ends. */
static bool
has_version(struct str text, const char *version)
{
	size_t n = strlen(version);

	return str_is_nocase(
		   (struct str){text.p, text.n < n ? text.n : n}, version) &&
	       (text.n == n || text.p[n] == ' ' || text.p[n] == ';');
}

int
sign_lookup_policy(struct str *policy, const char *name, const char *version,
    struct arena *arena, struct fail *f)
{
	struct dns_texts texts;
	size_t found = 0;

	*policy = (struct str){0};
	if (dns_texts(&texts, name, arena, f) < 0)
		return -1;
	for (size_t i = 0; i < texts.count; i++) {
		if (has_version(texts.all[i], version)) {
			*policy = texts.all[i];
			found++;
		}
	}
	if (found > 1)
		return fail_data(f,
		    "there are %zu records, and receivers heed none of them",
		    found);
	return 0;
}
