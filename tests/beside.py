#!/usr/bin/python3
"""A sender and an opt-out page beside bm-recipients or bm-import.

beside.py read LEARNERS SECONDS   a reader that takes SECONDS for the output
beside.py import LEARNERS         an import that changes everybody

Prints one line of JSON: the records read or rows changed, exit status and peak
memory in bytes of the program, the page's writes and the longest of them in
seconds, the sender's exit status and messages sent, the largest -wal in bytes.
"""
import fcntl
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

COURSE = "course-v1:UniX+CS101+2026"
PIECE = 1 << 20


def fill(path, n):
    subprocess.run(["bm-import", "--create", "--db", path, "--course", COURSE],
                   check=True, stderr=subprocess.DEVNULL)
    db = sqlite3.connect(path)
    people = sorted(str(i) for i in range(n))
    db.executemany(
        "INSERT INTO users(id, username, email, key, name)"
        " VALUES(?1, 'u' || ?1, ?1 || '@x.example', ?1 || '@x.example',"
        " 'Learner ' || ?1)", ((i,) for i in people))
    db.executemany("INSERT INTO enrollments(course_id, user_id) VALUES(?, ?)",
                   ((COURSE, i) for i in people))
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


class Page(threading.Thread):
    """Writes as db.c does: its turn, flock, BEGIN IMMEDIATE, INSERT, COMMIT."""

    def __init__(self, path):
        super().__init__()
        self.path, self.stop, self.writes, self.longest = path, False, 0, 0.0

    def run(self):
        db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        lock = os.open(self.path + "-lock", os.O_RDWR)
        while not self.stop:
            start = time.monotonic()
            fcntl.lockf(lock, fcntl.LOCK_EX, 1)
            fcntl.flock(lock, fcntl.LOCK_EX)
            fcntl.lockf(lock, fcntl.LOCK_UN, 1)
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO optouts(course_id, key, action, source, at)"
                       " VALUES('other', ?, 'out', 'page', 1)",
                       ("k%d" % self.writes,))
            db.execute("COMMIT")
            fcntl.flock(lock, fcntl.LOCK_UN)
            self.longest = max(self.longest, time.monotonic() - start)
            self.writes += 1
            time.sleep(0.002)
        db.close()
        os.close(lock)


class Wal(threading.Thread):
    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.largest, self.stop = path + "-wal", 0, False

    def run(self):
        while not self.stop:
            try:
                self.largest = max(self.largest, os.stat(self.path).st_size)
            except FileNotFoundError:
                pass
            time.sleep(0.01)


def messages(n):
    for i in range(n):
        yield json.dumps({
            "email_id": "week3", "course_id": COURSE, "user_id": str(i),
            "email": "%d@x.example" % i, "sender": "b@x.example",
            "content": "0" * 64,
            "message": "To: %d@x.example\r\n\r\nHello\r\n" % i}) + "\n"


def send(path, maildir, n):
    sender = subprocess.Popen(
        ["bm-send", "--db", path, "--maildir", maildir],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def feed():
        try:
            for m in messages(n):
                sender.stdin.write(m)
                if stop.wait(0.001):
                    break
            sender.stdin.close()
        except BrokenPipeError:
            pass

    stop = threading.Event()
    threading.Thread(target=feed, daemon=True).start()
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(sender.stdout),
                              daemon=True)
    reader.start()
    return sender, reader, lines, stop


def end_of(process):
    """Its exit status and the most memory that it had."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


def read_slowly(path, n, seconds):
    start = time.monotonic()
    p = subprocess.Popen(["bm-recipients", "--db", path, "--course", COURSE,
                          "--to", "all"], stdout=subprocess.PIPE)
    # Few large pieces, so that the threads leave the processor to others.
    fcntl.fcntl(p.stdout, fcntl.F_SETPIPE_SZ, PIECE)
    records = done = 0
    while True:
        piece = os.read(p.stdout.fileno(), PIECE)
        if not piece:
            break
        records += piece.count(b"\n")
        done = records / n * seconds
        time.sleep(max(0, start + done - time.monotonic()))
    return (records, *end_of(p))


def import_all(path, n):
    rows = path + ".csv"
    with open(rows, "w") as f:
        f.write("id,email,name,cohort,city\n")
        for i in range(n):
            f.write("%d,%d@x.example,New Name %d,Red,City\n" % (i, i, i))
    status, peak = end_of(subprocess.Popen(
        ["bm-import", "--db", path, "--course", COURSE, rows]))
    db = sqlite3.connect(path)
    changed = db.execute("SELECT count(*) FROM users JOIN enrollments"
                         " ON user_id = id WHERE name LIKE 'New%'"
                         " AND cohort = 'Red'").fetchone()[0]
    db.close()
    return changed, status, peak


def main():
    n = int(sys.argv[2])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        path = folder + "/bm.db"
        # A child's peak counts what its parent had when it was made.
        filler = multiprocessing.Process(target=fill, args=(path, n))
        filler.start()
        filler.join()
        if filler.exitcode != 0:
            sys.exit("the database could not be made")
        page, wal = Page(path), Wal(path)
        wal.start()
        page.start()
        sender, reader, lines, stop = send(path, folder + "/mail", n)
        if sys.argv[1] == "read":
            records, status, peak = read_slowly(path, n, float(sys.argv[3]))
        else:
            records, status, peak = import_all(path, n)
        stop.set()
        sent = sender.wait()
        reader.join()
        page.stop = wal.stop = True
        page.join()
        print(json.dumps({
            "records": records, "status": status, "peak": peak,
            "writes": page.writes, "longest": round(page.longest, 3), "sender": sent,
            "sent": sum('"status":"sent"' in x for x in lines),
            "wal": wal.largest}))


main()
