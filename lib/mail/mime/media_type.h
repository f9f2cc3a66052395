/*
 * Media types (RFC 6838) of files.
 */
#ifndef MAIL_MIME_MEDIA_TYPE_H
#define MAIL_MIME_MEDIA_TYPE_H

#include "base/str.h"

/*
 * The type for the suffix of a file's name, with the charset of a text. A
 * picture has the type of its content; an unknown suffix, and a text whose
 * bytes are not UTF-8, give "application/octet-stream".
 */
const char *media_type(struct str filename, struct str bytes);

/* The type of a picture, by its first bytes; NULL if the bytes are none. */
const char *media_type_picture(struct str bytes);

#endif
