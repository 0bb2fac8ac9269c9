#!/usr/bin/env python3
"""Checks pages of the HTML report in a headless Chromium: `check_page.py SMALL LARGE EMPTY`.

Prints a line for each check, `ok NAME` or `not ok NAME: what was seen`, and figures as `# …`. What must be seen is worked
out from the data in the page itself, by other code than the page's.
"""

import base64
import csv
import io
import json
import re
import sys
import time

from browser import Browser

SEVERITIES = ["info", "warning", "error"]
STATES = ["new", "known", "returned", "gone", "suppressed", "expired-suppression"]
EFFECTS = ["blocked", "dropped", "altered", "quarantined", "degraded", "advice"]


def check(name, passed, seen=""):
    print(f"ok {name}" if passed else f"not ok {name}: {str(seen)[:600]}", flush=True)


def load(path):
    """The findings in a page, as dictionaries."""
    with open(path, encoding="utf-8") as file:
        html = file.read()
    findings = []
    for text in re.findall(r'<script type="application/json" class="findings-data"[^>]*>(.*?)</script>', html, re.S):
        block = json.loads(text)
        dn = None
        for record in block["findings"]:
            dn = record[5] or dn
            findings.append({
                "rule": block["rules"][record[0]], "severity": SEVERITIES[record[1]], "effect": EFFECTS[record[2]],
                "state": STATES[record[4]] if record[4] >= 0 else None, "dn": dn, "attribute": block["attributes"][record[8]],
                "value": record[9], "spans": record[11], "message": record[12], "related": record[17] or [],
                "fingerprint": record[18]})
    run = json.loads(re.search(r'id="run-data">(.*?)</script>', html, re.S)[1])
    return findings, run


def shown(browser):
    """Number of findings that pass the filters, as the page says."""
    text = browser.run("return document.querySelector('#shown').textContent")
    return int(text.split()[0].replace(",", ""))


def first_row(browser):
    return browser.run("""
        const row = [...document.querySelectorAll('.rows .row')].sort((a, b) => a.dataset.position - b.dataset.position)[0];
        return Object.fromEntries([...row.children].map((cell) => [cell.className.split(' ')[1], cell.textContent]));""")


def clear(browser):
    if not browser.run("return document.querySelector('#clear').hidden"):
        browser.click("#clear")


def unfold(browser):
    if not browser.run("return document.querySelector('#fold').hidden || document.querySelector('#fold').textContent.startsWith('Hide')"):
        browser.click("#fold")


def choose(browser, select, text):
    browser.run("""
        const select = document.querySelector(arguments[0]);
        const option = [...select.options].find((option) => option.textContent.startsWith(arguments[1]));
        select.value = option.value;
        select.dispatchEvent(new Event('change', { bubbles: true }));""", select, text)


def search(browser, text):
    browser.run("""
        const field = document.querySelector('#search');
        field.value = arguments[0];
        field.dispatchEvent(new Event('input', { bubbles: true }));""", text)
    time.sleep(0.4)


def check_quiet(browser, path, name):
    """Nothing was asked for but the page, nothing was run from a value, nothing was complained about."""
    asked = [url for url in browser.requests() if not url.startswith("data:")]
    check(f"{name}: no request but the page", all(url.startswith("file://") and url.split("#")[0].endswith(path) for url in asked) and asked, asked)
    check(f"{name}: no resource entries", browser.run("return performance.getEntriesByType('resource').length") == 0)
    log = [entry for entry in browser.log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    check(f"{name}: console is empty", not log, log)
    check(f"{name}: nothing of a value ran", browser.run("return typeof window.pwned") == "undefined")
    made = browser.run("""
        const elements = [...document.querySelectorAll('*')];
        return elements.filter((element) => ['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'LINK', 'VIDEO', 'FORM', 'BASE'].includes(element.tagName)
          || [...element.attributes].some((attribute) => attribute.name.startsWith('on')
          || /^\\s*javascript:/i.test(attribute.value))).map((element) => element.outerHTML.slice(0, 200));""")
    check(f"{name}: values made no elements", not made, made)


def gravity(finding):
    """The order of the page, worked out again."""
    standing = {"gone": 3, "suppressed": 2, "known": 1}.get(finding["state"], 0)
    return (standing, -SEVERITIES.index(finding["severity"]), EFFECTS.index(finding["effect"]))


def check_first_view(browser, findings):
    loud = [finding for finding in findings if finding["severity"] != "info"]
    check("information is folded at first", shown(browser) == len(loud) < len(findings), (shown(browser), len(loud)))
    first = first_row(browser)
    gravest = min(findings, key=gravity)
    check("the gravest come first", first["severity"].lower() == gravest["severity"] and first["effect"] == gravest["effect"], (first, gravest))
    check("suggestions are shown", "suggestion" in first, first)
    unfold(browser)
    check("and unfolded by a button", shown(browser) == len(findings), shown(browser))


def follow(browser, hash):
    browser.run("location.hash = arguments[0]", hash)
    time.sleep(0.4)


def check_links(browser, findings):
    rule = "mail-not-routable"
    follow(browser, f"rule={rule}&state=known")
    expected = sum(finding["rule"] == rule and finding["state"] == "known" for finding in findings)
    check("a link filters", shown(browser) == expected > 0, (shown(browser), expected))
    flagged = findings[5]
    follow(browser, f"id={flagged['fingerprint']}")
    text = browser.run("return document.querySelector('#detail').hidden ? '' : document.querySelector('#detail').innerText")
    check("a link opens a finding", flagged["fingerprint"] in text, text)
    others = sum(finding["dn"] == flagged["dn"] for finding in findings) - 1
    listed = browser.run("return document.querySelectorAll('#detail .others button').length")
    check("the other findings of the object are listed", listed == min(12, others), (listed, others))
    browser.press("Escape")
    follow(browser, "rule=<script>&below=nonsense&severity=x&id=1")
    check("a link that means nothing does no harm", shown(browser) == 0, shown(browser))
    clear(browser)
    check("the address follows the filters", browser.run("return location.hash") in ("", "#information=shown"), browser.run("return location.hash"))
    choose(browser, "#filter-effect", "dropped")
    check("and names them", "effect=dropped" in browser.run("return location.hash"))
    clear(browser)


def check_places(browser, findings):
    unfold(browser)
    bars = browser.run("return [...document.querySelectorAll('#chart-containers button')].map((bar) => bar.querySelector('.bar-label').textContent)")
    check("units are listed", any("ou=" in bar for bar in bars), bars)
    if bars:
        browser.run("[...document.querySelectorAll('#chart-containers button')].find((bar) => bar.textContent.startsWith('ou=')).click()")
        below = browser.run("return new URLSearchParams(location.hash.slice(1)).get('below')")
        expected = sum(isinstance(finding["dn"], str) and finding["dn"].lower().endswith("," + below) for finding in findings)
        check("a unit filters what is below it", shown(browser) == expected > 0, (below, shown(browser), expected))
        clear(browser)


QUOTES = "'\u2018\u2019\u201a\u201b"


def powershell_value(text, index):
    """Reads an expression as PowerShell does; returns the value in UTF-16 and where it ended."""
    units = b""
    if text.startswith("([Convert]::FromBase64String('", index):
        start = index + len("([Convert]::FromBase64String('")
        end = text.index("'))", start)
        return base64.b64decode(text[start:end], validate=True), end + 3
    inside = text[index] == "("
    index += inside
    while True:
        if text[index] == "'":
            index += 1
            while True:
                if text[index] in QUOTES:
                    if text[index + 1:index + 2] and text[index + 1] in QUOTES:
                        units += text[index + 1].encode("utf-16-le")
                        index += 2
                        continue
                    index += 1
                    break
                if not text[index].isprintable():
                    raise ValueError(f"a character that cannot be seen at {index}")
                units += text[index].encode("utf-16-le")
                index += 1
        else:
            match = re.compile(r"\[char\]0x([0-9A-F]+)").match(text, index)
            units += int(match[1], 16).to_bytes(2, "little")
            index = match.end()
        if not inside:
            return units.decode("utf-16-le"), index
        if text.startswith(" + ", index):
            index += 3
            continue
        if text[index] != ")":
            raise ValueError(f"no end at {index}")
        return units.decode("utf-16-le"), index + 1


def bytes_of(value):
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def check_exports(browser, findings):
    browser.run("""
        window.copied = null;
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } }, configurable: true });
        URL.createObjectURL = (blob) => { window.saved = blob; return 'about:blank#'; };
        HTMLAnchorElement.prototype.click = () => {};""")
    choose(browser, "#filter-rule", "<script>")
    hostile = [finding for finding in findings if finding["rule"] == "hostile"]

    def press(selector):
        browser.run("document.querySelector(arguments[0]).click()", selector)
        time.sleep(0.3)
    press("#save-csv")
    text = browser.run_async("window.saved.arrayBuffer().then((buffer) => arguments[0](new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer)))")
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))
    check("CSV: a mark, and a row for each finding", text[0] == "\ufeff" and len(rows) == len(hostile) + 1, (text[:1], len(rows)))
    check("CSV: every row is whole", all(len(row) == len(rows[0]) for row in rows))
    formulas = [cell for row in rows for cell in row for part in re.split(r"[;\t\r\n]", cell) if part.lstrip(" \"\u00a0\ufeff\u200b\u2060\u3000")[:1] in tuple("=+-@")]
    check("CSV: no cell is a formula", not formulas, formulas)
    fresh = [finding for finding in hostile if not (isinstance(finding["value"], dict) and "bytes" in finding["value"])]
    press("#copy-powershell")
    commands = browser.run("return window.copied").split("\n")
    seen = set()
    faults = []
    for command in commands:
        try:
            head = "Set-ADObject -Identity "
            assert command.startswith(head), command[:60]
            _, index = powershell_value(command, len(head))
            middle = " -Replace @{displayName="
            assert command.startswith(middle, index), command[index:index + 60]
            value, index = powershell_value(command, index + len(middle))
            assert command[index:] == "}", command[index:index + 40]
            seen.add(value)
        except (AssertionError, ValueError, TypeError, IndexError) as error:
            faults.append(str(error))
    expected = {bytes_of(finding["value"]) for finding in fresh}
    check("PowerShell: every value is what it was", not faults and seen == expected, (faults[:3], list(expected ^ seen)[:3]))
    press("#copy-ldif")
    records = [record for record in browser.run("return window.copied").split("\n\n")]
    seen = set()
    faults = []
    for record in records:
        lines = record.rstrip("\n").split("\n")
        shape = [line.split(":")[0] for line in lines]
        if shape != ["dn", "changetype", "delete", "displayName", "-", "add", "displayName", "-"]:
            faults.append(shape)
            continue
        line = lines[6].removeprefix("displayName:")
        raw = base64.b64decode(line[2:], validate=True) if line.startswith(":") else line[1:].encode()
        seen.add(raw)
    expected = {value if isinstance(value, bytes) else value.encode() for value in expected}
    check("LDIF: every value is what it was", not faults and seen == expected, (faults[:3], list(expected ^ seen)[:3]))
    clear(browser)


def check_without_scripts(path, findings):
    """What mail programs, chats and build servers show of the page."""
    gravest = sorted((finding for finding in findings if finding["state"] not in ("gone", "suppressed")), key=lambda finding: (finding["state"] == "known", *gravity(finding)[1:]))
    for name, width, dark in [("desktop", 1280, False), ("phone", 400, True)]:
        with Browser(dark=dark) as browser:
            browser.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
            browser.command("POST", "/url", {"url": f"file://{path}"})
            time.sleep(1)
            # Nothing may run in the page, so that its markup is looked at from outside.
            root = browser.devtools("DOM.getDocument", depth=0)["root"]["nodeId"]

            def all_of(selector):
                return browser.devtools("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]

            def box(node):
                try:
                    return browser.devtools("DOM.getBoxModel", nodeId=node)["model"]
                except RuntimeError:
                    return None
            rows = [node for node in all_of("#gravest tbody tr") if box(node)]
            check(f"no scripts, {name}: twenty rows", len(rows) == min(20, len(gravest)), len(rows))
            first = re.sub(r"<[^>]*>", " ", browser.devtools("DOM.getOuterHTML", nodeId=rows[0])["outerHTML"])
            check(f"no scripts, {name}: the gravest first", gravest[0]["severity"] in first, first)
            for selector in ["#headline", "#verdict", "#tiles .tile", "#chart-effects .bar-fill", "#chart-rules .bar-fill"]:
                nodes = all_of(selector)
                check(f"no scripts, {name}: {selector} is there", nodes and all(box(node) for node in nodes), len(nodes))
            for selector in ["#grid", "#theme", "#detail"]:
                check(f"no scripts, {name}: {selector} is not", not any(box(node) for node in all_of(selector)))
            wide = [box(node)["width"] for node in all_of("#main, #main > section") if box(node)]
            check(f"no scripts, {name}: nothing is wider than the screen", max(wide) <= width, wide)


def check_filters(browser, findings):
    check("every finding is counted", shown(browser) == len(findings), shown(browser))
    for severity in SEVERITIES:
        expected = sum(finding["severity"] == severity for finding in findings)
        browser.click(f'[data-severity="{SEVERITIES.index(severity)}"]')
        pressed = browser.run(f"""return document.querySelector('[data-severity="{SEVERITIES.index(severity)}"]').getAttribute('aria-pressed')""")
        check(f"filter by severity {severity}", shown(browser) == expected and pressed == "true", (shown(browser), expected))
        clear(browser)
    effect = findings[0]["effect"]
    choose(browser, "#filter-effect", effect)
    expected = sum(finding["effect"] == effect for finding in findings)
    check("filter by effect", shown(browser) == expected, (shown(browser), expected))
    attribute = findings[0]["attribute"]
    choose(browser, "#filter-attribute", attribute + " (")
    expected = sum(finding["effect"] == effect and finding["attribute"] == attribute for finding in findings)
    check("filters add up", shown(browser) == expected, (shown(browser), expected))
    clear(browser)
    check("clearing shows all", shown(browser) == len(findings))
    for state, title in [("new", "New"), ("gone", "Gone"), ("suppressed", "Accepted")]:
        choose(browser, "#filter-state", title + " (")
        expected = sum(finding["state"] == state for finding in findings)
        check(f"filter by state {state}", shown(browser) == expected and expected > 0, (shown(browser), expected))
        clear(browser)
    browser.click("#chart-rules button")
    count = browser.run("return Number(document.querySelector('#chart-rules .bar-count').textContent.replace(/,/g, ''))")
    # The counts of a run leave out what is gone, which the table shows.
    gone = sum(finding["state"] == "gone" and finding["rule"] == findings[0]["rule"] for finding in findings)
    check("a bar of a chart filters", 0 < shown(browser) and shown(browser) in (count, count + gone), (shown(browser), count))
    browser.click("#chart-rules button")
    check("and a second time no more", shown(browser) == len(findings))
    word = "kettle"
    search(browser, word.upper())
    expected = sum(word in json.dumps([finding["dn"], finding["value"], finding["message"], finding["related"]], ensure_ascii=False).lower() for finding in findings)
    check("search in names and values", shown(browser) == expected and expected > 0, (shown(browser), expected))
    search(browser, "no such thing anywhere")
    check("search that finds nothing says so", shown(browser) == 0 and browser.run("return !document.querySelector('#nothing').hidden"))
    check("the live region tells", "0 of" in browser.run("return document.querySelector('#status').textContent"))
    clear(browser)


def check_sorting(browser, findings):
    names = sorted((finding["dn"] if isinstance(finding["dn"], str) else "") .lower() for finding in findings)
    browser.click('[data-column="object"]')
    order = browser.run("return document.querySelector('[data-column=object]').closest('[role]').getAttribute('aria-sort')")
    check("sorting by object", order == "ascending", order)
    browser.click('[data-column="object"]')
    top = first_row(browser)
    last = names[-1]
    check("sorting downwards", top["object"].lower()[:6] in re.sub(r"^[^=]*=", "", last)[:40] or last.startswith("cn=" + top["object"].lower()[:4]), (top["object"], last))
    browser.click('[data-column="object"]')
    order = browser.run("return document.querySelector('[data-column=object]').closest('[role]').getAttribute('aria-sort')")
    check("and back to the order of the input", order == "none", order)
    browser.click('[data-column="severity"]')
    check("sorting by severity puts errors first", "Error" in first_row(browser)["severity"], first_row(browser))
    browser.click('[data-column="severity"]')
    browser.click('[data-column="severity"]')


def check_columns(browser):
    browser.click("details.menu summary")
    browser.run("[...document.querySelectorAll('#columns label')].find((label) => label.textContent.includes('Message')).querySelector('input').click()")
    check("a column can be added", browser.run("return !!document.querySelector('[data-column=message]')"))
    browser.run("[...document.querySelectorAll('#columns label')].find((label) => label.textContent.includes('Message')).querySelector('input').click()")
    check("and taken away", browser.run("return !document.querySelector('[data-column=message]')"))
    browser.press("Escape")
    check("Escape closes the menu", browser.run("return !document.querySelector('details.menu').open"))


def check_keyboard(browser, findings):
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(80):
        browser.press("Tab")
        if browser.run("return document.activeElement.id") == "grid":
            break
    check("Tab reaches the table", browser.run("return document.activeElement.id") == "grid")
    browser.press("Home", "ArrowDown", "ArrowDown")
    active = browser.run("return document.querySelector('#grid').getAttribute('aria-activedescendant')")
    there = browser.run("return !!document.getElementById(arguments[0])", active)
    check("arrow keys move the active row", active == "row-2" and there, active)
    browser.press("End")
    active = browser.run("return document.querySelector('#grid').getAttribute('aria-activedescendant')")
    check("End goes to the last row", active == f"row-{len(findings) - 1}", active)
    browser.press("Home", "Enter")
    check("Enter shows the finding", browser.run("return !document.querySelector('#detail').hidden && document.activeElement.id === 'detail-title'"))
    browser.press("Escape")
    check("Escape goes back to the table", browser.run("return document.querySelector('#detail').hidden && document.activeElement.id === 'grid'"))
    browser.press("/")
    check("/ goes to the search", browser.run("return document.activeElement.id === 'search'"))
    browser.run("document.activeElement.blur()")


def open_finding(browser, fingerprint):
    search(browser, fingerprint)
    browser.click("#row-0")


def check_details(browser, findings, run):
    titles = {rule["id"]: rule["title"] for rule in run["rules"]}
    flagged = next(finding for finding in findings if finding["spans"] and finding["spans"][2] == 0x20 and finding["rule"] in titles)
    open_finding(browser, flagged["fingerprint"])
    text = browser.run("return document.querySelector('#detail').innerText")
    check("detail: title of the rule", titles[flagged["rule"]] in text, text)
    check("detail: the character is named", "U+0020 SPACE" in text, text)
    marked = browser.run("return [...document.querySelectorAll('.value-box mark')].map((mark) => mark.textContent)")
    check("detail: the character is marked", "␣" in marked, marked)
    rule = next(rule for rule in run["rules"] if rule["id"] == flagged["rule"])
    links = browser.run("return [...document.querySelectorAll('.references a')].map((link) => [link.href, link.rel])")
    check("detail: references", [link[0] for link in links] == rule["references"] and all("noreferrer" in link[1] for link in links), links)
    check("detail: explanation", " ".join(rule["explanation"].split())[:60] in " ".join(text.split()), text)
    browser.press("Escape")
    group = max(findings, key=lambda finding: len(finding["related"]))
    open_finding(browser, group["fingerprint"])
    rows = browser.run("return document.querySelectorAll('.holders tbody tr').length")
    check("detail: holders at first", rows == min(100, len(group["related"]) + 1), rows)
    if len(group["related"]) >= 100:
        browser.run("[...document.querySelectorAll('#detail button')].find((button) => button.textContent.startsWith('Show all')).click()")
        rows = browser.run("return document.querySelectorAll('.holders tbody tr').length")
        check("detail: all holders", rows == len(group["related"]) + 1, rows)
    browser.press("Escape")
    accepted = next(finding for finding in findings if finding["state"] == "suppressed")
    open_finding(browser, accepted["fingerprint"])
    text = browser.run("return document.querySelector('#detail').innerText")
    check("detail: who accepted it, why and until when", all(part in text for part in ["jo.doe@contoso.com", "leaves with the merger", "2027-03-31"]), text)
    browser.press("Escape")
    clear(browser)


def check_hostile(browser, findings):
    """Opens every finding of the rule `hostile` and looks what its values became."""
    hostile = [finding for finding in findings if finding["rule"] == "hostile"]
    check("there are hostile values", len(hostile) > 20, len(hostile))
    for finding in hostile:
        open_finding(browser, finding["fingerprint"])
        browser.press("Escape")
    clear(browser)
    choose(browser, "#filter-rule", "<script>")
    check("the hostile rule can be chosen", shown(browser) == len(hostile), shown(browser))
    hidden = browser.run("""
        const dangerous = /[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\u200B-\\u200F\\u202A-\\u202E\\u2066-\\u2069\\u2028\\u2029\\uFEFF]/;
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
          const parent = walker.currentNode.parentElement.tagName;
          if (parent !== 'SCRIPT' && dangerous.test(walker.currentNode.data)) found.push(escape(walker.currentNode.data.slice(0, 60)));
        }
        return found;""")
    check("no hidden or reordering character reaches the page", not hidden, hidden)
    chips = browser.run("return [...document.querySelectorAll('.rows .chip')].map((chip) => chip.textContent)")
    check("they are shown as chips", any("U+202E" in chip for chip in chips) and any("U+0000" in chip for chip in chips), chips)
    clear(browser)


def check_policy(browser):
    """What the policy would refuse if something got through after all."""
    violations = browser.run_async("""
        const done = arguments[arguments.length - 1];
        const seen = [];
        document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
        const image = document.createElement('img');
        image.src = 'https://attacker.invalid/pixel';
        document.body.append(image);
        fetch('https://attacker.invalid/').catch(() => seen.push('fetch refused'));
        const attempt = (name, work) => { try { work(); seen.push(`${name} allowed`); } catch { seen.push(`${name} refused`); } };
        const made = document.createElement('div');
        document.body.append(made);
        attempt('handler', () => { made.setAttribute('onclick', 'window.pwned = 1'); made.click(); });
        attempt('markup', () => { made.innerHTML = '<b>x</b>'; });
        attempt('script', () => { const script = document.createElement('script'); script.text = 'window.pwned = 1'; made.append(script); });
        made.setAttribute('style', 'color: red');
        setTimeout(() => { image.remove(); made.remove(); done(seen); }, 600);""")
    refused = ["img-src", "fetch refused", "handler refused", "markup refused", "script refused"]
    check("policy: images, requests, handlers, markup and scripts are refused",
          all(name in violations for name in refused) and any(name.startswith("style-src") for name in violations), violations)
    check("policy: nothing of it ran", browser.run("return typeof window.pwned") == "undefined")
    browser.log("browser")
    browser.requests()


def check_accessibility(browser):
    expected = {"#grid": ("grid", "Findings"), "#search": ("searchbox", None), "#filter-rule": ("combobox", "Rule"),
                "#filter-attribute": ("combobox", "Attribute"), "#theme": ("button", None), "#status": ("status", None),
                '[data-severity="2"]': ("button", None), "main": ("main", None), ".trend": ("image", None),
                "#detail": (None, None)}
    for selector, (role, name) in expected.items():
        if role is None:
            continue
        found_role, found_name = browser.role_and_name(selector)
        right_name = found_name == name if name else found_name != "" or role in ("status", "main")
        check(f"role and name of {selector}", found_role in (role, "img" if role == "image" else role) and right_name, (found_role, found_name))
    nameless = []
    count = browser.run("""
        window.controls = [...document.querySelectorAll('button, input, select, summary, a[href], [tabindex="0"]')]
          .filter((element) => element.checkVisibility() && !element.closest('.rows'));
        window.controls.forEach((element, index) => { element.dataset.check = index; });
        return window.controls.length;""")
    for index in range(count):
        role, name = browser.role_and_name(f'[data-check="{index}"]')
        if not name.strip():
            nameless.append(browser.run(f"return window.controls[{index}].outerHTML.slice(0, 120)"))
    check(f"all {count} controls have names", count > 20 and not nameless, nameless)
    rows = browser.run("""
        const grid = document.querySelector('#grid');
        return [grid.getAttribute('aria-rowcount'), grid.querySelectorAll('[role=row]').length, grid.querySelectorAll('[role=columnheader]').length,
          [...grid.querySelectorAll('.rows [role=row]')].every((row) => row.getAttribute('aria-rowindex') && [...row.children].every((cell) => cell.getAttribute('role') === 'gridcell'))];""")
    check("rows and cells have their roles", int(rows[0]) > 1 and rows[1] > 3 and rows[2] >= 6 and rows[3], rows)


CONTRAST = """
const luminance = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
const parse = (text) => { const m = text.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
const behind = (element) => { for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
const poor = new Set();
for (const element of document.querySelectorAll('body *')) {
  if (!element.checkVisibility() || element.closest('.hidden') || element.closest('svg') || element.matches(':disabled')) continue;
  if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
  const style = getComputedStyle(element);
  const [a, b] = [luminance(parse(style.color)), luminance(behind(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const isLarge = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700;
  if (ratio < (isLarge ? 3 : 4.5)) poor.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
}
return [...poor];"""


def check_themes(browser):
    colours = []
    for scheme in ["light", "dark"]:
        browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        time.sleep(0.3)
        browser.click("#row-0")
        time.sleep(0.3)
        colours.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
        poor = browser.run(CONTRAST)
        check(f"contrast of text in {scheme} (WCAG AA)", not poor, poor)
        browser.press("Escape")
    check("dark and light follow the system", colours[0] != colours[1], colours)
    before = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.click("#theme")
    after = browser.run("return getComputedStyle(document.body).backgroundColor")
    check("the switch overrides the system", before != after and browser.run("return document.documentElement.dataset.theme") == "light", (before, after))
    browser.devtools("Emulation.setEmulatedMedia", features=[])
    browser.click("#theme")
    browser.click("#theme")


def check_print(browser, findings):
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    rows = browser.run("return document.querySelectorAll('#print-table table')[1].tBodies[0].rows.length")
    check("printing lists the gravest", rows == min(50, len(findings)), rows)
    rules = browser.run("return document.querySelector('#print-table table tbody').rows.length")
    check("printing has numbers by rule", rules == len({finding["rule"] for finding in findings}), rules)
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    pdf = browser.print_pdf()
    check("it prints", pdf.startswith(b"%PDF") and len(pdf) > 20000, len(pdf))


def check_narrow(browser):
    browser.devtools("Emulation.setDeviceMetricsOverride", width=400, height=800, deviceScaleFactor=1, mobile=False)
    time.sleep(0.4)
    widths = browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    check("no sideways scrolling on a narrow screen", widths[0] <= widths[1], widths)
    browser.run("document.querySelector('#row-0').click()")
    check("the panel takes the narrow screen, and the rest is inert",
          browser.run("return document.querySelector('#main').inert && document.querySelector('#detail').offsetWidth >= 390"))
    browser.press("Escape")
    check("and gives it back", browser.run("return !document.querySelector('#main').inert"))
    browser.devtools("Emulation.clearDeviceMetricsOverride")


def check_small(path):
    findings, run = load(path)
    with Browser() as browser:
        browser.open(path)
        check_first_view(browser, findings)
        check_filters(browser, findings)
        check_sorting(browser, findings)
        check_columns(browser)
        check_keyboard(browser, findings)
        check_details(browser, findings, run)
        check_hostile(browser, findings)
        check_links(browser, findings)
        check_places(browser, findings)
        check_exports(browser, findings)
        check("the trend is drawn", browser.run("return document.querySelectorAll('.trend .dot').length") == len(run["trend"]) + 1)
        check_accessibility(browser)
        check_themes(browser)
        check_print(browser, findings)
        check_narrow(browser)
        check_quiet(browser, path, "small page")
        check_policy(browser)
    check_without_scripts(path, findings)


def check_large(path):
    findings, _ = load(path)
    with Browser() as browser:
        browser.open(path)
        # How fast depends on what else the machine does; the figure is for who measures.
        ready = int(browser.run("return document.documentElement.dataset.ready"))
        print(f"# {len(findings)} findings: interactive after {ready} ms", flush=True)
        check("large: becomes interactive", ready > 0)
        unfold(browser)
        check("large: every finding is counted", shown(browser) == len(findings), shown(browser))
        timing = browser.run("""
            const measure = (work) => { const began = performance.now(); work(); return Math.round(performance.now() - began); };
            return { sort: measure(() => document.querySelector('[data-column=object]').click()),
                     again: measure(() => document.querySelector('[data-column=value]').click()),
                     filter: measure(() => document.querySelector('[data-severity="1"]').click()) };""")
        print(f"# first sort {timing['sort']} ms, by value {timing['again']} ms, filter {timing['filter']} ms", flush=True)
        expected = sum(finding["severity"] == "warning" for finding in findings)
        check("large: filter", shown(browser) == expected, (shown(browser), expected))
        clear(browser)
        search(browser, "user 49999 ")
        check("large: search", shown(browser) == 1, shown(browser))
        clear(browser)
        browser.run("document.querySelector('#grid').focus()")
        browser.press("End")
        time.sleep(0.3)
        last = browser.run("return document.getElementById(document.querySelector('#grid').getAttribute('aria-activedescendant')).getAttribute('aria-rowindex')")
        rows = browser.run("return document.querySelectorAll('.rows .row').length")
        check("large: the last row, and only rows in sight", int(last) == len(findings) + 1 and rows < 150, (last, rows))
        check_quiet(browser, path, "large page")


def check_empty(path):
    with Browser() as browser:
        browser.open(path)
        check("empty: says clean", "Clean" in browser.run("return document.body.innerText"))
        check("empty: no charts", browser.run("return document.querySelector('#charts').hidden"))
        check_quiet(browser, path, "empty page")


check_small(sys.argv[1])
check_large(sys.argv[2])
check_empty(sys.argv[3])
print("done")
