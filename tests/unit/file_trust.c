/*
 * Whom settings and secrets obey: each owner, group and mode.
 */
#include "base/file_trust.h"

#include <unistd.h>

#include "unit.h"

#define ROOT_ID 0
#define OTHER_ID 54321 /* nobody has it, and it is not ours */
#define OTHERS_GROUP 1 /* no user's private group */

static const struct {
	uid_t uid;
	gid_t gid;
	mode_t mode;
	bool settings, secret;
} cases[] = {
    {ROOT_ID, ROOT_ID, S_IFREG | 0600, true, true},
    {ROOT_ID, ROOT_ID, S_IFREG | 0640, true, true},
    {ROOT_ID, OTHERS_GROUP, S_IFREG | 0640, true, true},
    {ROOT_ID, ROOT_ID, S_IFREG | 0644, true, false},
    {ROOT_ID, ROOT_ID, S_IFREG | 0664, true, false},
    {ROOT_ID, OTHERS_GROUP, S_IFREG | 0664, false, false},
    {ROOT_ID, OTHERS_GROUP, S_IFREG | 0620, false, false},
    {ROOT_ID, ROOT_ID, S_IFREG | 0602, false, false},
    {ROOT_ID, ROOT_ID, S_IFREG | 0666, false, false},
    {ROOT_ID, ROOT_ID, S_IFREG | 0604, true, false},
    {ROOT_ID, ROOT_ID, S_IFREG | 0601, true, false},
    {OTHER_ID, ROOT_ID, S_IFREG | 0600, false, false},
    {OTHER_ID, ROOT_ID, S_IFREG | 0644, false, false},
    {OTHER_ID, OTHER_ID, S_IFIFO | 0600, false, false},
    {ROOT_ID, ROOT_ID, S_IFIFO | 0600, true, true},
    {ROOT_ID, ROOT_ID, S_IFCHR | 0666, true, false}, /* /dev/null */
};

int
main(void)
{
	struct fail f;

	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		struct stat st = {.st_uid = cases[i / 2].uid,
		    .st_gid = cases[i / 2].gid,
		    .st_mode = cases[i / 2].mode};
		bool own = i % 2 == 1 && st.st_uid == ROOT_ID;

		f = (struct fail){0};
		if (own && st.st_gid == OTHERS_GROUP)
			st.st_uid = geteuid();
		ok((file_trust_settings("x.conf", &st, &f) == 0) ==
			cases[i / 2].settings,
		    "settings, uid %d, gid %d, mode %o: %s", (int)st.st_uid,
		    (int)st.st_gid, (unsigned)st.st_mode, f.text);
		f = (struct fail){0};
		ok((file_trust_secret("x.key", &st, &f) == 0) ==
			cases[i / 2].secret,
		    "a secret: %s", f.text);
	}
	file_trust_settings("x.conf",
	    &(struct stat){.st_uid = OTHER_ID, .st_mode = S_IFREG | 0600}, &f);
	same(str_of(f.text),
	    "x.conf: belongs to uid 54321, and is obeyed only if it belongs to "
	    "root or to you (chown root)",
	    "the owner's text");
	file_trust_settings(
	    "x.conf", &(struct stat){.st_mode = S_IFREG | 0622}, &f);
	same(str_of(f.text),
	    "x.conf: is not obeyed, since others may write it (chmod go-w)",
	    "the mode's text");
	return unit_end();
}
