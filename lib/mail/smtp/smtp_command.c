#include "mail/smtp/smtp_command.h"

static const struct {
	enum reply_stage stage;
	int seconds;
} commands[] = {
    [CMD_RSET] = {STAGE_MAIL, 300},
    [CMD_MAIL] = {STAGE_MAIL, 300},
    [CMD_RCPT] = {STAGE_RCPT, 300},
    [CMD_DATA] = {STAGE_DATA, 120},
    [CMD_DOT] = {STAGE_DOT, 600},
    [CMD_LONE_DOT] = {STAGE_DATA, 600},
    [CMD_QUIT] = {STAGE_NONE, 5},
};

enum reply_stage
smtp_command_stage(enum smtp_command command)
{
	return commands[command].stage;
}

int
smtp_command_timeout(enum smtp_command command)
{
	return commands[command].seconds;
}
