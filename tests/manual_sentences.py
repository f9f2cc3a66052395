#!/usr/bin/python3
"""The sentences of the manual and the tests that show them.

    manual_sentences.py MAN INDEX            what is wrong with the index
    manual_sentences.py MAN INDEX --write    bring the index up to the pages
    manual_sentences.py MAN INDEX --of NAME  the sentences that a test shows

The index has a heading for each section, "[bm-send.1 FILES]", below it a line
for each sentence, with a hash of all its words and of the item that it belongs
to, and below one or more sentences a line for each test that shows them:

    1f0c9a34 --create: Make the database unless it exists.
    	bm-import: a database that cannot be used: 2, one line

A test is a file of tests without its suffix and the name of a bats test, or of
a function of a unit program. "-" stands for a sentence that promises nothing:
a motive, a pointer, advice. The line "* table" is all tables of a section. A
test with "? " before it is a proposal of --write, and no test yet.
"""
import difflib
import hashlib
import html.parser
import os
import re
import subprocess
import sys

# What other tests read as a whole: docs.bats and manual_values.py.
ELSEWHERE = {'NAME', 'SYNOPSIS', 'SEE ALSO', 'STANDARDS', 'EXAMPLES',
             'Values of the options', 'Values of the settings'}
END = re.compile(r'(?<=[.?!])\s+(?=[^a-z])')
TESTS = os.path.dirname(os.path.abspath(__file__))
BLOCKS = {'h1', 'h2', 'p', 'pre', 'dl', 'dt', 'dd', 'ul', 'ol', 'li', 'table',
          'tr', 'div'}


class Page(html.parser.HTMLParser):
    """(section, item, text, row) of each block of a page, in mandoc's HTML."""

    def __init__(self, path):
        super().__init__()
        self.section, self.blocks = '', []
        self.text, self.items, self.row = [], [], False
        done = subprocess.run(['mandoc', '-Thtml', '-O', 'fragment', path],
                              capture_output=True, text=True, check=True)
        self.feed(done.stdout)

    def take_text(self):
        text = ' '.join(''.join(self.text).split())
        self.text = []
        return text

    def end_block(self):
        text = self.take_text().removesuffix(' |')
        if text and self.section not in ELSEWHERE | {''}:
            item = ' / '.join(filter(None, self.items))
            self.blocks.append((self.section, item, text, self.row))

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_block()
        self.row = self.row or tag == 'tr'
        if tag in ('dl', 'ul', 'ol'):
            self.items.append('')

    def handle_endtag(self, tag):
        if tag in ('h1', 'h2'):
            self.section = self.take_text()
        elif tag == 'dt':
            self.items[-1] = self.take_text()
        elif tag == 'td':
            self.text.append(' | ')
        elif tag == 'pre':
            self.text = []
        elif tag in BLOCKS | {'section'}:
            self.end_block()
        if tag in ('dl', 'ul', 'ol'):
            self.items.pop()
        self.row = self.row and tag != 'tr'

    def handle_data(self, data):
        self.text.append(data)


def line_of(item, sentence):
    """What the index has of a sentence."""
    text = f'{item}: {sentence}' if item else sentence
    return f'{hashlib.sha256(text.encode()).hexdigest()[:8]} {text[:68].rstrip()}'


def read_pages(folder):
    """{section: {line: is a row of a table}}, in the order of the pages."""
    pages = {}
    for name in sorted(os.listdir(folder)):
        for section, item, text, row in Page(f'{folder}/{name}').blocks:
            lines = pages.setdefault(f'{name} {section}', {})
            for sentence in [text] if row else END.split(text):
                lines[line_of(item, sentence)] = row
    return pages


def read_index(path):
    """{section: {line: tests}}"""
    index, lines, block = {}, {}, []
    with open(path, encoding='utf-8') as f:
        for line in f.read().splitlines():
            if line.startswith('['):
                lines = index.setdefault(line[1:-1], {})
            elif line.startswith('\t'):
                for sentence in block:
                    lines[sentence].append(line[1:])
                closed = True
            elif line and not line.startswith('#'):
                block = [] if closed else block
                block.append(line)
                lines[line] = []
            closed = line.startswith(('\t', '['))
            if line.startswith('['):
                block = []
    return index


def is_there(test):
    place, _, name = test.partition(': ')
    try:
        if place.startswith('unit/'):
            with open(f'{TESTS}/{place}.c', encoding='utf-8') as f:
                text = f.read()
            return f'\n{name}(' in text and (
                name == 'main' or text.count(name) > 1)
        with open(f'{TESTS}/{place}.bats', encoding='utf-8') as f:
            return f'@test "{name}" {{' in f.read()
    except FileNotFoundError:
        return False


def complaints(pages, index):
    known = {test: is_there(test) for lines in index.values()
             for tests in lines.values() for test in tests}
    for section in list(pages) + [s for s in index if s not in pages]:
        has, want = index.get(section, {}), pages.get(section, {})
        rows = '* table' in has
        for line, row in want.items():
            if not (row and rows) and not has.get(line):
                yield f'{section}: no test shows: {line[9:]}'
        for line, tests in has.items():
            if line not in want and line != '* table':
                yield f'{section}: no such sentence: {line[9:]}'
            for test in tests:
                if test != '-' and not known[test]:
                    yield f'{section}: no such test: {test}'


def proposal(line, old):
    """The tests of the most similar sentence that is gone."""
    near = difflib.get_close_matches(line[9:], [o[9:] for o in old], 1, 0.5)
    tests = [t for o, ts in old.items() if near and o[9:] == near[0]
             for t in ts]
    return ['? ' + t.removeprefix('? ') for t in tests] or ['?']


def write(path, pages, index):
    with open(path, encoding='utf-8') as f:
        text = [line for line in f.read().splitlines() if line.startswith('#')]
    for section, want in pages.items():
        has = index.get(section, {})
        old = {line: t for line, t in has.items() if line not in want}
        text.append(f'[{section}]')
        lines = {line: has.get(line) or proposal(line, old)
                 for line, row in want.items() if not (row and '* table' in has)}
        if '* table' in has:
            lines['* table'] = has['* table']
        for number, (line, tests) in enumerate(lines.items(), 1):
            text.append(line)
            if list(lines.values())[number:number + 1] != [tests]:
                text += ['\t' + test for test in tests]
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(text) + '\n')


def main():
    pages, index = read_pages(sys.argv[1]), read_index(sys.argv[2])
    if '--write' in sys.argv:
        write(sys.argv[2], pages, index)
    elif '--of' in sys.argv:
        for section, lines in index.items():
            for line, tests in lines.items():
                if any(sys.argv[-1] in test for test in tests):
                    print(f'{section}: {line[9:]}')
    else:
        found = list(complaints(pages, index))
        print('\n'.join(found + [f'# {sum(map(len, pages.values()))} lines']))
        sys.exit(bool(found))


if __name__ == '__main__':
    main()
