"""A mailing, its database, and a relay that knows of each dot what it did."""
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BIN = os.path.join(TOP, os.environ.get('BM_BIN', 'build/bin'))
SECONDS = int(os.environ.get('STRESS_SECONDS', '60'))


class Tap:
    def __init__(self):
        self.count = self.failed = 0
        self.lock = threading.Lock()

    def ok(self, wrong, name):
        """wrong: what is, or '' when all is well."""
        with self.lock:
            self.count += 1
            self.failed += wrong != ''
            print('%s %d - %s%s' % ('not ok' if wrong else 'ok', self.count,
                                    name, wrong and ': ' + wrong), flush=True)

    def end(self):
        print('1..%d' % self.count)
        return self.failed > 0


class Relay:
    """
    Takes messages, and notes who got one. A fault, by the number of the
    message from 0, is a reply to its dot or
      lost     the message is taken, and no reply comes
      dropped  it is not taken, and no reply comes
      body     the connection ends before the dot
    """

    def __init__(self, delay=0.0, faults=None):
        self.delay, self.faults = delay, faults or {}
        self.got = []        # who has it
        self.unheard = set() # whose dot came, and no reply went back
        self.refused = set() # whose dot, or body, was refused
        self.messages = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, connection):
        with connection, connection.makefile('rb') as lines:
            try:
                self.talk(connection, lines)
            except OSError:
                pass

    def talk(self, connection, lines):
        connection.sendall(b'220 relay.example\r\n')
        to = ''
        for line in lines:
            verb = line[:4].upper()
            if verb == b'EHLO':
                connection.sendall(b'250-relay.example\r\n250 PIPELINING\r\n')
            elif verb == b'RCPT':
                to = line.split(b'<')[1].split(b'@')[0].decode()
                connection.sendall(b'250 ok\r\n')
            elif verb == b'DATA':
                connection.sendall(b'354 go on\r\n')
                if not self.take(connection, lines, to):
                    return
            elif verb == b'QUIT':
                connection.sendall(b'221 bye\r\n')
                return
            else:
                connection.sendall(b'250 ok\r\n')

    def next_fault(self):
        with self.lock:
            self.messages += 1
            return self.faults.get(self.messages - 1, '250 ok')

    def take(self, connection, lines, to):
        """The body and the reply to its dot; False ends the connection."""
        if not lines.readline():
            return False
        fault = self.next_fault()
        if fault == 'body':
            connection.shutdown(socket.SHUT_WR)
        dotted = any(line == b'.\r\n' for line in iter(lines.readline, b''))
        if fault == 'body':
            # The dot may have met our end of the connection on the way.
            (self.unheard if dotted else self.refused).add(to)
            return False
        if not dotted:
            return False
        if fault in ('lost', 'dropped'):
            with self.lock:
                self.unheard.add(to)
                self.got += [to] * (fault == 'lost')
            return False
        if fault[0] == '2':
            time.sleep(self.delay)
            self.got.append(to)
        else:
            self.refused.add(to)
        connection.sendall(fault.encode() + b'\r\n')
        return fault[:3] != '421'


class Desk:
    """A folder with a database, and the messages of one mailing in it."""

    def __init__(self, folder, people, mailing='w1'):
        self.folder, self.people = folder, people
        self.db = folder + '/bm.db'
        self.env = dict(
            os.environ, BM_CONFIG='/dev/null', BM_DB=self.db,
            BM_ALLOW_RESERVED='yes', EMAIL_HOST='127.0.0.1',
            EMAIL_USE_TLS='no', BULK_EMAIL_DEFAULT_RETRY_DELAY='0',
            BULK_EMAIL_MAX_RETRIES='1', PATH=BIN + ':' + os.environ['PATH'])
        with open(folder + '/roster.csv', 'w', encoding='utf-8') as out:
            out.write('user_id,email\n')
            for i in range(people):
                out.write('%d,u%d@uni.example\n' % (i, i))
        self.run('bm-import', '--create', '--course', 'C', '--title', 'T',
                 '--url', 'https://x.example/', folder + '/roster.csv')
        self.write(mailing)

    def write(self, mailing):
        with open(self.folder + '/m', 'w', encoding='utf-8') as out:
            for i in range(self.people):
                out.write(json.dumps({
                    'email_id': mailing, 'course_id': 'C', 'user_id': str(i),
                    'email': 'u%d@uni.example' % i, 'content': '0' * 64,
                    'sender': 'c@uni.example',
                    'message': 'Subject: x\r\n\r\nhi\r\n'}) + '\n')

    def towards(self, relay):
        self.env['EMAIL_PORT'] = str(relay.port)
        return self

    def run(self, *command):
        p = subprocess.run(command, env=self.env, cwd=self.folder,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True)
        return p.returncode, p.stderr

    def start(self, *command, **more):
        return subprocess.Popen(command, env=self.env, cwd=self.folder,
                                stdout=subprocess.DEVNULL, **more)

    def rows(self, state):
        """Who is in this state in the ledger."""
        with contextlib.closing(sqlite3.connect(self.db, timeout=10)) as db:
            return {key.split('@')[0] for key, in db.execute(
                'SELECT key FROM deliveries WHERE state = ?', (state,))}

    def judge(self, relay, doubt):
        """What is wrong after the last run, whose doubt this should be."""
        got, everybody = relay.got, {'u%d' % i for i in range(self.people)}
        in_doubt = self.rows('in_doubt')
        twice = {to for to in got if got.count(to) > 1}
        lost = everybody - set(got) - in_doubt
        for what, who in (('twice', twice), ('lost', lost),
                          ('in doubt for nothing', in_doubt - doubt),
                          ('not in doubt', doubt - in_doubt)):
            if who:
                return '%s: %s' % (what, ' '.join(sorted(who)[:5]))
        return ''


def mutant(folder, source, expression):
    """The folder with a bm-send that has this fault (tests/mutant)."""
    subprocess.run([TOP + '/tests/mutant', folder, 'build', source,
                    expression, 'build/bin/bm-send'], check=True)
    return folder + '/build/bin'


def copy_database(desk, folder):
    """The database and its lock file, when nobody uses them."""
    with contextlib.closing(sqlite3.connect(desk.db)) as db:
        db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
    for part in ('', '-lock'):
        shutil.copy(desk.db + part, folder + '/bm.db' + part)
