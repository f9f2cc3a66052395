/*
 * Replies in the words of many servers, with the actions that are right for
 * each: judged by what their documentation says of them, not by the rules.
 */
#include <stdio.h>

#include "base/buf.h"
#include "mail/smtp/retry.h"
#include "read_reply.h"
#include "unit.h"

#define SENDER "news@staff.school.example"
#define PERSON "mia@pupils.example"

static const struct {
	enum reply_stage stage;
	const char *reply, *actions; /* "ABORT/PAUSE": either is right */
} words[] = {
    /* Postfix. */
    {STAGE_RCPT,
	"450 4.1.1 <mia@pupils.example>: Recipient address rejected: "
	"unverified address: connect to 192.0.2.20[192.0.2.20]:25: Connection "
	"refused",
	"LATER"},
    {STAGE_RCPT,
	"550 5.1.1 <mia@pupils.example>: Recipient address rejected: "
	"undeliverable address: host mx.pupils.example[192.0.2.9] said: 550 No "
	"such user here (in reply to RCPT TO command)",
	"DEAD"},
    {STAGE_RCPT,
	"450 4.1.8 <news@staff.school.example>: Sender address rejected: "
	"Domain not found",
	"PAUSE"},
    {STAGE_RCPT,
	"554 5.7.1 <client.example[192.0.2.1]>: Client host rejected: Access "
	"denied",
	"ABORT/PAUSE"},
    {STAGE_RCPT,
	"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
	"zen.spamhaus.org; Error: open resolver",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"554 5.7.1 <mia@pupils.example>: Recipient address rejected: Access "
	"denied",
	"FAIL"},
    {STAGE_RCPT,
	"553 5.7.1 <news@staff.school.example>: Sender address rejected: not "
	"logged in",
	"ABORT"},
    {STAGE_RCPT, "451 4.3.0 <mia@pupils.example>: Temporary lookup failure",
	"LATER"},
    {STAGE_RCPT, "452 4.3.1 Insufficient system storage", "SLOW/LATER"},
    {STAGE_RCPT, "421 4.7.0 mx.pupils.example Error: too many errors",
	"SLOW/REDO"},
    {STAGE_RCPT, "421 4.4.2 mx.pupils.example Error: timeout exceeded",
	"SLOW/REDO/LATER"},
    {STAGE_DOT, "552 5.3.4 Error: message file too big", "ABORT/FAIL"},
    {STAGE_RCPT,
	"550 5.7.23 <mia@pupils.example>: Recipient address rejected: Message "
	"rejected due to: SPF fail - not authorized. Please see "
	"http://www.openspf.net/Why?s=mfrom",
	"ABORT/PAUSE"},
    {STAGE_RCPT, "554 5.7.1 <mia@pupils.example>: Relay access denied",
	"ABORT"},
    {STAGE_RCPT,
	"450 4.2.0 <mia@pupils.example>: Recipient address rejected: "
	"Greylisted, see "
	"http://postgrey.schweikert.ch/help/pupils.example.html",
	"LATER"},
    {STAGE_MAIL, "530 5.7.0 Must issue a STARTTLS command first", "ABORT"},
    {STAGE_MAIL, "452 4.3.1 Insufficient system storage", "SLOW/LATER/PAUSE"},

    /* Exim. */
    {STAGE_RCPT, "451 Temporary local problem - please try later",
	"LATER/SLOW"},
    {STAGE_RCPT, "550 Previous (cached) callout verification failure",
	"ABORT/PAUSE"},
    {STAGE_RCPT,
	"550 \"REJECTED - Bad HELO - Host impersonating domain name "
	"[pupils.example]\"",
	"ABORT/PAUSE"},
    {STAGE_DOT,
	"550 This message was classified as SPAM and may not be delivered",
	"FAIL"},
    {STAGE_DOT, "550 maximum allowed line length is 998 octets, got 1200",
	"ABORT/FAIL"},
    {STAGE_RCPT, "550 Mailbox quota exceeded / Mailbox voll", "FAIL"},
    {STAGE_RCPT, "450 Over quota", "LATER"},
    {STAGE_RCPT,
	"550 The mail server could not deliver mail to mia@pupils.example.  "
	"The account or domain may not exist, they may be blacklisted, or "
	"missing the proper dns entries.",
	"FAIL/DEAD"},

    /* Sendmail. */
    {STAGE_RCPT, "550 5.1.1 <mia@pupils.example>... User unknown", "DEAD"},
    {STAGE_RCPT,
	"550 5.7.1 <mia@pupils.example>... Relaying denied. IP name lookup "
	"failed [192.0.2.1]",
	"ABORT/PAUSE"},
    {STAGE_RCPT,
	"550 5.7.1 <mia@pupils.example>... Relaying denied. Proper "
	"authentication required.",
	"ABORT"},
    {STAGE_GREETING, "421 4.3.2 Connection rate limit exceeded.", "SLOW"},
    {STAGE_RCPT, "554 5.7.1 rejected due to poor reputation of sending host",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"553 5.3.0 <mia@pupils.example>... Spam blocked see: "
	"http://spamcop.net/bl.shtml?192.0.2.1",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 5.2.1 <mia@pupils.example>... Mailbox disabled for this recipient",
	"FAIL/DEAD"},

    /* Exchange / Microsoft 365. */
    {STAGE_RCPT,
	"550 5.4.1 Recipient address rejected: Access denied. For more "
	"information see https://aka.ms/EXOSmtpErrors "
	"[AM0EUR02FT001.eop-EUR02.prod.protection.outlook.com "
	"2026-11-01T00:00:00.000Z 08DE]",
	"DEAD/FAIL"},
    {STAGE_RCPT,
	"550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request "
	"removal from this list please visit https://sender.office.com/",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 5.7.511 Access denied, banned sender[192.0.2.1]. To request "
	"removal from this list please forward this message to "
	"delist@microsoft.com.",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. "
	"Please contact your Internet service provider since part of their "
	"network is on our block list (S3140).",
	"PAUSE/ABORT"},
    {STAGE_DOT,
	"554 5.2.2 mailbox full; "
	"STOREDRV.Deliver.Exception:QuotaExceededException."
	"MapiExceptionShutoffQuotaExceeded; Failed to process message",
	"FAIL"},
    {STAGE_DOT, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
	"SLOW"},
    {STAGE_MAIL, "530 5.7.57 Client not authenticated to send mail", "ABORT"},
    {STAGE_MAIL,
	"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
	"disabled for the Tenant",
	"ABORT"},
    {STAGE_RCPT,
	"550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; "
	"authentication required; Delivery restriction check failed because "
	"the sender was not authenticated when sending to this group",
	"FAIL"},
    {STAGE_DOT,
	"550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not "
	"authorized to send to recipient because the sender isn't on the "
	"recipient's list of senders",
	"FAIL"},
    {STAGE_DOT,
	"550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this "
	"recipient",
	"FAIL"},
    {STAGE_DOT,
	"550 5.7.515 Access denied, sending domain staff.school.example does "
	"not meet the required authentication level.",
	"ABORT"},
    {STAGE_DOT,
	"550 5.7.509 Access denied, sending domain staff.school.example does "
	"not pass DMARC verification and has a DMARC policy of reject.",
	"ABORT"},
    {STAGE_RCPT, "554 5.4.14 Hop count exceeded - possible mail loop ATTR1",
	"FAIL"},
    {STAGE_RCPT,
	"550 5.4.310 DNS domain pupils.example does not exist "
	"[Message=InfoDomainNonexistent]",
	"DEAD/FAIL"},
    {STAGE_DOT,
	"550 5.7.501 Access denied, spam abuse detected from IP. For more "
	"information please go to aka.ms",
	"PAUSE/ABORT/FAIL"},
    {STAGE_RCPT, "452 4.5.3 Recipients belong to multiple regions ATTR38",
	"REDO/SLOW/LATER"},

    /* Google. */
    {STAGE_RCPT,
	"550-5.1.1 The email account that you tried to reach does not exist. "
	"Please try\r\n550-5.1.1 double-checking the recipient's email address "
	"for typos or\r\n550 5.1.1 unnecessary spaces. a1-2b3 - gsmtp",
	"DEAD"},
    {STAGE_RCPT,
	"552-5.2.2 The recipient's inbox is out of storage space. Please "
	"direct the\r\n552 5.2.2 recipient to "
	"https://support.google.com/mail/?p=OverQuotaPerm",
	"FAIL"},
    {STAGE_RCPT,
	"452-4.2.2 The email account that you tried to reach is over "
	"quota.\r\n452 4.2.2 https://support.google.com/mail/?p=OverQuotaTemp "
	"- gsmtp",
	"LATER"},
    {STAGE_RCPT,
	"450-4.2.1 The user you are trying to contact is receiving mail too "
	"quickly.\r\n450 4.2.1 Please resend your message at a later time.",
	"LATER"},
    {STAGE_RCPT,
	"550-5.2.1 The email account that you tried to reach is disabled. "
	"Learn more at\r\n550 5.2.1 "
	"https://support.google.com/mail/?p=DisabledUser",
	"DEAD/FAIL"},
    {STAGE_DOT,
	"550-5.7.1 Gmail has detected that this message is likely\r\n550 5.7.1 "
	"unsolicited mail. To reduce the amount of spam sent to Gmail, this "
	"message has been blocked.",
	"FAIL"},
    {STAGE_DOT,
	"550-5.7.25 The IP address sending this message does not have a PTR "
	"record setup,\r\n550 5.7.25 or the corresponding forward DNS entry "
	"does not match the sending IP.",
	"ABORT/PAUSE"},
    {STAGE_MAIL, "550 5.4.5 Daily SMTP relay sending limit exceeded for user.",
	"PAUSE"},
    {STAGE_MAIL,
	"550-5.7.0 Mail relay denied [192.0.2.1]. Invalid credentials for "
	"relay for one of\r\n550 5.7.0 the domains",
	"ABORT"},
    {STAGE_DOT,
	"552-5.7.0 This message was blocked because its content presents a "
	"potential\r\n552 5.7.0 security issue.",
	"FAIL"},
    {STAGE_MAIL, "530 5.5.1 Authentication Required. Learn more at", "ABORT"},
    {STAGE_DOT, "554 5.6.0 Mail message is malformed. Not accepted.",
	"ABORT/FAIL"},
    {STAGE_DOT,
	"550-5.7.1 [192.0.2.1] Messages missing a valid Message-ID header are "
	"not\r\n550 5.7.1 accepted.",
	"ABORT/FAIL"},
    {STAGE_RCPT,
	"553-5.1.2 We weren't able to find the recipient domain. Please check "
	"for any\r\n553 5.1.2 spelling errors",
	"DEAD/FAIL"},

    /* Yahoo / AOL. */
    {STAGE_DOT,
	"451 [IPTS04] Messages from 192.0.2.1 temporarily deferred due to "
	"excessive user complaints",
	"SLOW/PAUSE"},
    {STAGE_RCPT, "550 relaying denied for <mia@pupils.example>", "ABORT"},
    {STAGE_RCPT, "552 1 Requested mail action aborted, mailbox not found",
	"DEAD"},
    {STAGE_DOT,
	"554 5.7.5 Permanent Error: Unable to authenticate sender domain "
	"(DMARC)",
	"ABORT"},

    /* Apple. */
    {STAGE_RCPT, "550 5.1.1 <mia@pupils.example>: user does not exist", "DEAD"},
    {STAGE_DOT, "554 5.7.1 [CS01] Message rejected due to content policy",
	"FAIL"},
    {STAGE_RCPT, "452 4.2.2 <mia@pupils.example>: user is over quota", "LATER"},
    {STAGE_RCPT,
	"450 4.2.0 [DKIM] message has been temporarily rejected; "
	"authentication failure",
	"SLOW/PAUSE/LATER"},

    /* QQ, 163, Sina. */
    {STAGE_RCPT, "550 Domain may not exist or DNS check failed",
	"ABORT/PAUSE/FAIL"},
    {STAGE_DOT, "550 Connection frequency limited", "PAUSE/SLOW"},
    {STAGE_GREETING, "554 IP<192.0.2.1>in blacklist", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 User not found: mia@pupils.example", "DEAD"},
    {STAGE_RCPT,
	"550 User suspended, see http://mail.163.com/help/help_spam_16.htm",
	"FAIL/DEAD"},
    {STAGE_DOT,
	"554 DT:SPM 163 smtp5,D9GowACHO7RNKP,please see "
	"http://mail.163.com/help/help_spam_16.htm",
	"FAIL"},
    {STAGE_MAIL, "451 RP:TRC 163 mx9", "SLOW"},
    {STAGE_DOT, "550 Suspected bounce attacks", "PAUSE/ABORT/FAIL"},
    {STAGE_MAIL, "550 Invalid User: news@staff.school.example", "ABORT"},
    {STAGE_RCPT, "451 Requested action aborted: user busy", "LATER/SLOW"},
    {STAGE_RCPT, "552 Quota exceeded or service disabled", "FAIL"},
    {STAGE_RCPT, "450 MI:SPB 163 mx40,please see http://mail.163.com/help",
	"SLOW/LATER/PAUSE"},

    /* Mail.ru, Yandex. */
    {STAGE_RCPT,
	"550 Message was not accepted -- invalid mailbox.  Local mailbox "
	"mia@pupils.example is unavailable: user not found",
	"DEAD"},
    {STAGE_RCPT,
	"550 Message was not accepted -- invalid mailbox. Local mailbox "
	"mia@pupils.example is unavailable: account is disabled",
	"FAIL/DEAD"},
    {STAGE_DOT,
	"550 spam message rejected. Please visit "
	"http://help.mail.ru/notspam-support/id?c=1",
	"FAIL"},
    {STAGE_DOT,
	"550 5.7.1 This message was not accepted due to domain owner DMARC "
	"policy",
	"ABORT"},
    {STAGE_RCPT,
	"451 Ratelimit exceeded for mailbox news@staff.school.example. Try "
	"again later.",
	"SLOW/PAUSE"},
    {STAGE_DOT,
	"554 5.7.1 Message rejected under suspicion of SPAM; "
	"https://ya.cc/1IrBc",
	"FAIL"},
    {STAGE_RCPT,
	"451 4.7.1 Sorry, the service is currently unavailable. Please come "
	"back later.",
	"LATER/SLOW"},
    {STAGE_RCPT, "550 5.7.1 Policy rejection on the target address", "FAIL"},

    /* GMX, web.de, T-Online, freenet. */
    {STAGE_RCPT, "550 5.1.1 mia@pupils.example: Unbekannter Empfaenger",
	"DEAD"},
    {STAGE_GREETING,
	"554-gmx.net (mxgmx016) Nemesis ESMTP Service not available\r\n554-No "
	"SMTP service\r\n554 IP address is black listed",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 5.7.1 Mail rejected. mail was sent from 192.0.2.1, which is a "
	"dialup",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "552 5.2.2 Mailbox voll", "FAIL"},
    {STAGE_DOT, "554 Transaction failed. Reject due to policy restrictions",
	"FAIL/PAUSE/ABORT"},
    {STAGE_DOT,
	"421 Temporarily rejected. Please try again later. Too many mails from "
	"your IP",
	"SLOW"},
    {STAGE_RCPT, "550 Sender verification failed, sender domain has no MX",
	"ABORT/PAUSE"},
    {STAGE_DOT,
	"450 Requested mail action not taken: mailbox unavailable. Mail send "
	"limit exceeded. For explanation visit "
	"http://postmaster.gmx.com/en/error-messages",
	"PAUSE/SLOW"},

    /* Orange, Free, La Poste, SFR. */
    {STAGE_GREETING,
	"421 4.7.0 mwinf5c04 ME Trop de connexions, veuillez verifier votre "
	"configuration. Too many connections, slow down. OFR004_104 [104]",
	"SLOW"},
    {STAGE_DOT, "571 5.7.1 Message refused, spam detected. OFR_506", "FAIL"},
    {STAGE_RCPT,
	"554 5.1.1 Mailbox mia@pupils.example does not exist at free.fr",
	"DEAD"},
    {STAGE_RCPT, "550 5.5.0 Boite inconnue / unknown mailbox", "DEAD"},
    {STAGE_RCPT,
	"451 too many errors from your ip (192.0.2.1), please visit "
	"http://postmaster.free.fr/",
	"SLOW/PAUSE"},

    /* Proofpoint, Mimecast, Barracuda, IronPort, Symantec, Sophos, Trend,
       FortiMail. */
    {STAGE_RCPT,
	"550 5.7.1 This system has been configured to reject your mail: "
	"Blocked by Proofpoint Dynamic Reputation",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 Invalid Recipient - "
	"https://community.mimecast.com/docs/DOC-1369#550 [a1B2c3D4E5.uk1]",
	"DEAD"},
    {STAGE_RCPT,
	"550 Administrative prohibition - envelope blocked - "
	"https://community.mimecast.com/docs/DOC-1369#550",
	"FAIL/ABORT/PAUSE"},
    {STAGE_RCPT,
	"550 Rejected by header based manually Blocked Senders - "
	"https://community.mimecast.com/docs/DOC-1369",
	"FAIL"},
    {STAGE_RCPT,
	"451 IP temporarily blacklisted - "
	"https://community.mimecast.com/docs/DOC-1369",
	"SLOW/PAUSE"},
    {STAGE_DOT,
	"554 Service unavailable; Client host [client.example] blocked using "
	"Barracuda Reputation; "
	"http://www.barracudanetworks.com/reputation/?r=1&ip=192.0.2.1",
	"PAUSE/ABORT"},
    {STAGE_GREETING,
	"554 Your access to this mail system has been rejected due to the "
	"sending MTA's poor reputation. If you believe that this failure is in "
	"error, please contact the intended recipient via alternate means.",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 #5.7.1 Your access to submit messages to this e-mail system has "
	"been rejected.",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "553 mia@pupils.example is no known recipient (#5.1.1)",
	"DEAD"},
    {STAGE_RCPT,
	"550 5.7.1 Recipient not authorized, your IP has been found on a block "
	"list",
	"PAUSE/ABORT"},
    {STAGE_DOT,
	"501 Connection rejected by policy [7.7] 20805, please visit "
	"www.messagelabs.com/support for more details about this error message",
	"PAUSE/ABORT/FAIL"},
    {STAGE_GREETING,
	"554 Access denied. Your IP [192.0.2.1] is listed as a spam source by "
	"Sophos",
	"PAUSE/ABORT"},
    {STAGE_DOT,
	"554 5.7.1 This message has been blocked because it contains "
	"FortiSpamshield blocking URL(s)",
	"FAIL"},
    {STAGE_RCPT,
	"450 4.7.1 Recipient address rejected: Please see "
	"http://fortimail/greylist",
	"LATER"},

    /* Relay services. */
    {STAGE_DOT, "454 Throttling failure: Maximum sending rate exceeded.",
	"SLOW"},
    {STAGE_DOT, "454 Throttling failure: Daily message quota exceeded.",
	"PAUSE"},
    {STAGE_DOT,
	"554 Sending paused for this account. For more information, please "
	"check the inbox",
	"ABORT/PAUSE"},
    {STAGE_MAIL, "451 Authentication failed: Maximum credits exceeded",
	"PAUSE/ABORT"},
    {STAGE_DOT, "550 5.7.1 Sender address not verified with this provider",
	"ABORT"},
    {STAGE_DOT, "550 5.7.1 relaying denied: account not activated",
	"ABORT/PAUSE"},
    {STAGE_RCPT,
	"421 4.7.0 Too many messages for the free plan today; daily sending "
	"limit reached",
	"PAUSE"},
    {STAGE_DOT,
	"550 Domain staff.school.example is not allowed to send: account is "
	"disabled",
	"ABORT/PAUSE"},
    {STAGE_DOT, "550 5.1.0 recipient is on the account suppression list",
	"FAIL/DEAD"},
    {STAGE_RCPT, "550 5.7.1 Unconfigured Sending Domain <staff.school.example>",
	"ABORT"},
    {STAGE_DOT, "452 4.4.5 exceeded allowed email volume for the last hour",
	"SLOW/PAUSE"},

    /* Qmail, Zimbra, hMailServer, MDaemon, Domino, GroupWise, Haraka, chasquid,
       OpenSMTPD, Stalwart. */
    {STAGE_RCPT,
	"553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)",
	"ABORT/PAUSE"},
    {STAGE_DOT, "451 qq trouble creating files in queue (#4.3.0)",
	"LATER/SLOW"},
    {STAGE_RCPT, "571 sorry, you are violating our security policies (#5.7.1)",
	"FAIL/ABORT/PAUSE"},
    {STAGE_RCPT, "550 Delivery is not allowed to this address.", "FAIL/ABORT"},
    {STAGE_RCPT, "530 SMTP authentication is required.", "ABORT"},
    {STAGE_DOT,
	"554 Your message was received but it could not be saved. Please retry "
	"later.",
	"LATER/FAIL/PAUSE"},
    {STAGE_RCPT, "550 mia@pupils.example Recipient unknown", "DEAD"},
    {STAGE_RCPT, "550 <news@staff.school.example>, Sender unknown", "ABORT"},
    {STAGE_RCPT, "550 mia@pupils.example... No such user", "DEAD"},
    {STAGE_RCPT, "554 Relay rejected for policy reasons.", "ABORT"},
    {STAGE_RCPT, "550 I cannot deliver mail for <mia@pupils.example>",
	"DEAD/FAIL"},
    {STAGE_RCPT, "550 5.1.1 Mail to <mia@pupils.example> is not accepted here",
	"DEAD"},
    {STAGE_RCPT, "550 5.7.1 Rate limit exceeded for your IP", "PAUSE/SLOW"},
    {STAGE_RCPT, "450 Rate limit: sender too fast", "SLOW"},
    {STAGE_RCPT,
	"550 5.1.1 Destination address is unknown (user does not exist)",
	"DEAD"},
    {STAGE_RCPT, "503 5.7.3 Relay not allowed: authentication required",
	"ABORT"},
    {STAGE_RCPT, "550 Invalid recipient: <mia@pupils.example>", "DEAD"},
    {STAGE_RCPT, "550 Invalid recipient", "DEAD"},
    {STAGE_RCPT,
	"524 5.2.4 Mailing list expansion problem: <mia@pupils.example>",
	"FAIL"},
    {STAGE_RCPT, "521 5.2.1 Mailbox disabled", "FAIL/DEAD"},
    {STAGE_RCPT, "550 5.7.1 DNSBL: rejected, listed", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 5.1.2 Relay not allowed.", "ABORT"},
    {STAGE_RCPT,
	"550 5.7.1 SPF check: domain of staff.school.example does not "
	"designate 192.0.2.1 as permitted sender",
	"ABORT/PAUSE"},

    /* Language and odd. */
    {STAGE_RCPT, "550 Utilisateur inconnu", "DEAD"},
    {STAGE_RCPT, "550 Usuario desconocido", "DEAD"},
    {STAGE_RCPT, "550 L'utente non esiste", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Benutzer existiert nicht", "DEAD/FAIL"},
    {STAGE_RCPT, "552 Postfach ist voll", "FAIL"},
    {STAGE_RCPT, "550 La boîte aux lettres est pleine", "FAIL"},
    {STAGE_RCPT, "550 5.2.1 The mailbox is closed since 2019", "DEAD/FAIL"},
    {STAGE_RCPT, "550 This account is not active anymore", "DEAD/FAIL"},
    {STAGE_RCPT, "550 User has moved; please try <x@y.example>", "DEAD/FAIL"},
    {STAGE_RCPT, "551 User not local; please try <mia2@pupils.example>",
	"DEAD/FAIL"},
    {STAGE_RCPT,
	"550 Account mia@pupils.example has been suspended for non-payment",
	"FAIL"},
    {STAGE_RCPT, "550 We do not accept mail from dynamic IPs", "PAUSE/ABORT"},
    {STAGE_RCPT, "450 Mailbox temporarily locked", "LATER"},
    {STAGE_RCPT, "451 Local error in processing", "LATER/SLOW"},
    {STAGE_RCPT, "554 5.7.1 Your IP 192.0.2.1 is temporarily blocked",
	"PAUSE/ABORT/SLOW"},
    {STAGE_RCPT, "550 Too many invalid recipients, connection will be dropped",
	"PAUSE/SLOW/ABORT"},
    {STAGE_RCPT, "450 4.3.2 The system is shutting down", "LATER/SLOW"},
    {STAGE_RCPT, "554 No SMTP service here", "PAUSE/FAIL/ABORT"},
    {STAGE_RCPT, "550 5.7.0 Local Policy Violation", "FAIL/PAUSE"},
    {STAGE_RCPT, "550 5.7.1 Recipient rejects mail from your domain", "FAIL"},
    {STAGE_RCPT, "550 5.7.1 The recipient has blocked your address", "FAIL"},
    {STAGE_RCPT, "550 The recipient only accepts messages from members",
	"FAIL"},
    {STAGE_DOT, "552 5.7.0 Attachment type not allowed (.exe)", "FAIL"},
    {STAGE_DOT, "550 5.7.1 Virus found in the message: Eicar", "FAIL"},
    {STAGE_DOT, "550 5.6.0 Header From is missing or has more than one address",
	"ABORT/FAIL"},
    {STAGE_DOT, "550 Message rejected: no Date: header", "ABORT/FAIL"},
    {STAGE_DOT, "550 5.7.1 URL in the message is on a blocklist", "FAIL/PAUSE"},
    {STAGE_DOT, "550 5.7.1 DKIM signature verification failed", "ABORT"},
    {STAGE_DOT, "550 5.3.5 Internal configuration error", "FAIL/PAUSE/ABORT"},
    {STAGE_DOT, "452 4.3.1 Out of memory", "SLOW/LATER"},
    {STAGE_MAIL, "550 5.1.8 Bad sender: account restricted, outbound spam",
	"ABORT/PAUSE"},
    {STAGE_MAIL,
	"550 5.7.1 Sender domain staff.school.example has no valid MX record",
	"ABORT"},
    {STAGE_MAIL, "421 4.4.5 Too many concurrent SMTP connections from this IP",
	"SLOW"},
    {STAGE_MAIL, "450 4.7.1 You have exceeded your hourly message quota",
	"PAUSE/SLOW"},
    {STAGE_MAIL, "501 5.5.4 Syntax: MAIL FROM:<address>", "ABORT"},
    {STAGE_MAIL, "503 5.5.1 Error: nested MAIL command", "ABORT/PAUSE"},
    {STAGE_MAIL, "550 5.7.1 You must authenticate before sending mail",
	"ABORT"},
    {STAGE_AUTH, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
	"ABORT"},
    {STAGE_AUTH, "534 5.7.9 Application-specific password required", "ABORT"},
    {STAGE_GREETING, "554 mail server permanently rejected message (#5.3.0)",
	"PAUSE/ABORT"},
    {STAGE_GREETING, "421 mx.pupils.example Service busy, try again", "SLOW"},

    /* Other words. */
    {STAGE_RCPT,
	"550 5.1.1 The email account does not exist at the organization this "
	"message was sent to",
	"DEAD"},
    {STAGE_RCPT, "550 No such person at this address", "DEAD"},
    {STAGE_RCPT,
	"550 #5.1.1 bad destination mailbox address mia@pupils.example",
	"DEAD"},
    {STAGE_RCPT, "550 Account not available", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Mailbox unavailable or access denied", "FAIL/DEAD"},
    {STAGE_RCPT, "550 mailbox unavailable", "FAIL/DEAD"},
    {STAGE_RCPT, "550 Address unknown", "DEAD"},
    {STAGE_RCPT, "550 Bad destination mailbox address", "DEAD/FAIL"},
    {STAGE_RCPT, "550 5.7.1 Address does not exist in our directory", "DEAD"},
    {STAGE_RCPT, "550 Recipient mia@pupils.example is not on our server",
	"DEAD/FAIL"},
    {STAGE_RCPT, "550 Is not a valid mailbox", "DEAD"},
    {STAGE_RCPT, "550 User mia@pupils.example is disabled", "FAIL/DEAD"},
    {STAGE_RCPT, "550 The recipient's mailbox has been deleted", "DEAD"},
    {STAGE_RCPT, "550 Cannot find user", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Non-existent user", "DEAD/FAIL"},
    {STAGE_RCPT, "550 nonexistent mailbox", "DEAD/FAIL"},
    {STAGE_RCPT, "550 That address is not in our LDAP", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Not a deliverable address", "FAIL/DEAD"},
    {STAGE_RCPT, "550 non-deliverable mail", "FAIL/DEAD"},
    {STAGE_RCPT, "550 5.1.6 recipient no longer on server: mia@pupils.example",
	"DEAD"},
    {STAGE_RCPT,
	"550 Mail for mia@pupils.example rejected: no such address here",
	"DEAD"},
    {STAGE_RCPT, "550 5.7.1 Recipient disabled temporarily, retry tomorrow",
	"FAIL"},
    {STAGE_RCPT, "550 Address rejected: unknown to mail system", "DEAD/FAIL"},
    {STAGE_RCPT, "550 invalid destination", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Mailbox for pupils.example not found", "DEAD/FAIL"},
    {STAGE_RCPT, "550 email address lookup failed", "FAIL/DEAD"},
    {STAGE_RCPT, "550 5.4.4 Unable to route to host", "FAIL/DEAD"},
    {STAGE_RCPT, "450 4.4.4 Unable to route: no hosts", "LATER"},
    {STAGE_RCPT, "550 quota exceeded for user", "FAIL"},
    {STAGE_RCPT, "552 5.7.0 Your quota has been exceeded: mailbox too full",
	"FAIL"},
    {STAGE_RCPT, "452 4.2.2 Insufficient space in mailbox", "LATER"},
    {STAGE_RCPT, "450 4.2.2 mailbox is over its limit", "LATER"},
    {STAGE_RCPT, "452 4.1.1 mia@pupils.example 4.2.2 mailbox full", "LATER"},
    {STAGE_RCPT, "550 mailbox is full, retry later", "FAIL"},
    {STAGE_RCPT, "552 Not enough disk space left for user", "FAIL/LATER"},
    {STAGE_RCPT, "550 5.2.3 Message too large for mailbox of recipient",
	"FAIL"},
    {STAGE_RCPT, "550 5.7.1 You are not allowed to send to this mailing list",
	"FAIL"},
    {STAGE_RCPT,
	"550 5.7.1 This address only accepts mail from internal senders",
	"FAIL"},
    {STAGE_RCPT, "550 5.7.1 Recipient does not allow external mail", "FAIL"},
    {STAGE_RCPT, "550 5.7.1 Delivery not authorized, message refused",
	"FAIL/PAUSE/ABORT"},
    {STAGE_RCPT, "550 You're not on my whitelist", "FAIL/PAUSE"},
    {STAGE_RCPT, "550 User does not wish to receive mail from you", "FAIL"},
    {STAGE_RCPT, "554 5.7.1 Sender is blacklisted by this user", "FAIL"},
    {STAGE_RCPT, "550 Rejected: mia@pupils.example has moved", "FAIL/DEAD"},
    {STAGE_RCPT, "450 4.7.1 You've been greylisted for 300 seconds", "LATER"},
    {STAGE_RCPT, "451 4.7.1 Try again in 5 minutes", "LATER/SLOW"},
    {STAGE_RCPT, "451 Temporarily rejected, retry in 300 seconds",
	"LATER/SLOW"},
    {STAGE_RCPT, "450 4.3.0 first time sender, delayed", "LATER/SLOW"},
    {STAGE_RCPT, "421 4.2.1 come back in a moment, first contact",
	"LATER/SLOW/REDO"},
    {STAGE_RCPT, "550 You are not authorized to relay", "ABORT"},
    {STAGE_RCPT,
	"550 Relaying to mia@pupils.example denied (authentication needed)",
	"ABORT"},
    {STAGE_RCPT, "551 we do not relay", "ABORT"},
    {STAGE_RCPT, "550 we don't relay mail for you", "ABORT"},
    {STAGE_RCPT, "454 4.7.1 relay not permitted, authenticate first", "PAUSE"},
    {STAGE_RCPT, "550 5.7.1 This host is not a relay", "ABORT"},
    {STAGE_RCPT, "554 5.7.0 No relaying allowed", "ABORT"},
    {STAGE_RCPT, "550 5.7.1 client is not allowed to relay", "ABORT"},
    {STAGE_RCPT, "550 From address not permitted for this login", "ABORT"},
    {STAGE_RCPT,
	"553 5.7.1 sender address does not belong to the logged in user",
	"ABORT"},
    {STAGE_RCPT, "550 5.1.0 Sender denied", "ABORT"},
    {STAGE_RCPT, "550 5.7.1 The sender domain is blocked", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 Envelope sender domain has no A or MX records", "ABORT"},
    {STAGE_RCPT, "550 5.7.1 From domain not authenticated", "ABORT/PAUSE"},
    {STAGE_MAIL, "550 sender address must be fully qualified", "ABORT"},
    {STAGE_MAIL, "553 that sender is not allowed", "ABORT"},
    {STAGE_DOT, "550 5.7.0 DMARC failure for domain, policy is reject",
	"ABORT"},
    {STAGE_DOT, "550 5.7.1 SPF hard fail", "ABORT"},
    {STAGE_DOT, "550 message lacks a valid DKIM signature", "ABORT"},
    {STAGE_RCPT, "550 no rDNS", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 5.7.1 Your host has no reverse DNS entry", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 bad reverse DNS for 192.0.2.1", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 HELO does not match", "ABORT/PAUSE"},
    {STAGE_RCPT, "501 5.7.1 EHLO requires a valid domain", "ABORT"},
    {STAGE_RCPT, "554 5.7.1 Connection refused: your IP has a bad reputation",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "550 5.7.1 listed on SORBS", "PAUSE/ABORT"},
    {STAGE_RCPT,
	"554 Rejected, see http://www.abuseat.org/lookup.cgi?ip=192.0.2.1",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "550 Your IP address has been blacklisted", "PAUSE/ABORT"},
    {STAGE_RCPT, "554 5.7.1 spam source rejected", "PAUSE/ABORT/FAIL"},
    {STAGE_RCPT, "550 host blocked because of too much spam", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 You have been blocked by the administrator",
	"PAUSE/ABORT/FAIL"},
    {STAGE_RCPT, "554 banned", "PAUSE/ABORT/FAIL"},
    {STAGE_RCPT, "550 5.7.1 TT001 spamming not allowed", "PAUSE/ABORT/FAIL"},
    {STAGE_GREETING, "421 Too many connections from your host", "SLOW"},
    {STAGE_GREETING, "554 No SMTP service for you", "PAUSE/ABORT"},
    {STAGE_DOT, "450 4.7.1 sending rate exceeded, slow down", "SLOW"},
    {STAGE_DOT, "451 4.7.1 You have sent too many messages, wait an hour",
	"SLOW/PAUSE"},
    {STAGE_DOT, "550 Hourly sending limit reached", "PAUSE"},
    {STAGE_DOT, "550 5.4.5 you reached a limit for sending mail", "PAUSE"},
    {STAGE_DOT, "550 Outgoing message limit exceeded", "PAUSE"},
    {STAGE_DOT, "554 5.7.1 Quota exceeded: 1000 messages per day", "PAUSE"},
    {STAGE_DOT, "452 too many recipients in the last 24 hours", "SLOW/PAUSE"},
    {STAGE_DOT, "550 monthly limit reached, upgrade your plan", "PAUSE/ABORT"},
    {STAGE_DOT, "550 Your account has been suspended for sending spam",
	"ABORT/PAUSE"},
    {STAGE_DOT, "554 5.7.1 Your account is blocked from sending",
	"ABORT/PAUSE"},
    {STAGE_MAIL, "550 Account locked", "ABORT/PAUSE"},
    {STAGE_MAIL, "451 Server overloaded", "SLOW"},
    {STAGE_MAIL, "452 server is low on disk", "SLOW/LATER"},
    {STAGE_RCPT, "451 4.4.1 Connection timed out to backend", "LATER/SLOW"},
    {STAGE_DOT, "421 4.3.2 system not accepting network messages", "SLOW/REDO"},
    {STAGE_DOT, "451 4.3.2 Please try again", "SLOW/LATER"},
    {STAGE_DOT, "554 5.7.1 Message contains a virus", "FAIL"},
    {STAGE_DOT, "554 message looks like junk", "FAIL"},
    {STAGE_DOT, "550 Rejected: high spam score (12.3)", "FAIL"},
    {STAGE_DOT, "554 5.7.1 Blocked by content filter", "FAIL"},
    {STAGE_DOT, "550 This message contains a blacklisted link", "FAIL/PAUSE"},
    {STAGE_DOT, "554 5.7.1 executable attachments are forbidden", "FAIL"},
    {STAGE_DOT, "550 Error: content rejected", "FAIL"},
    {STAGE_DOT, "554 5.3.0 Message refused", "FAIL"},
    {STAGE_DOT, "550 5.6.1 8-bit body without declaration", "ABORT/FAIL"},
    {STAGE_DOT, "550 line too long", "ABORT/FAIL"},
    {STAGE_DOT, "550 Multiple From headers", "ABORT/FAIL"},
    {STAGE_DOT, "554 5.6.0 invalid header: Date missing", "ABORT/FAIL"},
    {STAGE_DOT, "552 message too large for this server", "ABORT/FAIL"},
    {STAGE_DOT, "554 5.4.12 Too many hops", "FAIL"},
    {STAGE_RCPT, "530 5.7.1 Client was not authenticated", "ABORT"},
    {STAGE_RCPT, "550 SMTP AUTH is needed", "ABORT"},
    {STAGE_RCPT, "530 5.7.0 TLS needed", "ABORT"},
    {STAGE_RCPT, "550 5.7.10 encryption needed by recipient", "FAIL/ABORT"},
    {STAGE_RCPT, "553 5.1.3 bad local part", "FAIL"},
    {STAGE_RCPT, "553 5.6.7 address needs SMTPUTF8", "FAIL"},
    {STAGE_RCPT, "550 5.1.2 bad destination system", "DEAD/FAIL"},
    {STAGE_RCPT, "550 host unknown", "FAIL/DEAD"},
    {STAGE_RCPT, "550 DNS: domain of the recipient has no MX", "DEAD/FAIL"},
    {STAGE_RCPT, "550 5.7.1 Relaying not allowed: mia@pupils.example", "ABORT"},
    {STAGE_RCPT,
	"553 5.7.1 relaying to <mia@pupils.example> prohibited by "
	"administrator",
	"ABORT"},
    {STAGE_RCPT, "550 Relay mail not accepted", "ABORT"},
    {STAGE_RCPT, "554 5.7.1 This server does not accept mail for that domain",
	"ABORT/FAIL/DEAD"},
    {STAGE_RCPT, "550 5.7.1 we do not handle mail for that domain",
	"FAIL/DEAD/ABORT"},
    {STAGE_RCPT, "550 not local host pupils.example, not a gateway",
	"ABORT/FAIL/DEAD"},
    {STAGE_RCPT,
	"501 5.7.1 <news@staff.school.example>... Sender refused by the DNSBL "
	"bl.example",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "550 5.1.8 Access denied, bad outbound sender", "ABORT"},
    {STAGE_DOT, "550 5.1.8 Access denied, bad outbound sender AS(42003)",
	"ABORT"},
    {STAGE_DOT,
	"550 5.1.90 Your message can't be sent because you've reached your "
	"daily limit for message recipients",
	"PAUSE/ABORT"},
    {STAGE_DOT,
	"554 5.2.252 SendAsDenied; news@staff.school.example not allowed to "
	"send as x@y.example",
	"ABORT"},
    {STAGE_MAIL, "550 5.7.1 You are not allowed to use this address as sender",
	"ABORT"},
    {STAGE_MAIL, "550 5.7.1 Sender not authorised", "ABORT"},
    {STAGE_MAIL, "553 5.7.1 not your address", "ABORT"},
    {STAGE_MAIL, "550 Domain of sender is unknown", "ABORT"},
    {STAGE_MAIL, "550 Mail from null sender refused", "ABORT"},
    {STAGE_MAIL, "501 5.1.7 Bad sender address syntax", "ABORT"},
    {STAGE_RCPT, "550 5.7.1 Authorization failed: sender not authorized",
	"ABORT"},
    {STAGE_RCPT, "550 Forged sender", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 From and envelope do not match", "ABORT/FAIL"},
    {STAGE_DOT,
	"550 5.7.1 Header From domain differs from the authenticated domain",
	"ABORT/FAIL"},
    {STAGE_DOT, "550 5.7.1 The domain in From has no MX", "ABORT/FAIL"},
    {STAGE_RCPT, "452 4.2.1 you've sent too much, wait", "SLOW/PAUSE/LATER"},
    {STAGE_RCPT, "450 4.7.1 Rate exceeded for sender", "SLOW"},
    {STAGE_RCPT, "421 4.7.0 Throttled: too many recipients from you", "SLOW"},
    {STAGE_RCPT, "452 4.7.1 Too many recipients per hour", "SLOW/PAUSE"},
    {STAGE_RCPT, "450 4.7.1 You are sending too fast", "SLOW"},
    {STAGE_RCPT,
	"421 4.7.0 Max message per connection reached, closing transmission "
	"channel",
	"REDO/SLOW"},
    {STAGE_RCPT, "452 4.3.0 max number of messages for this session",
	"REDO/SLOW"},
    {STAGE_DOT, "421 4.5.0 message limit per connection reached", "REDO/SLOW"},
    {STAGE_RCPT, "550 5.7.1 Exceeded sending quota for today", "PAUSE"},
    {STAGE_DOT, "550 Daily user sending limit exceeded", "PAUSE"},
    {STAGE_DOT, "452 4.5.3 Daily recipients limit reached", "PAUSE/SLOW"},
    {STAGE_DOT,
	"550 You exceeded the maximum number of emails for your package",
	"PAUSE/ABORT"},
    {STAGE_DOT, "554 5.7.1 Sending quota used up", "PAUSE"},
    {STAGE_RCPT, "550 bad HELO/EHLO: [192.0.2.1]", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 Invalid hostname in HELO", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 Access denied - HELO is forged", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 PTR record missing", "ABORT/PAUSE"},
    {STAGE_RCPT, "554 5.7.1 Reverse DNS does not match", "ABORT/PAUSE"},
    {STAGE_RCPT, "450 4.7.1 unable to resolve client hostname",
	"PAUSE/SLOW/LATER"},
    {STAGE_RCPT, "550 Fix reverse DNS for 192.0.2.1", "ABORT/PAUSE"},
    {STAGE_RCPT, "550 5.7.1 Mail from 192.0.2.1 refused by blackhole site",
	"PAUSE/ABORT"},
    {STAGE_RCPT,
	"550 5.7.1 Your message was blocked by the receiver's IP reputation "
	"service",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "554 5.7.1 Email from your IP rejected", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 rejected by RBL", "PAUSE/ABORT"},
    {STAGE_RCPT, "550 Your network is blocked", "PAUSE/ABORT"},
    {STAGE_RCPT, "421 4.7.1 Intrusion prevention active for [192.0.2.1]",
	"SLOW/PAUSE"},
    {STAGE_RCPT, "554 5.7.1 client 192.0.2.1 has low reputation score",
	"PAUSE/ABORT"},
    {STAGE_RCPT, "554 Denied by policy, bad reputation", "PAUSE/ABORT"},
    {STAGE_GREETING, "554 5.3.2 Your IP is blacklisted", "PAUSE/ABORT"},
    {STAGE_GREETING, "421 4.7.0 Connection refused for now, IP throttled",
	"SLOW/PAUSE"},
    {STAGE_RCPT, "550 5.2.1 Inactive account", "DEAD/FAIL"},
    {STAGE_RCPT, "550 5.2.1 This mailbox is inactive", "DEAD/FAIL"},
    {STAGE_RCPT, "550 Account has been disabled due to inactivity",
	"FAIL/DEAD"},
    {STAGE_RCPT, "550 Mailbox suspended", "FAIL"},
    {STAGE_RCPT, "550 mailbox blocked", "FAIL"},
    {STAGE_RCPT, "550 5.7.1 message not delivered: recipient opted out",
	"FAIL"},
    {STAGE_RCPT, "550 5.7.1 mia@pupils.example only receives mail from friends",
	"FAIL"},
    {STAGE_RCPT, "550 5.7.1 Not authorized to send to this group", "FAIL"},
    {STAGE_RCPT, "550 5.7.1 Recipient's policy forbids this", "FAIL"},
    {STAGE_RCPT, "554 5.7.1 rejected by user-defined filter", "FAIL"},
    {STAGE_RCPT, "550 5.7.1 rejected due to user rule", "FAIL"},
    {STAGE_RCPT, "450 4.2.2 mailbox out of space", "LATER"},
    {STAGE_RCPT, "552 user mailbox is 100% full", "FAIL"},
    {STAGE_RCPT, "550 over quota", "FAIL"},
    {STAGE_RCPT, "452 4.2.2 user has exceeded quota", "LATER"},
    {STAGE_RCPT, "550 storage exceeded", "FAIL"},
    {STAGE_RCPT, "530 Authentication needed", "ABORT"},
    {STAGE_RCPT, "550 Please authenticate", "ABORT"},
    {STAGE_RCPT, "550 you need to log in first", "ABORT"},
    {STAGE_RCPT,
	"553 Authentication is required to send mail as "
	"<news@staff.school.example>",
	"ABORT"},
    {STAGE_RCPT, "503 5.5.1 authenticate before sending", "ABORT"},
    {STAGE_RCPT, "550 Must have authentication", "ABORT"},
    {STAGE_RCPT, "451 4.7.1 Server too busy", "SLOW/LATER"},
    {STAGE_RCPT, "421 4.3.2 Service not active", "SLOW/REDO/LATER"},
    {STAGE_RCPT, "451 4.3.2 cannot process now", "SLOW/LATER"},
    {STAGE_RCPT, "450 4.3.1 disk full", "SLOW/LATER"},
    {STAGE_RCPT, "451 4.5.0 SMTP protocol violation", "PAUSE/LATER/SLOW"},
    {STAGE_DOT, "451 internal error, retry", "SLOW/LATER"},
    {STAGE_DOT, "421 resource limit", "SLOW/REDO"},
    {STAGE_DOT, "554 5.6.0 8bit characters in header", "ABORT/FAIL"},
    {STAGE_DOT, "550 5.6.0 Lone CR or LF in body", "ABORT/FAIL"},
    {STAGE_DOT, "554 5.7.7 message has duplicate Subject", "ABORT/FAIL"},
    {STAGE_DOT, "550 RFC5322 violation", "ABORT/FAIL"},
    {STAGE_DOT, "552 line exceeds 998 characters", "ABORT/FAIL"},
    {STAGE_DOT, "554 5.7.1 The message was identified as bulk", "FAIL"},
    {STAGE_DOT, "550 5.7.1 [CS] message content rejected: phishing", "FAIL"},
    {STAGE_DOT, "550 spam", "FAIL"},
    {STAGE_DOT, "571 5.7.1 Content violates policy", "FAIL"},
    {STAGE_DOT, "554 5.7.1 Rejected by anti-virus", "FAIL"},
    {STAGE_DOT, "552 message too heavy", "FAIL/ABORT"},
    {STAGE_RCPT, "552 5.3.4 message too big for system", "ABORT/FAIL"},
    {STAGE_RCPT, "550 Unknown address", "DEAD"},
    {STAGE_RCPT, "550 Recipient unknown", "DEAD"},
    {STAGE_RCPT, "550 no such local part", "DEAD/FAIL"},
    {STAGE_RCPT, "550 mailbox name not allowed", "FAIL/DEAD"},
    {STAGE_RCPT, "550 The user does not exist, or is not allowed", "DEAD/FAIL"},
    {STAGE_RCPT, "550 5.4.300 host not found", "DEAD/FAIL"},
};

static bool
is_one_of(const char *action, const char *actions)
{
	char all[64], one[16];

	snprintf(all, sizeof(all), "/%s/", actions);
	snprintf(one, sizeof(one), "/%s/", action);
	return strstr(all, one) != NULL;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct reply r = read_reply(words[i].reply);
		struct retry_verdict v =
		    retry_judge_envelope(RETRY_GENERIC, words[i].stage, &r,
			false, str_of(SENDER), str_of(PERSON), NULL);

		ok(is_one_of(retry_action_name(v.action), words[i].actions),
		    "%s, not %s: %s", words[i].actions,
		    retry_action_name(v.action), words[i].reply);
	}
	return unit_end();
}
