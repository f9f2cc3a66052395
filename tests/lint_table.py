#!/usr/bin/python3
"""Run the examples of the findings in bm-render(1): lint_table.py PAGE

Each bad one has to give its finding and the status, each good one nothing at
all. Prints each breach, and how many findings the page has; status 1 if there
is a breach."""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

RECORD = json.dumps({"email": "ann@uni.example", "name": "Ann",
                     "course_id": "c", "course_title": "T"})
ITEM = re.compile(r"^\.It (error|warning): (.*)\n(?:.*\n)*?"
                  r"(?:\.Bd -literal -compact\nbad:  (.*)\ngood: (.*)\n"
                  r"\.Ed\n|(?=\.It|\.El))", re.M)


def look(example, folder, name):
    kind, _, text = example.partition(": ")
    subject, body, more = "Week 3", example, []
    if kind == "subject":
        subject, body = text, "<p>Hello</p>"
    elif kind == "from":
        body, more = "<p>Hello</p>", ["--from", text]
    elif kind == "attach" or example == "attach:":
        attached = os.path.join(folder, name + ".txt")
        with open(attached, "w", encoding="utf-8") as file:
            file.write(text)
        body, more = "<p>Hello</p>", ["--attach", attached]
    elif kind == "alone":
        body, more = text, ["--layout", "none"]
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(body)
    done = subprocess.run(
        ["bm-render", "--id", "t", "--subject", subject, "--lint", *more, path],
        input=RECORD + "\n", capture_output=True, encoding="utf-8",
        check=False)
    return done.returncode, done.stdout + done.stderr


def judge(item, folder, name):
    severity, text, bad, good = item
    text = text.replace("no reader sees the footer", "no reader sees")
    status, found = look(bad, folder, name + "-bad.html")
    if text not in found or status != {"error": 2, "warning": 1}[severity]:
        return f"{text}: bad: status {status}: {found!r}"
    if severity == "error" and ": error: " not in found:
        return f"{text}: is no error: {found!r}"
    status, found = look(good, folder, name + "-good.html")
    if status or found:
        return f"{text}: good: status {status}: {found!r}"
    return None


def main(page):
    with open(page, encoding="utf-8") as file:
        source = file.read()
    source = source[source.index(".Ss Lint"):source.index(".Ss Values")]
    items = [tuple(re.sub(r"\\\[u([0-9A-F]+)\]",
                          lambda m: chr(int(m[1], 16)), part)
                   for part in m.groups("")) for m in ITEM.finditer(source)]
    shown = [item for item in items if item[2]]
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        breaches = [b for b in pool.map(
            lambda i: judge(shown[i], folder, str(i)), range(len(shown))) if b]
    print(*breaches, sep="\n", end="\n" if breaches else "")
    print(f"{len(items)} findings, {len(shown)} with examples")
    return 1 if breaches or len(items) != source.count("\n.It ") else 0


sys.exit(main(sys.argv[1]))
