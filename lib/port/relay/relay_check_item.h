/*
 * One finding of bm-send --check.
 */
#ifndef PORT_RELAY_RELAY_CHECK_ITEM_H
#define PORT_RELAY_RELAY_CHECK_ITEM_H

enum relay_check_status {
	RELAY_CHECK_OK,
	RELAY_CHECK_WARNING,
	RELAY_CHECK_ERROR,
};

struct relay_check_item {
	const char *name; /* "greeting" */
	enum relay_check_status status;
	const char *text;
	const char *remedy; /* or NULL */
};

/* The function that is told of each item; zeroed: no function. */
struct relay_check_listener {
	void (*tell)(void *ctx, const struct relay_check_item *);
	void *ctx;
};

void relay_check_item_tell(const struct relay_check_listener *,
    const char *name, enum relay_check_status, const char *text,
    const char *remedy);

#endif
