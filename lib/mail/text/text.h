/*
 * The text of an HTML document.
 */
#ifndef MAIL_TEXT_TEXT_H
#define MAIL_TEXT_TEXT_H

#include "base/buf.h"
#include "base/fail.h"
#include "mail/html/html.h"
#include "mail/text/text_params.h"

/*
 * Append the text of an HTML document or fragment: LF line ends, exactly one
 * at the end, or nothing for HTML without content. Template tags ({{x}},
 * %%X%% and the like) are opaque and come out as written. DATA if the HTML is
 * larger than HTML_MAX.
 */
int text_from_html(
    struct buf *, struct str html, const struct text_params *, struct fail *);

/*
 * The same for a tree with its styles. kept holds the layout of blocks that
 * are the same whenever this tree is laid out (text_keep.h); NULL: the tree is
 * laid out once.
 */
void text_from_tree(struct buf *, const struct html *,
    const struct text_params *, struct arena *kept);

#endif
