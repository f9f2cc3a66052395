#!/usr/bin/python3
"""Each pair of options of each program works as written or is refused by name.

    option_pairs.py BINARIES [PROGRAM]

The tables of options come from --help. For a pair that a table excludes, and
for an option without the one that it needs, the program ends with 2 and names
both. Any other pair must show: with both options the program does something
else (output, status, files, database) than with either of them alone, or else
one of them was silently ignored. Prints a line for each breach; 1 if there are
any.
"""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import combinations

import option_tables

MANY = 240  # pairs; from there on they are tried in sets, all at once

ENVIRONMENT = {
    'BM_CONFIG': '/dev/null', 'BM_ALLOW_RESERVED': 'yes', 'BM_DB': 'bm.db',
    'BM_KEY_FILE': 'key', 'BM_OPTOUT_URL': 'https://m.example/o',
    'BM_POSTAL_ADDRESS': '1 Road', 'EMAIL_HOST': '127.0.0.1',
    'EMAIL_PORT': '1', 'EMAIL_USE_TLS': 'no', 'LC_ALL': 'C.UTF-8',
    'DEFAULT_BULK_FROM_EMAIL': 'c@example.edu', 'BM_VERP_KEY_FILE': 'key2',
    'COLUMNS': '80',
    'SOURCE_DATE_EPOCH': '1795000000', 'PATH': os.environ['PATH'],
    'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', ''),
}

# program, command: options of every run, operands, input, a value for each
# option that shows in this folder; None for an option that takes none.
CASES = {
    ('bm-render', None): (
        {'id': 'm', 'subject': 'S', 'course': 'c1', 'partials': 'p1'},
        ['body.html'], 'recipients.ndjson',
        {'id': 'n', 'subject': 'T', 'course': 'c2', 'format': 'markdown',
         'hard-breaks': None, 'text': 'body.txt', 'layout': 'layout',
         'partials': 'p2',
         'set': 'x=Q', 'default': 'y=Q', 'missing': 'empty', 'from': 'f@example.edu',
         'why': 'you asked', 'base-url': 'https://u.example/c/', 'default-from': 'd@example.edu', 'reply-to': 'r@example.edu',
         'sender': 's@example.edu', 'envelope-sender': 'e@example.edu',
         'verp': 'b+%s@example.edu',
         'header': 'X-A: b', 'attach': 'one.txt', 'inline': None,
         'max-size': '12k', 'expires': '2099-01-01', 'text-width': '40',
         'text-links': 'foot', 'preheader': None, 'part': 'message',
         'no-optout': None, 'test-links': None, 'optout-url': 'https://n.example/p',
         'optout-mailto': 'o@example.edu', 'key-file': 'key2',
         'postal-address': '2 Street', 'platform-name': 'Uni', 'lint': None,
         'preview': 'page.html', 'sample': '1', 'rejects': 'rejects', 'progress': None,
         'no-progress': None}),
    ('bm-recipients', None): (
        {'course': 'c1', 'to': 'all'}, [], None,
        {'db': 'second.db', 'course': 'c2', 'to': 'cohort:Blue',
         'except': ['user:n2', 'user:n3', 'user:n10'], 'as': 'n4', 'last-login-within': '30d',
         'last-login-before': '1d', 'never-logged-in': None,
         'limit': '2', 'include-opted-out': None,
         'include-suppressed': None, 'ledger': 'w1=sent',
         'query': "SELECT email, name FROM users WHERE id > 2",
         'query-db': 'second.db', 'timeout': '5s', 'read': 'list.csv',
         'count': None, 'expect': '0..1', 'rejects': 'rejects'}),
    ('bm-report', None): (
        {'id': 'w1'}, [], None,
        {'id': 'w2', 'db': 'second.db', 'who': 'u3@uni.example',
         'all': None, 'status': None, 'partial': None,
         'json': None,
         'records': None, 'csv': None, 'raw': None, 'state': 'sent', 'html': 'page.html',
         'follow': None, 'plan': 'plan', 'total': '9', 'verify': None,
         'stops': None, 'progress': None, 'no-progress': None,
         'prune': '1s'}),
    ('bm-import', None): (
        {'course': 'c1'}, ['roster.csv'], None,
        {'db': 'second.db', 'create': None, 'course': 'c2', 'title': 'T',
         'url': 'https://c.example', 'image-url': 'https://i.example',
         'language': 'de', 'email-enabled': 'no', 'role': 'staff',
         'source': 'S', 'change-people': None, 'expect-changed': '0',
         'sync': None, 'expect-removed': '7', 'dry-run': None,
         'rejects': 'rejects', 'column': 'note=name', 'delimiter': ';',
         'encoding': 'latin1', 'progress': None, 'no-progress': None}),
    ('bm-batch', None): (
        {'dir': 'spool'}, ['messages.ndjson'], None,
        {'size': '2', 'dir': 'other', 'null': None, 'expect': '9',
         'write-plan': 'new.plan', 'approve': 'plan', 'db': 'second.db',
         'rejects': 'rejects'}),
    ('bm-optout', 'list'): (
        {}, [], None,
        {'db': 'second.db', 'course': 'c1', 'history': None,
         'format': 'csv', 'raw': None}),
    ('bm-optout', 'export'): (
        {}, [], None, {'db': 'second.db', 'course': 'c1'}),
}

# What an option needs beside it so that its value shows.
BESIDE = {
    ('bm-render', 'sample'): {'preview': 'page.html'},
    ('bm-render', 'hard-breaks'): {'format': 'markdown'},
    ('bm-recipients', 'as'): {'to': ['all', 'myself']},
    ('bm-recipients', 'query-db'): {'query': 'SELECT email, name FROM users'},
    ('bm-recipients', 'timeout'): {'query': 'SELECT email, name FROM users'},
    ('bm-report', 'state'): {'records': None},
    ('bm-report', 'status'): {'partial': None},
    ('bm-report', 'partial'): {'status': None},
    ('bm-report', 'raw'): {'csv': None},
    ('bm-optout', 'raw'): {'format': 'csv'},
    ('bm-import', 'sync'): {'change-people': None},
    ('bm-import', 'expect-removed'): {'sync': None, 'change-people': None},
}

# Options that show only when something else goes wrong, or all at once.
UNSEEN = {
    'bm-recipients': {'timeout'},  # nothing here takes so long
    # The database is there; without a terminal there is no progress.
    'bm-import': {'create', 'no-progress'},
    'bm-render': {'no-progress'},
    'bm-report': {'no-progress'},
}

# Pairs that show, but not together with a third option of their set.
THIRD = {('text', 'text-width'), ('layout', 'text-width'),
         ('layout', 'preheader'), ('format', 'preheader'),
         ('hard-breaks', 'preheader')}

# Not run: it waits for a mailing that goes on.
WAITS = {'bm-report': {'follow'}}

# A run with the first option shows only a part of what the others change.
HIDES = {
    'bm-render': {
        'lint': '*',       # no records; what is wrong with an option is told
        'no-optout': '*',
        'preview': {'envelope-sender', 'verp', 'expires', 'id'},
        'sample': {'envelope-sender', 'verp', 'expires', 'id', 'missing', 'max-size'},
        'part': {'envelope-sender', 'verp', 'expires', 'id'},
    },
    'bm-recipients': {'expect': '*',                # it ends the run
                      'limit': {'expect', 'last-login-before'},
                      'db': {'query-db'},
                      'count': {'as', 'query-db'}},
    'bm-report': {'verify': {'id'}, 'who': {'all'},  # no test was made
                  'records': {'plan'}, 'csv': {'plan'}, 'state': {'plan'},
                  'raw': {'plan'}},
    'bm-import': {'expect-changed': '*', 'expect-removed': '*',
                  'delimiter': '*',              # the file has another one
                  'db': {'course', 'expect-changed', 'expect-removed'},
                  'source': {'change-people', 'expect-changed', 'expect-removed'},
                  'dry-run': {'title', 'url', 'image-url', 'language',
                              'email-enabled'}},    # it tells of people
    'bm-batch': {'expect': '*', 'approve': {'db'}},  # it is written to
}


def sh(folder, *words, stdin=None):
    with open(os.path.join(folder, stdin) if stdin else os.devnull,
              'rb') as source:
        return subprocess.run(words, cwd=folder, env=ENVIRONMENT, stdin=source,
                              capture_output=True, timeout=60)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text)


def must(done):
    if done.returncode != 0:
        sys.exit(f'the folder cannot be made: {done.args}: {done.stderr}')
    return done


def message(mailing, number, content='0' * 64):
    to = f'u{number}@uni.example'
    return json.dumps({
        'email_id': mailing, 'course_id': 'c1', 'user_id': str(number),
        'email': to, 'sender': 'b@uni.example', 'content': content,
        'message': f'From: s@uni.example\r\nTo: {to}\r\nSubject: S\r\n'
                   f'Message-ID: <{mailing}.{number}@uni.example>\r\n\r\n'
                   'Hello\r\n'})


def make_folder(folder, binaries):
    def bm(program, *words, stdin=None):
        return must(sh(folder, f'{binaries}/bm-{program}', *words,
                       stdin=stdin))

    write(folder, 'body.html',
          '<div style="display:none">Early words</div><p>Hi **{{nick}}**, '
          'this is a line that is longer than forty columns. {{> sig}}'
          '{{#x}}X{{x}}{{/x}} {{#y}}Y{{y}}{{/y}} {{#big}}{{big}}{{/big}}'
          '<a href="https://a.example/b">link</a> <a href="week3">week</a> '
          '{{#pic}}<img src="pic.png" alt="p">{{/pic}}</p>\n\nof one\nor two lines')
    write(folder, 'body.txt', 'Plain {{nick}} {{#y}}{{y}}{{/y}} {{optout_url}} '
          '{{postal_address}}')
    write(folder, 'p1/sig.mustache', 'one')
    write(folder, 'p2/sig.mustache', 'two')
    write(folder, 'one.txt', 'attached\n')
    write(folder, 'layout/layout.html',
          '<b>mine</b>{{> body}}{{reason}} <a href="{{optout_url}}">o</a>'
          '{{postal_address}} {{#platform_name}}{{platform_name}}'
          '{{/platform_name}}')
    write(folder, 'recipients.ndjson', ''.join(
        json.dumps(r) + '\n' for r in [
            {'email': 'a@uni.example', 'why': 'staff', 'nick': 'A',
             'pic': True},
            {'email': 'b@uni.example', 'why': 'staff'},
            {'email': 'c@uni.example', 'why': 'staff', 'nick': 'C',
             'big': 'b' * 12000}]))
    write(folder, 'pic.png', 'GIF89a')
    bm('optout', 'keygen')
    bm('optout', 'keygen', '--key-file', 'key2')
    write(folder, 'people.csv',
          'id,username,email,name,cohort,last_login\n' + ''.join(
              f'{i},n{i},u{i}@uni.example,N{i},{"Blue" if i < 8 else ""},'
              f'{"" if i % 2 else "2020-01-01"}\n' for i in range(1, 13)))
    bm('import', '--create', '--course', 'c1', 'people.csv')
    bm('import', '--course', 'c2', '--title', 'Two', 'people.csv')
    bm('optout', 'add', '-q', '--course', 'c1', '--reason', '=x',
       'u1@uni.example')
    bm('optout', 'add', '-q', 'u2@uni.example')
    bm('optout', 'add', '-q', '--reason', '=y', 'u6@uni.example')
    bm('optout', 'add', '-q', '--course', 'c1', 'u3@uni.example')
    bm('optout', 'remove', '-q', '--course', 'c1', '--reason', '=r',
       'u3@uni.example')
    bm('optout', 'remove', '-q', '--reason', 'r', 'u2@uni.example')
    write(folder, 'messages.ndjson', ''.join(
        message('w1', i) + '\n' for i in (1, 3, 4, 6, 7, 9, 10)) + 'broken\n')
    write(folder, 'roster.csv', 'id,username,email,name\n'
          '1,n1,new1@uni.example,N1\n2,other,new2@uni.example,Else\n'
          '99,n99,u99@uni.example,N99é\n')
    write(folder, 'list.csv', 'email,name\nz@uni.example,Z\nbad,Q\n' +
          ''.join(f'u{i}@uni.example,N{i}\n' for i in range(1, 7)))
    write(folder, 'staff.csv', 'id,username,email,name\n'
          '5,n5,u5@uni.example,N5\n')
    bm('import', '--course', 'c1', '--role', 'staff', 'staff.csv')
    sh(folder, f'{binaries}/bm-send', '--maildir', 'old',
       stdin='messages.ndjson')
    with closing(sqlite3.connect(f'{folder}/bm.db')) as db, db:
        db.execute("UPDATE deliveries SET state = 'failed', "
                   "class = 'refused' WHERE email = 'u4@uni.example'")
        db.execute("UPDATE deliveries SET state = 'sent', class = 'ok' "
                   "WHERE email = 'u6@uni.example'")
    write(folder, 'two.ndjson', message('w2', 3) + '\n' +
          message('w2', 4) + '\n')
    bm('send', '--maildir', 'old', 'two.ndjson')
    with closing(sqlite3.connect(f'{folder}/bm.db')) as db, db:
        db.execute("UPDATE deliveries SET state = 'skipped' WHERE "
                   "email_id = 'w2' AND email = 'u4@uni.example'")
        db.execute("UPDATE deliveries SET at = at - 1000000000, "
                   "reply = '=1+1'")
        db.execute("UPDATE emails SET created = created - 1000000000")
        db.execute("INSERT INTO stops(relay, account, scope, key, class, at, "
                   "until) VALUES('r:25', 'a', 'account', 'a', 'quota', "
                   "1795000000000, 4000000000000)")
    write(folder, 'three.ndjson', message('w1', 3) + '\n' +
          message('w1', 8) + '\n')
    bm('batch', '--dir', 'plans', '--write-plan', 'plan', 'three.ndjson')
    with closing(sqlite3.connect(f'{folder}/bm.db')) as db, db:
        db.executemany("INSERT INTO bounces(email_id, key, domain, kind, "
                       "proof, at) VALUES('w1', ?, 'uni.example', 'hard', "
                       "'verp', 1795000000000)",
                       [(f'u{i}@uni.example',) for i in (5, 7, 8)])
    bm('optout', 'backup', 'second.db')
    shutil.rmtree(f'{folder}/old')
    with closing(sqlite3.connect(f'{folder}/second.db')) as db, db:
        db.execute("DELETE FROM enrollments WHERE user_id = 5")
        db.execute("UPDATE deliveries SET state = 'deferred'")
        db.execute("DELETE FROM optouts WHERE key = 'u1@uni.example'")
        db.execute("UPDATE users SET name = name || 'x'")
        db.execute("DELETE FROM stops")


def look(folder, databases):
    """What is in the folder: names and bytes; of databases the rows."""
    seen = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            place = os.path.relpath(path, folder)
            if place.endswith('.db') and databases:
                with closing(sqlite3.connect(path)) as db:
                    seen[place] = hash(tuple(db.iterdump()))
            elif '.db' not in place:
                with open(path, 'rb') as f:
                    seen[place] = hashlib.md5(f.read()).hexdigest()
    return seen


def copy_or_link(source, target):
    """Programs replace files; only a database is changed in its place."""
    return (shutil.copy if '.db' in source else os.link)(source, target)


class Case:
    """A program with its table, its folder and what was seen already."""

    def __init__(self, binaries, key, rows, master):
        self.program, self.command = key
        self.words = [f'{binaries}/{self.program}'] + (
            [self.command] if self.command else [])
        self.rows = {row.name: row for row in rows}
        self.base, self.operands, self.stdin, self.samples = CASES.get(
            key, ({}, [], None, {}))
        self.master = master
        self.databases = self.program in ('bm-import', 'bm-report')
        self.before = look(master, self.databases)
        self.seen = {}

    def label(self, *names):
        words = [self.program] + ([self.command] if self.command else [])
        return ' '.join(words + [f'--{name}' for name in names])

    def beside(self, names):
        more = {}
        for name in names:
            more.update(BESIDE.get((self.program, name), {}))
        return more

    def argv(self, names, context):
        """Base and context without what the options exclude, then these."""
        beside = self.beside(context)
        given = {name: value for name, value in
                 {**self.base, **beside}.items()
                 if not any(self.excluded(n, name) for n in names) and
                 (name in beside or
                  not any(self.excluded(n, name) for n in beside))}
        operands = self.operands
        for name in names:
            given[name] = self.samples.get(name, self.value_of(name))
            alone = self.rows[name].alone()
            if alone is not None and 'files' not in alone:
                operands = []
        return self.words + [
            f'--{name}' if one is None else f'--{name}={one}'
            for name, value in given.items()
            for one in (value if isinstance(value, list) else [value])
            ] + operands

    def value_of(self, name):
        """For options that are refused before their value is used."""
        row = self.rows[name]
        if row.argument is None:
            return None
        if row.argument == 'N':
            return row.notes[0].split()[0]  # its lower bound
        return {'TIME': '1h', 'SIZE': '1M'}.get(row.argument.strip('[=]'), 'x')

    def excluded(self, a, b):
        return (b in self.rows[a].apart() or a in self.rows[b].apart()
                or self.is_alone(a, b) or self.is_alone(b, a))

    def is_alone(self, name, other):
        alone = self.rows[name].alone()
        notes = self.rows[name].notes
        return (alone is not None and other not in alone and
                not any(n.endswith(option_tables.UNLESS) for n in notes))

    def run(self, argv):
        with tempfile.TemporaryDirectory(dir=os.path.dirname(self.master)) as d:
            folder = f'{d}/f'
            shutil.copytree(self.master, folder, copy_function=copy_or_link)
            done = sh(folder, *argv, stdin=self.stdin)
            after = look(folder, self.databases)
            changed = {name: after.get(name) for name in
                       self.before.keys() | after.keys()
                       if self.before.get(name) != after.get(name)}
            return (done.returncode, done.stdout, done.stderr,
                    tuple(sorted(changed.items())))

    def show(self, names, context):
        argv = self.argv(names, context)
        key = tuple(argv)
        if key not in self.seen:
            self.seen[key] = self.run(argv)
        return self.seen[key]

    def breaches_of_refusal(self, names, told):
        """Names on the command line; those that the message must tell."""
        words = self.argv(names, ())
        done = sh(self.master, *words, stdin=self.stdin)
        text = done.stderr.decode().split('; usage:')[0]
        # A mail server's pipe has to be told to try again.
        want = 75 if self.program == 'bm-bounce' and 'spool' in names else 2
        by_need = any(f'--{name} needs ' in text for name in names)
        if (done.returncode != want or done.stdout or not (by_need or all(
                f'--{name}' in text for name in told))):
            yield (f'{self.label(*names)}: not refused by name: status '
                   f'{done.returncode}: {text.strip()[:200]}')

    def is_hidden(self, a, b):
        hides = HIDES.get(self.program, {}).get(a, ())
        return hides == '*' or b in hides or b in UNSEEN.get(self.program, ())

    def names_need(self, text, a, b):
        """One of the two needs an option that is neither of them."""
        return any(f'--{one} needs --' in text and other not in
                   self.rows[one].needs() for one, other in ((a, b), (b, a)))

    def breaches_of_set(self, names):
        """Each of them shows: without it the run does something else."""
        every = self.show(tuple(names), ())
        if b'; usage: ' in every[2]:
            yield f'{self.label(*names)}: {every[2].decode().strip()}'
        for name in names:
            rest = tuple(n for n in names if n != name)
            if every == self.show(rest, ()):
                yield f'{self.label(*names)}: as without --{name}'

    def sets(self, pairs):
        """Few sets of options that have each of the pairs in one of them."""
        left, allowed = set(pairs), set(pairs)
        while left:
            members = list(min(left))
            for name in self.rows:
                if name not in members and all(
                        (m, name) in allowed or (name, m) in allowed
                        for m in members):
                    members.append(name)
            left -= {(a, b) for a in members for b in members}
            yield members

    def breaches_of_pair(self, a, b):
        both = self.show((a, b), (a, b))
        if b'; usage: ' in both[2]:
            if both[0] == 2 and self.names_need(both[2].decode(), a, b):
                return
            yield f'{self.label(a, b)}: {both[2].decode().strip()[:200]}'
            return
        for one, other in ((a, b), (b, a)):
            if (other not in self.beside((one,)) and
                    not self.is_hidden(one, other) and
                    both == self.show((one,), (a, b))):
                yield (f'{self.label(one, other)}: as without --{other}: '
                       f'status {both[0]}: {both[2].decode().strip()[:100]}')

    def forbids(self, a, b):
        """True when a needs only options that b excludes."""
        needs = self.rows[a].needs()
        return bool(needs) and all(n == b or n in self.rows and
                                   self.excluded(n, b) for n in needs) and (
            b not in needs)

    def jobs(self):
        for name, row in self.rows.items():
            needs = [n for n in row.needs() if n in self.rows]
            if needs and not any(n in self.base for n in needs):
                yield self.breaches_of_refusal, (name,), (name, needs[0])
        pairs = []
        for a, b in combinations(self.rows, 2):
            if self.excluded(a, b):
                yield self.breaches_of_refusal, (a, b), (a, b)
            elif self.forbids(a, b) or self.forbids(b, a):
                yield (self.breaches_of_refusal, (a, b),
                       (a,) if self.forbids(a, b) else (b,))
            elif any(self.excluded(x, y) for x in self.beside((a,))
                     for y in self.beside((b,))):
                continue  # what one needs excludes what the other needs
            elif self.samples and not {a, b} & WAITS.get(self.program, set()):
                pairs.append((a, b))
        if len(pairs) < MANY:
            for a, b in pairs:
                yield self.breaches_of_pair, a, b
            return
        pairs = [(a, b) for a, b in pairs
                 if not self.is_hidden(a, b) and not self.is_hidden(b, a)
                 and (a, b) not in THIRD]
        for names in self.sets(pairs):
            yield self.breaches_of_set, names


def breaches(binaries, folder, only=None):
    master = f'{folder}/master'
    os.mkdir(master)
    make_folder(master, binaries)
    jobs = []
    for program in sorted(os.listdir(binaries)):
        if not program.startswith('bm-') or (only and program != only):
            continue
        for command, rows in option_tables.tables(binaries, program):
            case = Case(binaries, (program, command), rows, master)
            if case.samples and set(case.samples) != set(case.rows):
                yield (f'{case.label()}: samples and options differ: ' +
                       ' '.join(set(case.samples) ^ set(case.rows)))
                continue
            jobs += case.jobs()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda job: list(job[0](*job[1:])), jobs):
            yield from found
    print(f'# {len(jobs)} pairs')


def main():
    binaries = os.path.abspath(sys.argv[1])
    only = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        found = list(breaches(binaries, folder, only))
    for line in found:
        print(line)
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
