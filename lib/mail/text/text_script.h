/*
 * Exponents and indices, the readings of a ruby, fractions: signs in the text
 * say what smaller or raised letters say to the eye.
 */
#ifndef MAIL_TEXT_TEXT_SCRIPT_H
#define MAIL_TEXT_TEXT_SCRIPT_H

#include "mail/text/text_flow.h"

/*
 * Put the sign in front of an element of TAG_SUP, TAG_SUB, TAG_RT or TAG_OVER,
 * as in "2^n", "x_i", "e^(-x)", "a/b", if it needs one; the parenthesis behind
 * it. Each call of the first is followed by one of the second.
 */
void text_script_enter(struct text_flow *, const struct html_node *);
void text_script_leave(struct text_flow *);

#endif
