"""What a disk may hold after a power cut: the file operations of a command,
recorded by strace, and the states that can be left of them.

POSIX promises this much: what a finished fsync() or fdatasync() of a file
covers is on the disk, and what one of a folder covers are its names. Of all
that came later each sector and each name may be there or not, in any order.
"""
import os
import random
import re
import subprocess

SECTOR = 512
CALLS = ('openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,fallocate,'
         'ftruncate,truncate,rename,renameat,renameat2,link,linkat,symlink,'
         'symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,fsync,fdatasync,sync,'
         'syncfs,sync_file_range,copy_file_range,sendfile,lseek,sendto,'
         'sendmsg')
# A call of these on our files would be missed.
UNKNOWN = ('truncate', 'pwritev', 'pwritev2', 'symlink', 'symlinkat', 'sync',
           'syncfs', 'copy_file_range', 'sendmsg')


class Event:
    """A call: its kind, the path it is about, and what belongs to it."""

    def __init__(self, kind, path='', to='', at=0, data=b''):
        self.kind, self.path, self.to = kind, path, to
        self.at, self.data = at, data


def unescape(text):
    return bytes.fromhex(text.replace('\\x', ''))


class Trace:
    """The lines of strace -f -y -xx as events on the files of a folder."""

    LINE = re.compile(r'(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?')
    FD = re.compile(r'^(?:(\d+)|AT_FDCWD)<([^>]*)>')
    STRING = re.compile(r'"((?:\\x..)*)"')

    def __init__(self, folder):
        self.folder = folder
        self.offsets, self.started, self.events = {}, {}, []

    def read(self, log):
        with open(log) as lines:
            for line in lines:
                self.add_line(line)
        return self.events

    def add_line(self, line):
        pid = line.split(' ', 1)[0]
        if line.endswith('<unfinished ...>\n'):
            self.started[pid] = line[:-len('<unfinished ...>\n')]
            return
        resumed = re.match(r'\d+ +<\.\.\. \w+ resumed>(.*)', line)
        if resumed:
            line = self.started.pop(pid) + resumed.group(1)
        m = self.LINE.match(line)
        if m and int(m.group(4)) >= 0:
            self.add_call(m.group(1), m.group(2), m.group(3), int(m.group(4)))

    def place(self, folder, name):
        path = os.path.normpath(os.path.join(folder, name))
        return path if path.startswith(self.folder) else ''

    def names(self, args):
        """The paths of a call that takes names, relative to folders or not."""
        names, folder = [], os.getcwd()
        for m in re.finditer(r'(?:\d+|AT_FDCWD)<([^>]*)>|"((?:\\x..)*)"',
                             args):
            if m.group(1) is not None:
                folder = unescape(m.group(1)).decode()
            else:
                names.append(self.place(folder, unescape(m.group(2)).decode()))
        return names

    def add_call(self, pid, call, args, result):
        if call in ('openat', 'open', 'creat'):
            self.add_open(pid, call, args, result)
            return
        if 'rename' in call or 'link' in call or 'dir' in call:
            names = self.names(args)
            if any(names):
                kind = ('unlink' if call in ('unlink', 'unlinkat', 'rmdir')
                        else re.sub('at2?$', '', call))
                self.events.append(Event(kind, *names))
            return
        fd = self.FD.match(args)
        path = self.place('/', unescape(fd.group(2)).decode()) if (
            fd and '\\x' in fd.group(2)) else ''
        if path and call in UNKNOWN:
            raise ValueError('%s is not understood' % call)
        self.add_io(pid, call, args, result, fd and fd.group(1), path)

    def add_open(self, pid, call, args, result):
        path = self.names(args)[0]
        self.offsets[pid, str(result)] = 0
        if not path or path.endswith('-shm'):
            return
        if 'O_TRUNC' in args or call == 'creat' or 'O_APPEND' in args:
            raise ValueError('%s %s is not understood' % (call, args))
        if 'O_CREAT' in args:
            self.events.append(Event('create', path))

    def add_io(self, pid, call, args, result, fd, path):
        kind = {'fsync': 'sync', 'fdatasync': 'sync', 'ftruncate': 'truncate',
                'fallocate': 'extend', 'sendto': 'send'}.get(call, 'write')
        numbers = [int(n) for n in re.findall(r', (\d+)', args)]
        event = Event(kind, path)
        if kind in ('write', 'send'):
            event.data = b''.join(
                unescape(s) for s in self.STRING.findall(args))[:result]
        if kind == 'send':
            event.path = fd
        elif not path and fd == '1' and kind == 'write':
            event.kind = 'answer'
        elif not path or path.endswith('-shm'):
            return
        elif call == 'lseek':
            self.offsets[pid, fd] = result
            return
        elif call == 'pwrite64':
            event.at = numbers[-1]
        elif kind == 'write':
            event.at = self.offsets[pid, fd]
            self.offsets[pid, fd] += result
        elif kind == 'truncate':
            event.at = numbers[-1]
        elif kind == 'extend':
            event.at = numbers[-2] + numbers[-1]
        self.events.append(event)


class File:
    def __init__(self, content=b''):
        self.synced, self.writes = content, []

    def sync(self):
        self.synced = self.keep(self.writes)
        self.writes = []

    def keep(self, writes, wanted=lambda: True):
        """The content with those sectors of the writes that are wanted."""
        b = bytearray(self.synced)
        for e in writes:
            if e.kind == 'truncate':
                if wanted():
                    b = b[:e.at] + bytes(max(0, e.at - len(b)))
            elif e.kind == 'extend':
                if wanted():
                    b += bytes(max(0, e.at - len(b)))
            else:
                self.keep_sectors(b, e, wanted)
        return bytes(b)

    @staticmethod
    def keep_sectors(b, e, wanted):
        at, end = e.at, e.at + len(e.data)
        while at < end:
            to = min(end, at - at % SECTOR + SECTOR)
            if wanted():
                b += bytes(max(0, to - len(b)))
                b[at:to] = e.data[at - e.at:to - e.at]
            at = to

    def after_cut(self, rng, how):
        if how == 'mixed':
            how = rng.choice(('dropped', 'kept', 'torn', 'holes'))
        if not self.writes or how == 'dropped':
            return self.synced
        if how == 'kept':
            return self.keep(self.writes)
        if how == 'torn':
            return self.torn(rng)
        share = rng.choice((0.2, 0.5, 0.8, 0.95))
        return self.keep(self.writes, lambda: rng.random() < share)

    def torn(self, rng):
        """Some writes, and of the next one the first sectors."""
        n = rng.randrange(len(self.writes))
        last = self.writes[n]
        sectors = rng.randrange(1 + len(last.data) // SECTOR)
        size = max(0, sectors * SECTOR - last.at % SECTOR)
        part = Event(last.kind, at=last.at, data=last.data[:size])
        return self.keep(self.writes[:n] + [part] * (last.kind == 'write'))


class Folder:
    def __init__(self):
        self.synced, self.changes, self.names = {}, [], {}

    def change(self, **names):
        self.changes.append(names)
        self.apply(self.names, names)

    @staticmethod
    def apply(to, names):
        for name, node in names.items():
            to.pop(name, None)
            if node is not None:
                to[name] = node

    def sync(self):
        self.synced, self.changes = dict(self.names), []

    def after_cut(self, rng, how):
        names = dict(self.synced)
        changes = self.changes
        if how == 'mixed':
            how = rng.choice(('dropped', 'kept', 'torn', 'holes'))
        if how == 'dropped':
            changes = []
        elif how == 'torn':
            changes = changes[:rng.randrange(len(changes) + 1)]
        elif how == 'holes':
            changes = [c for c in changes if rng.random() < 0.5]
        for c in changes:
            self.apply(names, c)
        return names


def read_folder(path):
    """What is on the disk: {name: content, or the same of a folder}."""
    if os.path.isdir(path):
        return {n: read_folder(os.path.join(path, n))
                for n in os.listdir(path) if not n.endswith('-shm')}
    with open(path, 'rb') as f:
        return f.read()


class Disk:
    """All of a folder on the disk, and what happens to it then."""

    def __init__(self, folder, content):
        self.folder = folder
        self.root = self.make(content)

    def make(self, content):
        if not isinstance(content, dict):
            return File(content)
        folder = Folder()
        folder.names = {n: self.make(c) for n, c in content.items()}
        folder.sync()
        return folder

    def find(self, path):
        node = self.root
        for name in os.path.relpath(path, self.folder).split('/'):
            node = node.names.get(name) if name != '.' else node
        return node

    def split(self, path):
        folder, name = os.path.split(path)
        return self.find(folder), name

    def apply(self, e):
        if e.kind in ('send', 'answer'):
            return
        if e.kind in ('write', 'truncate', 'extend'):
            node = self.find_open(e.path)
            if node:
                node.writes.append(e)
        elif e.kind == 'sync':
            node = self.find_open(e.path)
            if node:
                node.sync()
        else:
            self.change_names(e)

    def find_open(self, path):
        """None if it has lost its name: then nothing of it will be left."""
        return None if path.endswith(' (deleted)') else self.find(path)

    def change_names(self, e):
        folder, name = self.split(e.path)
        if e.kind == 'create':
            if name not in folder.names:
                folder.change(**{name: File()})
        elif e.kind == 'mkdir':
            folder.change(**{name: Folder()})
        elif e.kind == 'unlink':
            folder.change(**{name: None})
        else:
            node = folder.names[name]
            to, new = self.split(e.to)
            if to is folder and e.kind == 'rename':
                folder.change(**{name: None, new: node})
            else:
                to.change(**{new: node})
                if e.kind == 'rename':
                    folder.change(**{name: None})

    def after_cut(self, rng, how):
        """{path: content, None for a folder}, relative to the folder. In
        'names' all data is there and names are not, in 'data' it is the
        other way."""
        files = {'names': 'kept', 'data': 'dropped'}.get(how, how)
        folders = {'names': 'holes', 'data': 'kept'}.get(how, how)
        state = {}

        def walk(folder, path):
            for name, node in folder.after_cut(rng, folders).items():
                if isinstance(node, Folder):
                    state[path + name] = None
                    walk(node, path + name + '/')
                else:
                    state[path + name] = node.after_cut(rng, files)
        walk(self.root, '')
        return state


KINDS = ('dropped', 'kept', 'torn', 'holes', 'mixed', 'names', 'data',
         'torn', 'holes', 'mixed', 'mixed')


def cuts(before, folder, events, seed):
    """(how many events have happened, kind) of the states that differ."""
    disk, seen = Disk(folder, before), set()
    for done in range(len(events) + 1):
        if done > 0:
            disk.apply(events[done - 1])
        for number, how in enumerate(KINDS):
            state = disk.after_cut(
                random.Random('%d %d %d' % (seed, done, number)), how)
            key = hash(frozenset(state.items()))
            if key not in seen:
                seen.add(key)
                yield done, number


def rebuild(before, folder, events, seed, done, number):
    """The state of a cut."""
    disk = Disk(folder, before)
    for e in events[:done]:
        disk.apply(e)
    return disk.after_cut(
        random.Random('%d %d %d' % (seed, done, number)), KINDS[number])


def write_state(state, folder):
    os.makedirs(folder)
    for path in sorted(state):
        name = os.path.join(folder, path)
        if state[path] is None:
            os.mkdir(name)
        else:
            with open(name, 'wb') as f:
                f.write(state[path])


def record(folder, log, command, **options):
    """Runs a command under strace: its status, and the events on a folder."""
    status = subprocess.run(
        ['strace', '-f', '-qq', '-y', '-xx', '-s', '10000000', '-o', log,
         '-e', 'trace=' + CALLS, '-e', 'signal=none', *command],
        **options).returncode
    return status, Trace(folder).read(log)
