#!/usr/bin/python3
"""What each member of the sample course should get, worked out from the files
of scripts/sample-course alone: one JSON object a message, with the members
to, name, subject, text and html, in the form of parse-mail.py.

usage: expect-mail.py FOLDER SUBJECT TEXT-FILE HTML-FILE [FIELD=VALUE...]"""

import csv
import html
import json
import re
import sys


def fill(template, fields, escape):
    """Mustache as far as these templates go: variables and sections."""
    def section(match):
        return match[2] if fields.get(match[1]) else ""

    def variable(match):
        return escape(fields[match[1]])

    template = re.sub(r"{{#(\w+)}}(.*?){{/\1}}", section, template, flags=re.S)
    return re.sub(r"{{(\w+)}}", variable, template)


def people(folder):
    with open(f"{folder}/optouts.txt", encoding="utf-8") as file:
        out = file.read().split("\n")
    for name in "learners.csv", "staff.csv":
        with open(f"{folder}/{name}", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if re.fullmatch(r"[\w.]+@[\w.]+", row["email"]) \
                        and row["email"] not in out:
                    yield row


def main():
    folder, subject, text_file, html_file = sys.argv[1:5]
    constants = dict(arg.split("=", 1) for arg in sys.argv[5:])
    text = open(text_file, encoding="utf-8").read()
    page = open(html_file, encoding="utf-8").read()
    for row in people(folder):
        fields = {**row, **constants}
        local, domain = row["email"].split("@")
        print(json.dumps({
            "to": f"{local}@{domain.encode('idna').decode()}",
            "name": row["name"],
            "subject": fill(subject, fields, str),
            "text": fill(text, fields, str),
            "html": fill(page, fields, html.escape),
        }, sort_keys=True, separators=(",", ":")))


main()
