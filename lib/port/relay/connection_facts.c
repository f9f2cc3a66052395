#include "port/relay/connection_facts.h"

#include <string.h>

/* The rest of the line behind the words, if it begins with them. */
static bool
take_words(struct str *line, const char *words)
{
	size_t n = strlen(words);

	if (!str_starts(*line, words))
		return false;
	*line = (struct str){line->p + n, line->n - n};
	return true;
}

void
connection_facts_line(struct connection_facts *facts, struct str line)
{
	line = str_strip(line, " \t\r\n.");
	if (take_words(&line, "Trying ")) {
		if (facts->addresses.len > 0)
			buf_adds(&facts->addresses, ", ");
		buf_addstr(&facts->addresses, line);
	} else if (take_words(&line, "SSL connection using ")) {
		buf_reset(&facts->tls);
		buf_addstr(&facts->tls, line);
	}
}

void
connection_facts_field(struct connection_facts *facts, struct str field)
{
	const struct {
		const char *name;
		struct buf *value;
	} fields[] = {
	    {"Subject:", &facts->subject},
	    {"Issuer:", &facts->issuer},
	    {"Start date:", &facts->from},
	    {"Expire date:", &facts->until},
	    {"X509v3 Subject Alternative Name:", &facts->names},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		struct str value = field;

		if (!take_words(&value, fields[i].name))
			continue;
		buf_reset(fields[i].value);
		buf_addstr(fields[i].value, str_strip(value, " \t\r\n"));
	}
}

void
connection_facts_free(struct connection_facts *facts)
{
	buf_free(&facts->addresses);
	buf_free(&facts->tls);
	buf_free(&facts->subject);
	buf_free(&facts->issuer);
	buf_free(&facts->names);
	buf_free(&facts->from);
	buf_free(&facts->until);
}
