/* Lines of bm-send --settle: what is taken, and what is said of the others. */
#include "mail/record/settlement.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define START "{\"email_id\":\"w\",\"status\":\"sent\","

static void
test_good(void)
{
	const struct {
		const char *line, *email, *id, *queue_id;
		bool sent;
	} cases[] = {
	    {START "\"email\":\"a@x\"}", "a@x", "", "", true},
	    {"{\"status\":\"not_sent\",\"email\":\"a@x\",\"email_id\":\"w\"}",
		"a@x", "", "", false},
	    {START "\"message_id\":\"<ab@x>\"}", "", "ab", "", true},
	    {START "\"message_id\":\"ab@x\"}", "", "ab", "", true},
	    {START "\"message_id\":\"<ab\"}", "", "ab", "", true},
	    {START "\"message_id\":\"ab\",\"email\":null}", "", "ab", "", true},
	    {START "\"email\":\"a@x\",\"message_id\":null,\"queue_id\":null}",
		"a@x", "", "", true},
	    {START "\"email\":\"\\u0061@x\",\"queue_id\":\"4Q\",\"more\":[1]}",
		"a@x", "", "4Q", true},
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct settlement s;
		struct fail f = {0};
		int rc = settlement_parse(&s, str_of(cases[i].line), a, &f);

		ok(rc == 0 && str_is(s.email_id, "w") &&
			str_is(s.email, cases[i].email) &&
			str_is(s.message_id, cases[i].id) &&
			str_is(s.queue_id, cases[i].queue_id) &&
			s.sent == cases[i].sent,
		    "%s %s", cases[i].line, f.text);
	}
	arena_free(a);
}

static void
test_bad(void)
{
	const struct {
		const char *line, *says;
	} cases[] = {
	    {"", "JSON"},
	    {"[]", "object"},
	    {START "\"email\":\"a@x\"", "JSON"},
	    {START "\"email\":1}", "\"email\""},
	    {START "\"user_id\":\"7\"}", "neither"},
	    {START "\"email\":\"a@x\",\"message_id\":\"b\"}", "both"},
	    {START "\"message_id\":\"\"}", "Message-ID"},
	    {START "\"message_id\":\"<\"}", "Message-ID"},
	    {START "\"message_id\":\"@x\"}", "Message-ID"},
	    {"{\"email_id\":\"w\",\"email\":\"a@x\"}", "\"status\""},
	    {"{\"email_id\":\"w\",\"email\":\"a@x\",\"status\":\"in_doubt\"}",
		"sent or not_sent"},
	    {"{\"email_id\":\"w\",\"email\":\"a@x\",\"status\":\"SENT\"}",
		"sent or not_sent"},
	    {"{\"email_id\":\"\",\"email\":\"a@x\",\"status\":\"sent\"}",
		"\"email_id\" is empty"},
	    {"{\"email\":\"a@x\",\"status\":\"sent\"}",
		"\"email_id\" is missing"},
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct settlement s;
		struct fail f = {0};
		int rc = settlement_parse(&s, str_of(cases[i].line), a, &f);

		ok(rc == -1 && f.kind == FAIL_DATA &&
			strstr(f.text, cases[i].says) != NULL,
		    "%s: %s", cases[i].line, f.text);
	}
	arena_free(a);
}

int
main(void)
{
	test_good();
	test_bad();
	return unit_end();
}
