#include "mail/smtp/login_mechanism.h"

#include <string.h>

#include "base/crypto.h"
#include "base/crypto_mac.h"

static const struct {
	const char *name;
	bool takes_token, client_first;
} mechanisms[LOGIN_MECHANISMS] = {
    [LOGIN_MECHANISM_PLAIN] = {"PLAIN", false, true},
    [LOGIN_MECHANISM_LOGIN] = {"LOGIN", false, false},
    [LOGIN_MECHANISM_CRAM_MD5] = {"CRAM-MD5", false, false},
    [LOGIN_MECHANISM_XOAUTH2] = {"XOAUTH2", true, true},
    [LOGIN_MECHANISM_OAUTHBEARER] = {"OAUTHBEARER", true, true},
};

const char *
login_mechanism_name(enum login_mechanism m)
{
	return mechanisms[m].name;
}

enum login_mechanism
login_mechanism_find(struct str name)
{
	int m = 0;

	while (m < LOGIN_MECHANISMS && !str_is_nocase(name, mechanisms[m].name))
		m++;
	return (enum login_mechanism)m;
}

bool
login_mechanism_takes_token(enum login_mechanism m)
{
	return mechanisms[m].takes_token;
}

bool
login_mechanism_is_client_first(enum login_mechanism m)
{
	return mechanisms[m].client_first;
}

/* A name in GS2's header (RFC 5801, 4): "," and "=" are written as codes. */
static void
add_saslname(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ',')
			buf_adds(b, "=2C");
		else if (*name == '=')
			buf_adds(b, "=3D");
		else
			buf_addc(b, *name);
	}
}

void
login_mechanism_respond(
    enum login_mechanism m, const struct login_account *a, struct buf *b)
{
	if (m == LOGIN_MECHANISM_PLAIN) {
		buf_addc(b, '\0');
		buf_adds(b, a->user);
		buf_addc(b, '\0');
		buf_adds(b, a->password);
	} else if (m == LOGIN_MECHANISM_XOAUTH2) {
		buf_printf(
		    b, "user=%s\001auth=Bearer %s\001\001", a->user, a->token);
	} else {
		buf_adds(b, "n,a=");
		add_saslname(b, a->user);
		buf_printf(b, ",\001host=%s\001port=%d\001", a->host, a->port);
		buf_printf(b, "auth=Bearer %s\001\001", a->token);
	}
}

int
login_mechanism_respond_cram(const struct login_account *a,
    struct str challenge, struct buf *b, struct fail *f)
{
	unsigned char digest[CRYPTO_MAC_MD5];

	if (crypto_mac_md5(digest, str_of(a->password), challenge, f) < 0)
		return -1;
	buf_printf(b, "%s ", a->user);
	crypto_hex(b, digest, sizeof(digest));
	return 0;
}
