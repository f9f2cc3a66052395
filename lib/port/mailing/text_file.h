/*
 * Template files: read whole and checked to be text.
 */
#ifndef PORT_MAILING_TEXT_FILE_H
#define PORT_MAILING_TEXT_FILE_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

#define TEXT_FILE_MAX (16 * 1024 * 1024)

/*
 * The content of a file, without a byte order mark, in the arena. SYSTEM
 * "PATH:LINE: reason" for invalid UTF-8 or a control character.
 */
int text_file_read(
    struct str *, const char *path, struct arena *, struct fail *);

/* Text of any origin; what names it. SYSTEM likewise. */
int text_file_check(struct str, const char *what, struct fail *);

/* The same for what goes into one header field, and so takes one line. */
int text_file_check_line(struct str, const char *what, struct fail *);

#endif
