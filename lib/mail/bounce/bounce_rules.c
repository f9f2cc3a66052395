#include "mail/bounce/bounce_rules.h"

/* A mailer's own words: no server's reply has them. */
const struct bounce_rule bounce_rules[] = {
    {"L", REPLY_LISTED},
    {"is disabled|account ~ disabled|user ~ disabled|mailbox ~ disabled|"
     "suspended|is inactive|not active|inactive account|inactive user",
	REPLY_UNWANTED},
    {"timed out|timeout|time out|connection refused|connection reset|"
     "connection ~ closed|connection lost|lost connection|no route to host|"
     "network ~ unreachable|connection dropped|retry time|not reachable|"
     "unreachable|cant connect|unable to connect|could not connect|"
     "couldnt connect|cannot connect|failed to connect|queue too long|"
     "in the queue|message expired|has expired|delivery time expired|"
     "deferred|temporary|temporarily|not responding|didnt respond|"
     "did not respond|no response|host not found try again|"
     "host D not found try again|host H not found try again",
	REPLY_LOAD},
    {"too many hops|mail loop|loops back|routing loop|hop count|mail loops",
	REPLY_LOOP},
    {"host unknown|unknown host|host not found|domain not found|"
     "domain unknown|unknown domain|host or domain name not found|"
     "name service error|nxdomain|no such domain|no such host|"
     "domain does not exist|domain doesnt exist|bad destination host|"
     "unrouteable ~ domain|unroutable mail domain|unrouteable mail domain|"
     "couldnt find any host|cant find any host|domain ~ not found|"
     "host name lookup failed|name or service not known|"
     "could not be resolved|couldnt be resolved|no mx|null mx|nullmx|"
     "does not accept mail&domain|invalid domain|"
     "no ~ exchanger|unable to resolve|"
     "host D not found|host H not found",
	REPLY_DOMAIN},
    {"not listed in domino|not listed in ~ directory|"
     "not listed in public|not listed in name",
	REPLY_UNKNOWN},
};

const struct bounce_rule bounce_rules_last[] = {
    {"mailbox not found|no mailbox here|no such mailbox|no such person|"
     "does not exist|doesnt exist|not exist|user unknown|unknown user|"
     "unknown recipient|recipient unknown|unknown address|address unknown|"
     "unknown local part|unknown to|is unknown|not a valid user|"
     "valid user here|invalid recipient|invalid mailbox|invalid address|"
     "no such user|no user|no account|mailbox unknown|no valid recipients|"
     "not known|address ~ not found|couldnt be found|could not be found|"
     "wasnt found|was not found|not found at|not our customer|"
     "no longer ~ valid|mail box not found|no mail box|bad recipient|"
     "invalid ~ userid|invalid user|no mail account|account ~ not found",
	REPLY_UNKNOWN},
};

const size_t bounce_rules_count = sizeof(bounce_rules) / sizeof(*bounce_rules);
const size_t bounce_rules_last_count =
    sizeof(bounce_rules_last) / sizeof(*bounce_rules_last);
