/*
 * One message as compose_record() has made it.
 */
#ifndef MAIL_MESSAGE_COMPOSED_H
#define MAIL_MESSAGE_COMPOSED_H

#include <stdbool.h>

#include "base/str.h"
#include "mail/record/message.h"
#include "mail/template/template_lack.h"

struct composed {
	struct message message;
	struct str html, text;         /* LF line ends */
	struct str headers;            /* of message, without the empty line */
	struct str subject;            /* clean UTF-8 */
	struct str from_name;          /* display name of From */
	bool html_footer, text_footer; /* opt-out link and postal address */
	struct str empty_file; /* the name of one without content, or absent */
	bool based;            /* relative links were resolved */
	struct str hidden;     /* why no reader sees the footer; or p == NULL */
	struct template_lack lack; /* of a field, if that is the failure */
};

#endif
