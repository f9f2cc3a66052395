#!/usr/bin/python3
"""Plain text against what a reader of HTML sees: plain.py COUNT SEED CONVERTER

Random texts go through CONVERTER --text, which reads texts that end with a NUL
byte. Python's parser of HTML gives back their lines, without list markers;
they must be those of the text. Each address must be a link. Prints the count.
"""
import html.parser
import random
import re
import subprocess
import sys

WORDS = ["exam", "a<b", "x&&y", "&amp;", "<b>", "\"no\"", "naïve", "日本",
         "it's", "5*6", "_x_", "# no", "(yes)", "50%", "C++"]
LINKS = ["https://x.org/", "https://x.org/a?b=1&c=(2)", "ann@uni.example",
         "www.y.org/z"]


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines, self.links = [""], []

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "li", "br"):
            self.lines.append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        if tag in ("p", "li"):
            self.lines.append("")

    def handle_data(self, data):
        self.lines[-1] += data


def make(rng):
    """A text, its lines without markers, its links."""
    text, lines, links = [], [], []
    for _ in range(rng.randrange(1, 12)):
        words = rng.choices(WORDS, k=rng.randrange(1, 8))
        if rng.random() < .4:
            links.append(rng.choice(LINKS))
            words.insert(rng.randrange(len(words) + 1), links[-1])
        line = " ".join(words)
        lines.append(line)
        text.append(rng.choice(["", "", "- ", "* ", "  - "]) + line)
        if rng.random() < .3:
            text.append("")
    return "\n".join(text), lines, links


def target(link):
    return ("mailto:" if "@" in link else
            "https://" if link.startswith("www.") else "") + link


def main():
    count, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    cases = [make(rng) for _ in range(count)]
    got = subprocess.run(
        [sys.argv[3], "--text"], check=True, stdout=subprocess.PIPE,
        input="".join(t + "\0" for t, _, _ in cases).encode()
    ).stdout.decode().split("\0")[:-1]
    good = 0
    for (text, lines, links), page in zip(cases, got):
        reader = Reader()
        reader.feed(page)
        seen = [re.sub(r"\s+", " ", s).strip() for s in reader.lines]
        if [s for s in seen if s] == lines and \
                reader.links == [target(x) for x in links]:
            good += 1
        else:
            print(f"text {text!r}\nHTML {page!r}", file=sys.stderr)
    print(good)


main()
