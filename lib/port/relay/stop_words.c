#include "port/relay/stop_words.h"

void
stop_words_keep(struct stop_words *w, const struct outcome *o)
{
	w->stage = o->stage;
	w->code = o->code;
	buf_reset(&w->enhanced);
	buf_addstr(&w->enhanced, o->enhanced);
	buf_reset(&w->reply);
	buf_addstr(&w->reply, o->reply);
}

void
stop_words_free(struct stop_words *w)
{
	buf_free(&w->enhanced);
	buf_free(&w->reply);
}

void
stop_words_fill(const struct stop_words *w, struct relay_stop *stop)
{
	stop->stage = str_of(w->stage);
	stop->code = w->code;
	stop->enhanced = buf_str(&w->enhanced);
	stop->reply = buf_str(&w->reply);
}
