#!/usr/bin/python3
"""Look for the footer of rendered bodies in Chromium: footer.py FOLDER

FOLDER/index.json has the bodies of tests/footer/bodies.py. Beside body-N.html
stands body-N.html.out, the message, if bm-render made one, or
body-N.html.err, what it said. A message must show its opt-out link and its
address, and a click must reach the link; a refusal must name the place in the
body. Prints each breach; status 1 if there is one."""

import email
import email.policy
import json
import os
import re
import sys

from chromium import Chromium

LOOK = """(() => {
  const seen = (node, element) => {
    if (!node || !element) return "is not there";
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const range = document.createRange();
    range.selectNodeContents(node);
    const r = range.getClientRects()[0];
    if (!r || r.width < 20 || r.height < 8) return "has no size";
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight)
      return "is off the page";
    const hit = document.elementFromPoint(x, y);
    if (!hit || !element.contains(hit))
      return "is under something";
    const s = getComputedStyle(element);
    if (s.visibility !== "visible") return "is invisible";
    if (parseFloat(s.fontSize) < 10) return "is small";
    if (!/^rgb[(]/.test(s.color) || !/^rgb[(]/.test(s.webkitTextFillColor) ||
        s.color === "rgb(255, 255, 255)")
      return "has the colour " + s.color;
    for (let e = element; e; e = e.parentElement) {
      const o = getComputedStyle(e);
      if (parseFloat(o.opacity) < 0.3 || o.filter !== "none")
        return "is transparent";
    }
    return "";
  };
  const link = document.querySelector('a[href^="https://out.example/"]');
  let text = null;
  const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (walk.currentNode.data.includes("1 College Road")) text =
      walk.currentNode;
  const found = [];
  for (const [what, node, element] of [["link", link, link],
      ["address", text, text && text.parentElement]]) {
    const why = seen(node, element);
    if (why) found.push(what + " " + why);
  }
  return found.join(", ");
})()"""


def html_of(name):
    with open(name, "rb") as file:
        mail = email.message_from_binary_file(
            file, policy=email.policy.default)
    return mail.get_body(("html",)).get_content()


def look(browser, html):
    frame = browser.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
    browser.call("Page.setDocumentContent", frameId=frame, html=html)
    return browser.run(LOOK)


def read(name):
    if not os.path.exists(name):
        return None
    with open(name, encoding="utf-8") as file:
        return file.read()


def judge(browser, folder, item):
    name = os.path.join(folder, item["name"])
    if os.path.exists(name + ".out"):
        return look(browser, html_of(name + ".out"))
    said = read(name + ".err") or ""
    if item["good"]:
        return "is refused: " + said
    if not re.search(re.escape(item["name"]) + r":\d+(:\d+)?: ", said):
        return "names no place: " + said
    return None


def count_hidden(browser, folder, index):
    """How many of the refused bodies do hide the footer. A search for the
    bytes of the link and the address finds both in all of them."""
    frame = html_of(os.path.join(folder, index[0]["name"] + ".out"))
    before, after = frame.split(index[0]["html"])
    if "https://out.example/" not in after or "1 College Road" not in after:
        return 0, 0
    refused = [item["html"] for item in index if item["good"] is False]
    return sum(bool(look(browser, before + html + after))
               for html in refused), len(refused)


def main(folder):
    bad = shown = 0
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as file:
        index = json.load(file)
    with Chromium() as browser:
        # As in mail programs.
        browser.scripts(False)
        browser.look(800, 900, False, "en")
        for item in index:
            found = judge(browser, folder, item)
            shown += os.path.exists(
                os.path.join(folder, item["name"] + ".out"))
            if found:
                bad += 1
                print(f"{item['html']!r}: {found}")
        hidden, refused = count_hidden(browser, folder, index)
    print(f"{hidden} of {refused} refused bodies hide the footer")
    print(f"{len(index)} bodies, {shown} shown, {bad} bad")
    return 1 if bad or hidden < 40 else 0


sys.exit(main(sys.argv[1]))
