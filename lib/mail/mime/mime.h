/*
 * Encodings of bodies and parts (RFC 2045, 2046): all output is 7-bit, in
 * lines of at most 78 octets that end with CRLF.
 */
#ifndef MAIL_MIME_MIME_H
#define MAIL_MIME_MIME_H

#include "base/buf.h"
#include "base/fail.h"

enum mime_encoding { MIME_7BIT, MIME_QP, MIME_BASE64 };

/* The value of Content-Transfer-Encoding. */
const char *mime_encoding_name(enum mime_encoding);

/*
 * Choose the encoding of a text: 7bit if the lines are short and harmless,
 * otherwise the shorter of quoted-printable and base64. Line ends are CRLF, LF
 * or CR. DATA for a control character other than TAB, CR and LF; the message
 * calls the text by its name ("the HTML").
 */
int mime_choose(
    enum mime_encoding *, struct str text, const char *name, struct fail *);

/* Append the encoded text; each CRLF, LF or CR in it becomes CRLF. */
void mime_encode(struct buf *, struct str text, enum mime_encoding);

/* Append a text as quoted-printable, line ends as CRLF (RFC 2045 6.7). */
void mime_qp(struct buf *, struct str text);

/* Append bytes as base64 in lines of 76, CRLF between them (RFC 2045 6.8). */
void mime_base64(struct buf *, struct str bytes);

/* Append a text unencoded, line ends as CRLF. */
void mime_crlf(struct buf *, struct str text);

/*
 * How a boundary begins. No encoded part has a line that begins with "--=_":
 * quoted-printable and base64 cannot write it, mime_choose() avoids 7bit.
 */
#define MIME_BOUNDARY "=_"

/* Append a text part: its header, an empty line, the body. DATA. */
int mime_text_part(struct buf *, const char *subtype, struct str text,
    const char *name, struct fail *);

#endif
