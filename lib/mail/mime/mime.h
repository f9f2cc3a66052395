/*
 * Bodies (RFC 2045) and parts (RFC 2046): every byte written is 7-bit, every
 * line ends with CRLF and has at most 78 octets.
 */
#ifndef MAIL_MIME_MIME_H
#define MAIL_MIME_MIME_H

#include "base/buf.h"
#include "base/fail.h"

enum mime_encoding { MIME_7BIT, MIME_QP, MIME_BASE64 };

/* The value of Content-Transfer-Encoding. */
const char *mime_encoding_name(enum mime_encoding);

/*
 * The best encoding for text: 7bit when the lines are short and harmless,
 * else the shorter of quoted-printable and base64. The text may have CRLF, LF
 * or CR as line ends. DATA when it holds a control character other than TAB,
 * CR and LF; what names the text in the sentence.
 */
int mime_choose(
    enum mime_encoding *, struct str text, const char *what, struct fail *);

/* Append the encoded text; each CRLF, LF or CR in it stands for CRLF. */
void mime_encode(struct buf *, struct str text, enum mime_encoding);

/* Any bytes as quoted-printable text, each line end as CRLF (RFC 2045 6.7). */
void mime_qp(struct buf *, struct str text);

/* Bytes as base64 in lines of 76, CRLF between them (RFC 2045 6.8). */
void mime_base64(struct buf *, struct str bytes);

/* The text with each CRLF, LF or CR written as CRLF. */
void mime_crlf(struct buf *, struct str text);

/*
 * A boundary parameter's value made of 7-bit characters that no encoded part
 * can contain: mime_choose() never lets "=_" through at a line's start.
 */
#define MIME_BOUNDARY "=_"

/* A whole text part: its header, an empty line, the body. */
int mime_text_part(struct buf *, const char *subtype, struct str text,
    const char *what, struct fail *);

/*
 * The media type for a file's name, "application/octet-stream" at worst: also
 * for a text whose bytes are not UTF-8, since nobody knows its charset.
 */
const char *mime_type(struct str filename, struct str bytes);

#endif
