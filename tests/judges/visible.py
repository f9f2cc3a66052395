#!/usr/bin/python3
"""Compare texts with what a browser shows of the HTML they were made from:
visible.py TEXTS FILE.html...

For each file TEXTS/NAME.txt is judged: recall (visible words that are in the
text), precision (its words that are visible, link targets and alternative
texts aside), order, links that it names, and flaws no text may have. Prints a
line a file and the totals; status 1 when they are below what is demanded."""

import collections
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile

PAGE = """<!DOCTYPE html><meta charset=utf-8><body><script>
const mails = %s, results = [];
function look(doc) {
  const view = doc.defaultView, alt = [], links = [];
  for (const e of [...doc.body.querySelectorAll("*")]) {
    const s = view.getComputedStyle(e), r = e.getBoundingClientRect();
    if (s.opacity === "0" || s.visibility === "hidden" ||
        (s.overflow === "hidden" && r.height < 1))
      e.style.setProperty("display", "none", "important");
    if (s.fontSize === "0px")
      for (const n of [...e.childNodes]) if (n.nodeType === 3) n.remove();
    s.textTransform !== "none" &&
      e.style.setProperty("text-transform", "none", "important");
    /* A new window loads no image: what it would be for words is this. */
    if (e.tagName === "IMG") alt.push(e.alt, e.title);
  }
  for (const a of doc.body.querySelectorAll("a[href]")) {
    const href = a.getAttribute("href").trim();
    if (/^(https?:|mailto:)/i.test(href) && a.getClientRects().length &&
        a.innerText.trim())
      links.push([href, a.innerText]);
  }
  return { text: doc.body.innerText, alt: alt.join(" "), links };
}
async function main() {
  for (const html of mails) {
    const frame = document.createElement("iframe");
    frame.width = 1000;
    const done = new Promise(r => frame.onload = r);
    frame.srcdoc = html;
    document.body.append(frame);
    await done;
    results.push(look(frame.contentDocument));
    frame.remove();
  }
  const out = document.createElement("textarea");
  out.id = "out";
  out.textContent = JSON.stringify(results).replace(
    /[^ -~]/g, c => "\\\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
  document.body.append(out);
}
main();
</script>"""


def show(files):
    """What Chromium shows of each file; it is kept off the network."""
    mails = []
    for name in files:
        with open(name, encoding="utf-8", errors="replace") as file:
            mails.append(file.read())
    with tempfile.TemporaryDirectory() as home:
        page = os.path.join(home, "page.html")
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE % json.dumps(mails).replace("</", "<\\/")
                       .replace("<!--", "<\\!--"))
        dom = subprocess.run(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
             "--host-resolver-rules=MAP * ~NOTFOUND",
             f"--user-data-dir={home}/profile",
             "--virtual-time-budget=60000", "--dump-dom", "file://" + page],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
            timeout=120, encoding="utf-8").stdout
    out = re.search(r'<textarea id="out">(.*?)</textarea>', dom, re.S)
    text = out.group(1)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return json.loads(text)


INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\u034f]")


def words(text):
    text = INVISIBLE.sub("", text.casefold())
    return re.findall(r"[^\W_]+", text)


def without_targets(text):
    return re.sub(r"<[^<>\s]+>", " ", text)


def flaws(text):
    checks = {
        "double blank lines": "\n\n\n", "nbsp": "\u00a0",
        "trailing blanks": "[ \t]\n", "zero width": INVISIBLE.pattern,
        "controls": "[\x00-\x08\x0b-\x1f\x7f-\x9f]",
        "CSS or markup": r"\{[^{}]*:[^{}]*;|</?[a-z]+[ >]|&[a-z]+;",
    }
    return [name for name, pattern in checks.items()
            if re.search(pattern, text)]


class Totals:
    def __init__(self):
        self.want = self.found = self.have = self.right = 0
        self.links = self.named = self.flawed = 0
        self.order = []

    def add(self, seen, text):
        want = words(seen["text"])
        have = words(without_targets(text))
        had = collections.Counter(have)
        found = sum((collections.Counter(want) & had).values())
        seen_all = collections.Counter(want + words(seen["alt"]))
        right = sum((had & seen_all).values())
        order = difflib.SequenceMatcher(None, want, have, autojunk=False)
        same = sum(m.size for m in order.get_matching_blocks())
        named = sum(self.names(text, *link) for link in seen["links"])
        self.want += len(want)
        self.found += found
        self.have += len(have)
        self.right += right
        self.order.append(same / found if found else 1)
        self.links += len(seen["links"])
        self.named += named
        bad = flaws(text)
        self.flawed += bool(bad)
        return (f"recall {found}/{len(want)} precision {right}/{len(have)} "
                f"order {self.order[-1]:.3f} "
                f"links {named}/{len(seen['links'])} {' '.join(bad)}")

    @staticmethod
    def names(text, href, shown):
        if href.lower().startswith("mailto:"):
            href = href[7:]
        plain = re.sub(r"^https?://(www\.)?|/$", "", href)
        return (f"<{href.replace(' ', '%20')}>" in text
                or plain in re.sub(r"\s", "", shown))

    def verdict(self):
        recall = self.found / max(self.want, 1)
        precision = self.right / max(self.have, 1)
        order = sum(self.order) / max(len(self.order), 1)
        links = self.named / max(self.links, 1)
        print(f"recall {recall:.4f} precision {precision:.4f} "
              f"order {order:.4f} links {links:.4f} flawed {self.flawed}")
        return (recall >= .999 and precision >= .99 and order >= .975
                and links >= .99 and self.flawed == 0)


def main(texts, files):
    totals = Totals()
    for name, seen in zip(files, show(files), strict=True):
        base = os.path.basename(name)
        with open(os.path.join(texts, base + ".txt"),
                  encoding="utf-8") as file:
            print(base, totals.add(seen, file.read()))
    print(len(files), "mails", end=": ")
    return 0 if totals.verdict() else 1


sys.exit(main(sys.argv[1], sys.argv[2:]))
