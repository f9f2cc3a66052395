/*
 * The author's text: files read whole, and arguments, checked to be UTF-8.
 */
#ifndef PORT_MAILING_TEXT_FILE_H
#define PORT_MAILING_TEXT_FILE_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

#define TEXT_FILE_MAX (16 * 1024 * 1024) /* bytes in a file */

/*
 * The content of a file, without a byte order mark, in the arena. SYSTEM
 * "PATH:LINE: reason" for invalid UTF-8 or a control character.
 */
int text_file_read(
    struct str *, const char *path, struct arena *, struct fail *);

/* Check text of any source. SYSTEM "NAME:LINE: reason" as above. */
int text_file_check(struct str, const char *name, struct fail *);

/* Check the text of a header field, which must be one line. SYSTEM. */
int text_file_check_line(struct str, const char *name, struct fail *);

#endif
