#!/usr/bin/python3
"""Postfix's smtpd, unpacked and not installed: postfix.py DIR POSTFIX

It runs stand-alone, a process a connection, and drops what it takes into
DIR/queue/maildrop; the port goes to DIR/port. So it offers no STARTTLS: for
that it needs root, its tlsmgr and master. With --read FILE: the text of
such a message, without the Received field that smtpd put in front. With
--read-all FOLDER OUT: that of each message of a folder into OUT/ID.eml.
"""
import os
import pwd
import socket
import subprocess
import sys
import threading

MAIN = """
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = {dir}/bin
daemon_directory = {postfix}/usr/lib/postfix/sbin
shlib_directory = {postfix}/usr/lib/postfix
meta_directory = {dir}/conf
mail_owner = {owner}
setgid_group = adm
default_privs = nobody
myhostname = postfix.example
mydestination = uni.example
compatibility_level = 3.6
local_recipient_maps =
smtpd_relay_restrictions = permit
smtpd_recipient_restrictions = permit
smtpd_forbid_bare_newline = yes
inet_protocols = ipv4
smtpd_peername_lookup = no
"""

POSTDROP = """#!/bin/sh
MAIL_CONFIG={dir}/conf LD_LIBRARY_PATH={postfix}/usr/lib/postfix \\
exec {postfix}/usr/sbin/postdrop "$@" 2>>{dir}/data/log
"""


def write(path, text, mode):
    with open(path, 'w') as f:
        f.write(text)
    os.chmod(path, mode)


def prepare(where, postfix):
    for name in ('conf', 'bin', 'data', 'queue', 'queue/maildrop',
                 'queue/public'):
        os.makedirs(os.path.join(where, name), exist_ok=True)
    values = {'dir': where, 'postfix': postfix, 'owner': 'mail'}
    write(where + '/conf/main.cf', MAIN.format(**values), 0o644)
    write(where + '/conf/master.cf', '', 0o644)
    write(where + '/bin/postdrop', POSTDROP.format(**values), 0o755)


def copy(read, write_all, finish):
    try:
        while data := read():
            write_all(data)
        finish()
    except OSError:
        pass


def serve(where, postfix):
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(64)
    write(where + '/port.new', '%d\n' % listener.getsockname()[1], 0o644)
    os.rename(where + '/port.new', where + '/port')
    environment = {'MAIL_CONFIG': where + '/conf', 'PATH': '/usr/bin:/bin',
                   'LD_LIBRARY_PATH': postfix + '/usr/lib/postfix'}
    smtpd = postfix + '/usr/lib/postfix/sbin/smtpd'
    while True:
        serve_one(listener.accept()[0], smtpd, environment)


def serve_one(sock, smtpd, environment):
    # Stand-alone it takes pipes but no socket.
    child = subprocess.Popen(
        [smtpd, '-S'], env=environment, bufsize=0,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=copy, daemon=True, args=(
        lambda: sock.recv(65536), child.stdin.write,
        child.stdin.close)).start()
    threading.Thread(target=copy, daemon=True, args=(
        lambda: child.stdout.read(65536), sock.sendall,
        lambda: sock.shutdown(socket.SHUT_RDWR))).start()


def records(data):
    """Postfix's queue file: a type, a length in base 128, the data."""
    at = 0
    while at < len(data):
        kind, at, length, shift = chr(data[at]), at + 1, 0, 0
        while True:
            byte, at = data[at], at + 1
            length |= (byte & 0x7f) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, data[at:at + length]
        at += length


def read(path):
    with open(path, 'rb') as f:
        lines, partial = [], b''
        for kind, data in records(f.read()):
            if kind == 'L':
                partial += data
            elif kind == 'N':
                lines.append(partial + data)
                partial = b''
    while lines and lines[0].startswith((b'Received:', b'\t')):
        lines.pop(0)
    return b''.join(line + b'\r\n' for line in lines)


def read_all(folder, out):
    os.makedirs(out)
    for name in os.listdir(folder):
        with open(os.path.join(out, name + '.eml'), 'wb') as f:
            f.write(read(os.path.join(folder, name)))


def main():
    if sys.argv[1] == '--read':
        sys.stdout.buffer.write(read(sys.argv[2]))
        return
    if sys.argv[1] == '--read-all':
        read_all(*sys.argv[2:4])
        return
    where, postfix = (os.path.abspath(p) for p in sys.argv[1:3])
    if os.getuid() == 0:
        user = pwd.getpwnam('games')
        os.makedirs(where, exist_ok=True)
        os.chown(where, user.pw_uid, user.pw_gid)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    os.umask(0o022)
    prepare(where, postfix)
    serve(where, postfix)


if __name__ == '__main__':
    main()
