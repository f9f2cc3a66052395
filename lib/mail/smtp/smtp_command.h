/*
 * The SMTP commands that the dialogue sends after login.
 */
#ifndef MAIL_SMTP_SMTP_COMMAND_H
#define MAIL_SMTP_SMTP_COMMAND_H

#include "mail/smtp/reply.h"

/* MAIL, RCPT and DATA in the order in which an envelope has them. */
enum smtp_command {
	CMD_RSET,
	CMD_MAIL,
	CMD_RCPT,
	CMD_DATA,
	CMD_DOT,
	CMD_LONE_DOT, /* ends the empty message of a refused recipient */
	CMD_QUIT,
};

/* The stage of a message while the command's reply is awaited. */
enum reply_stage smtp_command_stage(enum smtp_command);

/* Seconds to wait for the command's reply (RFC 5321 4.5.3.2). */
int smtp_command_timeout(enum smtp_command);

#endif
