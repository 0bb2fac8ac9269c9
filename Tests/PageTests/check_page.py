#!/usr/bin/env python3
"""Checks pages of the HTML report in a headless Chromium: `check_page.py SMALL LARGE EMPTY`.

Prints a line for each check, `ok NAME` or `not ok NAME: what was seen`, and figures as `# …`. What must be seen is worked
out from the data in the page itself, by other code than the page's.
"""

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
    rows = browser.run("return document.querySelectorAll('#print-table tbody tr').length")
    check("printing lists the findings", rows == min(2000, len(findings)), rows)
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
        check_filters(browser, findings)
        check_sorting(browser, findings)
        check_columns(browser)
        check_keyboard(browser, findings)
        check_details(browser, findings, run)
        check_hostile(browser, findings)
        check("the trend is drawn", browser.run("return document.querySelectorAll('.trend .dot').length") == len(run["trend"]) + 1)
        check_accessibility(browser)
        check_themes(browser)
        check_print(browser, findings)
        check_narrow(browser)
        check_quiet(browser, path, "small page")
        check_policy(browser)


def check_large(path):
    findings, _ = load(path)
    with Browser() as browser:
        browser.open(path)
        print(f"# {len(findings)} findings: interactive after {browser.run('return document.documentElement.dataset.ready')} ms", flush=True)
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
