/*
 * Reads a message that came back, as its bytes come.
 */
#ifndef MAIL_BOUNCE_BOUNCE_READER_H
#define MAIL_BOUNCE_BOUNCE_READER_H

#include "base/str.h"
#include "mail/bounce/bounce_mail.h"

/* The bytes of the message beyond MIME_READER_MAX are dropped. */
struct bounce_reader;

/* Fills mail, which is empty and stays the caller's. */
struct bounce_reader *bounce_reader_new(struct bounce_mail *);
void bounce_reader_add(struct bounce_reader *, struct str bytes);

/* After the last byte; frees the reader. */
void bounce_reader_finish(struct bounce_reader *);

#endif
