#!/usr/bin/python3
"""Run a command on a terminal: terminal.py [WHEN KEYS]... -- COMMAND...

WHEN is a pattern of what the terminal shows; as soon as it is seen, KEYS are
typed (with Python's escapes: \\x03 is Ctrl-C; HANGUP closes the terminal), or,
behind a "!", a shell command is run. What the terminal showed goes to stdout,
the status is the command's, 128 and the signal. The terminal has COLUMNS x
LINES (80 x 24).
"""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios

SECONDS = 60


def main():
    at = sys.argv.index('--')
    steps = sys.argv[1:at]
    steps = list(zip(steps[::2], steps[1::2]))
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[at + 1], sys.argv[at + 1:])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack(
        'HHHH', int(os.environ.get('LINES', 24)),
        int(os.environ.get('COLUMNS', 80)), 0, 0))
    shown, done = '', 0
    while select.select([master], [], [], SECONDS)[0]:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode('utf-8', 'replace')
        while steps:
            match = re.compile(steps[0][0]).search(shown, done)
            if not match:
                break
            done = match.end()
            keys = steps.pop(0)[1]
            if keys == 'HANGUP':
                os.close(master)
                master = None
                break
            if keys.startswith('!'):
                subprocess.run(keys[1:], shell=True, check=True)
                continue
            os.write(master, keys.encode().decode('unicode_escape').encode())
        if master is None:
            break
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.stdout.write(shown.replace('\r\n', '\n'))
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == '__main__':
    main()
