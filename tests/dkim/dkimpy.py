"""dkimpy's verdicts: dkimpy.py KEYS FILE... A line a file: NAME, and each
signature's algorithm with pass or fail. With "-" the keys are in the DNS."""
import os
import sys

import dkim


def judge(message, keys):
    verdicts = []
    signatures = [value for name, value in dkim.DKIM(message).headers
                  if name.lower() == b"dkim-signature"]
    for index, value in enumerate(signatures):
        algorithm = "ed25519" if b"a=ed25519" in value else "rsa"
        try:
            options = {} if keys is None else {
                "dnsfunc": lambda name, timeout=5: keys[name.rstrip(b".")]}
            good = dkim.DKIM(message).verify(idx=index, **options)
        except (dkim.DKIMException, KeyError, ValueError):
            good = False
        verdicts.append(f"{algorithm}={'pass' if good else 'fail'}")
    return verdicts


def main():
    keys = None
    if sys.argv[1] != "-":
        with open(sys.argv[1], "rb") as f:
            keys = dict(line.rstrip(b"\n").split(b" ", 1) for line in f)
    for path in sys.argv[2:]:
        with open(path, "rb") as f:
            print(os.path.basename(path), *judge(f.read(), keys))


main()
