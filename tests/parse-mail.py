#!/usr/bin/python3
"""What Python's email package sees in the mail files given: one JSON object
a message, with the members to, name, subject, text and html."""

import email
import email.header
import email.policy
import email.utils
import json
import sys


def addressee(message):
    """Python 3.11 puts a space between the encoded-words of a phrase when it
    parses To as addresses, so the phrase is decoded by itself."""
    raw = dict(message.raw_items())["To"].replace("\n", "")
    people = email.utils.getaddresses([raw])
    if len(people) != 1 or len(message["To"].addresses) != 1:
        sys.exit(f"not one person: {raw}")
    phrase, address = people[0]
    decoded = email.header.make_header(email.header.decode_header(phrase))
    return str(decoded), address


def seen(path):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(
            file, policy=email.policy.default)
    defects = [str(d) for part in message.walk() for d in part.defects]
    if defects:
        sys.exit(f"{path}: {defects}")
    if message.get_content_type() != "multipart/alternative":
        sys.exit(f"{path}: {message.get_content_type()}")
    name, address = addressee(message)
    text, html = message.get_payload()
    if [text.get_content_type(), html.get_content_type()] != [
            "text/plain", "text/html"]:
        sys.exit(f"{path}: not a text and an HTML part")
    return {
        "to": address,
        "name": name,
        "subject": str(message["Subject"]),
        "text": text.get_content().replace("\r\n", "\n"),
        "html": html.get_content().replace("\r\n", "\n"),
    }


for name in sys.argv[1:]:
    print(json.dumps(
        seen(name), sort_keys=True, separators=(",", ":")))
