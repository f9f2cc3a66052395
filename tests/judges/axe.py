#!/usr/bin/python3
"""Look at HTML as a phone and a desktop show it, light and dark:
axe.py AXE.min.js FILE.html...

Prints what axe-core finds serious or critical, and what is wider than the
window; status 1 if anything is."""

import json
import os
import re
import subprocess
import sys
import tempfile

PAGE = """<!DOCTYPE html><meta charset=utf-8><body><script>
const pages = %s, axe = %s;
async function look(html, width) {
  const frame = document.createElement("iframe");
  frame.width = width;
  frame.height = 900;
  const done = new Promise(r => frame.onload = r);
  frame.srcdoc = html;
  document.body.append(frame);
  await done;
  const doc = frame.contentDocument, script = doc.createElement("script");
  const wide = doc.documentElement.scrollWidth;
  script.textContent = axe;
  doc.head.append(script);
  const result = await frame.contentWindow.axe.run(doc, {
    iframes: false, resultTypes: ["violations"] });
  const found = result.violations
    .filter(v => v.impact === "serious" || v.impact === "critical")
    .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", "));
  if (wide > width) found.push("overflow: " + wide + " > " + width);
  frame.remove();
  return { width, found, passes: result.passes.length };
}
(async () => {
  const out = document.createElement("textarea"), results = [];
  for (const html of pages)
    for (const width of [320, 1280]) results.push(await look(html, width));
  out.id = "out";
  out.textContent = JSON.stringify(results);
  document.body.append(out);
})();
</script>"""


def script(value):
    return json.dumps(value).replace("</", "<\\/").replace("<!--", "<\\!--")


def look(pages, axe, dark):
    with tempfile.TemporaryDirectory() as home:
        page = os.path.join(home, "page.html")
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE % (script(pages), script(axe)))
        dom = subprocess.run(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
             "--host-resolver-rules=MAP * ~NOTFOUND",
             f"--blink-settings=preferredColorScheme={0 if dark else 1}",
             f"--user-data-dir={home}/profile", "--window-size=1400,1000",
             "--virtual-time-budget=60000", "--dump-dom", "file://" + page],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
            timeout=120, encoding="utf-8").stdout
    out = re.search(r'<textarea id="out">(.*?)</textarea>', dom, re.S)
    text = out.group(1).replace("&gt;", ">").replace("&lt;", "<")
    return json.loads(text.replace("&amp;", "&"))


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def bare(html):
    """Without a policy, for axe-core is a script, and what frames hold."""
    html = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    return re.sub(' srcdoc="[^"]*"', "", html)


def main(axe, files):
    bad = 0
    pages = [bare(read(name)) for name in files]
    names = [os.path.basename(name) for name in files for _ in range(2)]
    for dark in (False, True):
        results = look(pages, read(axe), dark)
        for name, result in zip(names, results, strict=True):
            where = f"{name}: {result['width']} px" + (", dark" if dark else "")
            found = result["found"]
            if result["passes"] < 10:
                found.append("hardly looked at")
            bad += len(found)
            for finding in found:
                print(f"{where}: {finding}")
    print(f"{len(files)} pages, {bad} findings")
    return 1 if bad else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
