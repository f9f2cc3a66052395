/* DKIM against the vectors of RFC 6376 and RFC 8463, and its edges. */
#include "base/crypto_key.h"
#include "mail/dkim/dkim_canon.h"
#include "mail/dkim/dkim_fields.h"
#include "mail/dkim/dkim_hash.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_record.h"
#include "mail/dkim/dkim_sign.h"
#include "mail/dkim/dkim_signature.h"
#include "mail/dkim/dkim_tags.h"
#include "unit.h"

static struct arena *arena;
static struct fail f;

/* RFC 6376 3.4.5, the examples of both forms, and empty bodies (3.4.3, .4). */
static void
test_canon(void)
{
	static const struct {
		enum dkim_canon canon;
		const char *field, *want;
	} fields[] = {
	    {DKIM_RELAXED, "A: X\r\n", "a:X"},
	    {DKIM_RELAXED, "B : Y\t\r\n\tZ  \r\n", "b:Y Z"},
	    {DKIM_SIMPLE, "A: X\r\n", "A: X"},
	    {DKIM_SIMPLE, "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  "},
	    {DKIM_RELAXED, "Subject:\r\n", "subject:"},
	    {DKIM_RELAXED, "SUBJECT \t:\r\n \t \r\n a\t\tb\xc3\xa4",
		"subject:a "
		"b\xc3\xa4"},
	};
	static const struct {
		enum dkim_canon canon;
		const char *body, *want;
	} bodies[] = {
	    {DKIM_RELAXED, " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"},
	    {DKIM_SIMPLE, " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n"},
	    {DKIM_RELAXED, "", ""},
	    {DKIM_SIMPLE, "", "\r\n"},
	    {DKIM_RELAXED, "\r\n \r\n\t\r\n", ""},
	    {DKIM_SIMPLE, "\r\n\r\n", "\r\n"},
	    {DKIM_SIMPLE, "\r\n \r\n\r\n", "\r\n \r\n"},
	    {DKIM_RELAXED, "a", "a\r\n"},
	    {DKIM_SIMPLE, "a", "a\r\n"},
	    {DKIM_RELAXED, "\r\n\r\na\r\n \t\r\nb\t\r\n",
		"\r\n\r\na\r\n\r\n"
		"b\r\n"},
	    {DKIM_RELAXED, ".\r\n..\r\n\t.\r\n", ".\r\n..\r\n .\r\n"},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		buf_reset(&b);
		dkim_canon_field(&b, fields[i].canon, str_of(fields[i].field));
		same(buf_str(&b), fields[i].want, "canonical field");
	}
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		buf_reset(&b);
		dkim_canon_body(&b, bodies[i].canon, str_of(bodies[i].body));
		same(buf_str(&b), bodies[i].want, "canonical body");
	}
	buf_free(&b);
}

/* RFC 6376 3.4.3 and 3.4.4 give the hashes of an empty body. */
static void
test_empty_hash(void)
{
	static const char *const want[] = {
	    "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="};
	unsigned char hash[CRYPTO_SHA256];
	struct buf b = {0}, text = {0};

	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
		buf_reset(&b);
		buf_reset(&text);
		dkim_canon_body(&b, (enum dkim_canon)canon, STR(""));
		crypto_sha256(buf_str(&b).p, b.len, hash);
		crypto_base64(&text, hash, sizeof(hash));
		same(buf_str(&text), want[canon], "hash of an empty body");
	}
	buf_free(&b);
	buf_free(&text);
}

#define REST                                                               \
	"From: Joe SixPack <joe@football.example.com>\r\n"                 \
	"To: Suzie Q <suzie@shopping.example.net>\r\n"                     \
	"Subject: Is dinner ready?\r\n"                                    \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                  \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n" \
	"\r\n"                                                             \
	"Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n"

/* RFC 6376 A.2; the body with the single blank of its erratum. */
static const char rfc6376[] =
    "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
    "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
    "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
    "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
    "      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
    "      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
    "      4bmp/YzhwvcubU4=;\r\n"
    "Received: from client1.football.example.com  [192.0.2.1]\r\n"
    "      by submitserver.example.com with SUBMISSION;\r\n"
    "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n" REST;
static const char rfc6376_key[] =
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/"
    "DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2"
    "UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNU"
    "YckcQ2QIDAQAB";

/* RFC 8463 A.3: both signatures of one message. */
static const char rfc8463[] =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    " subject : date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
    " date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n" REST;
static const char rfc8463_key[] =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
static const char rfc8463_rsa[] =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V"
    "6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC"
    "/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOT"
    "IKT+l/K4w3QIDAQAB";

/* The verdict on the n-th field of a message; NULL: valid. */
static const char *
judge(struct str message, size_t n, const char *record, int64_t now)
{
	struct dkim_fields h;
	struct dkim_signature s;
	struct dkim_record r = {0};
	int rc;

	if (dkim_fields_parse(&h, message, arena, &f) < 0 ||
	    dkim_signature_parse(&s, &h.all[n], arena, &f) < 0)
		return f.text;
	rc = dkim_record_parse(&r, str_of(record), arena, &f);
	if (rc == 0)
		rc = dkim_signature_verify(&s, &h, &r, now, arena, &f);
	dkim_record_free(&r);
	return rc < 0 ? f.text : NULL;
}

static void
test_vectors(void)
{
	static const struct {
		const char *name, *message, *key;
		size_t field;
	} vectors[] = {
	    {"RFC 6376 A.2", rfc6376, rfc6376_key, 0},
	    {"RFC 8463 A.3, Ed25519", rfc8463, rfc8463_key, 0},
	    {"RFC 8463 A.3, RSA", rfc8463, rfc8463_rsa, 1},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const char *m = vectors[i].message;
		const char *body = strstr(m, "\r\n\r\n") + 4;
		size_t n = strlen(m), passed = 0;
		char copy[4000];

		ok(judge(str_of(m), vectors[i].field, vectors[i].key, 0) ==
			NULL,
		    "%s is valid", vectors[i].name);
		/* Every byte of the body, and of the fields behind Received. */
		for (const char *p = strstr(m, "From: Joe"); p < m + n; p++) {
			if (strchr("\r\n \t", *p) != NULL)
				continue;
			memcpy(copy, m, n);
			copy[p - m] = (char)(*p ^ 2);
			passed += judge((struct str){copy, n}, vectors[i].field,
				      vectors[i].key, 0) == NULL;
			/* Relaxed, a name's case is free; ^ 2 is no case. */
		}
		ok(passed == 0, "%s: no altered byte passes (%zu)",
		    vectors[i].name, passed);
		ok(judge((struct str){m, (size_t)(body - m)}, vectors[i].field,
		       vectors[i].key, 0) != NULL,
		    "%s without its body", vectors[i].name);
	}
}

/* Signing makes the very bytes of RFC 8463 A.3, whose key is that of A.2. */
static void
test_signing_vector(void)
{
	static const char pem[] =
	    "-----BEGIN PRIVATE KEY-----\n"
	    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
	    "-----END PRIVATE KEY-----\n";
	unsigned char hash[CRYPTO_SHA256];
	struct buf fields = {0}, b = {0}, text = {0};
	struct crypto_key *key = NULL;
	struct dkim_signature s;
	struct dkim_fields h;

	ok(crypto_key_parse(&key, STR(pem), &f) == 0, "the key of RFC 8463");
	dkim_fields_parse(&h, STR(rfc8463), arena, &f);
	dkim_signature_parse(&s, &h.all[0], arena, &f);
	dkim_hash_put_fields(&fields, DKIM_RELAXED, &h, s.names, arena);
	dkim_hash_signature(
	    hash, DKIM_RELAXED, buf_str(&fields), s.unsigned_field);
	ok(crypto_key_sign(&b, key, hash, &f) == 0, "it signs");
	crypto_base64(&text, b.p, b.len);
	same(buf_str(&text),
	    "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
	    "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
	    "the signature of RFC 8463");
	buf_reset(&b);
	dkim_record_put(&b, key);
	same(buf_str(&b), rfc8463_key, "the record of RFC 8463");
	crypto_key_free(key);
	buf_free(&b);
	buf_free(&text);
	buf_free(&fields);
}

static void
test_tags(void)
{
	static const struct {
		const char *text, *a; /* a NULL: refused */
	} cases[] = {
	    {"a=1", "1"},
	    {" a = 1 ; b=2;", "1"},
	    {"b=;a=1;\r\n ", "1"},
	    {"a=x y\r\n z", "xyz"},
	    {"a=", ""},
	    {"a=1=2", "1=2"},
	    {"a=1;a=2", NULL},
	    {"a=1;;b=2", NULL},
	    {"a", NULL},
	    {"", NULL},
	    {";", NULL},
	    {"a=\xc3\xa4", NULL},
	    {"1a=1", NULL},
	    {"a b=1", NULL},
	};
	struct dkim_tags tags;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = dkim_tags_parse(&tags, str_of(cases[i].text), &f);

		if (cases[i].a == NULL)
			ok(rc < 0, "tags, case %zu is refused", i);
		else if (ok(rc == 0, "tags, case %zu", i))
			same(dkim_tags_get(&tags, "a", arena), cases[i].a,
			    "its a=");
	}
}

static void
test_from(void)
{
	static const struct {
		const char *header, *want; /* NULL: refused */
	} cases[] = {
	    {"From: a@b.example\r\n", "b.example"},
	    {"From: \"A, <x@y>\" <a@B.Example>\r\n", "b.example"},
	    {"from : A\r\n B <a@b.example>\r\n", "b.example"},
	    {"From: a@b.example (C, d@e)\r\n", "b.example"},
	    {"From: \"a b\\\"@\"@b.example\r\n", "b.example"},
	    {"From: A <a@b\xc3\xbc"
	     "cher.example>\r\n",
		"xn--bcher-kva.example"},
	    {"To: a@b.example\r\n", NULL},
	    {"From: a@b.example\r\nFrom: a@b.example\r\n", NULL},
	    {"From: a@b.example\r\nFROM : c@d.example\r\n", NULL},
	    {"From: a@b.example, c@b.example\r\n", NULL},
	    {"From: A <a@b.example>, C <c@d.example>\r\n", NULL},
	    {"From: nobody\r\n", NULL},
	    {"From:\r\n", NULL},
	    {"From: a@[192.0.2.1]\r\n", NULL},
	};
	struct dkim_fields h;
	struct str domain;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc =
		    dkim_fields_parse(&h, str_of(cases[i].header), arena, &f);

		if (rc == 0)
			rc = dkim_fields_from(&domain, &h, arena, &f);
		if (cases[i].want == NULL)
			ok(rc < 0, "refused: %s", f.text);
		else if (ok(rc == 0, "From: domain %s", cases[i].want))
			same(domain, cases[i].want, "the domain");
	}
}

static void
test_fields(void)
{
	static const struct {
		const char *message;
		size_t count; /* 0: refused */
		const char *body;
	} cases[] = {
	    {"A: 1\r\nB: 2\r\n 3\r\n\r\nx\r\n", 2, "x\r\n"},
	    {"A: 1\r\n\r\n", 1, ""},
	    {"A: 1\r\n", 1, ""},
	    {"A: 1\r\n\r\n\r\n\r\n", 1, "\r\n\r\n"},
	    {"A : 1\r\n\r\nno: field\r\n", 1, "no: field\r\n"},
	    {"A: 1\r\nno colon\r\n\r\n", 0, NULL},
	    {" A: 1\r\n\r\n", 0, NULL},
	    {"A B: 1\r\n\r\n", 0, NULL},
	    {": 1\r\n\r\n", 0, NULL},
	    {"\xc3\xa4: 1\r\n\r\n", 0, NULL},
	};
	struct dkim_fields h;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc =
		    dkim_fields_parse(&h, str_of(cases[i].message), arena, &f);

		if (cases[i].count == 0) {
			ok(rc < 0, "refused: %s", f.text);
		} else if (ok(rc == 0 && h.count == cases[i].count,
			       "%zu fields", cases[i].count)) {
			same(h.body, cases[i].body, "the body");
		}
	}
}

/* Present fields are signed, and what must not be added once more. */
static void
test_select(void)
{
	static const char message[] =
	    "Received: x\r\nReturn-Path: <x>\r\nDate: x\r\nFrom: x\r\n"
	    "Cc: 1\r\nCC: 2\r\nBcc: x\r\nKeywords: x\r\nComments: x\r\n"
	    "DKIM-Signature: x\r\nList-Unsubscribe: x\r\nX-BM-ID: 1\r\n"
	    "List-Unsubscribe-Post: x\r\nFeedback-ID: x\r\nSender: x\r\n\r\n";
	struct dkim_fields h;
	struct buf b = {0};

	dkim_fields_parse(&h, STR(message), arena, &f);
	dkim_fields_select(&b, &h, false);
	same(buf_str(&b),
	    "from:from:to:cc:cc:cc:subject:date:date:message-id:reply-to:"
	    "sender:mime-version:content-type:content-transfer-encoding:"
	    "list-unsubscribe:list-unsubscribe:list-unsubscribe-post:"
	    "list-unsubscribe-post:feedback-id",
	    "h=");
	buf_reset(&b);
	dkim_fields_select(&b, &h, true);
	ok(strstr(buf_cstr(&b), "date") == NULL &&
		strstr(b.p, "message-id") == NULL &&
		strstr(b.p, "bounces") == NULL &&
		strncmp(b.p, "from:from:to", 12) == 0,
	    "h= for Amazon SES: %s", b.p);
	buf_free(&b);
}

static void
test_names(void)
{
	static const struct {
		const char *d, *domain;
		bool covers;
	} cases[] = {
	    {"uni.example", "uni.example", true},
	    {"UNI.example", "cs.uni.Example", true},
	    {"uni.example", "a.b.uni.example", true},
	    {"uni.example", "notuni.example", false},
	    {"cs.uni.example", "uni.example", false},
	    {"ni.example", "uni.example", false},
	    {"", "uni.example", false},
	};
	static const char *const good[] = {
	    "s1", "S-1", "a.b", "20261128", "a_b", "1"};
	static const char *const bad[] = {"", ".", "a.", ".a", "a..b", "a b",
	    "a=b", "a/b", "\xc3\xa4", "a;b", "a\"b",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct str domain;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(dkim_name_covers(str_of(cases[i].d),
		       str_of(cases[i].domain)) == cases[i].covers,
		    "%s and %s", cases[i].d, cases[i].domain);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(dkim_name_check_selector(str_of(good[i]), &f) == 0,
		    "selector %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(dkim_name_check_selector(str_of(bad[i]), &f) < 0,
		    "no selector: %s", bad[i]);
	ok(dkim_name_parse_domain(&domain,
	       STR("B\xc3\xbc"
		   "cher.Example"),
	       arena, &f) == 0,
	    "an international domain");
	same(domain, "xn--bcher-kva.example", "in A-labels");
	ok(dkim_name_parse_domain(&domain, STR("example"), arena, &f) < 0,
	    "a single label is nobody's domain");
	ok(dkim_name_parse_domain(&domain, STR("a;b.example"), arena, &f) < 0,
	    "a semicolon would end d=");
}

#define ED "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static void
test_records(void)
{
	static const struct {
		const char *text;
		bool good, revoked, testing, strict;
	} cases[] = {
	    {"v=DKIM1; k=ed25519; " ED, true, false, false, false},
	    {"k=ed25519;" ED ";", true, false, false, false},
	    {"v=DKIM1; k=ed25519; t=y; " ED, true, false, true, false},
	    {"v=DKIM1; k=ed25519; t=s : y; " ED, true, false, true, true},
	    {"v=DKIM1; k=ed25519; h=sha1:sha256; s=email; " ED, true, false,
		false, false},
	    {"v=DKIM1; k=ed25519; s=*; n=note; " ED, true, false, false, false},
	    {"v=DKIM1; p=", true, true, false, false},
	    {"v=DKIM1; k=ed25519; h=sha1; " ED, false, false, false, false},
	    {"v=DKIM1; k=ed25519; s=other; " ED, false, false, false, false},
	    {"v=DKIM1; k=dsa; " ED, false, false, false, false},
	    {"v=DKIM1; k=rsa; " ED, false, false, false, false},
	    {"v=DKIM2; k=ed25519; " ED, false, false, false, false},
	    {"k=ed25519; v=DKIM1; " ED, false, false, false, false},
	    {"v=DKIM1; k=ed25519", false, false, false, false},
	    {"v=DKIM1; k=ed25519; p=AAAA", false, false, false, false},
	    {"v=DKIM1; k=ed25519; p=!", false, false, false, false},
	    {"v=spf1 -all", false, false, false, false},
	    {"", false, false, false, false},
	};
	struct dkim_record r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc =
		    dkim_record_parse(&r, str_of(cases[i].text), arena, &f);

		ok((rc == 0) == cases[i].good &&
			(rc < 0 || (r.key == NULL) == cases[i].revoked) &&
			(rc < 0 || r.testing == cases[i].testing) &&
			(rc < 0 || r.strict == cases[i].strict),
		    "record %s", cases[i].text);
		dkim_record_free(&r);
	}
}

/* Zone files allow 255 bytes in a string (RFC 1035 3.3.14). */
static void
test_zone(void)
{
	struct buf record = {0}, b = {0};

	for (int i = 0; i < 256; i++)
		buf_addc(&record, (char)('a' + i % 26));
	dkim_record_put_zone(&b, STR("s._domainkey.d"), buf_str(&record));
	ok(strstr(buf_cstr(&b), "s._domainkey.d. IN TXT (\n\t\"abc") == b.p &&
		strstr(b.p, "\n\t\"v\" )\n") != NULL,
	    "255 bytes, and the last in a string of its own");
	buf_free(&b);
	buf_free(&record);
}

/* A message that is signed and then changed by a step of sed's kind. */
static char *
replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL)
		return arena_printf(arena, "%s", "");
	return arena_printf(
	    arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
test_refusals(void)
{
	static const struct {
		const char *from, *to, *reason;
		int64_t now;
	} cases[] = {
	    {"v=1;", "v=2;", "version", 0},
	    {"v=1;", "", "no v=", 0},
	    {" d=football", " e=football", "no d=", 0},
	    {"from : to :\r\n subject : date : message-id : from", "to",
		"From is not signed", 0},
	    {"ed25519-sha256", "rsa-sha1", "SHA-1", 0},
	    {"ed25519-sha256", "md5", "unknown algorithm", 0},
	    {"ed25519-sha256", "rsa-sha256", "of another type", 0},
	    {"i=@football", "i=@other", "i= is not of d=", 0},
	    {"q=dns/txt", "q=http", "not in the DNS", 0},
	    {"t=1528637909", "x=10", "expired", 11},
	    {"t=1528637909", "t=9; x=8", "before it was made", 1},
	    {"t=1528637909", "l=1000", "shorter than l=", 0},
	    {"relaxed/relaxed", "relaxed/nofws", "canonical form", 0},
	    {" c=relaxed/relaxed;", "", "header field was altered", 0},
	    {"b=/gCr", "b=!gCr", "b=", 0},
	    {"t=1528637909", "s=2", "stands twice", 0},
	    {"Joe.", "Joe!", "the body was altered", 0},
	    {"dinner", "supper", "header field was altered", 0},
	    {"To: S", "From: e@f\r\nTo: S", "header field was altered", 0},
	    {"Date: F", "Subject: x\r\nDate: F", "header field was altered", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *m = replace(rfc8463, cases[i].from, cases[i].to);
		const char *why =
		    judge(str_of(m), 0, rfc8463_key, cases[i].now);

		ok(why != NULL && strstr(why, cases[i].reason) != NULL,
		    "refused for \"%s\": %s", cases[i].reason,
		    why != NULL ? why : "valid");
	}
	ok(judge(STR(rfc8463), 0, "v=DKIM1; k=ed25519; p=", 0) != NULL,
	    "revoked");
	ok(judge(STR(rfc8463), 0, rfc8463_rsa, 0) != NULL, "another key");
}

static struct crypto_key *
make_key(enum crypto_key_type type)
{
	struct crypto_key *key = NULL;

	ok(crypto_key_make(&key, type, 2048, &f) == 0, "a new key");
	return key;
}

/* What we sign is valid, with both keys, RSA first, and only once. */
static void
test_sign(void)
{
	static const char message[] =
	    "From: a@cs.uni.example\r\nSubject: x\r\n\r\nHello\r\n";
	struct dkim_signer signers[] = {{STR("r"), make_key(CRYPTO_KEY_RSA)},
	    {STR("e"), make_key(CRYPTO_KEY_ED25519)}};
	struct dkim_sign_params p = {
	    signers, 2, STR("uni.example"), 1800000000, 700000, false};
	struct buf b = {0}, record = {0}, again = {0};

	ok(dkim_sign(&b, &p, STR(message), arena, &f) == 0, "signed");
	buf_adds(&b, message);
	for (size_t i = 0; i < 2; i++) {
		buf_reset(&record);
		dkim_record_put(&record, signers[i].key);
		ok(judge(buf_str(&b), i, buf_cstr(&record), 1800000000) == NULL,
		    "signature %zu is valid", i);
		ok(judge(buf_str(&b), i, buf_cstr(&record), 1800700001) != NULL,
		    "signature %zu expires", i);
	}
	ok(strstr(buf_cstr(&b), "t=1800000000; x=1800700000;") != NULL &&
		strstr(b.p, "rsa-sha256") < strstr(b.p, "ed25519-sha256"),
	    "t=, x= and the order");
	for (const char *line = b.p, *end; (end = strstr(line, "\r\n")) != NULL;
	     line = end + 2)
		if (end - line > 78)
			ok(false, "a line of %d characters", (int)(end - line));
	ok(dkim_sign(&again, &p, buf_str(&b), arena, &f) < 0 &&
		strstr(f.text, "signed already") != NULL && again.len == 0,
	    "a second time: %s", f.text);
	p.domain = STR("Other.example");
	ok(dkim_sign(&again, &p, STR(message), arena, &f) < 0,
	    "another domain: %s", f.text);
	p.domain = STR("uni.example");
	signers[0].selector = STR("r2");
	signers[1].selector = STR("e2");
	ok(dkim_sign(&again, &p, buf_str(&b), arena, &f) == 0,
	    "another selector signs beside the first");
	p.ses = true;
	ok(dkim_sign(&again, &p, buf_str(&b), arena, &f) < 0,
	    "Amazon SES takes no second: %s", f.text);
	crypto_key_free(signers[0].key);
	crypto_key_free(signers[1].key);
	buf_free(&b);
	buf_free(&record);
	buf_free(&again);
}

int
main(void)
{
	arena = arena_new();
	test_canon();
	test_empty_hash();
	test_vectors();
	test_signing_vector();
	test_tags();
	test_from();
	test_fields();
	test_select();
	test_names();
	test_records();
	test_zone();
	test_refusals();
	test_sign();
	arena_free(arena);
	return unit_end();
}
