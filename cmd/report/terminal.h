/*
 * The width, character set and colours of the terminal on stdout.
 */
#ifndef CMD_REPORT_TERMINAL_H
#define CMD_REPORT_TERMINAL_H

#include "mail/report/report_style.h"

/*
 * From COLUMNS, else the terminal's size, else 80 columns, never below 20;
 * UTF-8 by LC_ALL, LC_CTYPE and LANG; colours on a terminal unless NO_COLOR is
 * set or TERM is "dumb". Times are local on a terminal, else in UTC.
 */
struct report_style terminal_style(void);

#endif
