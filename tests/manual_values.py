#!/usr/bin/python3
"""The values of options in the manual: manual_values.py BINARIES MAN [--write]

Each program's page ends its description with "Values of the options": for each
option (of each command) what --help prints about it in parentheses, and the
setting that it overrides. Prints a line for each difference in either
direction, and 1 if there are any; --write puts the sections into the pages.
"""
import os
import re
import sys
import textwrap

import option_tables

HEADING = '.Ss Values of the options'
NEXT = re.compile(r'^\.(Sh|Ss) ', re.M)
INTRODUCTION = '''As
.Fl -help
prints them: the unit, the bounds, the default, the options that exclude each
other or need one another, and the setting that the option overrides.
An option without a line here takes a text and stands with all others.
'''


def escape(text):
    return text.replace('--', r'\-\-').replace("'", r'\(aq')


def value_of(row):
    notes = row.notes + ([f'overrides {row.setting}'] if row.setting else [])
    return '; '.join(notes)


def expected(binaries, program):
    """{option with command and argument: its value}"""
    rows = {}
    for command, table in option_tables.tables(binaries, program):
        for row in table:
            name = ' '.join(filter(None, [command, f'--{row.name}',
                                          row.argument]))
            if value_of(row):
                rows[name] = value_of(row)
    return rows


def section(rows):
    lines = [HEADING, INTRODUCTION.rstrip(), '.Bl -tag -width Ds -compact']
    for name, value in rows.items():
        lines.append(f'.It Li {escape(name)}')
        lines += textwrap.wrap(escape(value), 76, break_long_words=False,
                               break_on_hyphens=False)
    return '\n'.join(lines + ['.El']) + '\n'


def split(page):
    """The page before its section, the section, and what follows."""
    start = page.find(HEADING + '\n')
    if start >= 0:
        end = NEXT.search(page, start + 1).start()
        return page[:start], page[start:end], page[end:]
    for heading in ('.Sh ENVIRONMENT', '.Sh FILES', '.Sh EXIT STATUS'):
        start = page.find('\n' + heading)
        if start >= 0:
            return page[:start + 1], '', page[start + 1:]
    sys.exit('the page has no EXIT STATUS')


def found(text):
    """The same as expected(), as the section of a page has it."""
    rows, name = {}, None
    for line in text.replace(r'\-', '-').replace(r'\(aq', "'").splitlines():
        if line.startswith('.It Li '):
            name = line.removeprefix('.It Li ')
            rows[name] = ''
        elif line.startswith('.'):
            name = None
        elif name:
            rows[name] = (rows[name] + ' ' + line).strip()
    return rows


def main():
    binaries, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    differences = 0
    for program in sorted(os.listdir(binaries)):
        path = f'{folder}/{program}.1'
        with open(path) as f:
            before, text, after = split(f.read())
        want = expected(binaries, program)
        if '--write' in sys.argv:
            with open(path, 'w') as f:
                f.write(before + section(want) + after)
            continue
        has = found(text)
        for name in sorted(want.keys() | has.keys()):
            if want.get(name) != has.get(name):
                differences += 1
                print(f'{program} {name}: the table has '
                      f'"{want.get(name)}", the page "{has.get(name)}"')
    sys.exit(bool(differences))


if __name__ == '__main__':
    main()
