/*
 * One frame, and its words in three languages. The part for a valid link is a
 * partial, because a whole page exceeds the string length that C guarantees.
 */
#include "mail/optout/page_text.h"

#include <string.h>

/* clang-format off */
#define STYLE \
	"<meta charset=\"utf-8\">\n" \
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" \
	"<meta name=\"robots\" content=\"noindex, nofollow\">\n" \
	"<meta name=\"color-scheme\" content=\"light dark\">\n" \
	"<style>\n" \
	":root { color-scheme: light dark; }\n" \
	"* { box-sizing: border-box; }\n" \
	"body { margin: 0; padding: 0.75rem; background: #eef1f5; color: #1b1f24;\n" \
	"font-family: system-ui, -apple-system, BlinkMacSystemFont, \"Segoe UI\",\n" \
	"Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif;\n" \
	"line-height: 1.5; overflow-wrap: anywhere; }\n" \
	"header, main { max-width: 34rem; margin: 0 auto; }\n" \
	"header { padding: 0.5rem 0.5rem 0.75rem; font-weight: 600;\n" \
	"color: #3d4650; }\n" \
	"main { padding: 1.5rem 1.25rem; background: #ffffff;\n" \
	"border: 1px solid #d5dbe2; border-radius: 1rem;\n" \
	"box-shadow: 0 0.25rem 1.5rem rgba(20, 30, 50, 0.07); }\n" \
	"h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem;\n" \
	"text-wrap: balance; }\n" \
	"p { margin: 0 0 0.75rem; }\n" \
	".who { font-weight: 600; }\n" \
	".state { position: relative; padding-inline-start: 1.25rem; }\n" \
	".state::before { content: \"\"; position: absolute; top: 0.4rem;\n" \
	"inset-inline-start: 0; width: 0.5rem; height: 0.5rem;\n" \
	"border-radius: 50%; border: 2px solid #5f6b78; }\n" \
	".state.on::before { border-color: #137333; background: #137333; }\n" \
	".done { position: relative; margin-bottom: 1rem; padding: 0.75rem 1rem;\n" \
	"padding-inline-start: 2.75rem; border: 1px solid #137333;\n" \
	"border-radius: 0.625rem; background: #e6f4ea; outline: none; }\n" \
	".done::before { content: \"\"; position: absolute; top: 0.95rem;\n" \
	"inset-inline-start: 1.15rem; width: 0.45rem; height: 0.9rem;\n" \
	"border: solid #137333; border-width: 0 0.2rem 0.2rem 0;\n" \
	"transform: rotate(45deg); }\n" \
	".test { margin-bottom: 1rem; padding: 0.75rem 1rem;\n" \
	"border: 1px dashed #8a5a00; border-radius: 0.625rem;\n" \
	"background: #fff6e0; }\n" \
	"form { margin-top: 1.25rem; }\n" \
	"button { font: inherit; font-weight: 600; display: block; width: 100%;\n" \
	"min-height: 3rem; margin: 0.75rem 0 0; padding: 0.5rem;\n" \
	"border: 2px solid #0b57d0; border-radius: 0.625rem;\n" \
	"background: #0b57d0; color: #ffffff; cursor: pointer;\n" \
	"overflow-wrap: anywhere; }\n" \
	"button:hover { border-color: #0842a0; background: #0842a0; }\n" \
	"button.quiet { background: transparent; color: #0b57d0; }\n" \
	"button.quiet:hover { background: #e8effb; }\n" \
	"button:focus-visible, a:focus-visible { outline: 3px solid #1b1f24;\n" \
	"outline-offset: 2px; }\n" \
	".again { margin-top: 1.5rem; padding-top: 1.25rem;\n" \
	"border-top: 1px solid #d5dbe2; }\n" \
	".again form { margin-top: 0; }\n" \
	"h2 { font-size: 1rem; margin: 0; }\n" \
	"a { color: #0b57d0; }\n" \
	"main > :last-child { margin-bottom: 0; }\n" \
	"@media (min-width: 40rem) {\n" \
	"body { padding: 8vh 1.5rem 3rem; }\n" \
	"main { padding: 2rem; }\n" \
	"}\n" \
	"@media (prefers-color-scheme: dark) {\n" \
	"body { background: #111418; color: #e6e9ec; }\n" \
	"header { color: #b4bcc5; }\n" \
	"main { background: #1c2126; border-color: #39424c; box-shadow: none; }\n" \
	".state::before { border-color: #98a3af; }\n" \
	".state.on::before { border-color: #81c995; background: #81c995; }\n" \
	".done { border-color: #81c995; background: #16301f; }\n" \
	".done::before { border-color: #81c995; }\n" \
	".test { border-color: #f0c36d; background: #33290f; }\n" \
	"button { border-color: #8ab4f8; background: #8ab4f8; color: #10131a; }\n" \
	"button:hover { border-color: #aecbfa; background: #aecbfa; }\n" \
	"button.quiet { background: transparent; color: #8ab4f8; }\n" \
	"button.quiet:hover { background: #263347; }\n" \
	"button:focus-visible, a:focus-visible { outline-color: #e6e9ec; }\n" \
	".again { border-color: #39424c; }\n" \
	"a { color: #8ab4f8; }\n" \
	"}\n" \
	"</style>\n"

#define KEPT(L) \
	"<p>" L##_KEPT "</p>" \
	"{{#mailto}}<p>" L##_WRITE "</p>{{/mailto}}"

#define READY(L) \
	"<h1>" L##_HEAD "</h1>\n" \
	"{{#test}}\n" \
	"<p class=\"test\" role=\"status\">" L##_TEST "</p>\n" \
	"{{/test}}\n" \
	"{{#done}}\n" \
	"<p class=\"done\" role=\"status\" tabindex=\"-1\" autofocus>" \
	"{{#stopped_course}}" L##_STOPPED_COURSE "{{/stopped_course}}" \
	"{{#stopped_all}}" L##_STOPPED_ALL "{{/stopped_all}}" \
	"{{#started_course}}{{#all_out}}" L##_STATE_ALL "{{/all_out}}" \
	"{{^all_out}}" L##_STARTED_COURSE "{{/all_out}}{{/started_course}}" \
	"{{#started_all}}" L##_STARTED_ALL "{{/started_all}}</p>\n" \
	"{{/done}}\n" \
	"<p>" L##_WHO "</p>\n" \
	"{{#all_out}}\n" \
	"{{^done}}\n" \
	"<p class=\"state\">" L##_STATE_ALL "</p>\n" \
	"{{/done}}\n" \
	"{{/all_out}}\n" \
	"{{^all_out}}\n" \
	"{{#course_out}}\n" \
	"{{^stopped_course}}\n" \
	"<p class=\"state\">" L##_STATE_COURSE "</p>\n" \
	"{{/stopped_course}}\n" \
	"<form method=\"post\">\n" \
	"<input type=\"hidden\" name=\"confirm\" value=\"1\">\n" \
	"<button type=\"submit\" name=\"do\" value=\"stop-all\" class=\"quiet\">" \
	L##_STOP_ALL "</button>\n" \
	"</form>\n" \
	"{{/course_out}}\n" \
	"{{^course_out}}\n" \
	"{{^done}}\n" \
	"<p class=\"state on\">" L##_STATE_IN "</p>\n" \
	"{{/done}}\n" \
	"<form method=\"post\">\n" \
	"<input type=\"hidden\" name=\"confirm\" value=\"1\">\n" \
	"<button type=\"submit\" name=\"do\" value=\"stop-course\">" \
	L##_STOP_COURSE "</button>\n" \
	"<button type=\"submit\" name=\"do\" value=\"stop-all\" class=\"quiet\">" \
	L##_STOP_ALL "</button>\n" \
	"</form>\n" \
	"{{/course_out}}\n" \
	"{{/all_out}}\n" \
	"{{#all_out}}\n" \
	"{{^all_kept}}\n" \
	"<div class=\"again\">\n" \
	"<h2>" L##_CHANGED "</h2>\n" \
	"<form method=\"post\">\n" \
	"<input type=\"hidden\" name=\"confirm\" value=\"1\">\n" \
	"<button type=\"submit\" name=\"do\" value=\"start-all\" class=\"quiet\">" \
	L##_START_ALL "</button>\n" \
	"</form>\n" \
	"</div>\n" \
	"{{/all_kept}}\n" \
	"{{#all_kept}}" KEPT(L) "{{/all_kept}}\n" \
	"{{/all_out}}\n" \
	"{{^all_out}}\n" \
	"{{#course_out}}\n" \
	"{{^course_kept}}\n" \
	"<div class=\"again\">\n" \
	"<h2>" L##_CHANGED "</h2>\n" \
	"<form method=\"post\">\n" \
	"<input type=\"hidden\" name=\"confirm\" value=\"1\">\n" \
	"<button type=\"submit\" name=\"do\" value=\"start-course\" class=\"quiet\">" \
	L##_START_COURSE "</button>\n" \
	"</form>\n" \
	"</div>\n" \
	"{{/course_kept}}\n" \
	"{{#course_kept}}" KEPT(L) "{{/course_kept}}\n" \
	"{{/course_out}}\n" \
	"{{/all_out}}\n"

#define PAGE(L, NAME) \
	"<!DOCTYPE html>\n" \
	"<html lang=\"{{lang}}\" dir=\"{{dir}}\">\n" \
	"<head>\n" \
	"{{> style}}\n" \
	"<title>{{#ready}}{{#done}}" L##_DONE_TITLE "{{/done}}{{^done}}" \
	L##_TITLE "{{/done}}{{/ready}}{{#invalid}}" L##_INVALID \
	"{{/invalid}}{{#busy}}" L##_BUSY "{{/busy}}{{#failed}}" L##_FAILED \
	"{{/failed}}{{#misused}}" L##_MISUSED "{{/misused}}" \
	"{{#refused}}" L##_MISUSED "{{/refused}}</title>\n" \
	"</head>\n" \
	"<body>\n" \
	"{{#platform}}\n" \
	"<header><bdi>{{platform}}</bdi></header>\n" \
	"{{/platform}}\n" \
	"<main>\n" \
	"{{#ready}}\n" \
	"{{> ready." NAME "}}\n" \
	"{{/ready}}\n" \
	"{{#invalid}}\n" \
	"<h1>" L##_INVALID "</h1>\n" \
	"<p>" L##_INVALID_TEXT "</p>\n" \
	"{{/invalid}}\n" \
	"{{#busy}}\n" \
	"<h1>" L##_BUSY "</h1>\n" \
	"<p>" L##_BUSY_TEXT "</p>\n" \
	"{{/busy}}\n" \
	"{{#failed}}\n" \
	"<h1>" L##_FAILED "</h1>\n" \
	"<p>" L##_FAILED_TEXT "</p>\n" \
	"{{/failed}}\n" \
	"{{#refused}}\n" \
	"<h1>" L##_MISUSED "</h1><p>" L##_KEPT "</p>\n" \
	"{{/refused}}\n" \
	"{{#misused}}\n" \
	"<h1>" L##_MISUSED "</h1>\n" \
	"<p>" L##_MISUSED_TEXT "</p>\n" \
	"{{/misused}}\n" \
	"{{^ready}}\n" \
	"{{#mailto}}\n" \
	"<p>" L##_WRITE "</p>\n" \
	"{{/mailto}}\n" \
	"{{/ready}}\n" \
	"</main>\n" \
	"</body>\n" \
	"</html>\n"

#define EN_TITLE "Mail from {{course}}"
#define EN_DONE_TITLE "Done: mail from {{course}}"
#define EN_HEAD "Mail from <bdi>{{course}}</bdi>"
#define EN_TEST \
	"This link belongs to a test message. The page looks as the" \
	" learner would see it; its buttons change nothing."
#define EN_WHO "This is about the address <bdi class=\"who\">{{who}}</bdi>."
#define EN_STATE_IN "You get mail from this course."
#define EN_STATE_COURSE "Mail from this course is stopped."
#define EN_STATE_ALL \
	"{{#platform}}All mail from <bdi>{{platform}}</bdi> is" \
	" stopped, this course’s too.{{/platform}}{{^platform}}All" \
	" course mail is stopped, this course’s too.{{/platform}}"
#define EN_STOP_COURSE "Stop mail from this course"
#define EN_STOP_ALL \
	"{{#platform}}Stop all mail from" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}Stop all" \
	" course mail{{/platform}}"
#define EN_START_COURSE "Start mail from this course again"
#define EN_START_ALL \
	"{{#platform}}Start mail from <bdi>{{platform}}</bdi>" \
	" again{{/platform}}{{^platform}}Start course mail" \
	" again{{/platform}}"
#define EN_CHANGED "Changed your mind?"
#define EN_STOPPED_COURSE \
	"Done. You get no more mail from this course. A message that" \
	" is already on its way may still arrive."
#define EN_STOPPED_ALL \
	"Done. You get no more course mail{{#platform}} from" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}." \
	" A message that is already on its way may still arrive."
#define EN_STARTED_COURSE "Done. You get mail from this course again."
#define EN_STARTED_ALL \
	"Done. You get course mail{{#platform}} from" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}" \
	" again."
#define EN_INVALID "This link does not work"
#define EN_INVALID_TEXT \
	"Perhaps it was cut off when it was copied. Please use the" \
	" link in the message itself. Nothing was changed."
#define EN_BUSY "Please try again in a few minutes"
#define EN_BUSY_TEXT \
	"Your choice could not be stored just now. Nothing was" \
	" changed."
#define EN_FAILED "This page is out of order"
#define EN_FAILED_TEXT \
	"Nothing was changed. The people who run it have been told in" \
	" their log."
#define EN_MISUSED "Nothing was changed"
#define EN_MISUSED_TEXT \
	"Please open the link in the message and press one of the" \
	" buttons there."
#define EN_KEPT \
	"This mail was not stopped by this link, so this link cannot" \
	" start it again."
#define EN_WRITE \
	"You can also write to <a" \
	" href=\"{{mailto_url}}\"><bdi>{{mailto}}</bdi></a>."

#define ES_TITLE "Correo de {{course}}"
#define ES_DONE_TITLE "Hecho: correo de {{course}}"
#define ES_HEAD "Correo de <bdi>{{course}}</bdi>"
#define ES_TEST \
	"Este enlace pertenece a un mensaje de prueba. La página se ve" \
	" como la vería el estudiante; sus botones no cambian nada."
#define ES_WHO "Se trata de la dirección <bdi class=\"who\">{{who}}</bdi>."
#define ES_STATE_IN "Recibe correo de este curso."
#define ES_STATE_COURSE "El correo de este curso está desactivado."
#define ES_STATE_ALL \
	"{{#platform}}Todo el correo de <bdi>{{platform}}</bdi> está" \
	" desactivado, también el de este" \
	" curso.{{/platform}}{{^platform}}Todo el correo de los" \
	" cursos está desactivado, también el de este.{{/platform}}"
#define ES_STOP_COURSE "No recibir más correo de este curso"
#define ES_STOP_ALL \
	"{{#platform}}No recibir ningún correo de" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}No recibir" \
	" correo de ningún curso{{/platform}}"
#define ES_START_COURSE "Volver a recibir correo de este curso"
#define ES_START_ALL \
	"{{#platform}}Volver a recibir correo de" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}Volver a" \
	" recibir correo de los cursos{{/platform}}"
#define ES_CHANGED "¿Ha cambiado de opinión?"
#define ES_STOPPED_COURSE \
	"Hecho. Ya no recibirá correo de este curso. Es posible que" \
	" aún llegue algún mensaje que ya esté en camino."
#define ES_STOPPED_ALL \
	"Hecho. Ya no recibirá correo de los cursos{{#platform}} de" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}." \
	" Es posible que aún llegue algún mensaje que ya esté en" \
	" camino."
#define ES_STARTED_COURSE "Hecho. Volverá a recibir correo de este curso."
#define ES_STARTED_ALL \
	"Hecho. Volverá a recibir correo de los cursos{{#platform}}" \
	" de" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}."
#define ES_INVALID "Este enlace no funciona"
#define ES_INVALID_TEXT \
	"Quizá se cortó al copiarlo. Utilice el enlace del propio" \
	" mensaje. No se ha cambiado nada."
#define ES_BUSY "Inténtelo de nuevo dentro de unos minutos"
#define ES_BUSY_TEXT \
	"En este momento no se ha podido guardar su elección. No se" \
	" ha cambiado nada."
#define ES_FAILED "Esta página no está disponible"
#define ES_FAILED_TEXT \
	"No se ha cambiado nada. El problema ha quedado registrado."
#define ES_MISUSED "No se ha cambiado nada"
#define ES_MISUSED_TEXT \
	"Abra el enlace del mensaje y pulse allí uno de los botones."
#define ES_KEPT \
	"Este correo no se desactivó con este enlace, así que este" \
	" enlace no puede reactivarlo."
#define ES_WRITE \
	"También puede escribir a <a" \
	" href=\"{{mailto_url}}\"><bdi>{{mailto}}</bdi></a>."

#define AR_TITLE "رسائل {{course}}"
#define AR_DONE_TITLE "تم: رسائل {{course}}"
#define AR_HEAD "رسائل <bdi>{{course}}</bdi>"
#define AR_TEST \
	"هذا الرابط من رسالة تجريبية. تظهر الصفحة كما يراها المتعلم،" \
	" وأزرارها لا تغيّر شيئًا."
#define AR_WHO "تخص هذه الصفحة العنوان <bdi class=\"who\">{{who}}</bdi>."
#define AR_STATE_IN "تصلك رسائل هذا المقرر."
#define AR_STATE_COURSE "رسائل هذا المقرر متوقفة."
#define AR_STATE_ALL \
	"{{#platform}}جميع الرسائل من <bdi>{{platform}}</bdi> متوقفة،" \
	" ومنها رسائل هذا المقرر.{{/platform}}{{^platform}}جميع رسائل" \
	" المقررات متوقفة، ومنها رسائل هذا المقرر.{{/platform}}"
#define AR_STOP_COURSE "إيقاف رسائل هذا المقرر"
#define AR_STOP_ALL \
	"{{#platform}}إيقاف جميع الرسائل من" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}إيقاف" \
	" رسائل جميع المقررات{{/platform}}"
#define AR_START_COURSE "استئناف رسائل هذا المقرر"
#define AR_START_ALL \
	"{{#platform}}استئناف الرسائل من" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}استئناف" \
	" رسائل المقررات{{/platform}}"
#define AR_CHANGED "هل غيّرت رأيك؟"
#define AR_STOPPED_COURSE \
	"تم. لن تصلك رسائل هذا المقرر بعد الآن. قد تصلك رسالة كانت في" \
	" طريقها إليك."
#define AR_STOPPED_ALL \
	"تم. لن تصلك رسائل المقررات{{#platform}} من" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}" \
	" بعد الآن. قد تصلك رسالة كانت في طريقها إليك."
#define AR_STARTED_COURSE "تم. ستصلك رسائل هذا المقرر من جديد."
#define AR_STARTED_ALL \
	"تم. ستصلك رسائل المقررات{{#platform}} من" \
	" <bdi>{{platform}}</bdi>{{/platform}}{{^platform}}{{/platform}}" \
	" من جديد."
#define AR_INVALID "هذا الرابط لا يعمل"
#define AR_INVALID_TEXT \
	"ربما لم يُنسخ كاملًا. يرجى استخدام الرابط الموجود في الرسالة" \
	" نفسها. لم يتغيّر شيء."
#define AR_BUSY "يرجى المحاولة مرة أخرى بعد بضع دقائق"
#define AR_BUSY_TEXT "تعذّر حفظ اختيارك الآن. لم يتغيّر شيء."
#define AR_FAILED "هذه الصفحة معطّلة"
#define AR_FAILED_TEXT "لم يتغيّر شيء. سُجّل الخلل لدى القائمين عليها."
#define AR_MISUSED "لم يتغيّر شيء"
#define AR_MISUSED_TEXT \
	"يرجى فتح الرابط الموجود في الرسالة والضغط على أحد الأزرار."
#define AR_KEPT \
	"لم يُوقَف هذا البريد عبر هذا الرابط، لذلك لا يمكن لهذا الرابط" \
	" أن يستأنفه."
#define AR_WRITE \
	"يمكنك أيضًا الكتابة إلى <a" \
	" href=\"{{mailto_url}}\"><bdi>{{mailto}}</bdi></a>."

/* clang-format on */

struct str
page_text_builtin(void *ctx, const char *name)
{
	static const struct {
		const char *name, *text;
	} texts[] = {{"page.en", PAGE(EN, "en")}, {"page.es", PAGE(ES, "es")},
	    {"page.ar", PAGE(AR, "ar")}, {"ready.en", READY(EN)},
	    {"ready.es", READY(ES)}, {"ready.ar", READY(AR)}, {"style", STYLE}};

	(void)ctx;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].name, name) == 0)
			return str_of(texts[i].text);
	}
	return (struct str){0};
}
