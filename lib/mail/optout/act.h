/*
 * An act of a link as a file of a drop folder, which one user writes and the
 * user of the register takes over.
 */
#ifndef MAIL_OPTOUT_ACT_H
#define MAIL_OPTOUT_ACT_H

#include "mail/optout/page.h"
#include "mail/optout/token.h"

#define ACT_MAX 2048 /* bytes of a file */
#define ACT_MARK 24  /* characters of a mark */
#define ACT_NUMBER_MAX 999999999

/* The strings are in the text that was read. */
struct act {
	enum page_act what; /* not PAGE_SHOW */
	struct str source;  /* page, one-click or mail */
	struct str token;
};

/* Appends the content of the file: three lines. */
void act_put(struct buf *, const struct act *);

/* DATA unless the text is what act_put() writes. */
int act_parse(struct act *, struct str text, struct fail *);

/*
 * The file's name: a number, which is greater than those of the acts that
 * waited when it was written; the marks of the person's key and user id, by
 * which the page finds them; and random digits, so that no two have one name.
 */
struct act_name {
	long long number; /* from 1 to ACT_NUMBER_MAX */
	char key[ACT_MARK + 1], user[ACT_MARK + 1];
};

/* The marks of the token's person, by the oldest key of the file, which a new
 * key does not change. */
void act_name_mark(
    struct act_name *, const struct token_keys *, const struct token *);

/* Appends the name with 8 random bytes. */
void act_name_put(
    struct buf *, const struct act_name *, const unsigned char random[8]);

/* False unless the text is what act_name_put() writes. */
bool act_name_parse(struct act_name *, const char *text);

#endif
