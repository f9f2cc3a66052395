#include "port/db/query_views.h"

/* Milliseconds since 1970 as "2026-11-24T05:03:07Z"; NULL stays NULL. */
#define TIME(column) \
	"strftime('%Y-%m-%dT%H:%M:%SZ', " column " / 1000, 'unixepoch')"

/* A view with a column more is still the same; one is never taken away. */
const char query_views[] =
    "CREATE TEMP VIEW bm_courses AS SELECT id AS course_id, title, url,"
    " language, email_enabled FROM main.courses;"
    "CREATE TEMP VIEW bm_people AS SELECT e.course_id, u.id AS user_id,"
    " u.email, u.username, u.name, u.is_active, e.is_active AS enrolled,"
    " e.mode, e.cohort, " TIME(
	"u.last_login") " AS last_login, e.data"
			" FROM main.enrollments e JOIN main.users u ON u.id = "
			"e.user_id;"
			"CREATE TEMP VIEW bm_roles AS SELECT r.course_id, u.id "
			"AS user_id,"
			" u.email, u.username, u.name, u.is_active, r.role"
			" FROM main.roles r JOIN main.users u ON u.id = "
			"r.user_id;"
			"CREATE TEMP VIEW bm_mailings AS SELECT id AS "
			"email_id, course_id,"
			" subject, state, " TIME(
			    "created") " AS begun FROM main.emails;"
				       "CREATE TEMP VIEW bm_deliveries AS "
				       "SELECT d.email_id, m.course_id,"
				       " d.user_id, d.email, d.key, d.state, "
				       "d.class, d.code, d.enhanced,"
				       " d.reply, d.attempt, " TIME(
					   "d.at") " AS at"
						   " FROM main.deliveries d "
						   "JOIN main.emails m ON m.id "
						   "= d.email_id;"
						   "CREATE TEMP VIEW "
						   "bm_optouts AS SELECT "
						   "course_id, user_id, key, "
						   "action,"
						   " source, reason, " TIME(
						       "at") " AS at FROM "
							     "main.optouts;";
