"""Chromium without a window, driven through its debugging pipe."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--mute-audio",
         "--hide-scrollbars", "--lang=en", "--remote-debugging-pipe",
         # Nothing but the machine itself is there to be asked.
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Chromium:
    """One browser with one page; a context manager."""

    def __enter__(self):
        self.home = tempfile.mkdtemp()
        there, ours = os.pipe()
        back, theirs = os.pipe()

        def connect():
            # Out of the way first: one of them may be 3 or 4 already.
            ends = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
                    for fd in (there, theirs)]
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={self.home}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=connect,
            start_new_session=True)
        os.close(there)
        os.close(theirs)
        self.out = os.fdopen(ours, "wb", buffering=0)
        self.back = os.fdopen(back, "rb", buffering=0)
        self.left = b""
        self.count = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.out.close()
        self.back.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.left:
            piece = self.back.read(1 << 20)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self.left += piece
        text, self.left = self.left.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[self.out.write(data):]
        while (answer := self.receive()).get("id") != self.count:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def loaded(self, act):
        """Do what leads to another page, and wait for that to be there."""
        self.events.clear()
        act()
        while not any(e["method"] == "Page.loadEventFired"
                      for e in self.events):
            self.receive()

    def open(self, url):
        self.loaded(lambda: self.call("Page.navigate", url=url))

    def run(self, script):
        """The value of an expression, or of the promise that it gives."""
        result = self.call("Runtime.evaluate", expression=script,
                           awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def scripts(self, allowed):
        """Whether the pages opened from now on may run scripts."""
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def look(self, width, height, dark, language):
        """How wide the window is, and what the person prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.call("Network.setExtraHTTPHeaders",
                  headers={"Accept-Language": language})

    def key(self, name, code, text=None):
        event = {"key": name, "code": name, "windowsVirtualKeyCode": code}
        if text:
            event["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **event)
        event.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def picture(self, name):
        data = self.call("Page.captureScreenshot")["data"]
        with open(name, "wb") as file:
            file.write(base64.b64decode(data))
