#!/usr/bin/python3
"""Run Mustache case files through pystache, which shares nothing with bm:
mustache.py FILE.json...; prints each failure and a count, status 1 if any."""

import json
import sys

import pystache


class Renderer(pystache.Renderer):
    """JSON's null prints nothing; Python's None would print "None"."""

    def str_coerce(self, val):
        return "" if val is None else str(val)


def main(files):
    count = failed = 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            cases = json.load(file)["tests"]
        for case in cases:
            renderer = Renderer(
                partials=case.get("partials", {}), missing_tags="ignore")
            got = renderer.render(
                pystache.parse(case["template"]), case["data"])
            count += 1
            if got != case["expected"]:
                failed += 1
                print(f"{name}: {case['name']}: {got!r}, "
                      f"not {case['expected']!r}")
    print(f"{count} cases, {failed} failed")
    return failed > 0


sys.exit(main(sys.argv[1:]))
