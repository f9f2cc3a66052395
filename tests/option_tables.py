"""The option tables of the programs, as their --help prints them."""
import re
import subprocess

COMMON = ('config', 'print-config', 'verbose', 'help', 'version')
COMMANDS = re.compile(r'Commands: ([a-z,\s]+)\.')
UNLESS = ' unless there is a file'
NOTES = re.compile(r'^[0-9]+ (to|or) |^a (time|size)$|^default |^required$|^may be repeated$'
                   r'|^not with |^needs |^with nothing else')


class Option:
    """A row: its names, its argument, and what stands in parentheses."""

    def __init__(self, letter, name, argument, text):
        self.letter, self.name, self.argument = letter, name, argument
        self.setting = None
        match = re.search(r' ?\[([A-Z_]+)\]$', text)
        if match:
            self.setting, text = match[1], text[:match.start()]
        self.notes = []
        match = re.search(r' ?\(([^()]*)\)$', text)
        if match and NOTES.match(match[1].split('; ')[0]):
            self.notes, text = match[1].split('; '), text[:match.start()]
        self.help = text

    def names_in(self, start):
        """The options, or 'a file', that a note with this start lists."""
        return [name.removeprefix('--') for note in self.notes
                if note.startswith(start)
                for name in re.split(
                    r', | or | and ', note.removeprefix(start).removesuffix(
                        UNLESS))]

    def apart(self):
        return self.names_in('not with ')

    def needs(self):
        return self.names_in('needs ')

    def alone(self):
        """What may stand beside an action; None for other options."""
        for note in self.notes:
            if note.startswith('with nothing else'):
                return self.names_in('with nothing else but ')
        return None

    def values(self):
        """What the page has as well, as one text."""
        return '; '.join(self.notes)


def parse(text):
    """The rows of a --help without the options that every program has."""
    rows = []
    for line in text.splitlines():
        match = re.match(r'  (?:-(.), |    )--([a-z][a-z-]*)(?: (.*))?$', line)
        if match:
            argument, help_text = split_argument(match[3] or '')
            rows.append([match[1], match[2], argument, help_text])
        elif rows and line.startswith(' ' * 28):
            rows[-1][3] = (rows[-1][3] + ' ' + line.strip()).strip()
    return [Option(*row) for row in rows if row[1] not in COMMON]


def split_argument(rest):
    """'FILE   text' without its blanks; a flag has nothing before them."""
    argument, _, text = (' ' + rest).partition('  ')
    return argument.strip() or None, text.strip()


def run_help(words):
    return subprocess.run(words + ['--help'], capture_output=True, text=True,
                          check=True).stdout


def tables(binaries, program):
    """(command or None, rows) of a program and of each of its commands."""
    text = run_help([f'{binaries}/{program}'])
    yield None, parse(text)
    match = COMMANDS.search(text)
    for command in match[1].replace(',', ' ').split() if match else []:
        yield command, parse(run_help([f'{binaries}/{program}', command]))
