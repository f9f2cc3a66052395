"""The reader of CSV against Python's csv module:

    csv_oracle.py PROGRAM COUNT [SEED]

Makes COUNT random files with NUL, bytes that are not UTF-8, overlong cells
and broken quotes anywhere, and has PROGRAM (tests/tools/csv-rows.c) read
them. Where a record ends is decided by a regular expression of RFC 4180, what
its cells are by Python's csv. Prints the first file that is read differently;
the status is 1 then.
"""

import contextlib
import csv
import io
import random
import re
import subprocess
import sys
import threading

FIELD_MAX = 1024 * 1024
FIELDS_MAX = 16384
ROW_MAX = 16 * 1024 * 1024

FIELD = rb'(?:"(?:[^"]|"")*"|[^",\n]*)'
# Behind a closing quote only a comma, the end of the line or of the file.
RECORD = re.compile(rb"%b(?:,%b)*(?:\r?\n|\Z)" % (FIELD, FIELD))
# The fields up to the place where a record breaks.
WHOLE = re.compile(rb"(?:%b,)*" % FIELD)

csv.field_size_limit(1 << 30)


def is_refused(text):
    """A record with intact quoting, without its line end."""
    plain = re.sub(rb'"(?:[^"]|"")*"', b"", text)
    if b"\r" in plain or b"\0" in text:
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return True
    cells = read_cells(text)
    return (
        max(len(cell) for cell in cells) > FIELD_MAX
        or len(cells) > FIELDS_MAX
        or sum(len(cell) + 1 for cell in cells) > ROW_MAX
    )


def read_cells(text):
    lines = io.StringIO(text.decode("latin-1"), newline="\n")
    (row,) = csv.reader(lines, strict=True)
    return [cell.encode("latin-1") for cell in row]


def find_break(data, at):
    """Where the quote stands that breaks the record at this offset."""
    begin = WHOLE.match(data, at).end()
    return begin if data[begin : begin + 1] == b'"' else data.index(b'"', begin)


def expect(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["0!!"]
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    want = []
    while at < len(data):
        line = data.count(b"\n", 0, at) + 1
        record = RECORD.match(data, at)
        if record is None:
            line = data.count(b"\n", 0, find_break(data, at)) + 1
            want.append(f"{line}!!")
            break
        at = record.end()
        text = record.group()
        text = re.sub(rb"\r?\n\Z", b"", text)
        if text == b"" and record.group() != b"":
            continue
        if is_refused(text):
            want.append(f"{line}!")
            continue
        cells = read_cells(text) if text else [b""]
        want.append(" ".join([str(line)] + [cell.hex() for cell in cells]))
    return want


PIECES = [
    b"a", b"b@x.example", b"77", b",", b",", b"\n", b"\n", b"\r\n", b'"',
    b'""', b"\xc3\xa9", b"\xef\xbb\xbf", b"\xc2\x9b", b" ", b";", b"'", b"\\",
]  # fmt: skip
BAD = [b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r"]


def make_cell(r, big):
    inner = b"".join(r.choices(PIECES, k=r.randrange(6)))
    if r.random() < 0.06:
        at = r.randrange(len(inner) + 1)
        inner = inner[:at] + r.choice(BAD) + inner[at:]
    if big and r.random() < 0.3:
        size = r.choice([65536, FIELD_MAX, r.randrange(70000)])
        inner = b"x" * (size + r.randrange(-4, 5)) + inner
    if r.random() < 0.6:
        return b'"' + inner.replace(b'"', b'""') + b'"'
    if r.random() < 0.97:
        return re.sub(rb'["\r\n,]', b"", inner)
    return inner


def make_file(r):
    """Mostly records with intact quotes; a tenth is any bytes."""
    big = r.random() < 0.001
    if r.random() < 0.1:
        return b"".join(r.choices(PIECES + BAD, k=r.randrange(24)))
    data = b"\xef\xbb\xbf" if r.random() < 0.1 else b""
    for _ in range(r.randrange(1, 6)):
        cells = [make_cell(r, big) for _ in range(r.randrange(1, 5))]
        data += b",".join(cells) + r.choice([b"\n", b"\n", b"\r\n"])
    if r.random() < 0.1:
        data = data[: r.randrange(len(data) + 1)]
    return data


def feed(program, files):
    with contextlib.suppress(BrokenPipeError):  # a difference ends the program
        for data in files:
            program.stdin.write(b"%d\n" % len(data) + data)
        program.stdin.close()


def answers(program, files):
    """The lines of each file, while another thread writes."""
    writer = threading.Thread(target=feed, args=(program, files))
    writer.start()
    for _ in files:
        lines = []
        for line in program.stdout:
            if line == b".\n":
                break
            lines.append(line.decode().rstrip("\n"))
        yield lines
    writer.join()


# Wide and long rows at their limits.
LIMITS = [
    b"a" + b"," * (FIELDS_MAX - 1) + b"\nb\n",
    b"a" + b"," * FIELDS_MAX + b"\nb\n",
    b'"' + b"\n" * FIELD_MAX + b'"\nb\n',
    b'"' + b"\n" * (FIELD_MAX + 1) + b'"\nb\n',
    b'"' + b'""' * FIELD_MAX + b'"\nb\n',
    b",".join([b"x" * 1000000] * 16) + b"\nb\n",
    b",".join([b"x" * 1000000] * 17) + b"\nb\n",
]


def main():
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    count = int(sys.argv[2])
    files = [make_file(r) for _ in range(count)]
    if count >= 10000:  # the limits are long: not in a sample
        files += LIMITS
    rows = refused = broken = 0
    with subprocess.Popen(
        sys.argv[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        for number, got in enumerate(answers(program, files)):
            want = expect(files[number])
            if got != want:
                print(f"file {number}: {files[number][:400]!r}")
                print(f"got  {str(got)[:2000]}\nwant {str(want)[:2000]}")
                program.kill()
                sys.exit(1)
            rows += len(want)
            refused += sum(w.endswith("!") for w in want)
            broken += sum(w.endswith("!!") for w in want)
    print(
        f"{len(files)} files, {rows - refused} rows, "
        f"{refused - broken} refused, {broken} files with broken quotes"
    )
    sys.exit(program.returncode)


if __name__ == "__main__":
    main()
