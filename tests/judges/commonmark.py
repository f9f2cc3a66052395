#!/usr/bin/python3
"""Hold Markdown against published suites: commonmark.py CONVERTER MANUAL NAME=FILE...

CONVERTER reads texts that end with a NUL byte and writes the HTML of each. A
FILE is a specification with examples, as CommonMark and cmark-gfm have it.
MANUAL has a line `.It NAME: NUMBER ...` for the examples that differ on
purpose; each of them must differ, and no other one may.
Then the words foo and bar of the examples become template tags, which must
change nothing else. Prints each breach; 1 if there are any.
"""
import re
import subprocess
import sys

EXAMPLE = re.compile(
    "^(`{10,}) example([^\n]*)\n(.*?)^\\.\n(.*?)^\\1$", re.M | re.S)


def examples(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        text = f.read().replace("→", "\t")
    return [(m[3], m[4]) for m in EXAMPLE.finditer(text)]


def for_mail(html):
    """What the page says of tables, boxes of tasks and footnotes."""
    html = re.sub(r'(<t[hd]) align="(\w+)"', r'\1 style="text-align: \2"', html)
    html = re.sub("<thead>.*?</thead>",
                  lambda m: re.sub("<th(?=[ >])", '<th scope="col"', m[0]),
                  html, flags=re.S)
    if "<thead>" in html:
        html = re.sub("<table>(.*?)</table>", '<div style="overflow-x: auto" tabindex="0">\n'
                      r"<table>\1</table>\n</div>", html, flags=re.S)
    html = re.sub('<input ([^>]*type="checkbox"[^>]*)>', lambda m: "&#9745;"
                  if "checked=" in m[1] else "&#9744;", html)
    html = re.sub(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>',
                  r"<sup>[\1]</sup>", html)
    if '<section class="footnotes"' in html:
        html = re.sub("<section [^>]*>", "<hr>", html)
        html = html.replace("</section>\n", "").replace("</section>", "")
        html = re.sub(' ?<a href="#fnref[^>]*>.*?</a>', "", html)
        html = re.sub('<li id="fn[^>]*>', "<li>", html)
    return html


def plain(html):
    """Without what HTML does not tell apart."""
    html = re.sub(r"\s+", " ", html)
    return re.sub(" ?(</?(?:p|li|[uo]l|h\\d|div|table|t[rhd]|thead|tbody|hr|"
                  "blockquote|br)[^>]*>) ?", r"\1", html).strip()


def listed(manual, name):
    with open(manual, encoding="utf-8") as f:
        lines = re.findall(r"^\.It (.*?): ([\d ]+)$", f.read(), re.M)
    return {int(n) for key, numbers in lines if key == name
            for n in numbers.split()}


def convert(converter, texts):
    return subprocess.run(
        [converter], input="".join(t + "\0" for t in texts).encode(),
        stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")[:-1]


def check_tags(converter, name, cases):
    """Words that HTML or the case of letters make others stay words."""
    word = r"(?<![<&/\\])\b(foo|bar)\b"
    texts = [m for m, _ in cases if re.search(word, m) and
             not re.search(r"Foo|FOO|BaR|BAR|[<&]/?(foo|bar)", m)]
    bare = convert(converter, texts)
    tagged = convert(
        converter, [re.sub(word, r"{{\1}}", m) for m in texts])
    bad = [(m, t) for m, b, t in zip(texts, bare, tagged)
           if re.sub("{{(foo|bar)}}", r"\1", t) != b]
    for markdown, got in bad:
        print(f"{name}: with tags {markdown!r}\n  got    {got!r}")
    return len(texts), len(bad)


def main():
    converter, manual, suites, bad = sys.argv[1], sys.argv[2], sys.argv[3:], 0
    for suite in suites:
        name, path = suite.split("=", 1)
        cases = examples(path)
        got = convert(converter, [m for m, _ in cases])
        if len(got) != len(cases) or len(cases) < 10:
            sys.exit(f"{name}: {len(got)} of {len(cases)} texts converted")
        differ = {i for i, (_, html) in enumerate(cases, 1)
                  if html != "<IGNORE>\n" and
                  plain(for_mail(html)) != plain(got[i - 1])}
        for i in sorted(differ ^ listed(manual, name)):
            bad += 1
            markdown, html = cases[i - 1]
            print(f"{name} {i}: " + (
                f"{markdown!r}\n  got    {got[i - 1]!r}\n  wanted "
                f"{for_mail(html)!r}" if i in differ
                else "is as published, but listed"))
        tagged, spoilt = check_tags(converter, name, cases)
        bad += spoilt
        print(f"{name}: {len(cases)} examples, {len(differ)} differ; {tagged} "
              "with tags", file=sys.stderr)
    sys.exit(bad > 0)


main()
