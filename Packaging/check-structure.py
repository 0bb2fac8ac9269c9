#!/usr/bin/env python3
"""Checks how the sources are built, beyond what the compiler checks.

1. Unsafe code stands in `Fast/` folders, in `Bytes`, and in the one importer of each C library.
2. Each C library and each package is imported by one target.
3. Files of a target that name each other in a circle are at most three, so that each can be read for itself. Told by the names
   of top-level types: a file depends on those whose types it names in its code.

Without arguments; prints what is wrong and ends with 1, or tells in one line that nothing is.
"""

import collections
import pathlib
import re
import sys

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "Sources"

# Where C is called: the only importer of libldap, of SQLite, of libevtx, of libxlsxwriter.
IMPORTERS = ("LDAP/", "Stores/", "SyncErrors/EventLog/", "Reporting/Workbook/")
UNSAFE = re.compile(r"\b(?:with)?[Uu]nsafe[A-Z]\w*|\bunsafeBitCast\b")

LARGEST_CIRCLE = 3
# Files with unsafe code that is still to go; a file without any must leave the list.
KNOWN_UNSAFE = {
    "SyncErrors/Formats/EventLabels.swift",
    "SyncErrors/Formats/LabelledDump.swift",
    "SyncErrors/Formats/Paragraph.swift",
    "SyncErrors/Messages/Trimmed.swift",
}

FOREIGN = re.compile(r"^\s*import\s+(C[A-Z]\w*|GRDB\w*|Yams|ArgumentParser)\b", re.M)

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|final|indirect|nonisolated)\s+)*"
    r"(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)",
    re.M,
)


def code(path):
    """The text of a file without comments and texts of string literals."""
    text = path.read_text()
    text = re.sub(r'#"""(.*?)"""#|"""(.*?)"""', '""', text, flags=re.S)
    text = re.sub(r'#".*?"#|"(?:\\.|[^"\\\n])*"', '""', text)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def circles(graph):
    """The sets of files that name each other in a circle (Tarjan, without recursion)."""
    order, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in graph:
        if root in order:
            continue
        work = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], order[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    if len(group) > 1:
                        found.append(group)
    return found


def main():
    faults = []
    importers = collections.defaultdict(set)
    remaining = set(KNOWN_UNSAFE)
    for target in sorted(path for path in SOURCES.iterdir() if path.is_dir()):
        files = {path: code(path) for path in sorted(target.rglob("*.swift"))}
        homes = {}
        for path, text in files.items():
            name = path.relative_to(SOURCES).as_posix()
            for module in FOREIGN.findall(text):
                importers[module].add(target.name)
            if UNSAFE.search(text):
                remaining.discard(name)
                allowed = "/Fast/" in name or name.startswith(("Bytes/", *IMPORTERS)) or name in KNOWN_UNSAFE
                if not allowed:
                    line = next(n for n, l in enumerate(path.read_text().split("\n"), 1) if UNSAFE.search(l))
                    faults.append(
                        f"Sources/{name}:{line}: unsafe code belongs into a Fast/ folder, into Bytes, "
                        "or into the one importer of a C library"
                    )
            for declared in DECLARATION.findall(text):
                homes.setdefault(declared, path)
        words = {path: set(re.findall(r"\b[A-Za-z_]\w*", text)) for path, text in files.items()}
        graph = {
            path: sorted({homes[word] for word in words[path] & homes.keys()} - {path}) for path in files
        }
        for group in circles(graph):
            if len(group) > LARGEST_CIRCLE:
                names = ", ".join(sorted(path.stem for path in group))
                faults.append(
                    f"Sources/{target.name}: {len(group)} files name each other in a circle, at most {LARGEST_CIRCLE} may: {names}"
                )
    for module, targets in sorted(importers.items()):
        if len(targets) > 1:
            faults.append(f"{module} is imported by {', '.join(sorted(targets))}; one target may")
    for name in sorted(remaining):
        faults.append(f"Sources/{name}: has no unsafe code any more; take it out of KNOWN_UNSAFE")
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    print("The structure is as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
