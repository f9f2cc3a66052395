#include "mail/mime/media_type.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"

#define UNKNOWN "application/octet-stream"
#define OFFICE "application/vnd.openxmlformats-officedocument."
#define OPEN "application/vnd.oasis.opendocument."
#define MS "application/vnd.ms-"
#define UTF8 "; charset=utf-8"

/*
 * Sorted by suffix, as registered by IANA. A message (.eml) is not here: it may
 * not be encoded as base64 (RFC 2046 5.2.1).
 */
static const struct suffix {
	const char *suffix, *type;
} suffixes[] = {
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"avif", "image/avif"},
    {"bib", "text/x-bibtex" UTF8},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"c", "text/x-csrc" UTF8},
    {"cpp", "text/x-c++src" UTF8},
    {"css", "text/css" UTF8},
    {"csv", "text/csv" UTF8},
    {"doc", "application/msword"},
    {"docm", MS "word.document.macroEnabled.12"},
    {"docx", OFFICE "wordprocessingml.document"},
    {"dot", "application/msword"},
    {"dotx", OFFICE "wordprocessingml.template"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"h", "text/x-chdr" UTF8},
    {"heic", "image/heic"},
    {"htm", "text/html" UTF8},
    {"html", "text/html" UTF8},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar" UTF8},
    {"ipynb", "application/x-ipynb+json"},
    {"java", "text/x-java" UTF8},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript" UTF8},
    {"json", "application/json"},
    {"key", "application/vnd.apple.keynote"},
    {"log", "text/plain" UTF8},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"markdown", "text/markdown" UTF8},
    {"md", "text/markdown" UTF8},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"msg", MS "outlook"},
    {"numbers", "application/vnd.apple.numbers"},
    {"odg", OPEN "graphics"},
    {"odp", OPEN "presentation"},
    {"ods", OPEN "spreadsheet"},
    {"odt", OPEN "text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"ott", OPEN "text-template"},
    {"pages", "application/vnd.apple.pages"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"pot", MS "powerpoint"},
    {"potx", OFFICE "presentationml.template"},
    {"pps", MS "powerpoint"},
    {"ppsx", OFFICE "presentationml.slideshow"},
    {"ppt", MS "powerpoint"},
    {"pptm", MS "powerpoint.presentation.macroEnabled.12"},
    {"pptx", OFFICE "presentationml.presentation"},
    {"ps", "application/postscript"},
    {"py", "text/x-python" UTF8},
    {"r", "text/x-r" UTF8},
    {"rar", "application/vnd.rar"},
    {"rtf", "application/rtf"},
    {"sql", "application/sql"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tex", "text/x-tex" UTF8},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"tsv", "text/tab-separated-values" UTF8},
    {"txt", "text/plain" UTF8},
    {"vcf", "text/vcard" UTF8},
    {"vtt", "text/vtt" UTF8},
    {"wav", "audio/vnd.wave"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"xls", MS "excel"},
    {"xlsm", MS "excel.sheet.macroEnabled.12"},
    {"xlsx", OFFICE "spreadsheetml.sheet"},
    {"xltx", OFFICE "spreadsheetml.template"},
    {"xml", "application/xml"},
    {"xz", "application/x-xz"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};

static bool
has_bytes(struct str s, size_t at, const char *bytes, size_t n)
{
	return s.n >= at + n && memcmp(s.p + at, bytes, n) == 0;
}

/* The root element of an XML text, behind declaration and comments, is svg. */
static bool
is_svg(struct str s)
{
	if (str_starts(s, "\xef\xbb\xbf"))
		s = (struct str){s.p + 3, s.n - 3};
	while (s.n > 0) {
		bool comment;
		const char *end;

		while (s.n > 0 && ascii_is_space(*s.p))
			s = (struct str){s.p + 1, s.n - 1};
		if (!str_starts(s, "<?xml") && !str_starts(s, "<!"))
			break;
		comment = str_starts(s, "<!--");
		end = memmem(s.p, s.n, comment ? "-->" : ">", comment ? 3 : 1);
		if (end == NULL)
			return false;
		end += comment ? 3 : 1;
		s = (struct str){end, s.n - (size_t)(end - s.p)};
	}
	return str_starts(s, "<svg") && s.n > 4 &&
	       (ascii_is_space(s.p[4]) || s.p[4] == '>') &&
	       utf8_valid(s.p, s.n) == s.n;
}

const char *
media_type_picture(struct str s)
{
	static const struct {
		const char *bytes;
		size_t n, at;
		const char *type;
	} kinds[] = {
	    {"\x89PNG\r\n\x1a\n", 8, 0, "image/png"},
	    {"\xff\xd8\xff", 3, 0, "image/jpeg"},
	    {"GIF87a", 6, 0, "image/gif"},
	    {"GIF89a", 6, 0, "image/gif"},
	    {"WEBPVP8", 7, 8, "image/webp"},
	    {"ftypavif", 8, 4, "image/avif"},
	    {"ftypavis", 8, 4, "image/avif"},
	    {"ftypheic", 8, 4, "image/heic"},
	    {"ftypheix", 8, 4, "image/heic"},
	    {"ftypmif1", 8, 4, "image/heic"},
	    {"II*\0", 4, 0, "image/tiff"},
	    {"MM\0*", 4, 0, "image/tiff"},
	    {"\0\0\1\0", 4, 0, "image/vnd.microsoft.icon"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (has_bytes(s, kinds[i].at, kinds[i].bytes, kinds[i].n))
			return kinds[i].type;
	/* BM may begin a word: the four reserved bytes are zero. */
	if (has_bytes(s, 0, "BM", 2) && has_bytes(s, 6, "\0\0\0\0", 4))
		return "image/bmp";
	return is_svg(s) ? "image/svg+xml" : NULL;
}

static int
compare_suffix(const void *key, const void *row)
{
	return strcasecmp(key, ((const struct suffix *)row)->suffix);
}

static const char *
find_type(struct str filename)
{
	const char *dot = memrchr(filename.p, '.', filename.n);
	const struct suffix *found;
	char suffix[16];
	size_t n;

	if (dot == NULL)
		return UNKNOWN;
	n = filename.n - (size_t)(dot + 1 - filename.p);
	if (n >= sizeof(suffix))
		return UNKNOWN;
	memcpy(suffix, dot + 1, n);
	suffix[n] = '\0';
	found = bsearch(suffix, suffixes, sizeof(suffixes) / sizeof(*suffixes),
	    sizeof(*suffixes), compare_suffix);
	return found != NULL ? found->type : UNKNOWN;
}

const char *
media_type(struct str filename, struct str bytes)
{
	const char *type = find_type(filename);

	if (strncmp(type, "image/", 6) == 0) {
		const char *picture = media_type_picture(bytes);

		return picture != NULL ? picture : type;
	}
	if (strncmp(type, "text/", 5) == 0 &&
	    utf8_valid(bytes.p, bytes.n) < bytes.n)
		return UNKNOWN;
	return type;
}
