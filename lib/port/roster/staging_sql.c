#include "port/roster/staging_sql.h"

#include <stdbool.h>

/* A column of table users or enrollments, and its field of a row. */
struct column {
	const char *name;
	enum roster_column field;
};

static const struct column user_columns[] = {
    {"username", ROSTER_USERNAME},
    {"email", ROSTER_EMAIL},
    {"key", ROSTER_EMAIL},
    {"name", ROSTER_NAME},
    {"is_active", ROSTER_ACTIVE},
    {"last_login", ROSTER_LOGIN},
};

static const struct column enrollment_columns[] = {
    {"mode", ROSTER_MODE},
    {"cohort", ROSTER_COHORT},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_in_file(const struct staging_params *p, const struct column *c)
{
	return p->columns->at[c->field] >= 0;
}

/* " OR u.name IS NOT s.name ..." */
static void
add_differences(struct buf *b, const struct staging_params *p,
    const char *table, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_in_file(p, &columns[i]))
			buf_printf(b, " OR %s.%s IS NOT s.%s", table,
			    columns[i].name, columns[i].name);
	}
}

/*
 * ", name = excluded.name ...": the caller begins the list with an assignment
 * that has no effect, to any column but id, whose children SQLite would look
 * up. Of two assignments to a column the later one counts.
 */
static void
add_assignments(struct buf *b, const struct staging_params *p,
    const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_in_file(p, &columns[i]))
			buf_printf(b, ", %s = excluded.%s", columns[i].name,
			    columns[i].name);
	}
}

/*
 * Columns user and enrollment: 0 same, 1 new, 2 changed; enrollment 3: ended.
 * Column active: is or will be enrolled. Column shared: the address is new for
 * this user, and another one has it.
 */
void
staging_sql_compare(struct buf *b, const struct staging_params *p)
{
	buf_adds(b, "INSERT INTO change SELECT * FROM (SELECT s.id, s.seq,"
		    " CASE WHEN u.id IS NULL THEN 1 WHEN 0");
	add_differences(b, p, "u", user_columns, COUNT(user_columns));
	buf_adds(b, " THEN 2 ELSE 0 END AS user,"
		    " CASE WHEN ?2 IS NOT NULL THEN 0"
		    " WHEN e.user_id IS NULL THEN 2 - coalesce(s.enrolled, 1)"
		    " WHEN s.enrolled > e.is_active THEN 1"
		    " WHEN s.enrolled < e.is_active THEN 3 WHEN 0");
	add_differences(
	    b, p, "e", enrollment_columns, COUNT(enrollment_columns));
	if (p->columns->merge_count > 0)
		buf_adds(b, " OR json_merge(coalesce(e.data, '{}'), s.data)"
			    " IS NOT e.data");
	buf_adds(b, " THEN 2 ELSE 0 END AS enrollment,"
		    " coalesce(s.role, ?2) IS NOT NULL"
		    "  AND NOT EXISTS(SELECT 1 FROM roles r"
		    "  WHERE r.course_id = ?1 AND r.user_id = s.id"
		    "  AND r.role = coalesce(s.role, ?2)) AS role,"
		    " coalesce(s.enrolled, e.is_active, 1) AS active,"
		    " CASE WHEN u.key IS NOT s.key"
		    "  AND (SELECT EXISTS(SELECT 1 FROM users))"
		    "  THEN EXISTS(SELECT 1 FROM users x"
		    "   WHERE x.key = s.key AND x.id <> s.id)"
		    " ELSE 0 END AS shared"
		    " FROM staged s LEFT JOIN users u ON u.id = s.id"
		    " LEFT JOIN enrollments e"
		    "  ON e.course_id = ?1 AND e.user_id = s.id"
		    " ORDER BY s.id) WHERE user OR enrollment OR role");
}

const char staging_sql_gone_learners[] =
    "INSERT INTO gone SELECT user_id FROM enrollments e WHERE course_id = ?1"
    " AND is_active"
    " AND NOT EXISTS(SELECT 1 FROM staged s WHERE s.id = e.user_id)";

const char staging_sql_gone_roles[] =
    "INSERT INTO gone SELECT user_id FROM roles r WHERE course_id = ?1"
    " AND role = ?2"
    " AND NOT EXISTS(SELECT 1 FROM staged s WHERE s.id = r.user_id)";

const char staging_sql_next_change[] =
    "SELECT id FROM change WHERE id > ?1 ORDER BY id LIMIT ?2";

const char staging_sql_next_gone[] =
    "SELECT id FROM gone WHERE id > ?1 ORDER BY id LIMIT ?2";

#define FROM_CHANGE \
	" FROM change c JOIN staged s ON s.seq = c.seq WHERE c.id = ?1"

void
staging_sql_user(struct buf *b, const struct staging_params *p)
{
	buf_adds(b,
	    "INSERT INTO users(id, username, email, key, name, is_active,"
	    " last_login) SELECT s.id, s.username, s.email, s.key, s.name,"
	    " s.is_active, s.last_login" FROM_CHANGE " AND c.user"
	    " ON CONFLICT(id) DO UPDATE SET is_active = is_active");
	add_assignments(b, p, user_columns, COUNT(user_columns));
}

void
staging_sql_enrollment(struct buf *b, const struct staging_params *p)
{
	buf_adds(b,
	    "INSERT INTO enrollments(course_id, user_id, is_active, mode,"
	    " cohort, data) SELECT ?2, s.id, c.active, s.mode, s.cohort,"
	    " s.data" FROM_CHANGE " AND c.enrollment"
	    " ON CONFLICT(course_id, user_id) DO UPDATE SET"
	    " is_active = excluded.is_active");
	add_assignments(b, p, enrollment_columns, COUNT(enrollment_columns));
	if (p->columns->merge_count > 0)
		buf_adds(b, ", data ="
			    " json_merge(coalesce(data, '{}'), excluded.data)");
}

const char staging_sql_role[] =
    "INSERT OR IGNORE INTO roles(course_id, user_id, role)"
    " SELECT ?2, s.id, coalesce(s.role, ?3)" FROM_CHANGE " AND c.role";

const char staging_sql_unenroll[] = "UPDATE enrollments SET is_active = 0"
				    " WHERE course_id = ?2 AND user_id = ?1";

const char staging_sql_remove_role[] =
    "DELETE FROM roles WHERE course_id = ?2 AND user_id = ?1 AND role = ?3";
