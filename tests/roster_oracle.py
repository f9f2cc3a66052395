#!/usr/bin/python3
"""Random rosters for bm-recipients, and who should be selected from them.

roster_oracle.py ROUNDS [SEED]    compare bm-recipients with the oracle
roster_oracle.py --planted ROUNDS have the comparison find planted errors

The expectation comes from the rows of the CSV files, never from the database.
"""
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import time

import oracle

COURSE = "course-v1:X+1+1"
OTHER = "course-v1:X+1+2"
DAY = 86400
NOW = int(time.time())
DEFECTS = ["staff twice", "case", "inactive", "other track", "opt-out"]


def key_of(address):
    local, domain = address.rsplit("@", 1)
    return local.lower() + "@" + domain.lower().encode("idna").decode()


class Person:
    def __init__(self, uid, rng):
        self.id = uid
        self.username = "u" + uid
        self.email = self.address(rng)
        self.active = rng.random() > 0.15
        self.login = rng.choice([None, NOW - 5 * DAY, NOW - 500 * DAY])
        self.roles = set()
        self.mode = {}  # by course
        self.cohort = {}
        self.enrolled = {}

    def address(self, rng):
        local = rng.choice(["ann", "bob", "cy", "d+x", "e.f", "g"])
        local += rng.choice(["", "", "1", "2", "3"])
        domain = rng.choice(["x.example", "y.example", "bücher.example",
                             "xn--bcher-kva.example"])
        if rng.random() < 0.3:
            local = local.upper()
        if rng.random() < 0.2 and domain.isascii():
            domain = domain.title()
        return local + "@" + domain

    @property
    def staff(self):
        return bool(self.roles & {"staff", "instructor"})


class Roster:
    def __init__(self, seed):
        rng = random.Random(seed)
        count = rng.randrange(1, 25)
        ids = rng.sample(range(1, 200), count)
        self.people = [Person(str(i), rng) for i in ids]
        for p in self.people:
            for role in ("staff", "instructor", "beta_tester"):
                if rng.random() < 0.12:
                    p.roles.add(role)
            for course in (COURSE, OTHER):
                if rng.random() < (0.8 if course == COURSE else 0.4):
                    p.enrolled[course] = rng.random() > 0.15
                    p.mode[course] = rng.choice(["audit", "verified"])
                    p.cohort[course] = rng.choice(["Red", "Blue", ""])
        self.optouts = [self.optout(rng) for _ in range(rng.randrange(8))]
        self.asks = [self.ask(rng) for _ in range(2)]

    def optout(self, rng):
        p = rng.choice(self.people)
        uid, key = rng.choice([(p.id, None), (None, key_of(p.email)),
                               (p.id, key_of(p.email))])
        return (rng.choice([COURSE, COURSE, "*", OTHER]), uid, key,
                rng.choice(["out", "out", "in"]))

    def target(self, rng):
        here = [p for p in self.people if COURSE in p.enrolled]
        choices = ["staff", "learners", "all", "myself"]
        choices += ["cohort:" + p.cohort[COURSE] for p in here
                    if p.cohort[COURSE]][:2]
        choices += ["track:" + p.mode[COURSE] for p in here][:2]
        p = rng.choice(self.people)
        choices += ["user:" + p.username, "email:" + p.email.swapcase()
                    if p.email.isascii() else "all"]
        return rng.choice(choices)

    def ask(self, rng):
        return {
            "to": [self.target(rng) for _ in range(rng.randrange(1, 4))],
            "except": [self.target(rng) for _ in range(rng.choice([0, 0, 1]))],
            "as": rng.choice(self.people).username,
            "within": rng.choice([None, None, 30]),
            "limit": rng.choice([None, None, None, 3]),
            "include": rng.random() < 0.15,
        }

    # ---- the oracle -------------------------------------------------------

    def out(self, p, defect):
        def last(course, pick):
            rows = [o for o in self.optouts if o[0] == course and pick(o)]
            return bool(rows) and rows[-1][3] == "out"

        key = key_of(p.email)
        by_key = defect != "opt-out"
        return any(last(c, lambda o: o[1] == p.id) or
                   (by_key and last(c, lambda o: o[2] == key))
                   for c in (COURSE, "*"))

    @staticmethod
    def has(p, target, me, defect):
        kind, _, value = target.partition(":")
        enrolled = p.enrolled.get(COURSE, False)
        if kind == "myself":
            return p.username == me
        if kind == "staff":
            return p.staff
        if kind == "learners":
            return enrolled and not p.staff
        if kind == "all":
            return enrolled or p.staff
        if kind == "cohort":
            return enrolled and p.cohort[COURSE] == value
        if kind == "track":
            modes = [p.mode.get(COURSE)]
            if defect == "other track":
                modes.append(p.mode.get(OTHER))
            return enrolled and not p.staff and value in modes
        if kind == "user":
            return p.username == value
        return key_of(p.email) == key_of(value)

    def expect(self, ask, defect=None):
        picked = [t for t in ask["to"] + ask["except"]
                  if t.partition(":")[0] in ("myself", "user", "email")]
        names = list(dict.fromkeys(ask["to"]))

        def first(p):
            return not (p.staff or any(self.has(p, t, ask["as"], None)
                                       for t in picked))

        minus_ids, minus_keys = set(), set()
        for p in self.people:
            if any(self.has(p, t, ask["as"], defect) for t in ask["except"]):
                minus_ids.add(p.id)
                minus_keys.add(key_of(p.email))
        counts = dict.fromkeys(
            ["selected", "emitted", "inactive", "last_login", "excluded",
             "opted_out", "duplicate", "over_limit"], 0)
        records, seen = [], set()
        for p in sorted(self.people, key=lambda p: (first(p), p.id.encode())):
            answers = [self.answer(p, t, ask, defect) for t in names]
            if not any(answers):
                continue
            counts["selected"] += 1
            key = p.email if defect == "case" else key_of(p.email)
            if "yes" not in answers:
                verdict = [a for a in answers if a][0]
            elif p.id in minus_ids or key_of(p.email) in minus_keys:
                verdict = "excluded"
            elif self.out(p, defect) and not ask["include"]:
                verdict = "opted_out"
            elif key in seen:
                verdict = "duplicate"
            else:
                seen.add(key)
                verdict = "emitted"
                if ask["limit"] and counts["emitted"] >= ask["limit"]:
                    verdict = "over_limit"
            counts[verdict] += 1
            if verdict == "emitted":
                why = self.why(p, names[answers.index("yes")])
                record = (p.id, p.email, why, self.out(p, None))
                records.append(record)
                if defect == "staff twice" and why == "staff" and \
                        {"staff", "instructor"} <= p.roles:
                    records.append(record)
        return records, counts

    def answer(self, p, target, ask, defect):
        kind = target.partition(":")[0]
        if not self.has(p, target, ask["as"], defect):
            return None
        if not p.active and kind != "myself" and defect != "inactive":
            return "inactive"
        old = ask["within"] and p.login and \
            p.login < NOW - ask["within"] * DAY
        if old and (kind in ("learners", "cohort", "track") or
                    kind == "all" and not p.staff):
            return "last_login"
        return "yes"

    @staticmethod
    def why(p, target):
        if target == "learners":
            return "learner"
        if target == "all":
            return "staff" if p.staff else "learner"
        return target

    # ---- the program ------------------------------------------------------

    def write(self, course, role):
        rows = 0
        with open("in.csv", "w", encoding="utf-8") as f:
            w = csv.writer(f)
            w.writerow(["id", "username", "email", "is_active", "last_login"] +
                       ([] if role else ["enrollment_mode", "cohort",
                                         "enrollment_is_active"]))
            for p in self.people:
                if role not in p.roles if role else course not in p.enrolled:
                    continue
                login = time.strftime(
                    "%Y-%m-%dT%H:%M:%S", time.gmtime(p.login)) if p.login else ""
                row = [p.id, p.username, p.email, p.active, login]
                if not role:
                    row += [p.mode[course], p.cohort[course],
                            p.enrolled[course]]
                w.writerow(row)
                rows += 1
        return rows

    def load(self):
        for course, role in ((COURSE, None), (OTHER, None), (COURSE, "staff"),
                             (COURSE, "instructor"), (COURSE, "beta_tester")):
            if not self.write(course, role) and (course, role) != (COURSE, None):
                continue
            subprocess.run(
                ["bm-import", "--create", "--course", course, "in.csv"] +
                (["--role", role] if role else []), check=True,
                stderr=subprocess.DEVNULL)
        # Everybody is in the roster, in whatever course.
        known = [p for p in self.people if p.enrolled or p.roles]
        missing = [p for p in self.people if p not in known]
        with sqlite3.connect(os.environ["BM_DB"]) as db:
            db.executemany(
                "INSERT INTO users(id, username, email, key, is_active,"
                " last_login) VALUES(?, ?, ?, ?, ?, ?)",
                [(p.id, p.username, p.email, key_of(p.email), p.active,
                  p.login and p.login * 1000) for p in missing])
            db.executemany(
                "INSERT INTO optouts(course_id, user_id, key, action, source,"
                " at) VALUES(?, ?, ?, ?, 'page', 1)", self.optouts)
        db.close()

    @staticmethod
    def run(ask, count):
        args = ["bm-recipients", "--course", COURSE]
        if "myself" in ask["to"] + ask["except"]:
            args += ["--as", ask["as"]]
        for t in ask["to"]:
            args += ["--to", t]
        for t in ask["except"]:
            args += ["--except", t]
        if ask["within"]:
            args += ["--last-login-within", "%dd" % ask["within"]]
        if ask["limit"]:
            args += ["--limit", str(ask["limit"])]
        if ask["include"]:
            args += ["--include-opted-out"]
        done = [subprocess.run(args + more, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
                for more in ([], ["--count"])[:1 + count]]
        records = [json.loads(line) for line in done[0].stdout.splitlines()]
        if any(d.returncode > 1 for d in done):
            sys.exit("%s: %s" % (args, done[0].stderr))
        counts = json.loads(done[1].stdout) if count else None
        got = [(r["user_id"], r["email"], r["why"],
                r.get("opted_out", False)) for r in records]
        statuses = {d.returncode for d in done}
        return got, counts, statuses == ({0} if records else {1})


def differ(want, got):
    """The comparison: the same records in the same order."""
    return None if want == got else "want %s\n got %s" % (want, got)


def compare_counts(want, got, records):
    for name, n in want.items():
        if got[name] != n:
            return "%s: want %d, got %d" % (name, n, got[name])
    rest = sum(n for name, n in got.items() if name not in
               ("course_id", "by_target", "selected"))
    if rest != got["selected"] or sum(got["by_target"].values()) != records:
        return "the counts do not add up: %s" % got
    return None


def compare(seed):
    roster = Roster(seed)
    roster.load()
    for i, ask in enumerate(roster.asks):
        want, counts = roster.expect(ask)
        got, got_counts, good = roster.run(ask, i == 0)
        problem = differ(want, got)
        if i == 0:
            problem = problem or compare_counts(counts, got_counts, len(got))
        if problem or not good:
            sys.exit("seed %d: %s\n%s" % (seed, ask, problem or "status"))


def planted(rounds):
    found = {}
    for seed in range(rounds):
        roster = Roster(seed)
        for ask in roster.asks:
            want = roster.expect(ask)[0]
            for defect in DEFECTS:
                if differ(want, roster.expect(ask, defect)[0]):
                    found.setdefault(defect, seed)
    return oracle.all_found(DEFECTS, found)


oracle.main(compare, planted)
