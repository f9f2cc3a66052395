/* keygen and dns: a new key, and the record that publishes it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cores.h"
#include "base/file.h"
#include "base/filter.h"
#include "base/program.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_record.h"
#include "sign/sign.h"
#include "sign/sign_keys.h"

struct keygen {
	const char *selector, *algorithm, *path;
	long long bits; /* 0: the default */
};

/* O_EXCL: a key that signs is never overwritten. */
static int
write_new(const char *path, struct str text, struct fail *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc = 0;

	if (fd < 0)
		return errno == EEXIST
			   ? fail_system(f,
				 "%s exists already, and a key is never "
				 "overwritten; name another file",
				 path)
			   : fail_errno(f, "%s: cannot make it", path);
	if (fchmod(fd, 0600) < 0 || file_write(fd, text) < 0 || fsync(fd) < 0)
		rc = fail_errno(f, "%s: cannot write", path);
	if (close(fd) < 0 && rc == 0)
		rc = fail_errno(f, "%s: cannot write", path);
	if (rc < 0)
		unlink(path);
	else
		file_sync_parent(path);
	return rc;
}

static int
choose_type(const struct keygen *k, enum crypto_key_type *type, struct fail *f)
{
	struct str name = str_of(k->algorithm);

	if (str_is(name, "rsa"))
		*type = CRYPTO_KEY_RSA;
	else if (str_is(name, "ed25519"))
		*type = CRYPTO_KEY_ED25519;
	else
		return fail_system(f,
		    "--algorithm: %s is neither rsa nor ed25519", k->algorithm);
	if (*type == CRYPTO_KEY_ED25519 && k->bits != 0)
		return fail_system(
		    f, "--bits is for rsa: an Ed25519 key has one size");
	return 0;
}

static int
make_file(const struct keygen *k, const char *path, struct fail *f)
{
	struct crypto_key *key = NULL;
	enum crypto_key_type type;
	struct buf pem = {0};
	int rc;

	if (dkim_name_check_selector(str_of(k->selector), f) < 0)
		return fail_system(f, "--selector: %s", f->text);
	if (choose_type(k, &type, f) < 0 ||
	    crypto_key_make(
		&key, type, k->bits != 0 ? (int)k->bits : SIGN_KEYS_MIN, f) < 0)
		return -1;
	crypto_key_put(&pem, key);
	rc = write_new(path, buf_str(&pem), f);
	buf_wipe(&pem);
	buf_free(&pem);
	crypto_key_free(key);
	return rc;
}

/* Print SELECTOR=FILE, which --key takes. */
static int
run_keygen(const struct keygen *k, struct options *o)
{
	struct filter *out = filter_new(PROGRAM, NULL, 0);
	struct buf path = {0}, line = {0};
	struct fail f = {0};

	cores_forbid();
	if (o->operand_count > 0)
		buf_adds(&path, o->operands[0]);
	else
		buf_printf(&path, "%s.pem", k->selector);
	if (make_file(k, buf_cstr(&path), &f) < 0) {
		filter_raise(out, program_die(PROGRAM, &f));
	} else {
		buf_printf(&line, "%s=%s\n", k->selector, buf_cstr(&path));
		filter_write(out, buf_str(&line));
	}
	buf_free(&path);
	buf_free(&line);
	return filter_finish(out);
}

int
sign_keygen(int argc, char **argv)
{
	struct keygen k = {.algorithm = "rsa"};
	struct option_spec specs[] = {
	    OPTION_TEXT("selector", 0, &k.selector, "S", NULL,
		"the key's name in the DNS, such as s2026"),
	    OPTION_TEXT("algorithm", 0, &k.algorithm, "NAME", NULL,
		"rsa, or ed25519 for a key beside an RSA key"),
	    OPTION_NUMBER("bits", 0, &k.bits, "N", NULL, SIGN_KEYS_MIN,
		SIGN_KEYS_MAX, "size of an RSA key, 2048 if not given"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = sign_libraries,
	    .synopsis = "keygen --selector S [--algorithm rsa|ed25519] "
			"[--bits N] [FILE]",
	    .purpose = "Make a private key in FILE (S.pem), which must not "
		       "exist; print S=FILE,\nwhich --key takes.",
	    .specs = specs,
	    .required = "selector",
	    .operands_max = 1};
	int status = program_options(&o, argc, argv);

	if (status != -1)
		return status;
	status = run_keygen(&k, &o);
	options_free(&o);
	return status;
}

struct publication {
	const char *domain;
	struct option_list given;
	bool string;
};

static void
put_record(struct buf *b, const struct publication *p,
    const struct dkim_signer *signer, struct str domain)
{
	struct buf name = {0}, record = {0};

	dkim_record_put_name(&name, signer->selector, domain);
	dkim_record_put(&record, signer->key);
	if (p->string)
		buf_printf(b, "%s\n", buf_cstr(&record));
	else
		dkim_record_put_zone(b, buf_str(&name), buf_str(&record));
	buf_free(&name);
	buf_free(&record);
}

static int
print_records(const struct publication *p, const struct options *o,
    struct filter *out, struct arena *arena, struct fail *f)
{
	struct sign_keys keys = {0};
	struct buf text = {0};
	struct str domain;
	int rc = -1;

	if (sign_keys_need_domain(&domain, o->settings, arena, f) == 0 &&
	    sign_keys_load(&keys, &p->given, o->settings, arena, f) == 0) {
		for (size_t i = 0; i < keys.count; i++)
			put_record(&text, p, &keys.all[i], domain);
		filter_write(out, buf_str(&text));
		rc = 0;
	}
	sign_keys_free(&keys);
	buf_free(&text);
	return rc;
}

int
sign_dns(int argc, char **argv)
{
	struct publication p = {0};
	struct option_spec specs[] = {
	    OPTION_TEXT("domain", 0, &p.domain, "D", "BM_DKIM_DOMAIN",
		"who signs (d=); DEFAULT_BULK_FROM_EMAIL's domain"),
	    OPTION_LIST("key", 0, &p.given, "SELECTOR=FILE",
		"the key; else BM_DKIM_KEYS"),
	    OPTION_FLAG("string", 0, &p.string,
		"print the record as a single string, for a form"),
	    {0},
	};
	struct options o = {.program = PROGRAM,
	    .versions = sign_libraries,
	    .synopsis = "dns [--domain D] [--key SELECTOR=FILE...] [--string]",
	    .purpose = "Print the DNS records that publish the keys, as lines "
		       "of a zone file.",
	    .specs = specs};
	int status = program_options(&o, argc, argv);
	struct arena *arena;
	struct filter *out;
	struct fail f = {0};

	if (status != -1)
		return status;
	out = filter_new(PROGRAM, NULL, 0);
	arena = arena_new();
	if (print_records(&p, &o, out, arena, &f) < 0)
		filter_raise(out, program_die(PROGRAM, &f));
	arena_free(arena);
	status = filter_finish(out);
	options_free(&o);
	return status;
}
