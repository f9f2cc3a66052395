#include "base/crypto.h"
#include "base/buf.h"
#include "unit.h"

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static void
test_hashes(void)
{
	/* FIPS 180-4 examples, the last by sha256sum. */
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb924"
		 "27ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1"},
	};
	unsigned char sum[CRYPTO_SHA256];
	struct crypto_hash *h;
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		crypto_sha256(cases[i].text, strlen(cases[i].text), sum);
		buf_reset(&b);
		crypto_hex(&b, sum, sizeof(sum));
		same(buf_str(&b), cases[i].want, "SHA-256");
		h = crypto_hash_new();
		for (const char *p = cases[i].text; *p != '\0'; p++)
			crypto_hash_add(h, p, 1);
		crypto_hash_finish(h, sum);
		buf_reset(&b);
		crypto_hex(&b, sum, sizeof(sum));
		same(buf_str(&b), cases[i].want, "SHA-256 byte by byte");
	}
	buf_free(&b);
}

/* RFC 4648 section 10; base32 in lower case and without padding. */
static const struct {
	const char *text, *base64, *base64url, *base32;
} encodings[] = {
    {"", "", "", ""},
    {"f", "Zg==", "Zg", "my"},
    {"fo", "Zm8=", "Zm8", "mzxq"},
    {"foo", "Zm9v", "Zm9v", "mzxw6"},
    {"foob", "Zm9vYg==", "Zm9vYg", "mzxw6yq"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE", "mzxw6ytb"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy", "mzxw6ytboi"},
    {"\xff\xef\xbe", "/+++", "_---", "77x34"},
    {"\xfb\xff\xfe\xff", "+//+/w==", "-__-_w", "7p7757y"},
};

static void
test_encoding(void)
{
	struct buf b = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
		const char *text = encodings[i].text;

		buf_reset(&b);
		crypto_base64(&b, text, strlen(text));
		same(buf_str(&b), encodings[i].base64, "base64");
		buf_reset(&b);
		crypto_base64url(&b, text, strlen(text));
		same(buf_str(&b), encodings[i].base64url, "base64url");
		buf_reset(&b);
		ok(crypto_unbase64(&b, str_of(encodings[i].base64), &f) == 0 &&
			str_is(buf_str(&b), text),
		    "base64 back");
		buf_reset(&b);
		ok(crypto_unbase64url(&b, str_of(encodings[i].base64url), &f) ==
			    0 &&
			str_is(buf_str(&b), text),
		    "base64url back");
		buf_reset(&b);
		crypto_base32(&b, (const unsigned char *)text, strlen(text));
		same(buf_str(&b), encodings[i].base32, "base32");
	}
	buf_free(&b);
}

static void
test_bad_encoding(void)
{
	static const char *const plain[] = {"Zg", "Zg=", "Zg===", "Z",
	    "Zh==", "Zm9=", "Zg==Zg==", "Zm9v=", "=", "==", "====", "Zm 9",
	    "Zm9v\n", "Zm9-", "Zm9_", "\xc3\xa9==", "Zm=v"};
	static const char *const url[] = {"Zg==", "Z", "Zh", "Zm9",
	    "Zm8=", "Zm9+", "Zm9/", "Zm9v ", " Zm9v", "Zm9v\n", "Zm%39",
	    "Zm9vZ", "="};
	struct buf b = {0};
	struct fail f;

	buf_adds(&b, "x");
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		ok(crypto_unbase64(&b, str_of(plain[i]), &f) < 0 &&
			f.kind == FAIL_DATA && b.len == 1,
		    "no base64: %s", plain[i]);
	for (size_t i = 0; i < sizeof(url) / sizeof(*url); i++)
		ok(crypto_unbase64url(&b, str_of(url[i]), &f) < 0 &&
			f.kind == FAIL_DATA && b.len == 1,
		    "no base64url: %s", url[i]);
	ok(crypto_unbase64url(&b, (struct str){"Zm\0v", 4}, &f) < 0, "NUL");
	buf_free(&b);
}

/* Computed by RFC 5297 in Python on top of AES-256-ECB. */
static const struct {
	struct str associated, plain;
	const char *want;
} seals[] = {
    {TEXT("bm optout 1"),
	TEXT("a@example.com\0"
	     "42\0course-v1:UniX+CS101+2026"),
	"2955369c59e92f758193dbf08f3a319e124f7bd7e8ff2ffd0ff893b2ea301ab3"
	"aff916eea3f4a6141a80f5dd6a3e4cb708c13db01905d14861c8"},
    {TEXT("bm optout 1"), TEXT("x"), "84079911e67fcc649b55bbc4eefd0ed174"},
    {TEXT("bm optout 1"), TEXT("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17"),
	"c50c74add2c3ae2b7efc773168593d4239837faa7f60fd6df068c1796a739561"},
    {TEXT(""), TEXT("hello"), "4c796974c0dfa6582b0961c08ee00b524803219221"},
};

static void
test_sealing(void)
{
	unsigned char key[CRYPTO_SIV_KEY];
	struct buf sealed = {0}, hex = {0}, back = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof(seals) / sizeof(*seals); i++) {
		buf_reset(&sealed);
		buf_reset(&hex);
		buf_reset(&back);
		crypto_seal(&sealed, key, seals[i].associated, seals[i].plain);
		crypto_hex(&hex, (unsigned char *)sealed.p, sealed.len);
		same(buf_str(&hex), seals[i].want, "AES-256-SIV");
		ok(crypto_unseal(&back, key, seals[i].associated,
		       buf_str(&sealed), &f) == 0 &&
			str_eq(buf_str(&back), seals[i].plain),
		    "and back");
	}
	buf_free(&sealed);
	buf_free(&hex);
	buf_free(&back);
}

static void
test_broken_seals(void)
{
	unsigned char key[CRYPTO_SIV_KEY] = {1};
	struct str ad = STR("ad"), text = STR("some text");
	struct buf sealed = {0}, back = {0};
	struct fail f;
	size_t opened = 0, cut = 0;

	crypto_seal(&sealed, key, ad, text);
	for (size_t bit = 0; bit < sealed.len * 8; bit++) {
		sealed.p[bit / 8] ^= (char)(1 << bit % 8);
		opened +=
		    crypto_unseal(&back, key, ad, buf_str(&sealed), &f) == 0;
		sealed.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(opened == 0 && back.len == 0, "no flipped bit opens");
	for (size_t n = 0; n < sealed.len; n++)
		cut += crypto_unseal(
			   &back, key, ad, (struct str){sealed.p, n}, &f) == 0;
	ok(cut == 0 && back.len == 0, "no beginning opens");
	ok(crypto_unseal(&back, key, STR("ae"), buf_str(&sealed), &f) < 0 &&
		f.kind == FAIL_DATA,
	    "other associated data");
	ok(crypto_unseal(&back, key, STR(""), buf_str(&sealed), &f) < 0,
	    "no associated data");
	key[63] ^= 1;
	ok(crypto_unseal(&back, key, ad, buf_str(&sealed), &f) < 0,
	    "other key");
	key[63] ^= 1;
	ok(crypto_unseal(&back, key, ad, buf_str(&sealed), &f) == 0,
	    "all right");
	buf_free(&sealed);
	buf_free(&back);
}

static void
test_random(void)
{
	unsigned char a[600] = {0}, b[600] = {0};

	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	ok(memcmp(a, b, 256) != 0 && memcmp(a + 512, b + 512, 88) != 0,
	    "random bytes differ");
}

int
main(void)
{
	test_hashes();
	test_encoding();
	test_bad_encoding();
	test_sealing();
	test_broken_seals();
	test_random();
	return unit_end();
}
