"""Prints what is wrong with JSON and CSV files whose names come on standard input, each ended by NUL.

One line for each such file: its name and what is wrong. Files are UTF-8 and nothing else; JSON is as
RFC 8259 has it; rows of a table have as many fields as the first, and no field is a formula to a spreadsheet.
"""

import csv
import io
import json
import re
import sys

NUMBER = re.compile(r"-([0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|inf)")


def refuse(word):
    raise ValueError(f"{word} is no number of JSON")


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name twice in one object")
    return dict(pairs)


def check_json(text):
    value = json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    # Half of a pair of surrogates, escaped, is no character.
    json.dumps(value, ensure_ascii=False).encode()


def check_csv(text):
    if not text:
        raise ValueError("empty")
    if not text.endswith("\n"):
        raise ValueError("its last line is not ended")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ValueError(f"row {number} has {len(row)} fields, not {len(rows[0])}")
        for field in row:
            if field[:1] in tuple("=+@\t\r") or field[:1] == "-" and not NUMBER.fullmatch(field):
                raise ValueError(f"row {number}: a formula: {field[:60]!r}")


csv.field_size_limit(sys.maxsize)
for name in sys.stdin.buffer.read().split(b"\0")[:-1]:
    try:
        with open(name, "rb") as file:
            text = file.read().decode("utf-8", "strict")
        if name.endswith(b".csv"):
            check_csv(text)
        else:
            check_json(text)
    except (ValueError, csv.Error) as error:
        line = f"{name.decode(errors='replace')}: {type(error).__name__}: {error}"
        print(line.replace("\n", " ").encode("ascii", "backslashreplace").decode())
