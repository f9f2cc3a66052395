#include "mail/bounce/bounce_signs.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/bounce/bounce_address.h"
#include "mail/smtp/reply_pattern.h"

#define WORDS_MAX 8192 /* bytes of a text that are looked at */

/* Words in lower case for reply_pattern_fits(). */
static const struct reply_pattern_words *
make_words(struct str text, struct arena *arena)
{
	struct reply_pattern_words *w = arena_alloc(arena, sizeof(*w));
	char *words;
	size_t i, n = 0;

	if (text.n > WORDS_MAX)
		text.n = WORDS_MAX;
	words = arena_alloc(arena, 2 * text.n + 3);
	words[n++] = ' ';
	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (ascii_is_alnum(c) || (unsigned char)c >= 0x80)
			words[n++] = ascii_lower(c);
		else if (c != '\'' && words[n - 1] != ' ')
			words[n++] = ' ';
	}
	if (words[n - 1] != ' ')
		words[n++] = ' ';
	words[n] = '\0';
	reply_pattern_read(w, words);
	return w;
}

static const char subject_signs[] =
    "undeliver*|nondeliver*|non deliver*|not delivered|delivery fail*|"
    "delivery status|delivery report|delivery notification|delivery problem|"
    "delivery error|delivery unsuccessful|delivery delayed|delivery delay|"
    "delivery warning|returned mail|returned to sender|returning message|"
    "returning to sender|returned message|mail returned|message returned|"
    "failure notice|failure notification|failed delivery|failed mail|"
    "mail failed|mail failure|mail delivery|could not deliver|"
    "could not be delivered|cannot be delivered|cant be delivered|"
    "couldnt be delivered|unable to deliver|error mail|mail error|"
    "mail system error|message status|message delay*|warning ~ message|"
    "warning ~ mail|could not send|bounced mail|bounce|failed recipient*|"
    "error during delivery|mail could not|not deliverable|bad address|"
    "user unknown|delivery|zustell*|unzustellbar*|non remis|non distribue|"
    "unknown user|rejected|notification ~ failure|failure";

static const char text_signs[] =
    "not be delivered|not delivered|undeliver*|unable to deliver|"
    "not able to deliver|wasnt able to deliver|could not deliver|"
    "cannot deliver|couldnt deliver|cant deliver|couldnt be delivered|"
    "cant be delivered|cannot be delivered|failed to deliver|"
    "delivery ~ failed|delivery failed|delivery ~ failure|"
    "delivery ~ has been delayed|delivery ~ delayed|not yet been delivered|"
    "permanent ~ error*|failed permanently|fatal error*|"
    "transcript of session|failed addresses|failed recipients|"
    "did not reach|didnt reach|not reach|returned to you|is returned|"
    "returning ~ message|being returned|was not sent|not been sent|"
    "user unknown|unknown user|no such user|mailbox ~ full|over quota|"
    "quota exceeded|valid user|address ~ not valid|does not exist|"
    "doesnt exist|unknown recipient|recipient ~ unknown|host unknown|"
    "unknown host|was rejected|has been rejected|is delayed|"
    "been delayed|was aborted|did not receive|no longer|error ~ deliver*|"
    "problem* ~ deliver*|not accepted|cannot be sent|could not be sent|"
    "fehler|nicht zugestellt|nicht zugestellt werden|unzustellbar|"
    "the following recipient*|the following address*|"
    "message ~ could not|failed to send|following error|action failed";

static const char delay_subjects[] =
    "delay|delayed|warning|still being retried|still ~ retried|"
    "could not send message for|not yet|deferred mail|mail delay";

static const char delay_signs[] =
    "warning message only|warning only|will ~ retried|will be retried|"
    "will continue|will keep trying|will try again|will retry|still trying|"
    "still retrying|continue to try|is delayed|been delayed|was delayed|"
    "not yet been delivered|delivery attempts will|retry ~ for|"
    "temporary failure report|temporary ~ problem|no action is required|"
    "keep trying|not able to deliver ~ yet|has not been collected|"
    "havent been delivered yet|being retried";

static const char final_signs[] =
    "permanent ~ error*|failed permanently|permanent failure|given up|"
    "giving up|will not be retried|no further|will not try|not going to try|"
    "permanent fatal|fatal error*|could not be delivered|was returned";

static const char reply_subjects[] =
    "^automatic reply|^auto reply|^autoreply|^auto response|^auto|"
    "out of ~ office|out of office|out of the office|away from|on vacation|"
    "vacation|^automatische antwort|abwesen*|reponse automatique|"
    "automatisch antwoord|autoantwort|^autosvar|risposta automatica|"
    "respuesta automatica|on holiday|on leave";

static bool
is_daemon(const struct bounce_mail *m, struct arena *arena)
{
	struct str from = bounce_mail_text(m, BOUNCE_FROM), address;
	size_t i = 0;

	if (reply_pattern_fits(make_words(from, arena),
		"mail delivery|delivery subsystem|mailer daemon|"
		"system administrator|mail administrator|delivery system|"
		"mail system|postmaster|mail server|mailer"))
		return true;
	while ((address = bounce_address_next(from, &i)).p != NULL) {
		if (bounce_address_is_role(address))
			return true;
	}
	return str_strip(from, " <>\n").n == 0;
}

static bool
is_null(struct str path)
{
	return path.n > 0 && str_strip(path, " <>\n").n == 0;
}

void
bounce_signs_read(
    struct bounce_signs *s, const struct bounce_mail *m, struct arena *arena)
{
	struct str automatic = bounce_mail_text(m, BOUNCE_AUTOMATIC),
		   path = bounce_mail_text(m, BOUNCE_RETURN_PATH);
	const struct reply_pattern_words *subject =
	    make_words(bounce_mail_text(m, BOUNCE_SUBJECT), arena);
	const struct reply_pattern_words *text =
	    make_words(bounce_mail_text(m, BOUNCE_NOTICE), arena);
	bool by_subject = reply_pattern_fits(subject, subject_signs);
	bool by_text = reply_pattern_fits(text, text_signs);
	bool daemon = is_daemon(m, arena);

	s->complaint =
	    reply_pattern_fits(subject, "^complaint about message from");
	s->reply = str_starts_nocase(automatic, "auto-replied") || m->answers ||
		   str_starts_nocase(
		       bounce_mail_text(m, BOUNCE_PRECEDENCE), "auto_reply") ||
		   reply_pattern_fits(subject, reply_subjects);
	s->report = m->texts[BOUNCE_FAILED].len > 0 ||
		    strcmp(m->report, "delivery-status") == 0 ||
		    (daemon && (by_subject || by_text ||
				   m->texts[BOUNCE_SENT_ID].len > 0)) ||
		    (is_null(path) && (by_subject || by_text)) ||
		    (by_subject && by_text);
	if (s->reply && !daemon && !by_subject && !is_null(path))
		s->report = false;
	if (m->listed && !daemon && !is_null(path))
		s->report = false;
	s->delay = reply_pattern_fits(subject, delay_subjects) &&
		   reply_pattern_fits(text, delay_signs);
	if (reply_pattern_fits(text, delay_signs) &&
	    !reply_pattern_fits(text, final_signs) &&
	    !reply_pattern_fits(subject, "fail*|undeliver*|returned"))
		s->delay = true;
}
