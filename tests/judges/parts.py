#!/usr/bin/python3
"""Pictures, names of files and invitations, as other programs read them.

    parts.py BM-RENDER COUNT SEED

Makes COUNT messages, each with pictures, a file of a random name and an
invitation, and has every reader tell type, method, name, Content-ID and content
of each part. Prints `READER: N of N`; 1 if a reader reads anything else than
what was put in.
"""
import email
import email.policy
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "..", "peers")
UNKNOWN = None  # a reader that does not tell


def png(rng):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(
            b"\0" + rng.randbytes(3))) + chunk(b"IEND", b"")


def file_name(rng):
    words = ["plan", "week 3", "Übung", "日本語", "naïve café", "a;b", "x=y",
             "it's", "100%", "(1)", "данные", "👩‍🔬", "[v2]", "q\"uote"]
    return "-".join(rng.sample(words, rng.randrange(1, 9))) + ".pdf"


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)
    return name, hashlib.sha1(data).hexdigest()


def make(folder, render, rng, number):
    """Write message NUMBER; what a reader has to see."""
    a, b = png(rng), png(rng)
    write(folder, "a.png", a)
    write(folder, "no suffix", b)
    pdf = write(folder, file_name(rng), b"%PDF-" + rng.randbytes(99))
    method = rng.choice(["REQUEST", "CANCEL", "PUBLISH"])
    ics = ("BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:%s\nBEGIN:VEVENT\n"
           "SUMMARY:Prüfung %d\nEND:VEVENT\nEND:VCALENDAR\n"
           % (method, number)).encode()
    crlf = hashlib.sha1(ics.replace(b"\n", b"\r\n")).hexdigest()
    write(folder, "t.ics", ics if rng.random() < .5 else
          ics.replace(b"\n", b"\r\n"))
    write(folder, "b.html", b'<img alt="a" src="a.png" srcset="./a.png 2x">'
          b'<p style="background: url(no%20suffix)">x</p>')
    path = os.path.join(folder, "%d.eml" % number)
    with open(path, "wb") as out:
        subprocess.run(
            [render, "--id", "p%d" % number, "--subject", "S", "--inline",
             "--attach", pdf[0], "--attach", "t.ics", "--no-optout", "--part",
             "message", "b.html"], cwd=folder, stdout=out, check=True,
            stderr=subprocess.DEVNULL,
            input=b'{"email":"a@uni.example","course_id":"c","why":"staff"}\n')
    ids = re.findall(rb"Content-ID: <(.*?)>", open(path, "rb").read())
    wanted = [["image/png", "", "a.png", ids[0].decode(),
               hashlib.sha1(a).hexdigest()],
              ["image/png", "", "no suffix", ids[1].decode(),
               hashlib.sha1(b).hexdigest()],
              ["text/calendar", method, "", "", crlf],
              ["application/pdf", "", pdf[0], "", pdf[1]],
              ["application/ics", "", "t.ics", "", crlf]]
    return path, wanted


def by_python(path):
    with open(path, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    return [[p.get_content_type(), p.get_param("method") or "",
             p.get_filename() or "", (p["content-id"] or "").strip("<>"),
             hashlib.sha1(p.get_payload(decode=True)).hexdigest()]
            for p in m.walk() if not p.is_multipart() and
            p.get_content_type() not in ("text/plain", "text/html")]


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, **more).stdout


def by_mblaze(path):
    """mshow tells neither Content-ID nor method."""
    got = []
    for line in run("mshow", "-t", path).decode().splitlines()[1:]:
        number, kind, name = re.match(
            r" *(\d+): (\S+) size=\d+(?: name=\"(.*)\")?$", line).groups()
        if kind.startswith("multipart/") or kind in ("text/plain",
                                                     "text/html"):
            continue
        data = run("mshow", "-O", path, number)
        got.append([kind, UNKNOWN, name or "", UNKNOWN,
                    hashlib.sha1(data).hexdigest()])
    return got


def by_reformime(path):
    got = []
    with open(path, "rb") as f:
        listed = run("reformime", "-i", stdin=f).decode()
    for part in listed.split("\n\n"):
        value = dict(re.findall(r"^([\w-]+): (.*)$", part, re.M))
        kind = value.get("content-type", "multipart/")
        if kind.startswith("multipart/") or kind in ("text/plain",
                                                     "text/html"):
            continue
        with open(path, "rb") as f:
            data = run("reformime", "-s", value["section"], "-e", stdin=f)
        got.append([kind, UNKNOWN,
                    value.get("content-disposition-filename", ""),
                    value.get("content-id", "").strip("<>"),
                    hashlib.sha1(data).hexdigest()])
    return got


def one_by_one(reader):
    return lambda paths: [reader(path) for path in paths]


def by_command(*command):
    return lambda paths: [json.loads(line) for line in
                          run(*command, *paths).decode().splitlines()]


READERS = {
    "Python's email": one_by_one(by_python),
    "mblaze": one_by_one(by_mblaze),
    "reformime": one_by_one(by_reformime),
    "mailparser": by_command("node", PEERS + "/parts.js"),
    "Email::MIME": by_command("perl", PEERS + "/parts.pl", "mail"),
    "MIME::Tools": by_command("perl", PEERS + "/parts.pl", "tools"),
}


def agree(got, wanted):
    return len(got) == len(wanted) and all(
        g is UNKNOWN or g == w for x, y in zip(got, wanted)
        for g, w in zip(x, y))


def main():
    render, count, rng = sys.argv[1], int(sys.argv[2]), random.Random(
        int(sys.argv[3]))
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = [make(folder, render, rng, n) for n in range(count)]
        for name, reader in READERS.items():
            good = 0
            for got, (_, wanted) in zip(reader([p for p, _ in cases]), cases):
                good += agree(got, wanted)
                if not agree(got, wanted):
                    print(f"{name}: got {got}, wanted {wanted}",
                          file=sys.stderr)
            print(f"{name}: {good} of {count}")
            bad += good < count
    sys.exit(bad > 0)


main()
