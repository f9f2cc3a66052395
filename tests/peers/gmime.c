/*
 * Reads messages from stdin, each as its length in decimal, LF and its bytes,
 * with GMime in strict compliance. A line each: subject, To name, To address,
 * From name, text, HTML, every one in base64, and the parser's warnings.
 */
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GString *warnings;

static void
warn(gint64 offset, GMimeParserWarning code, const gchar *item, gpointer data)
{
	(void)data;
	g_string_append_printf(
	    warnings, "%d@%ld:%s;", (int)code, (long)offset, item ? item : "");
}

static void
put(const char *s)
{
	gchar *b =
	    g_base64_encode((const guchar *)(s ? s : ""), s ? strlen(s) : 0);

	printf("%s\t", b);
	g_free(b);
}

static void
put_mailbox(InternetAddressList *list, gboolean address)
{
	InternetAddress *a = list && internet_address_list_length(list) == 1
				 ? internet_address_list_get_address(list, 0)
				 : NULL;

	put(a ? internet_address_get_name(a) : "(no single mailbox)");
	if (address)
		put(a ? internet_address_mailbox_get_addr(
			    INTERNET_ADDRESS_MAILBOX(a))
		      : "");
}

static void
put_text(GMimeObject *part)
{
	char *s = part && GMIME_IS_TEXT_PART(part)
		      ? g_mime_text_part_get_text(GMIME_TEXT_PART(part))
		      : NULL;

	put(s);
	g_free(s);
}

static GMimeObject *
child(GMimeObject *o, int i)
{
	return o && GMIME_IS_MULTIPART(o) &&
		       g_mime_multipart_get_count(GMIME_MULTIPART(o)) > i
		   ? g_mime_multipart_get_part(GMIME_MULTIPART(o), i)
		   : NULL;
}

static void
show(const char *raw, size_t n, GMimeParserOptions *options)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw, n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, options);
	GMimeObject *top = m ? g_mime_message_get_mime_part(m) : NULL;

	put(m ? g_mime_message_get_subject(m) : "(no message)");
	put_mailbox(m ? g_mime_message_get_to(m) : NULL, TRUE);
	put_mailbox(m ? g_mime_message_get_from(m) : NULL, FALSE);
	put_text(child(top, 0));
	put_text(child(top, 1));
	printf("%s\n", warnings->str);
	g_string_truncate(warnings, 0);
	if (m)
		g_object_unref(m);
	g_object_unref(parser);
	g_object_unref(stream);
}

int
main(void)
{
	GMimeParserOptions *options;
	unsigned long n;

	g_mime_init();
	warnings = g_string_new("");
	options = g_mime_parser_options_new();
	g_mime_parser_options_set_address_compliance_mode(
	    options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_parameter_compliance_mode(
	    options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_rfc2047_compliance_mode(
	    options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_warning_callback(options, warn, NULL);
	while (scanf("%lu", &n) == 1 && getchar() == '\n') {
		char *raw = malloc(n + 1);

		if (raw == NULL || fread(raw, 1, n, stdin) != n)
			return 2;
		show(raw, n, options);
		free(raw);
	}
	return 0;
}
