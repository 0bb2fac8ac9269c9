#!/usr/bin/env python3
"""Checks that the findings on a generated export do not depend on how it is read, and that they are the right ones.

    Benchmarks/check-findings.py [--program PROGRAM] EXPORT MANIFEST

Every line of the manifest must be found by the rules that it names, and no finding may be about another object alone.
Prints one sentence for each check; exit status 1 when one fails.
"""

import argparse
import csv
import hashlib
import json
import subprocess
import sys


def findings(program, source, threads, stdin=None):
    """Runs the linter; its lines of output, with the name of the source taken out."""
    command = [program, "lint", "--format", "ndjson", "--threads", str(threads), source]
    name = json.dumps({"source": source}, separators=(",", ":"), ensure_ascii=False)[1:-1].replace("/", r"\/")
    names = [
        name.encode(),
        name.replace(r"\/", "/").encode(),
        b'"source":"<stdin>"',
        b'"source":"-"',
        b'"source":"stdin"',
    ]
    with subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            for text in names:
                line = line.replace(text, b'"source":""')
            yield line
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}")


def digest(lines):
    sums = hashlib.sha256()
    for line in lines:
        sums.update(line)
    return sums.hexdigest()


def unescape(text):
    pieces = text.split("\\\\")
    return "\\".join(piece.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r") for piece in pieces)


def expected(manifest):
    """DN -> (defect, rules, DN of the other holder) of every object with a defect."""
    with open(manifest, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            unescape(row["dn"]): (
                row["defect"],
                {rule for rule in row["rules"].split(",") if rule},
                unescape(row["other"]),
            )
            for row in rows
        }


def compare(defects, lines):
    """The number of findings, the defects that were missed, and findings that no defect explains."""
    found = {}
    surprises = {}
    total = 0
    for line in lines:
        total += 1
        finding = json.loads(line)
        holders = [finding["dn"]] + [related["dn"] for related in finding.get("related") or []]
        for holder in holders:
            found.setdefault(holder, set()).add(finding["rule"])
        if not any(holder in defects for holder in holders):
            surprises.setdefault(finding["rule"], []).append(finding["dn"])
    missed = {}
    for dn, (defect, rules, _) in defects.items():
        lacking = rules - found.get(dn, set())
        if lacking or dn not in found:
            missed.setdefault((defect, ",".join(sorted(lacking))), []).append(dn)
    return total, missed, surprises


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/dirsync-lint")
    parser.add_argument("export")
    parser.add_argument("manifest")
    options = parser.parse_args()

    failed = False
    one = digest(findings(options.program, options.export, 1))
    two = digest(findings(options.program, options.export, 2))
    with open(options.export, "rb") as file:
        stdin = digest(findings(options.program, "-", 1, file))
    if one == two == stdin:
        print("Findings are the same, byte for byte, for one thread, two threads and stdin.")
    else:
        failed = True
        print(f"Findings DIFFER: one thread {one[:12]}, two threads {two[:12]}, stdin {stdin[:12]}.")

    defects = expected(options.manifest)
    total, missed, surprises = compare(defects, findings(options.program, options.export, 2))
    failed = failed or bool(missed or surprises)
    if not missed and not surprises:
        print(f"{total:,} findings: each of the {len(defects):,} defects of the manifest was found, and nothing else.")
    for (defect, rules), places in sorted(missed.items()):
        print(f"MISSED: {defect} {rules and f'by {rules} '}on {len(places)} objects, such as {places[0]}")
    for rule, places in sorted(surprises.items()):
        print(f"NOT IN THE MANIFEST: {rule} on {len(places)} objects, such as {places[0]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
