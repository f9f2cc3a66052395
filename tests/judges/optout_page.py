#!/usr/bin/python3
"""The opt-out page in Chromium, on a phone and a desktop, light and dark:
optout_page.py AXE.min.js PICTURES LINK [LANGUAGE [LABEL...]]

Opens the link, in English, Spanish and Arabic unless a language is given, and
presses the buttons named, one after the other, by the keyboard alone and with
scripts forbidden, as whoever has none of them. Prints after each what the page
announces. Each page is looked at: what axe-core finds serious or critical,
what is wider than the window, what the browser complains of, whatever is
loaded but the page itself, and cookies are printed too, and the status is 1.
Pictures are left in the folder PICTURES."""

import os
import sys
import time

from chromium import Chromium

AXE = """axe.run({resultTypes: ["violations"]}).then(r => ({
  passes: r.passes.length,
  found: r.violations
    .filter(v => v.impact === "serious" || v.impact === "critical")
    .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", "))}))
"""
WIDTH = "document.documentElement.scrollWidth"


def complaints(browser, link):
    """What the browser has said and fetched since the last page."""
    for event in browser.events:
        method, params = event["method"], event["params"]
        if method == "Log.entryAdded":
            if params["entry"]["level"] in ("error", "warning"):
                yield params["entry"]["text"]
        elif method == "Runtime.consoleAPICalled":
            yield "console." + params["type"]
        elif method == "Runtime.exceptionThrown":
            yield params["exceptionDetails"]["text"]
        elif method == "Network.requestWillBeSent":
            if params["request"]["url"] != link:
                yield "loads " + params["request"]["url"]
        elif method == "Network.loadingFailed":
            yield "failed to load: " + params["errorText"]


class Judge:
    def __init__(self, browser, axe, pictures, link):
        self.browser, self.pictures, self.link = browser, pictures, link
        with open(axe, encoding="utf-8") as file:
            self.axe = file.read()
        self.looks = self.bad = 0

    def look(self, name, language):
        """At the page that is open."""
        browser, found = self.browser, list(complaints(self.browser, self.link))
        if browser.call("Network.getCookies")["cookies"]:
            found.append("has cookies")
        # The page's policy forbids scripts; these come by the debugger, and
        # wait for timers.
        browser.scripts(True)
        browser.run(self.axe)
        for width, height in ((320, 640), (1280, 800)):
            for dark in (False, True):
                view = f"{name}-{width}-{'dark' if dark else 'light'}"
                browser.look(width, height, dark, language)
                browser.picture(os.path.join(self.pictures, view + ".png"))
                result = browser.run(AXE)
                found += [f"{view}: {f}" for f in result["found"]]
                if result["passes"] < 10:
                    found.append(f"{view}: hardly looked at")
                if (wide := browser.run(WIDTH)) > width:
                    found.append(f"{view}: overflow: {wide} px")
                self.looks += 1
        browser.scripts(False)
        for finding in found:
            print(f"{name}: {finding}")
        self.bad += len(found)

    def press(self, label):
        """Tab to the button of that label and press Enter."""
        browser = self.browser
        for _ in range(10):
            browser.key("Tab", 9)
            at = browser.run(
                "[document.activeElement.innerText, "
                "getComputedStyle(document.activeElement).outlineStyle]")
            if at[0] != label:
                continue
            if at[1] == "none":
                self.bad += 1
                print(f'"{label}" does not show the focus')
            browser.loaded(lambda: browser.key("Enter", 13, "\r"))
            return
        sys.exit(f'"{label}" cannot be reached')

    def announced(self):
        """The title, and what has the role of a status and the focus."""
        title, status = self.browser.run(
            "[document.title, "
            "document.querySelector('[role=status]').innerText]")
        # The focus comes with the first frame, which may be later.
        for _ in range(100):
            focus = self.browser.run(
                "document.activeElement.getAttribute('role')")
            if focus == "status":
                break
            time.sleep(0.05)
        else:
            self.bad += 1
            print("the status has not got the focus")
        print(f"{title} | {status}")


def main(axe, pictures, link, *rest):
    with Chromium() as browser:
        judge = Judge(browser, axe, pictures, link)
        browser.scripts(False)
        for language in rest[:1] or ("en", "es", "ar"):
            browser.look(320, 640, False, language)
            browser.open(link)
            judge.look("open-" + language, language)
            for i, label in enumerate(rest[1:]):
                judge.press(label)
                judge.announced()
                judge.look(f"pressed-{language}-{i + 1}", language)
    print(f"{judge.looks} looks, {judge.bad} findings")
    return 1 if judge.bad else 0


sys.exit(main(*sys.argv[1:]))
