#!/usr/bin/python3
"""The values of options and settings in the manual.

    manual_values.py BINARIES MAN [--write]

Each program's page ends its description with "Values of the options": for each
option (of each command) what --help prints about it in parentheses, and the
setting that it overrides. bm.conf(5) has "Values of the settings": kind, unit,
bounds and default, as the table in lib/base/settings_spec.c has them, and the
options that override the setting. Prints a line for each difference in either
direction, and 1 if there are any; --write puts the sections into the pages.
"""
import os
import re
import sys
import textwrap

import option_tables

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    '../lib/base/settings_spec.c')
KINDS = {'TEXT': 'a text', 'TIME': 'a time', 'BOOL': 'a boolean',
         'SECRET': 'a secret', 'NUMBER': 'a number'}
LIMITS = {'INT_MAX': '2147483647'}
HEADING = '.Ss Values of the options'
SETTINGS = '.Ss Values of the settings'
NEXT = re.compile(r'^\.(Sh|Ss) ', re.M)
INTRODUCTION = '''As
.Fl -help
prints them: the unit, the bounds, the default, the options that exclude each
other or need one another, and the setting that the option overrides.
An option without a line here takes a text and stands with all others.
'''
SETTINGS_INTRODUCTION = '''The kind, the unit and the bounds of each setting, its default, and the options
that override it.
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


def specs():
    """(name, kind, other arguments) of each row in the table of settings."""
    with open(SPEC, encoding='utf-8') as f:
        text = f.read()
    for row in re.finditer(r'\n    ([A-Z]+)\((.*?)\),(?=\n)', text, re.S):
        words = re.findall(r'"[^"]*"|[A-Z_]+|[0-9]+', row[2])
        if words[0] != 'NULL':
            yield words[0].strip('"'), row[1], words[1:]


def expected_settings(binaries):
    """{setting: its value}"""
    overriding = {}
    for program in sorted(os.listdir(binaries)):
        for _, table in option_tables.tables(binaries, program):
            for row in table:
                if row.setting:
                    overriding.setdefault(row.setting, {}).setdefault(
                        f'--{row.name}', []).append(program)
    values = {}
    for name, kind, words in specs():
        notes = [KINDS[kind]]
        if kind == 'NUMBER':
            unit, least, most = words[1].strip('"'), words[2], words[3]
            if unit != 'NULL':
                notes[0] += f' of {unit}'
            notes[0] += f', {least} to {LIMITS.get(most, most)}'
        if kind != 'SECRET' and words[0] != 'NULL':
            default = words[0].strip('"')
            notes.append('default ' + {'yes': 'true', 'no': 'false'}.get(
                default, default))
        by = [f'{option} of ' + ', '.join(sorted(set(programs)))
              for option, programs in overriding.get(name, {}).items()]
        notes += ['overridden by ' + ' and by '.join(by)] if by else []
        values[name] = '; '.join(notes)
    return values


def section(rows, heading=HEADING, introduction=INTRODUCTION):
    lines = [heading, introduction.rstrip(), '.Bl -tag -width Ds -compact']
    for name, value in rows.items():
        lines.append(f'.It Li {escape(name)}')
        lines += textwrap.wrap(escape(value), 76, break_long_words=False,
                               break_on_hyphens=False)
    return '\n'.join(lines + ['.El']) + '\n'


def split(page, heading=HEADING):
    """The page before its section, the section, and what follows."""
    start = page.find(heading + '\n')
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


def compare(page, want, has):
    """A line for each difference; how many there are."""
    names = [n for n in sorted(want.keys() | has.keys())
             if want.get(n) != has.get(n)]
    for name in names:
        print(f'{page} {name}: the table has "{want.get(name)}", '
              f'the page "{has.get(name)}"')
    return len(names)


def main():
    binaries, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    tables = [(program, f'{folder}/{program}.1', HEADING, INTRODUCTION,
               expected(binaries, program))
              for program in sorted(os.listdir(binaries))]
    tables.append(('bm.conf', f'{folder}/bm.conf.5', SETTINGS,
                   SETTINGS_INTRODUCTION, expected_settings(binaries)))
    differences = 0
    for name, path, heading, introduction, want in tables:
        with open(path, encoding='utf-8') as f:
            before, text, after = split(f.read(), heading)
        if '--write' in sys.argv:
            with open(path, 'w', encoding='utf-8') as f:
                f.write(before + section(want, heading, introduction) + after)
        else:
            differences += compare(name, want, found(text))
    sys.exit(bool(differences))


if __name__ == '__main__':
    main()
