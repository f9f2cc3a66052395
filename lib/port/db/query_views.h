/*
 * The views that an administrator's SELECT can use (bm-schema.5). They are
 * made for each connection, so that a table may change and they stay.
 */
#ifndef PORT_DB_QUERY_VIEWS_H
#define PORT_DB_QUERY_VIEWS_H

/* Makes them in the TEMP schema of a database of this program. */
extern const char query_views[];

#endif
