#include "mail/message/layout_words.h"

/* Own names, so that no field of a record or of --set is hidden by them. */
#define FIELDS(lang, dir, sent, because, unsubscribe, course)           \
	{                                                               \
		{"bm_lang", "\"" lang "\""}, {"bm_dir", "\"" dir "\""}, \
		    {"bm_sent", "\"" sent "\""},                        \
		    {"bm_because", "\"" because "\""},                  \
		    {"bm_unsubscribe", "\"" unsubscribe "\""},          \
		    {"bm_course", "\"" course "\""},                    \
	}

static const struct layout_words languages[] = {
    {.lang = "en",
	.fields = FIELDS("en", "ltr", "This message was sent to", "because",
	    "Unsubscribe from these messages", "The course:"),
	.reasons = {[LAYOUT_SELECTED] = "you were selected for this message",
	    [LAYOUT_ENROLLED] = "you are enrolled in",
	    [LAYOUT_STAFF] = "you belong to the staff of",
	    [LAYOUT_MYSELF] = "you asked for a copy of a message to"},
	.staff = {"", " Course Staff", "Course Staff"}},
    {.lang = "es",
	.fields = FIELDS("es", "ltr", "Este mensaje se envió a", "porque",
	    "Darse de baja de estos mensajes", "El curso:"),
	.reasons = {[LAYOUT_SELECTED] = "se le ha elegido para recibirlo",
	    [LAYOUT_ENROLLED] = "tiene una inscripción en",
	    [LAYOUT_STAFF] = "forma parte del equipo docente de",
	    [LAYOUT_MYSELF] = "pidió una copia de un mensaje a"},
	.staff = {"Equipo docente de ", "", "Equipo docente"}},
    /* What follows "because" may be of --why: a noun fits, and a sentence. */
    {.lang = "ar",
	.fields = FIELDS("ar", "rtl", "أُرسلت هذه الرسالة إلى",
	    "والسبب:", "إلغاء الاشتراك في هذه الرسائل", "المقرر:"),
	.reasons = {[LAYOUT_SELECTED] = "اختيارك لتلقي هذه الرسالة",
	    [LAYOUT_ENROLLED] = "تسجيلك في المقرر",
	    [LAYOUT_STAFF] = "عضويتك في فريق تدريس",
	    [LAYOUT_MYSELF] = "طلبك نسخة من رسالة إلى"},
	.staff = {"فريق تدريس ", "", "فريق التدريس"}},
};

const struct layout_words *
layout_words_choose(struct str lang)
{
	size_t n = 0;

	while (n < lang.n && lang.p[n] != '-' && lang.p[n] != '_')
		n++;
	lang.n = n;
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_is_nocase(lang, languages[i].lang))
			return &languages[i];
	return &languages[0];
}
