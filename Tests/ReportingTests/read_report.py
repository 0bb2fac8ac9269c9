#!/usr/bin/env python3
"""Reads reports with parsers that know nothing of the program that wrote them.

    read_report.py FORMAT FILE

FORMAT is xlsx, mail, adaptive-card, json, ndjson, sarif, junit, csv, csv-excel or idfix-csv. Prints what was read as JSON:

- xlsx: for each sheet its name, rows, kinds of its cells, and what has formulas or links;
- mail: the headers and the decoded parts;
- csv: the rows;
- junit: each element with its attributes and text;
- else the JSON value, or the values of the lines.

Ends with 1 and says why when the file is not of the format.
"""

import csv
import email
import email.policy
import json
import sys
import xml.etree.ElementTree
import zipfile


def xlsx(path):
    import openpyxl
    from openpyxl.utils.escape import unescape

    # Every member is well-formed XML: openpyxl does not look at all of them.
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            xml.etree.ElementTree.fromstring(archive.read(name))
        dates = sorted({str(member.date_time) for member in archive.infolist()})
    # A file by its name is refused for another ending.
    with open(path, "rb") as file:
        book = openpyxl.load_workbook(file)
    sheets = []
    for sheet in book:
        rows, kinds, links = [], set(), 0
        for row in sheet.iter_rows():
            rows.append([unescape(c.value) if isinstance(c.value, str) else c.value for c in row])
            kinds |= {c.data_type for c in row if c.value is not None}
            links += sum(c.hyperlink is not None for c in row)
        sheets.append({
            "name": sheet.title, "rows": rows, "kinds": sorted(kinds), "links": links,
            "frozen": sheet.freeze_panes, "filter": sheet.auto_filter.ref,
        })
    created = book.properties.created.isoformat()
    return {"sheets": sheets, "created": created, "title": book.properties.title, "dates": dates}


def mail(path):
    data = open(path, "rb").read()
    assert max(map(len, data.split(b"\r\n"))) <= 998 and b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = list(message.walk())
    defects = [str(defect) for part in parts for defect in part.defects]
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "types": [part.get_content_type() for part in parts],
        "parts": [part.get_content() for part in parts if not part.is_multipart()],
        "defects": defects,
    }


def table(path, encoding="utf-8"):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding=encoding) as file:
        return list(csv.reader(file, strict=True))


def junit(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    return [[element.tag, element.attrib, element.text or ""] for element in root.iter()]


def value(path):
    return json.load(open(path, encoding="utf-8"))


def lines(path):
    return [json.loads(line) for line in open(path, encoding="utf-8", newline="\n")]


READERS = {
    "xlsx": xlsx, "mail": mail, "junit": junit, "csv": table, "idfix-csv": table,
    "csv-excel": lambda path: table(path, "utf-8-sig"),
    "json": value, "sarif": value, "adaptive-card": value, "ndjson": lines,
}

if __name__ == "__main__":
    json.dump(READERS[sys.argv[1]](sys.argv[2]), sys.stdout, default=str)
