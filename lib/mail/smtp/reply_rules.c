#include "mail/smtp/reply_rules.h"

#include "mail/smtp/reply.h"

#define AT(stage) (1u << (stage))
#define MAIL AT(STAGE_MAIL)
#define RCPT AT(STAGE_RCPT)
#define TEXT (AT(STAGE_DATA) | AT(STAGE_BODY) | AT(STAGE_DOT))
#define HIM (RCPT | TEXT) /* a recipient may be concerned */
#define ALL (MAIL | HIM)
#define ANY 0u

#define WORDS(stages, code, matter, text)                   \
	{                                                   \
		stages, code, REPLY_ANY, 0, 0, text, matter \
	}
#define CODE(stages, code, subject, low, high, matter)         \
	{                                                      \
		stages, code, subject, low, high, NULL, matter \
	}
#define BASIC(stages, code, matter)                          \
	{                                                    \
		stages, code, REPLY_NONE, 0, 0, NULL, matter \
	}
#define STAGE(stage, code, matter)                             \
	{                                                      \
		AT(stage), code, REPLY_ANY, 0, 0, NULL, matter \
	}

/* Of Amazon SES, before the others. */
const struct reply_rule reply_rules_ses[] = {
    WORDS(ANY, 421, REPLY_SPENT, "maximum message count"),
    WORDS(ANY, 454, REPLY_QUOTA, "daily"),
    WORDS(ANY, 454, REPLY_RATE, "throttling failure|sending rate"),
    WORDS(HIM, 4, REPLY_OTHER, "temporary service failure"),
    WORDS(ANY, 5, REPLY_ADDRESS,
	"address blacklisted|illegal address|domain ends with dot|"
	"local address contains"),
    WORDS(ALL, 554, REPLY_RELAY, "access denied|not authorized"),
    WORDS(ALL, 554, REPLY_SENDER, "not verified"),
    WORDS(ALL, 554, REPLY_RELAY, "suspended|paused"),
    WORDS(ANY, 554, REPLY_FORM, "transaction failed"),
};

/*
 * A rule has subject and detail of the enhanced code, not its class: the first
 * digit of the basic code tells whether to try again, because the two differ
 * at times (Gmail sends "421 5.7.32").
 */
const struct reply_rule reply_rules[] = {
    /* Before the first transaction no message is the cause. */
    STAGE(STAGE_AUTH, 0, REPLY_LOGIN),
    STAGE(STAGE_TLS, 0, REPLY_TLS),
    STAGE(STAGE_EHLO, 4, REPLY_LOAD),
    STAGE(STAGE_EHLO, 5, REPLY_SYNTAX),
    STAGE(STAGE_GREETING, 4, REPLY_LOAD),
    STAGE(STAGE_GREETING, 5, REPLY_CLOSED),

    /* Words of the mailbox's own limits and will. */
    WORDS(HIM, 0, REPLY_BUSY_BOX,
	"receiving ~ at a rate|receiving ~ too quickly|receiving ~ too many|"
	"received too much|received too many messages|send to this recipient|"
	"messages ~ to this recipient|mail ~ to this recipient|"
	"recipient has exceeded|recipient ~ rate limit*|messages they can|"
	"mailbox has reached|mailbox ~ daily limit|recipient ~ daily limit|"
	"recipients domain ~ quota|recipient is receiving|user is receiving|"
	"too many messages to R|too many messages for R|"
	"too many messages for this|this mailbox ~ too many|may receive ~ per"),
    WORDS(MAIL | TEXT, 5, REPLY_ACCOUNT,
	"mailbox full&storedrv submission|senders mailbox|sent items"),
    WORDS(HIM, 0, REPLY_FULL,
	"mailbox ~ full|inbox ~ full|mailfolder ~ full|folder is full|"
	"mailbox size limit|overquota&!sending|over quota&!sending|"
	"out of storage|storage allocation|storage space|storage limit*|"
	"exceeded ~ storage|mailbox ~ quota|quota ~ mailbox|mailbox exceed*|"
	"mailbox has exceeded|user quota|quota of user|recipient quota|"
	"quota violation|disk quota|exceeded ~ disk|speicher*|postfach ~ voll|"
	"boite ~ pleine|buzon ~ lleno|user is over|user over|"
	"insufficient ~ space&mailbox|not enough ~ space&mailbox|"
	"account is full|account is over|casella ~ piena|"
	"has exceeded ~ quota&!relay&!sending&!daily&!hour"),
    {HIM, 4, 2, 1, 1, "!sen*&!relay", REPLY_BUSY_BOX},
    {HIM, 0, 2, 2, 2, "!sen*&!relay&!storedrv", REPLY_FULL},
    WORDS(HIM, 0, REPLY_SMALL,
	"too big ~ recipient|too large ~ recipient|too big for this|"
	"too large for this|set by recipient|set by the recipient|"
	"recipient accepts at most|recipient accepts only|size ~ recipient|"
	"recipients ~ size limit|too long for ~ mailbox"),
    WORDS(HIM, 5, REPLY_ADDRESS,
	"email address is blacklisted|recipient blacklisted"),
    WORDS(HIM, 0, REPLY_UNWANTED,
	"by this recipient|by the recipient|by recipient|by recipients|"
	"by this user|by the user|by the addressee|by R|recipients choice|"
	"recipient preferences|recipients preferences|user entry|"
	"user domain entry|blocked senders|manual block|manual envelope|"
	"rejected by destination|by organization|by the organization|"
	"restrictedto*|authrequired|sendernotauthenticatedfor*|"
	"restricted group|you are sending to ~ from|"
	"domain that you are sending|block rcpt|block send*|domains blacklist|"
	"users blacklist|delivery ~ policy error|delivery restricted|"
	"mailpolicy|only accepts|not accepting&!connection*&!service&!system|"
	"blocked you|black hole|user does not accept|recipient does not accept|"
	"does not want|refuses ~ from you|recipient ~ refuse*|"
	"at the request of|recipient requires|required for rcpt|user is locked|"
	"mailbox ~ locked|account ~ locked&!your account|mailbox ~ suspended|"
	"recipient ~ suspend*|destinataire ~ bloque|recipient account is|"
	"recipient ~ archived|recipient ~ suppressed|address was suppressed|"
	"address is suppressed|incoming ~ suspended|R ~ suspended&!sending|"
	"R ~ disabled&!sending|user ~ suspended&!sending|"
	"user ~ disabled&!sending|account ~ suspended&R&!sending|"
	"account ~ disabled&R&!sending|address ~ suspended&!sending|"
	"rejected inactive|mailbox ~ inactive|inactive mailbox|"
	"mailbox ~ disabled&!sending|recipient ~ disabled|mailing list|"
	"members only|member of ~ list|list expansion|of this recipient|"
	"to this user|whitelist ~ recipient|challenge response|target address|"
	"may not exist|recipient rejected ~ access denied&!H|inactivity"),

    /* The sender, whatever the reply says of its mailbox. */
    WORDS(ALL, 0, REPLY_SENDER,
	"sender address rejected|S rejected|S sender|sender rejected|"
	"sender refused|sender ~ not owned|not owned by|sender verify|"
	"sender verification|verification failed for S|callout|"
	"denies the sender|envelope sender|invalid sender|bad sender|"
	"unknown sender|sender unknown|sender ~ invalid format|sendasdenied*|"
	"send as this|send on behalf|sender ~ not allowed|"
	"sender ~ not permitted|sender ~ does not exist|domain of sender|"
	"sender domain ~ not|sender domain ~ exist*|sender domain ~ invalid|"
	"sending domain ~ not|unconfigured sending|unregistered domain*|"
	"unroutable sender|unrouteable sender|mail from must|"
	"from address does not|from address is not|from address ~ match|"
	"from header ~ match|email address is not verified|domain not verified|"
	"domain is not verified|sender ~ not verified|sender identity|"
	"identities failed|authorized to send ~ from that|"
	"authorized to send ~ as|authorized to send from|"
	"authorised to send from|allowed to send ~ as|allowed to send from|"
	"sending activity|invalid dns mx|relaying disallowed as|"
	"submission ~ suspended|sender ~ denied|S ~ unknown|S ~ not exist|"
	"no such ~ S|S no such|unknown ~ S|unroutable ~ S|unrouteable ~ S|"
	"S ~ not allowed|from address not|from address ~ denied|"
	"from address ~ rejected|from domain not|sender ~ not belong|"
	"O is not allowed|O is not permitted|O not allowed|sender not authori*|"
	"sender is not authori*|forged sender"),

    WORDS(ALL, 0, REPLY_RELAY,
	"sending paused|sending suspended|sending ~ disabled|"
	"outgoing mail ~ suspended|outgoing ~ blocked|outgoing ~ disabled|"
	"account ~ suspended|account ~ been disabled&!inactiv*|"
	"your account ~ blocked|your account ~ disabled|your account ~ locked|"
	"blocked from sending|disabled from sending|outboundspam*"),

    /* Greylisting, and servers that ask another one first. */
    WORDS(HIM, 4, REPLY_GREY,
	"greylist*|graylist*|grey list*|gray list*|grey H|try another server|"
	"come back later|first contact|unknown triplet"),
    WORDS(HIM, 4, REPLY_UNWANTED,
	"unverified address|verification in progress|undeliverable address|"
	"mailbox unavailable&!limit*&!exceeded"),

    /* Rates and quotas of ours. */
    WORDS(ANY, 0, REPLY_SPENT, "connection expired"),
    WORDS(ALL, 4, REPLY_SPENT,
	"per session|this session|per connection|this connection"),
    CODE(ANY, 0, 7, 28, 28, REPLY_FLOOD),
    WORDS(ALL, 0, REPLY_DAILY,
	"daily ~ limit*|daily ~ quota*|24 hour ~ limit|limit ~ per day|"
	"per day ~ exceeded|limit ~ today|quota ~ today|messages per day|"
	"mails per day|emails per day|recipients per day"),
    WORDS(ALL, 0, REPLY_QUOTA,
	"relay quota|sending limit|exceeded ~ sending limits|sending quota|"
	"send limit*|count quota|message quota|mail quota exceeded|"
	"submissionquota*|outbound quota|recipient limit exceeded|"
	"exceeded threshold|monthly ~ limit|monthly ~ quota|plan limit|"
	"sending credit*|out of credit*|credits exceeded|maximum credits|"
	"outgoing ~ limit|outgoing ~ exceeded|policy rejection ~ quota|"
	"maximum number of emails|maximum number of messages|"
	"maximum number of mails"),
    WORDS(ALL, 0, REPLY_RATE,
	"peak smtp relay limit|sending rate|too many messages|too many emails|"
	"too many mails|to many mails|too many recipients|too much mail|"
	"too much email|too much spam|too many connections|too many concurrent|"
	"too many open|too many simultaneous|concurrent connections|"
	"too frequent*|frequency|rate limit*|ratelimit*|rate overlimit|"
	"rate ~ exceeded|emails per hour|messages per hour|messages per minute|"
	"per hour ~ exceeded|exceeded ~ per hour|max defers|message rate|"
	"submission rate|mail rate|connection rate|connection limit*|"
	"hourly limit|hourly quota&!recipients|hourly ~ exceeded|throttl*|"
	"slow down|slower|too fast|too quickly|unusual rate|unexpected volume|"
	"unusual volume|high volume|volume of mail|exceeded ~ volume|"
	"volume ~ exceeded|mail flood|flooding|too many ~ invalid|too many bad|"
	"too many unknown|too many ~ errors|excessive ~ recipients|"
	"excessive rate|excessive volume|per session|hl icc|hl itc|hl ifc|rp #|"
	"rp drc|dyn t#|wait to send|sending ~ too many|sent ~ too many|"
	"limit ~ per hour|limit exceeded for sender|limit ~ messages per"),
    WORDS(ALL, 4, REPLY_RATE,
	"^ts#|^tss#|message* deferred ts#|temporarily deferred|"
	"user complaints"),
    WORDS(ALL, 5, REPLY_LISTED, "^ts#|^tss#"),
    WORDS(ANY, 0, REPLY_BANNED, "^bl#|not allowed bl#"),
    WORDS(TEXT, 0, REPLY_SPAM, "^ph#|not allowed ph#"),

    /* Proofs of the sender, relaying, login, our name. */
    WORDS(ALL, 0, REPLY_PROOF,
	"spf|dkim|dmarc|senderid|sender policy framework|"
	"authentication information|authentication checks|unauthenticated|au01|"
	"domain owner ~ policy|spoof*|fails to pass|not signed"),
    WORDS(ALL, 0, REPLY_RELAY,
	"relay not|relaying not|relaying denied|relaying disallowed|"
	"relaying is|relaying to|relaying prohibited|relay prohibited|"
	"relay operation|unable to relay|not permitted to relay|"
	"not allowed to relay|denies relay|relay check|cannot relay|cant relay|"
	"wont relay|dont relay|not relay|not a relay|relay rejected|"
	"relaying rejected|relaying refused|no relay*|as a relay|to relay mail|"
	"to relay through|list of allowed|rcpthosts|non accepted domain|"
	"send email directly|use the smtp relay|authorized to relay|"
	"tenantattribution|open relay|relay for|not a local domain|"
	"not in ~ allowed domains|third party ~ relay*|relay ~ not accepted|"
	"relay ~ refused|relay ~ denied"),
    WORDS(ALL, 0, REPLY_LOGIN,
	"authentication required|authentication is required|"
	"smtp authentication|smtp auth|auth command|please log in|must log in|"
	"login required|please login|not authenticated|requires authentication|"
	"account ~ not ~ activated|not authorized to perform|"
	"account not subscribed|authorization required|auth required|"
	"check ~ mail before|pop before|authenticate|have authentication|"
	"to log in|log in first"),
    WORDS(ALL, 0, REPLY_NAME,
	"helo|ehlo|reverse dns|rdns|reverse hostname|reverse lookup|"
	"reverse name|ptr|your hostname|name lookup failed|mismatches client|"
	"unverifiable|cannot resolve your|does not resolve ~ client|"
	"no reverse"),

    /* Faults of the message's form: before lists, whose names they say. */
    WORDS(TEXT, 0, REPLY_FORM,
	"malformed&!attachment|duplicate header*|duplicate from|"
	"duplicate subject|multiple ~ header*|multiple from&!this sender|"
	"bare lf|bare cr|bare linefeed*|barelinefeed*|bare newline|"
	"bare line feed*|encoded word|unicode character|rfc 5322|rfc5322|"
	"rfc 2822|rfc2822|rfc 822|rfc822|rfc compliant|line too long|"
	"line limit|line length|lines ~ too long|missing a valid|"
	"missing ~ header*|having no|no from header|8 bit data|8bit data|"
	"binary content|headers ~ invalid|invalid header*|bad header*|"
	"header syntax|missing final"),

    /* Lists of bad senders and reputations. */
    WORDS(ALL, 0, REPLY_LISTED,
	"using L|at L|in L|see L|block* ~ L|list* ~ L|black* ~ L|deferred ~ L|"
	"blocked using|block list|blocklist*|blacklist*|black list*|deny list|"
	"denylist*|dnsbl|rbl|cdrbl|listed at|listed by|listed in|listed on|"
	"is listed|spamhaus|spamcop|sorbs|trend micro|reputation|"
	"banned sending|banned ip|ip ~ banned|ip ~ blocked|blocked ip|"
	"ip ~ rejected|black ip|ip based|domain based|ip ~ suspended|"
	"traffic not accepted|junkmail|client ~ blocked|host ~ blocked|"
	"client ~ rejected|network ~ blocked|server ~ blocked|I ~ blocked|"
	"I ~ denied|administrative prohibition|administratively ~ denied|"
	"sc 00#|dy 00#|ou 00#|s3150|s3140|go away|access to submit|"
	"access to this mail|access to this server|dialup|dial up|"
	"not in whitelist|source bloquee|policy rejection|service refuse*|"
	"^connection refused|connections will not|block permanently|"
	"permanently blocked|block temporarily|temporarily blocked|"
	"blocked temporarily|blocked ~ see|sender ~ blocked|domain ~ blocked|"
	"blocked ~ for spam*|spam source|not accept* ~ from your|dynamic ip*|"
	"residential|your ip|your server|your network|accept ~ from this ip|"
	"blackhole*"),

    /* The message. */
    WORDS(RCPT, 0, REPLY_SMALL,
	"message size|message ~ too big|exceed* ~ size|size ~ exceed*|"
	"size limit*|too large"),
    WORDS(MAIL | TEXT, 0, REPLY_SIZE,
	"message size|mail size|exceed* ~ size|size ~ exceed*|size limit*|"
	"message ~ too big|mail ~ too big|message too long|message is too long|"
	"databytes|exceed* ~ maximum ~ size|too large"),
    WORDS(HIM, 0, REPLY_SPAM,
	"spam|spams|antispam|spammy|virus|viruses|viral|malware|phish*|ube|uce|"
	"unsolicited|junk|banned content|banned ~ file|content denied|"
	"content filter*|content ~ rejected|message content|content judged|"
	"its content|message filtered|security polic*|security issue|hvu b#|"
	"message not allowed|dt spm|dt #|attachment*|header based|suspicious|"
	"spamming|indesirable|contenu|inhalt"),
    WORDS(ALL, 0, REPLY_TLS,
	"starttls|tls required|requires tls|encryption ~ required|must use tls|"
	"secure connection"),
    WORDS(ALL, 0, REPLY_UTF8, "smtputf8"),

    /* Codes that name the mailbox. */
    WORDS(HIM, 0, REPLY_UNKNOWN,
	"recipnotfound|recipientnotfound|recipient not found"),
    CODE(HIM, 0, 1, 1, 1, REPLY_UNKNOWN),
    CODE(HIM, 0, 1, 2, 2, REPLY_DOMAIN),
    CODE(HIM, 0, 1, 3, 3, REPLY_ADDRESS),
    CODE(HIM, 0, 1, 6, 6, REPLY_UNKNOWN),
    CODE(HIM, 0, 1, 10, 10, REPLY_DOMAIN),
    CODE(HIM, 4, 2, 1, 1, REPLY_BUSY_BOX),
    CODE(HIM, 5, 2, 1, 1, REPLY_UNKNOWN),
    CODE(HIM, 5, 7, 17, 18, REPLY_UNKNOWN),
    {HIM, 5, 4, 1, 1, "access denied", REPLY_UNKNOWN},

    /* Words of an address, a missing domain, a missing mailbox. */
    WORDS(HIM, 0, REPLY_ADDRESS,
	"invalid address|address syntax|must contain a domain|not a valid rfc|"
	"malformed address|fully qualified address|address ~ fully qualified|"
	"R address unknown|bad address|illegal address|syntactically"),
    WORDS(RCPT, 5, REPLY_DOMAIN,
	"domain not found|domain name not found|no such domain|"
	"domain ~ does not exist|domain ~ doesnt exist|host or domain name|"
	"host not found|nullmx|null mx|host does not accept mail|"
	"domain does not accept|D does not accept|unknown domain|"
	"domain unknown|no mx|domain ~ not exist"),
    WORDS(HIM, 5, REPLY_UNKNOWN,
	"unknown user|no such user|no such recipient|no such mailbox|"
	"no such address|no such person|no such account|no such email|"
	"no such local user|unknown recipient|recipient ~ unknown|"
	"addressee unknown|unknown address|address unknown|unknown mailbox|"
	"mailbox unknown|unknown local part|unknown account|account unknown|"
	"user ~ unknown|R unknown|unknown R|mailbox ~ not found|user not found|"
	"R not found|account not found|recipient ~ not found|"
	"address ~ not found|does not exist&!domain|doesnt exist&!domain|"
	"not exist&!domain|no mailbox|no user|no account|invalid recipient*|"
	"invalid mailbox|invalid user|recipient ~ invalid|R invalid|"
	"recipient is not valid|R is not valid|mailbox is not valid|"
	"user ~ marked as invalid|not in recipient list|not our customer|"
	"not a customer|unrouteable address|unroutable address|not routable|"
	"illegal alias|unknown alias|could not be found|not known here|"
	"doesnt have ~ account|does not have ~ account|user doesnt have|"
	"nicht bekannt|unbekannt|inconnu|destinataire invalide|desconocido|"
	"sconosciuto|inesistente|no longer on|no longer available&!domain|"
	"no longer exists|no longer valid|no longer here|no longer with|"
	"no longer active|has left|account ~ closed|mailbox ~ closed|"
	"account ~ deleted|mailbox ~ deleted|mailbox ~ removed|deactivated|"
	"expired account|account ~ expired|not a valid mailbox|"
	"not a valid user|not a valid recipient|not a known|not listed in|"
	"user is not found|not a local user"),

    /* Other enhanced codes. */
    CODE(ALL, 0, 1, 7, 8, REPLY_SENDER),
    CODE(HIM, 0, 2, 2, 2, REPLY_FULL),
    CODE(ANY, 0, 2, 3, 3, REPLY_SMALL),
    {ANY, 554, 2, 0, 0, "quota|limit", REPLY_DAILY},
    CODE(ANY, 5, 2, 250, 259, REPLY_ACCOUNT),
    CODE(MAIL | TEXT, 4, 3, 1, 2, REPLY_LOAD),
    CODE(RCPT, 4, 3, 1, 1, REPLY_LOAD),
    CODE(ANY, 421, 3, 2, 2, REPLY_LOAD),
    CODE(RCPT, 0, 3, 4, 4, REPLY_SMALL),
    CODE(ANY, 0, 3, 4, 4, REPLY_SIZE),
    CODE(ANY, 5, 4, 5, 5, REPLY_DAILY),
    CODE(ANY, 0, 4, 6, 6, REPLY_LOOP),
    CODE(ANY, 452, 5, 3, 3, REPLY_SPENT),
    CODE(ANY, 4, 5, 3, 3, REPLY_OTHER),
    CODE(ANY, 5, 5, 3, 3, REPLY_RATE),
    CODE(ANY, 0, 6, 7, 10, REPLY_UTF8),
    CODE(ANY, 0, 6, 11, 11, REPLY_FORM),
    CODE(ANY, 0, 6, 0, 6, REPLY_SPAM),
    CODE(ANY, 530, REPLY_ANY, 0, 0, REPLY_LOGIN),
    CODE(RCPT, 501, 5, 0, 9, REPLY_ADDRESS),
    CODE(RCPT, 553, 5, 0, 9, REPLY_ADDRESS),
    CODE(RCPT, 550, 5, 0, 9, REPLY_OTHER),
    CODE(RCPT, 551, 5, 0, 9, REPLY_OTHER),
    CODE(RCPT, 552, 5, 0, 9, REPLY_OTHER),
    CODE(RCPT, 554, 5, 0, 9, REPLY_OTHER),
    CODE(ANY, 0, 5, 0, 9, REPLY_SYNTAX),
    CODE(ANY, 421, 7, 0, 999, REPLY_RATE),
    CODE(RCPT, 4, 7, 0, 1, REPLY_GREY),
    CODE(ANY, 4, 7, 0, 1, REPLY_RATE),
    CODE(MAIL, 0, 7, 0, 2, REPLY_RELAY),
    CODE(ANY, 0, 7, 3, 7, REPLY_RELAY),
    CODE(MAIL, 0, 7, 10, 10, REPLY_TLS),
    CODE(MAIL, 0, 7, 8, 14, REPLY_LOGIN),
    CODE(ANY, 0, 7, 20, 32, REPLY_BANNED),
    CODE(ANY, 0, 7, 40, 40, REPLY_BANNED),
    CODE(ANY, 0, 7, 54, 64, REPLY_RELAY),
    CODE(ANY, 5, 7, 606, 606, REPLY_LISTED),
    CODE(ANY, 0, 7, 500, 799, REPLY_BANNED),

    /* Basic codes alone. */
    BASIC(MAIL, 552, REPLY_SIZE),
    STAGE(STAGE_MAIL, 5, REPLY_SENDER),
    CODE(ANY, 432, REPLY_ANY, 0, 0, REPLY_LOAD),
    CODE(ANY, 421, REPLY_ANY, 0, 0, REPLY_LOAD),
    STAGE(STAGE_MAIL, 4, REPLY_LOAD),
    {RCPT, 4, REPLY_ANY, 0, 0, "try again", REPLY_GREY},
    BASIC(ANY, 454, REPLY_RATE),
    BASIC(RCPT, 501, REPLY_ADDRESS),
    BASIC(ANY, 500, REPLY_SYNTAX),
    BASIC(ANY, 501, REPLY_SYNTAX),
    BASIC(ANY, 502, REPLY_SYNTAX),
    BASIC(ANY, 503, REPLY_SYNTAX),
    BASIC(ANY, 504, REPLY_SYNTAX),
    BASIC(ANY, 555, REPLY_SYNTAX),
    BASIC(RCPT, 521, REPLY_DOMAIN),
    BASIC(RCPT, 556, REPLY_DOMAIN),
    CODE(ANY, 534, REPLY_ANY, 0, 0, REPLY_LOGIN),
    CODE(ANY, 535, REPLY_ANY, 0, 0, REPLY_LOGIN),
    CODE(ANY, 538, REPLY_ANY, 0, 0, REPLY_LOGIN),
    BASIC(HIM, 552, REPLY_FULL),
    BASIC(RCPT, 553, REPLY_ADDRESS),
};

const size_t reply_rules_count = sizeof(reply_rules) / sizeof(*reply_rules);
const size_t reply_rules_ses_count =
    sizeof(reply_rules_ses) / sizeof(*reply_rules_ses);
