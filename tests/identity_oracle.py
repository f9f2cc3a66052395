#!/usr/bin/python3
"""Random histories of imports, and what each may do to whom.

identity_oracle.py ROUNDS [SEED]    compare bm-import with the oracle
identity_oracle.py --planted ROUNDS have the comparison find planted errors

Two systems give ids, user names and addresses to people, give them again,
swap and correct them, and write files of several kinds; five are imported.
What is refused, named, counted and stored is held against the manual page.
Whatever that says: an id that has another mailbox, or a mailbox that one id
more has, is named.
"""
import csv
import itertools
import os
import random
import re
import sqlite3
import subprocess
import sys

import oracle

COURSES = ["c", "d"]
KINDS = [  # columns of profiles, grades, lists
    ["id", "username", "email", "name", "cohort"],
    ["id", "username", "email", "name", "enrollment_is_active"],
    ["Student ID", "Email", "Username", "Grade", "Enrollment Status"],
    ["id", "email", "name"],
    ["id", "email"],
    ["username", "email", "name"],
    ["email", "name"],
]
NAMES = {"Student ID": "id", "Email": "email", "Username": "username",
         "Enrollment Status": "enrolled", "enrollment_is_active": "enrolled"}
DEFECTS = ["takes anybody", "names no change", "names no sharer",
           "one source", "enrols again", "no limit", "ignores names"]


class Person:
    """A human being, as a system knows them now."""

    def __init__(self, number):
        self.number = number
        self.name = random.choice(["Ann", "Bo", "Cy", "Di"])
        self.username = "u%d" % number
        self.email = "p%d@x.example" % number
        self.left = False


class System:
    """Gives ids, and forgets to whom it gave them."""

    def __init__(self, source, first):
        self.source, self.next = source, first
        self.ids = {}
        for i in range(1, random.randrange(4, 9)):
            self.ids[str(i)] = self.person()

    def person(self):
        self.next += 1
        return Person(self.next)

    def live(self, rng, other):
        """What happens between two files."""
        for _ in range(rng.choice([0, 1, 1, 2])):
            i, j = rng.sample(list(self.ids), 2)
            p, q = self.ids[i], self.ids[j]
            act = rng.randrange(10)
            if act == 0:  # the id is given again, perhaps the user name too
                new = self.ids[i] = self.person()
                if rng.random() < 0.3:
                    new.username = p.username
                if rng.random() < 0.3:
                    new.name = p.name
            elif act == 1:
                p.email, q.email = q.email, p.email
            elif act == 2:
                p.name = rng.choice(["Eve", "Flo"])
            elif act == 3:
                p.email = "n" + p.email
            elif act == 4:
                p.email = p.email.upper()
            elif act == 5:  # an address is given again
                new = self.ids[str(len(self.ids) + 1)] = self.person()
                new.email = p.email
            elif act == 6:
                p.username = "v" + p.username
            elif act == 7:  # ids are numbered anew
                self.ids[i], self.ids[j] = q, p
            elif act == 8:  # the person is at the other place, too
                p.email = rng.choice(list(other.ids.values())).email
            else:
                p.left = not p.left


class File:
    def __init__(self, rng, system):
        self.header = rng.choice(KINDS)
        self.columns = [NAMES.get(c, c) for c in self.header]
        self.course = rng.choice(COURSES)
        self.source = system.source
        self.change = rng.random() < 0.1
        self.sync = rng.random() < 0.3
        self.most = rng.choice([None, None, 0, 99])
        self.rows = []
        for i, p in system.ids.items():
            if p.left and "enrolled" not in self.columns:
                continue
            if rng.random() < 0.1:
                continue
            row = {"id": i, "username": p.username, "email": p.email,
                   "name": p.name if rng.random() < 0.95 else "",
                   "cohort": "", "Grade": "0.5",
                   "enrolled": rng.choice(["no", "unenrolled"] if p.left else
                                          ["yes", "enrolled", "active", ""])}
            self.rows.append({c: row[c] for c in self.columns})
        if self.rows and rng.random() < 0.1:
            self.rows.append(rng.choice(self.rows))

    def write(self):
        with open("in.csv", "w") as f:
            w = csv.writer(f)
            w.writerow(self.header)
            w.writerows([row[c] for c in self.columns]
                        for row in self.rows)

    def command(self):
        command = ["bm-import", "--create", "--course", self.course, "in.csv"]
        if self.source:
            command += ["--source", self.source]
        if self.change:
            command.append("--change-people")
        if self.sync:
            command.append("--sync")
        if self.most is not None:
            command += ["--expect-changed", str(self.most)]
        return command


def same(a, b):
    return a.lower() == b.lower()


class Oracle:
    def __init__(self, defect=None):
        self.defect = defect
        self.users = {}  # id: {username, name, email}; "" is unknown
        self.enrolled = {}  # (course, id): active
        self.graded = set()  # (course, id): with a grade, always the same

    def key(self, user):
        return user["email"].lower()

    def find(self, file, row):
        """The id of a row without one, and whether it may be of another."""
        prefix = file.source + ":" if file.source else ""
        if self.defect == "one source":
            prefix = ""
        if row.get("id"):
            return prefix + row["id"], False
        mine = sorted((":" in i, i) for i in self.users
                      if i.startswith(prefix))
        username, key = row.get("username", ""), row["email"].lower()
        named = [i for _, i in mine
                 if username and self.users[i]["username"] == username]
        both = [i for i in named if self.key(self.users[i]) == key]
        if both:
            return both[0], False
        if named:
            foreign = not prefix and ":" in named[0]
            return named[0], len(named) > 1 or foreign
        at = [i for _, i in mine if self.key(self.users[i]) == key and
              not (username and self.users[i]["username"])]
        at.sort(key=lambda i: self.users[i]["name"] != row.get("name") or
                not row.get("name"))
        if at:
            return at[0], False
        return prefix + (username or key), False

    def is_other(self, file, known, row):
        told = False
        for column in ("username", "name"):
            if known[column] and row.get(column):
                if not same(known[column], row[column]) and \
                        self.defect != "ignores names":
                    return True
                told = True
        return not told

    def expect(self, file):
        """Status, refused lines, noted (line, id), counts; the new state."""
        refused, taken = {}, {}
        for n, row in enumerate(file.rows):
            uid, doubt = self.find(file, row)
            known = self.users.get(uid)
            if uid in taken:
                refused[n + 2] = uid
            elif known and not row.get("id") and not same(
                    self.key(known), row["email"]) and \
                    row.get("username", "") != known["username"]:
                refused[n + 2] = uid
                taken[uid] = None
            else:
                taken[uid] = (n + 2, row, doubt)
        rows = {i: t for i, t in taken.items() if t}
        gone = [i for (c, i), active in self.enrolled.items()
                if file.sync and c == file.course and active and i not in rows]
        moved, fresh = {}, set()
        for uid, (line, row, doubt) in list(rows.items()):
            known = self.users.get(uid)
            if not known:
                fresh.add(uid)
            elif not same(known["email"], row["email"]):
                if not file.change and self.defect != "takes anybody" and \
                        (doubt or self.is_other(file, known, row)):
                    refused[line] = uid
                    del rows[uid]
                else:
                    moved[uid] = line
        notes = {(line, i) for i, line in moved.items()
                 if self.defect != "names no change"}
        new = fresh | set(moved)
        for uid in new if self.defect != "names no sharer" else ():
            line, row = rows[uid][:2]
            stays = any(self.key(u) == row["email"].lower()
                        for i, u in self.users.items()
                        if i != uid and i not in moved)
            first = min(rows[i][0] for i in new
                        if same(rows[i][1]["email"], row["email"]))
            if stays or line > first:
                notes.add((line, uid))
        most = max(3, len(file.rows) * 5 // 100) if file.most is None \
            else file.most
        status = 1 if refused else 0
        if len(moved) > most and self.defect != "no limit":
            status = 2
        elif gone and refused:
            status = 1
        elif gone and not rows or len(gone) > 10:
            status = 2
        else:
            return status, refused, notes, self.apply(file, rows, gone)
        return status, refused, notes, None

    def apply(self, file, rows, gone):
        """The counts of the last line."""
        new = changed = 0
        for uid, (_, row, _) in rows.items():
            before = dict(self.users.get(uid, {}))
            user = self.users.setdefault(
                uid, {"username": "", "name": "", "email": ""})
            user.update({c: row[c] for c in user if c in row})
            place = (file.course, uid)
            was = self.enrolled.get(place)
            word = row.get("enrolled", "yes" if file.sync else "")
            now = word not in ("no", "unenrolled")
            if word == "" and was is not None:
                now = was
            if self.defect == "enrols again":
                now = True
            self.enrolled[place] = now
            new += now and not was
            gone += [uid] if was and not now else []
            graded = "Grade" in row and place not in self.graded
            if graded:
                self.graded.add(place)
            changed += bool(was and now) and (before != user or graded)
        for uid in gone:
            self.enrolled[(file.course, uid)] = False
        return len(rows), new, changed, len(gone)


def read_state():
    db = sqlite3.connect(os.environ["BM_DB"])
    users = {i: {"username": u or "", "name": n or "", "email": e}
             for i, u, n, e in
             db.execute("SELECT id, username, name, email FROM users")}
    enrolled = {(c, i): bool(a) for c, i, a in db.execute(
        "SELECT course_id, user_id, is_active FROM enrollments")}
    db.close()
    return users, enrolled


LAST = re.compile(r"bm-import: ([\d,]+) rows: ([\d,]+) people \((\d+) new, "
                  r"(\d+) changed, (\d+) left\), (\d+) refused$")
LINE = re.compile(r"bm-import: in\.csv:(\d+): (.*)")
REFUSED = ("--change-people", "stands above", "another person's user id")


def run_import(file):
    """Status, refused lines, noted (line, id), counts, all lines."""
    file.write()
    done = subprocess.run(file.command(), stderr=subprocess.PIPE, text=True)
    refused, notes, counts = set(), set(), None
    for line in done.stderr.splitlines():
        place, last = LINE.match(line), LAST.match(line)
        if last:
            counts = tuple(int(n.replace(",", "")) for n in last.groups())
        elif place and any(word in line for word in REFUSED):
            refused.add(int(place[1]))
        elif place:
            uid = re.match(r"id ([^ ]+?):? [^ ]", place[2])[1]
            notes.add((int(place[1]), uid))
    return done.returncode, refused, notes, counts, done.stderr


def history(seed):
    """The files of a history, as they are written one after another."""
    random.seed(seed)
    rng = random.Random(seed)
    systems = [System("", 100), System("b", 200)]
    for _ in range(5):
        system = rng.choice(systems)
        yield File(rng, system)
        for s, other in (systems, systems[::-1]):
            s.live(rng, other)


def check_named(before, after, lines):
    """Nobody's mail goes to another mailbox or id without a line."""
    for uid, user in after.items():
        new = user["email"].lower()
        old = before[uid]["email"].lower() if uid in before else None
        if old == new:
            continue
        mine = [x.lower() for x in lines if " id %s" % uid in x]
        if old and not any(old in x and new in x for x in mine):
            return "%s is at %s, was at %s, without a word" % (uid, new, old)
        others = [i for i, u in after.items()
                  if i != uid and u["email"].lower() == new]
        if others and not any(" has the address of " in x and
                              " id %s " % uid in x for x in lines):
            return "%s has the address of %s without a word" % (uid, others)
    return None


def compare(seed):
    oracle, before = Oracle(), {}
    for number, file in enumerate(history(seed)):
        status, refused, notes, counts = oracle.expect(file)
        if counts:
            counts = (len(file.rows), *counts, len(refused))
        want = status, set(refused), notes, counts
        *got, stderr = run_import(file)
        users, enrolled = read_state()
        problem = None
        if want != tuple(got):
            problem = "want %s\n got %s" % (want, tuple(got))
        elif (users, enrolled) != (oracle.users, oracle.enrolled):
            problem = "stored %s\n  want %s" % (
                (users, enrolled), (oracle.users, oracle.enrolled))
        problem = problem or check_named(before, users, stderr.splitlines())
        if problem:
            with open("in.csv") as f:
                sys.exit("seed %d, file %d: %s\n%s\n%s\n%s" % (
                    seed, number, " ".join(file.command()), f.read(), stderr,
                    problem))
        before = users


def planted(rounds):
    found = {}
    for seed, defect in itertools.product(range(rounds), DEFECTS):
        right, wrong = Oracle(), Oracle(defect)
        for file in history(seed):
            if right.expect(file) != wrong.expect(file) or \
                    (right.users, right.enrolled) != \
                    (wrong.users, wrong.enrolled):
                found.setdefault(defect, seed)
                break
    return oracle.all_found(DEFECTS, found)


oracle.main(compare, planted)
