#!/usr/bin/python3
"""golden.py FILE.eml...: what is wrong with the messages by Python's email
package (defects) and by mblaze's mshow (the tree of parts)."""
import email
import email.policy
import os
import subprocess
import sys


def tree(m, depth=0):
    yield depth, m.get_content_type()
    if m.is_multipart():
        for part in m.iter_parts():
            yield from tree(part, depth + 1)


def is_fallback(part, name):
    """The name of a type, for readers without RFC 2231: RFC 2047 has no words
    in quotes, and those readers know them nowhere else."""
    return name == "Content-Type" and "filename*" in dict(
        part.raw_items()).get("Content-Disposition", "")


def defects(m):
    for part in m.walk():
        yield from part.defects
        for name, value in part.items():
            if is_fallback(part, name):
                continue
            for d in getattr(value, "defects", []):
                yield "%s: %r" % (name, d)


def mshow(path):
    """(depth, type) of each line "  1: text/plain size=..." of mshow -t."""
    out = subprocess.run(["mshow", "-t", os.path.abspath(path)], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        number, sep, rest = line.partition(": ")
        if sep and number.strip().isdigit():
            yield (len(number) - len(number.lstrip())) // 2 - 1, \
                rest.split()[0]


def main():
    status = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as f:
            m = email.message_from_binary_file(f, policy=email.policy.default)
        found = ["defect: %r" % d for d in defects(m)]
        seen, want = list(mshow(path)), list(tree(m))
        if seen != want:
            found.append("mshow sees %r, not %r" % (seen, want))
        for line in found:
            print("%s: %s" % (path, line))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
