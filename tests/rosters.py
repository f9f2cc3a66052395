#!/usr/bin/python3
"""Rosters of other systems and of spreadsheets: does bm-import see the people?

    rosters.py FOLDER            each NAME.csv against NAME.json
    rosters.py FOLDER --planted  planted differences are found

NAME.json has the people as the maker of the file knows them, the lines that
are refused, words of the messages, and how Python's csv module reads the file.
Each cell that bm-import has stored as a merge field is compared with the cell
that Python sees in the row of that person; guards (="007") are taken off,
"None" is empty in files of Open edX, and NULL and N/A are in the names that
NAME.json lists, as bm-import(1) says. Prints a line for
each difference; the status is 1 if there are any.
"""
import calendar
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

PEOPLE = """SELECT u.email, u.name, u.id, u.username, u.last_login, e.is_active,
    e.mode, e.cohort, e.data, (SELECT group_concat(role) FROM roles r
    WHERE r.user_id = u.id) FROM users u JOIN enrollments e ON e.user_id = u.id"""
COLUMN = re.compile(r'column (\d+) "')


def run(folder, name, expected, *more):
    words = ['bm-import', '--db', 'r.db', '--create', '--course', 'c',
             '--rejects', 'rejects', *expected['options'], *more, 'roster.csv']
    with open(f'{folder}/roster.csv', 'wb') as out, open(name, 'rb') as file:
        out.write(file.read())
    return subprocess.run(words, cwd=folder, capture_output=True, timeout=60)


def read_people(folder):
    with closing(sqlite3.connect(f'{folder}/r.db')) as db:
        return {row[0]: row for row in db.execute(PEOPLE)}


def time_of(text):
    return calendar.timegm(time.strptime(text, '%Y-%m-%d %H:%M')) * 1000


def differ(want, row):
    """What the maker says of a person, and what is stored."""
    email, name, uid, username, login, active, mode, cohort, data, roles = row
    got = {'name': name, 'username': username, 'cohort': cohort, 'mode': mode,
           'role': roles, 'enrolled': bool(active)}
    wanted = {key: want.get(key) for key in got}
    wanted['enrolled'] = want.get('enrolled', True)
    for key in got:
        if got[key] != wanted[key]:
            yield f'{email}: {key} is {got[key]!r}, not {wanted[key]!r}'
    derived = username or email.lower()
    if uid != want.get('id', derived):
        yield f'{email}: id is {uid!r}, not {want.get("id", derived)!r}'
    # A time is written with too few digits for the second in spreadsheets.
    wanted = time_of(want['last_login']) if 'last_login' in want else None
    if (login is None) != (wanted is None) or (
            login and abs(login - wanted) >= 60000):
        yield f'{email}: last_login is {login}, not {wanted}'
    stored = json.loads(data or '{}')
    for key, value in want.get('data', {}).items():
        if stored.get(key) != value:
            yield f'{email}: {key} is {stored.get(key)!r}, not {value!r}'


def read_cells(name, how):
    """The rows as Python's csv sees them."""
    with open(name, 'rb') as file:
        text = file.read().decode(how['encoding']).replace('\ufeff', '')
    lines = io.StringIO(text.replace('\r\r\n', '\r\n'), newline='')
    quoting = {'minimal': csv.QUOTE_MINIMAL, 'none': csv.QUOTE_NONE}
    rows = [row for row in csv.reader(
        lines, delimiter=how['delimiter'], quoting=quoting[how['quoting']])
        if row]
    return rows[how['header']:]


def clean(cell, edx):
    if re.fullmatch('="[^"]*"', cell):
        cell = cell[2:-1]
    return '' if edx and cell == 'None' else cell


def columns_of(folder, name, expected):
    """The merge fields by column, as --dry-run tells them."""
    with closing(sqlite3.connect(f'{folder}/r.db')):
        done = subprocess.run(
            ['bm-import', '--db', 'r.db', '--course', 'c', '--dry-run',
             *expected['options'], 'roster.csv'], cwd=folder,
            capture_output=True, timeout=60)
    found = {}
    for line in done.stderr.decode().splitlines():
        column = COLUMN.search(line)
        field = re.search(r'merge field (\S+)$', line)
        if column and field and '" -> ' in line:
            found[int(column[1]) - 1] = field[1]
    return found


def compare_cells(folder, name, expected, people):
    how = expected['csv']
    merges = columns_of(folder, name, expected)
    rows = read_cells(name, how)
    for email, row in people.items():
        data = json.loads(row[8] or '{}')
        mine = [r for r in rows if any(email in cell for cell in r)]
        if not mine:
            yield f'{email}: no row of Python has it'
            continue
        if sorted(data) != sorted(merges.values()):
            yield f'{email}: fields {sorted(data)}, told {sorted(merges.values())}'
        for column, field in merges.items():
            cell = mine[0][column] if column < len(mine[0]) else ''
            if cell in ('NULL', 'N/A') and field in how.get('names', ()):
                cell = ''
            if data.get(field) != clean(cell, how['edx']):
                yield (f'{email}: {field} is {data.get(field)!r}, Python sees '
                       f'{cell!r}')


def refused_lines(folder):
    with open(f'{folder}/rejects', encoding='utf-8') as file:
        return sorted(json.loads(line)['line'] for line in file)


def compare(name, expected):
    with tempfile.TemporaryDirectory() as folder:
        done = run(folder, name, expected)
        said = done.stderr.decode()
        if done.returncode != expected['status']:
            yield f'status {done.returncode}, not {expected["status"]}: {said}'
            return
        for words in expected['told']:
            if words not in said:
                yield f'not told: {words}\n{said}'
        if done.returncode > 1:
            return
        if refused_lines(folder) != expected['refused']:
            yield f'refused {refused_lines(folder)}, not {expected["refused"]}\n{said}'
        people = read_people(folder)
        wanted = {p['email']: p for p in expected['people']}
        if people.keys() != wanted.keys():
            yield f'people {sorted(people)}, not {sorted(wanted)}\n{said}'
            return
        for email, want in wanted.items():
            yield from differ(want, people[email])
        yield from compare_cells(folder, name, expected, people)


def load(name):
    with open(name[:-4] + '.json', encoding='utf-8') as file:
        return json.load(file)


def check(name):
    return [f'{os.path.basename(name)}: {text}'
            for text in compare(name, load(name))]


def plant(expected):
    """Expectations that are wrong in one thing each."""
    for key, value in (('name', 'Else'), ('id', 'else'), ('cohort', 'else'),
                       ('enrolled', None), ('last_login', '1999-01-01 00:00'),
                       ('email', 'else@uni.example'), ('data', {'x': 'y'})):
        wrong = json.loads(json.dumps(expected))
        person = wrong['people'][0]
        person[key] = not person.get(key, True) if value is None else value
        yield f'{key} of a person', wrong
    for key, value in (('status', 2), ('refused', [99]), ('told', ['else'])):
        yield key, dict(expected, **{key: value})
    yield 'cells', dict(expected, csv=dict(expected['csv'], delimiter='^'))


def planted(names):
    """Each is found in the first file that has people."""
    name = next(n for n in names if load(n)['people'])
    for what, wrong in plant(load(name)):
        if not list(compare(name, wrong)):
            yield f'not found: {what}'


def main():
    folder = sys.argv[1]
    names = sorted(f'{folder}/{n}' for n in os.listdir(folder)
                   if n.endswith('.csv'))
    if sys.argv[2:] == ['--planted']:
        found = list(planted(names))
    else:
        with ThreadPoolExecutor(2) as pool:
            found = [line for lines in pool.map(check, names) for line in lines]
    print(*found, f'# {len(names)} files', sep='\n')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
