#include "port/db/filesystem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define FUSE 0x65735546

static const unsigned long remote_numbers[] = {
    0x00006969, /* nfs */
    0x0000517B, /* smb */
    0xFF534D42, /* cifs */
    0xFE534D42, /* smb2 */
    0x73757245, /* coda */
    0x5346414F, /* afs */
    0x6B414653, /* kafs */
    0x01021997, /* 9p */
    0x00C36400, /* ceph */
    0x0BD00BD0, /* lustre */
    0x0000564C, /* ncp */
    0x47504653, /* gpfs */
    0x19830326, /* beegfs */
    0x01161970, /* gfs2 */
    0x7461636F, /* ocfs2 */
    0x20030528, /* orangefs */
    0x786F4256, /* vboxsf */
    0xBACBACBC, /* vmhgfs */
    0x7C7C6673, /* prl_fs */
};

/* Some FUSE file systems are local; only the name tells. */
static const char *const remote_names[] = {
    "virtiofs",
    "fuse.vmhgfs-fuse",
    "fuse.grpcfuse",
    "fuse.beegfs",
    "fuse.mfs",
    "fuse.blobfuse",
    "fuse.blobfuse2",
    "fuse.mount-s3",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.ceph-fuse",
    "fuse.davfs2",
    "fuse.curlftpfs",
    "fuse.juicefs",
    "fuse.goofys",
    "fuse.smbnetfs",
    "fuse.nfs",
};

bool
filesystem_type_is_remote(unsigned long number, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(remote_numbers) / sizeof(*remote_numbers); i++) {
		if (remote_numbers[i] == number)
			return true;
	}
	if (number != FUSE || name == NULL)
		return false;
	for (i = 0; i < sizeof(remote_names) / sizeof(*remote_names); i++) {
		if (strcmp(remote_names[i], name) == 0)
			return true;
	}
	return false;
}

/* proc(5): "ID PARENT MAJOR:MINOR ... - TYPE SOURCE OPTIONS". */
static bool
parse_mount_line(char *line, dev_t dev, char **name)
{
	unsigned int maj, min;
	char *p;

	if (sscanf(line, "%*d %*d %u:%u", &maj, &min) != 2 ||
	    makedev(maj, min) != dev || (p = strstr(line, " - ")) == NULL)
		return false;
	*name = p + 3;
	(*name)[strcspn(*name, " ")] = '\0';
	return true;
}

static bool
fuse_is_remote(dev_t dev)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, *name;
	size_t cap = 0;
	bool remote = false;

	if (in == NULL)
		return false;
	while (getline(&line, &cap, in) > 0) {
		if (parse_mount_line(line, dev, &name))
			remote = filesystem_type_is_remote(FUSE, name);
	}
	free(line);
	fclose(in);
	return remote;
}

bool
filesystem_is_remote(const char *path)
{
	struct statfs fs;
	struct stat st;
	unsigned long number;

	if (statfs(path, &fs) < 0 || stat(path, &st) < 0)
		return false;
	number = (unsigned long)fs.f_type & 0xFFFFFFFF;
	if (number == FUSE)
		return fuse_is_remote(st.st_dev);
	return filesystem_type_is_remote(number, NULL);
}
