#!/usr/bin/python3
"""All of Postfix, unpacked and not installed, as a relay to one next hop:
postfix-relay.py DIR POSTFIX PORT

Mail for anybody goes to 127.0.0.1:PORT; Postfix's own port goes to DIR/port.
Its master needs root; it runs until it gets SIGTERM. DIR and POSTFIX must be
open to other users.
"""
import os
import pwd
import signal
import socket
import subprocess
import sys
import time

MAIN = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = {postfix}/usr/sbin
daemon_directory = {postfix}/usr/lib/postfix/sbin
shlib_directory = {postfix}/usr/lib/postfix
meta_directory = {postfix}/etc/postfix
mail_owner = {owner}
setgid_group = adm
default_privs = nobody
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
maillog_file = {dir}/queue/log
maillog_file_prefixes = {dir}
myhostname = relay.example
mydestination =
local_transport = error
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{hop}
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
alias_maps =
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
FOLDERS = ("incoming active deferred bounce defer flush hold saved trace "
           "corrupt maildrop public private").split()


def prepare(where, postfix, hop, port):
    user = pwd.getpwnam("mail")
    values = {"dir": where, "postfix": postfix, "hop": hop, "port": port,
              "owner": user.pw_name}
    for name in ["conf", "queue", "queue/pid", "data"] + [
            "queue/" + folder for folder in FOLDERS]:
        os.makedirs(os.path.join(where, name), mode=0o755, exist_ok=True)
    for name in ["data"] + ["queue/" + folder for folder in FOLDERS]:
        os.chown(os.path.join(where, name), user.pw_uid, user.pw_gid)
    for name, text in (("main", MAIN), ("master", SERVICES)):
        with open(f"{where}/conf/{name}.cf", "w") as f:
            f.write(text.format(**values))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_it_listens(port, master):
    while master.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)


def main():
    os.umask(0o022)
    where, postfix = (os.path.abspath(p) for p in sys.argv[1:3])
    port = free_port()
    os.makedirs(where, exist_ok=True)
    prepare(where, postfix, sys.argv[3], port)
    environment = {"MAIL_CONFIG": where + "/conf", "PATH": "/usr/bin:/bin",
                   "LD_LIBRARY_PATH": postfix + "/usr/lib/postfix"}
    master = subprocess.Popen(
        [postfix + "/usr/lib/postfix/sbin/master", "-c", where + "/conf",
         "-d"], env=environment)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: master.terminate())
    wait_until_it_listens(port, master)
    with open(where + "/port.new", "w") as f:
        f.write(f"{port}\n")
    os.rename(where + "/port.new", where + "/port")
    sys.exit(master.wait() not in (0, -signal.SIGTERM))


main()
