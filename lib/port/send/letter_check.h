/*
 * The addresses of a letter that has been read.
 */
#ifndef PORT_SEND_LETTER_CHECK_H
#define PORT_SEND_LETTER_CHECK_H

#include "port/send/letter.h"

/*
 * Parse the envelope sender, unless it is empty, the null reverse-path. An
 * absent one is the other one, and DATA if that is absent, too.
 */
int letter_check_sender(
    struct letter *, struct str otherwise, int addr_policy, struct fail *);

/* Parse the address. DATA: the letter is refused, and has a key all the same.
 */
int letter_check_address(struct letter *, int addr_policy, struct fail *);

#endif
