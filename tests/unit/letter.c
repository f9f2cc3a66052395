/* A letter keeps its values after the input line is gone. */
#include "port/send/letter.h"

#include "base/str.h"
#include "port/send/letter_pool.h"
#include "unit.h"

static const char record[] =
    "{\"email_id\":\"week3\",\"course_id\":\"c\",\"user_id\":\"42\","
    "\"email\":\"ada@uni.example\",\"sender\":\"b@uni.example\","
    "\"content\":\"0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef\",\"subject\":\"Week 3 is open\","
    "\"message\":\"To: ada@uni.example\\r\\n\\r\\nHello\\r\\n\"}";

int
main(void)
{
	struct letter_pool pool = {0};
	struct letter *l = letter_pool_get(&pool);
	struct message *m = &l->message;
	char line[sizeof(record)];
	struct fail f;

	memcpy(line, record, sizeof(record));
	ok(letter_read(l, str_of(line), &f) == 0, "a record is read");
	memset(line, '#', sizeof(line));
	same(m->email_id, "week3", "email_id");
	same(m->course_id, "c", "course_id");
	same(m->user_id, "42", "user_id");
	same(m->email, "ada@uni.example", "email");
	same(m->sender, "b@uni.example", "sender");
	ok(m->content.n == 64 && memchr(m->content.p, '#', 64) == NULL,
	    "content");
	same(m->subject, "Week 3 is open", "subject");
	same(m->message, "To: ada@uni.example\r\n\r\nHello\r\n", "message");
	letter_pool_put(&pool, l);
	letter_pool_free(&pool);
	return unit_end();
}
