#!/usr/bin/env python3
"""Writes top-level-domains.txt, transliteration.txt and look-alikes.txt beside this script.

Needs python3-idna, and the Public Suffix List in the package publicsuffixlist of PyPI, whose version ends in the date of
the list:

    pip install --target /tmp/list publicsuffixlist
    PYTHONPATH=/tmp/list python3 Rules/data/make-lists.py
"""
import importlib.metadata
import pathlib
import sys
import unicodedata

import idna
import publicsuffixlist

SOURCE = pathlib.Path(publicsuffixlist.__file__).parent / "public_suffix_list.dat"
HERE = pathlib.Path(__file__).resolve().parent


def package_version():
    """Version of the package of the list: its last part is the date of the list."""
    return importlib.metadata.version("publicsuffixlist")


def top_level_domains():
    """Last labels of every rule of the ICANN section, as Unicode and as xn-- labels."""
    labels = set()
    inside = False
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("// ===BEGIN ICANN DOMAINS==="):
            inside = True
        elif line.startswith("// ===END ICANN DOMAINS==="):
            inside = False
        elif inside and line.strip() and not line.startswith("//"):
            rule = line.split()[0].lstrip("!")
            labels.add(rule.rsplit(".", 1)[-1].lower())
    both = set()
    for label in labels:
        ascii_label = idna.encode(label, uts46=True).decode("ascii")
        both.add(ascii_label)
        both.add(idna.decode(ascii_label))
    return sorted(both)


def write_top_level_domains():
    version = package_version()
    day = version.rsplit(".", 1)[-1]
    date = f"{day[0:4]}-{day[4:6]}-{day[6:8]}"
    lines = [
        "# Top-level domains: the last label of every rule of the ICANN section of the Public Suffix List.",
        "# Internationalised ones stand as Unicode and as xn-- label; lower case, sorted by code point.",
        f"# Date: {date}",
        f"# Source: Public Suffix List, https://publicsuffix.org/, package publicsuffixlist {version}",
        "# Licence: derived from the Public Suffix List, Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/)",
        "# Written by make-lists.py; run it again to bring the list up to date.",
    ]
    labels = top_level_domains()
    (HERE / "top-level-domains.txt").write_text("\n".join(lines + labels) + "\n", encoding="utf-8")
    return len(labels)


# Letters without a canonical decomposition, ligatures, and letters that are written with two in ASCII.
SPECIAL = {
    "ß": "ss", "ẞ": "SS", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d",
    "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "Ł": "L", "ł": "l", "ı": "i", "ȷ": "j", "Ħ": "H", "ħ": "h",
    "Ŧ": "T", "ŧ": "t", "Ŋ": "N", "ŋ": "n", "ĸ": "k", "ŉ": "n", "ſ": "s", "ƀ": "b", "Ƀ": "B", "Ɓ": "B", "ɓ": "b",
    "Ƈ": "C", "ƈ": "c", "Ɖ": "D", "ɖ": "d", "Ɗ": "D", "ɗ": "d", "Ǝ": "E", "ǝ": "e", "Ə": "A", "ə": "a",
    "Ƒ": "F", "ƒ": "f", "Ɠ": "G", "ɠ": "g", "Ǥ": "G", "ǥ": "g", "Ɨ": "I", "ɨ": "i", "Ɩ": "I", "ɩ": "i",
    "Ƙ": "K", "ƙ": "k", "ƚ": "l", "Ƚ": "L", "Ɲ": "N", "ɲ": "n", "ƞ": "n", "Ƞ": "N", "Ɔ": "O", "ɔ": "o",
    "Ɵ": "O", "ɵ": "o", "Ƥ": "P", "ƥ": "p", "ƫ": "t", "Ƭ": "T", "ƭ": "t", "Ʈ": "T", "ʈ": "t", "Ʉ": "U", "ʉ": "u",
    "Ʋ": "V", "ʋ": "v", "Ƴ": "Y", "ƴ": "y", "Ƶ": "Z", "ƶ": "z", "Ȥ": "Z", "ȥ": "z", "ȿ": "s", "ɀ": "z",
    "Ⱥ": "A", "ⱥ": "a", "Ȼ": "C", "ȼ": "c", "Ɇ": "E", "ɇ": "e", "Ɉ": "J", "ɉ": "j", "Ɋ": "Q", "ɋ": "q",
    "Ɍ": "R", "ɍ": "r", "Ɏ": "Y", "ɏ": "y", "Ⱦ": "T", "ⱦ": "t", "ẚ": "a", "ẜ": "s", "ẝ": "s", "ỿ": "y", "Ỿ": "Y",
    "ȡ": "d", "ȴ": "l", "ȵ": "n", "ȶ": "t", "Ƣ": "OI", "ƣ": "oi", "Ȣ": "OU", "ȣ": "ou", "Ĳ": "IJ", "ĳ": "ij",
    "Ǆ": "DZ", "ǅ": "Dz", "ǆ": "dz", "Ǳ": "DZ", "ǲ": "Dz", "ǳ": "dz", "Ǉ": "LJ", "ǈ": "Lj", "ǉ": "lj",
    "Ǌ": "NJ", "ǋ": "Nj", "ǌ": "nj", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "Ŀ": "L", "ŀ": "l",
}
GERMAN = {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "SS"}


def transliterate(character):
    """The ASCII text for a Latin letter, or None."""
    if character in SPECIAL:
        return SPECIAL[character]
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) < 2:
        return None
    base = "".join(SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))
    return base if base.isascii() and base.isalpha() else None


def write_transliteration():
    lines = [
        "# Latin letters with diacritics, and ligatures: scalar value, ASCII text, the letter itself. `-` stands for no text.",
        f"# From Unicode {unicodedata.unidata_version} canonical decompositions and the table in make-lists.py, which writes this file.",
        "# A section takes what it does not name from the section latin.",
        "",
        "[latin]",
    ]
    scalars = [*range(0x00A0, 0x0300), *range(0x1D00, 0x1F00), *range(0x2C60, 0x2C80), *range(0xFB00, 0xFB07)]
    count = 0
    for scalar in scalars:
        text = transliterate(chr(scalar))
        if text is not None:
            lines.append(f"U+{scalar:04X} {text} {chr(scalar)}")
            count += 1
    # Combining marks of a decomposed letter (e + U+0301).
    for scalar in range(0x0300, 0x0370):
        lines.append(f"U+{scalar:04X} -")
        count += 1
    # NFC of a letter and one mark, so that a decomposed letter is spelt like a composed one.
    lines += ["", "[composition]"]
    for scalar in [*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)]:
        parts = unicodedata.normalize("NFD", chr(scalar))
        if len(parts) == 2 and unicodedata.normalize("NFC", parts) == chr(scalar):
            lines.append(f"U+{ord(parts[0]):04X} U+{ord(parts[1]):04X} U+{scalar:04X}")
    lines += ["", "[german]"]
    lines += [f"U+{ord(letter):04X} {text} {letter}" for letter, text in sorted(GERMAN.items())]
    (HERE / "transliteration.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


# Letters of other scripts that no eye can tell from ASCII ones.
LETTERS = {
    "А": "A", "В": "B", "Е": "E", "З": "3", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T",
    "У": "Y", "Х": "X", "Ѕ": "S", "І": "I", "Ј": "J", "Ԛ": "Q", "Ԝ": "W", "Ү": "Y", "а": "a", "е": "e", "о": "o",
    "р": "p", "с": "c", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ј": "j", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w",
    "ӏ": "l", "м": "m", "т": "t", "к": "k", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K",
    "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "ο": "o", "ν": "v", "ϲ": "c", "ϳ": "j",
}
# Other forms of ASCII characters: typographic apostrophes, quotation marks, hyphens and dashes; full width is computed.
FORMS = {
    "\u00B4": "'", "\u02B9": "'", "\u02BC": "'", "\u2018": "'", "\u2019": "'", "\u201B": "'", "\u2032": "'",
    "\u201C": '"', "\u201D": '"', "\u201E": '"', "\u201F": '"', "\u00AB": '"', "\u00BB": '"', "\u2039": "'",
    "\u203A": "'", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-", "\u3002": ".",
    "\u2024": ".", "\u2236": ":", "\uA789": ":", "\u037E": ";", "\uFE55": ":", "\uFE6B": "@",
}


def write_look_alikes():
    lines = [
        "# Characters that are other forms of ASCII characters, and letters of other scripts that look like ASCII ones:",
        "# scalar value, ASCII character, the character itself. Written by make-lists.py.",
        "",
        "[forms]",
    ]
    forms = dict(FORMS)
    for scalar in range(0xFF01, 0xFF5F):
        forms[chr(scalar)] = chr(scalar - 0xFEE0)
    lines += [f"U+{ord(character):04X} {text} {character}" for character, text in sorted(forms.items())]
    lines += ["", "[letters]"]
    lines += [f"U+{ord(letter):04X} {text} {letter}" for letter, text in sorted(LETTERS.items())]
    (HERE / "look-alikes.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(forms) + len(LETTERS)


if __name__ == "__main__":
    print(f"{write_top_level_domains()} top-level domains, {write_transliteration()} letters, "
          f"{write_look_alikes()} look-alikes", file=sys.stderr)
