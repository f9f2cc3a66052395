#!/usr/bin/python3
"""Records against their schemas, and the schemas against bm-records(5).

    records.py check FOLDER   the records that tests/preload has collected
    records.py page PAGE [--write]   the tables of the page

Prints a line for each breach, and how many records of each kind were checked.
"""
import json
import os
import sys
from collections import Counter

import jsonschema

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data')
STATES = ('sent', 'failed', 'deferred', 'skipped', 'in_doubt')
PLAIN = ('recipient', 'message', 'reject', 'plan', 'mailing', 'report', 'row',
         'bounce', 'suppression')
ALWAYS, MAY, NULL, OPTIONAL, NEVER = 'x', 'x/0', '0', 'opt', '-'


def load(kind):
    with open(f'{DATA}/{kind}.schema.json') as f:
        return json.load(f)


def kind_of(program, record):
    """The schema of a record; None for what another program has written."""
    if 'reason' in record and 'line' in record:
        return 'reject'
    if ('fact' in record or 'scope' in record or 'selected' in record or
            'remedy' in record):
        return None  # a journal's line, a stop, counts, a check
    if program == 'bm-report':
        return ('report' if 'classes' in record else
                'row' if 'attempt' in record else 'mailing')
    if program == 'bm-batch':
        return 'plan' if 'batches' in record else None
    if program == 'bm-bounce' and 'bounces' in record:
        return 'suppression'
    return {'bm-send': 'outcome', 'bm-render': 'message',
            'bm-recipients': 'recipient', 'bm-bounce': 'bounce'}.get(program)


def shape(value):
    """Equal for records that a schema judges alike; words keep their value."""
    if isinstance(value, dict):
        return tuple((k, shape(v)) for k, v in value.items()
                     ) if len(value) < 40 else len(value)
    if isinstance(value, list):
        return tuple(sorted({shape(v) for v in value}, key=repr))
    if isinstance(value, str) and len(value) < 12 and value.isidentifier():
        return value
    return type(value).__name__


def lines_of(path):
    with open(path, 'rb') as f:
        return f.read().split(b'\n')[:-1]


def breaches(folder, counts):
    judges = {kind: jsonschema.Draft202012Validator(load(kind))
              for kind in PLAIN + ('outcome',)}
    seen = set()
    for name in sorted(os.listdir(folder)):
        program = name.split('.')[0]
        for line in lines_of(f'{folder}/{name}'):
            try:
                record = json.loads(line)
            except ValueError:
                yield f'{name}: no JSON: {line[:200]}'
                continue
            kind = kind_of(program, record)
            counts[kind or 'other'] += 1
            key = kind, shape(record)
            if kind is None or key in seen:
                continue
            seen.add(key)
            for error in judges[kind].iter_errors(record):
                where = '.'.join(map(str, error.absolute_path))
                yield (f'{name}: {kind} {where}: {error.message[:150]}: '
                       f'{line.decode()[:600]}')


def code(schema, member, kind):
    """How the table writes that a member may be missing or null."""
    if schema is False:
        return NEVER
    types = schema.get('type', ['null', 'string'])
    types = [types] if isinstance(types, str) else types
    if member not in kind['required']:
        return OPTIONAL
    if types == ['null']:
        return NULL
    return MAY if 'null' in types else ALWAYS


def outcome_row(kind, member):
    cells = []
    for state in STATES:
        schema = kind['properties'][member]
        for rule in kind['allOf']:
            condition = rule['if']['properties'].get('status')
            if condition == {'const': state}:
                schema = rule['then']['properties'].get(member, schema)
        cells.append(code(schema, member, kind))
    return cells


def expected():
    """{record: {member: [cells]}}"""
    outcome = load('outcome')
    tables = {'outcome': {m: outcome_row(outcome, m)
                          for m in outcome['properties']}}
    for name in PLAIN:
        kind = load(name)
        tables[name] = {m: [code(s, m, kind)]
                        for m, s in kind['properties'].items()}
    return tables


def table_lines(tables):
    for name, rows in tables.items():
        wide = name == 'outcome'
        yield '.Pp'
        yield f'.Em {name}'
        yield ('.Bl -column course_image_url failedx failedx deferred '
               'skipped in_doubt' if wide else
               '.Bl -column course_image_url always')
        if wide:
            yield '.It Sy member Ta ' + ' Ta '.join(
                f'Sy {state}' for state in STATES)
        for member, cells in rows.items():
            yield f'.It Li {member} Ta ' + ' Ta '.join(
                c.replace('-', r'\-') for c in cells)
        yield '.El'


START = '.Ss Which members may be null\n'
LEGEND = r'''A cell says of a member that it always has a value
.Pq x ,
a value or null
.Pq x/0 ,
always null
.Pq 0 ,
that the member may be left out
.Pq opt ,
or that it is never there
.Pq \- .
Where input of one's own has null for a member that may be left out,
.Xr bm-recipients 1
hands the null on.
The
.Li email
of a row is null when the person has been forgotten.
The columns of an outcome are its
.Li status .
.Em mailing
is what
.Xr bm-report 1
prints with
.Fl -json
of each mailing,
.Em report
that of one, and
.Em row
a line of its
.Fl -records .
'''


def split(page):
    start = page.find(START)
    follows = '.Ss Keys, names and fingerprints\n'
    if start < 0:
        start = page.index(follows)
    return page[:start], page[start:page.index(follows)], page[
        page.index(follows):]


def found(text):
    tables, name = {}, None
    for line in text.replace(r'\-', '-').splitlines():
        words = line.split()
        if line.startswith('.Em '):
            name = words[1]
        elif line.startswith('.It Li ') and name:
            tables.setdefault(name, {})[words[2]] = ' '.join(
                words[4:]).split(' Ta ')
    return tables


def classes_of_page(page):
    """{status: its classes} of the lists of the page."""
    classes, name = {}, None
    for before, line in zip([''] + page.splitlines(), page.splitlines()):
        if before == 'Classes of':
            name = line.split()[1]
        elif line.startswith(('.Ss ', 'Class ')):
            name = None
        elif name and line.startswith('.It Li '):
            classes.setdefault(name, set()).update(
                line.removeprefix('.It Li ').split(' , '))
    return classes


def class_breaches(page):
    has = classes_of_page(page)
    for rule in load('outcome')['allOf']:
        state = rule['if']['properties'].get('status', {}).get('const')
        if state not in ('failed', 'deferred', 'skipped'):
            continue
        want = set(rule['then']['properties']['class']['enum'])
        for name in sorted(want ^ has.get(state, set())):
            yield (f'outcome class {state} {name}: only in the ' +
                   ('schema' if name in want else 'page'))


def page_breaches(want, has):
    for name in sorted(want.keys() | has.keys()):
        ours, theirs = want.get(name, {}), has.get(name, {})
        for member in sorted(ours.keys() | theirs.keys()):
            if ours.get(member) != theirs.get(member):
                yield (f'{name} {member}: the schema has {ours.get(member)}, '
                       f'the page {theirs.get(member)}')


def main():
    command, path = sys.argv[1:3]
    counts = Counter()
    if command == 'check':
        lines = list(breaches(path, counts))
    else:
        with open(path) as f:
            before, text, after = split(f.read())
        if '--write' in sys.argv:
            with open(path, 'w') as f:
                f.write(before + START + LEGEND +
                        '\n'.join(table_lines(expected())) + '\n' + after)
            return
        lines = list(page_breaches(expected(), found(text)))
        lines += class_breaches(before)
    print('\n'.join(lines[:50] + [f'# {kind}: {n}'
                                  for kind, n in sorted(counts.items())]))
    sys.exit(bool(lines))


if __name__ == '__main__':
    main()
