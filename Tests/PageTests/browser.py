"""A headless Chromium, driven over WebDriver (W3C) with nothing but Python's standard library."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One browser with its own profile; use it in a `with` statement."""

    def __init__(self, width=1400, height=900, dark=False):
        self.profile = tempfile.mkdtemp(prefix="dirsync-lint-browser.")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = dict(os.environ, HOME=self.profile, TMPDIR=self.profile)
        # Who starts this script may have blocked signals in the thread that did; the driver would inherit that, and live on
        # when it is told to end.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment, start_new_session=True)
        try:
            self._wait_for_driver()
            self.session = self._start(width, height, dark)
        except BaseException:
            self.close()
            raise

    def _wait_for_driver(self):
        for _ in range(600):
            try:
                if self._send("GET", "/status")["ready"]:
                    return
            except (OSError, KeyError):
                pass
            time.sleep(0.1)
        raise RuntimeError("chromedriver did not start")

    def _start(self, width, height, dark):
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--window-size={width},{height}",
            f"--user-data-dir={self.profile}/profile", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
            "--disable-component-update", "--disable-background-networking"]
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        capabilities = {
            "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium") or "chromium"},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"script": 300000, "pageLoad": 300000},
            "unhandledPromptBehavior": "ignore"}
        for attempt in range(3):
            try:
                return self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]
            except RuntimeError:
                if attempt == 2:
                    raise
                time.sleep(2)

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=data, method=method,
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            answer = json.load(error)["value"]
            raise RuntimeError(f"{answer['error']}: {answer['message']}") from None

    def command(self, method, path, body=None):
        return self._send(method, f"/session/{self.session}{path}", body)

    def open(self, path):
        """Opens a page from a file and waits until its script says that it is ready."""
        self.command("POST", "/url", {"url": "file://" + os.path.abspath(path)})
        for _ in range(600):
            if self.run("return document.documentElement.dataset.ready || null"):
                return
            time.sleep(0.1)
        raise RuntimeError(f"{path} did not become ready: {self.log('browser')}")

    def run(self, script, *arguments):
        return self.command("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self.command("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def devtools(self, name, **parameters):
        return self.command("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def find(self, selector):
        return self.command("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.command("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self.command("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def role_and_name(self, selector):
        """What assistive technology is told of an element, as the browser computes it."""
        element = self.find(selector)
        return (self.command("GET", f"/element/{element}/computedrole"),
                self.command("GET", f"/element/{element}/computedlabel"))

    def press(self, *keys):
        """Presses keys one after the other on whatever has the focus."""
        names = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013",
                 "PageDown": "\ue00f", "PageUp": "\ue00e", "Home": "\ue011", "End": "\ue010", "Space": " ", "Shift": "\ue008"}
        actions = []
        for key in keys:
            value = names.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.command("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def log(self, kind):
        return self.command("POST", "/se/log", {"type": kind})

    def requests(self):
        """Addresses that pages asked for since the last call, without what the browser's own pages ask for."""
        found = []
        for line in self.log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            # Some versions begin with a page for new tabs, which asks for parts of itself.
            if not message["params"]["documentURL"].startswith(("chrome:", "chrome-untrusted:")):
                found.append(message["params"]["request"]["url"])
        return found

    def resize(self, width, height):
        self.command("POST", "/window/rect", {"width": width, "height": height})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.command("GET", "/screenshot")))

    def print_pdf(self):
        return base64.b64decode(self.command("POST", "/print", {"background": False}))

    def close(self):
        try:
            if getattr(self, "session", None):
                self.command("DELETE", "")
        except (OSError, RuntimeError):
            pass
        finally:
            for ending in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self.driver.pid, ending)
                    self.driver.wait(timeout=20)
                    break
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    pass
            shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
