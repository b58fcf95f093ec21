# SPDX-License-Identifier: GPL-2.0-only
"""doc/conformance.md: each rule of doc/rules.txt with the tests that show it.

A test shows a rule when the name of its case starts with the rule, e.g. "LB-12 HP-3 what it shows".
"""

import difflib
import os
import re

from .failure import Failure
from .jobs import tracked_files

RULES = "doc/rules.txt"
TABLE = "doc/conformance.md"
UPDATE = "./azlb test --update-docs"

RULE = r"(?:LB|HP|AG|TM|ST)-\d+"
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
# Adjacent literals are one string in C++ and Python.
LITERALS = re.compile(r"%s(?:\s*%s)*" % (LITERAL, LITERAL))
NAME = re.compile(r"(%s(?:,? %s)*):? (.+)" % (RULE, RULE), re.DOTALL)

HEAD = """# Conformance

Each rule of Azure's behaviour (doc/rules.txt) with the test cases that show it, or the reason
why none does. Made from the names of the test cases by `%s`; the tests check that it is current.

%d of %d rules are shown by tests.

| Rule | What it says | Shown by, or why not |
| --- | --- | --- |
"""


def rules(root):
    """(rule, what it says, why no test shows it), in the order of the file."""
    result = []
    with open(os.path.join(root, RULES), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("#") or not line.strip():
                continue
            fields = [field.strip() for field in line.split("|")]
            if len(fields) != 3 or not re.fullmatch(RULE, fields[0]) or not fields[1]:
                raise Failure("%s:%d: not `rule | what it says | reason`" % (RULES, number))
            result.append(tuple(fields))
    return result


def case_names(text):
    """(rules, rest of the name) of every string that is named like a case of rules."""
    for match in LITERALS.finditer(text):
        whole = "".join(part[1:-1] for part in re.findall(LITERAL, match.group()))
        name = NAME.match(whole)
        if name:
            yield re.findall(RULE, name.group(1)), name.group(2).strip()


def shown(root):
    """Of each rule that tests show: `suite: case`, in the order of files and lines."""
    result = {}
    for file in tracked_files(root):
        if file.startswith("test/") and file.endswith((".cc", ".py")):
            with open(os.path.join(root, file), encoding="utf-8") as opened:
                suite = re.sub(r"-test-suite$", "", os.path.splitext(os.path.basename(file))[0])
                for found, name in case_names(opened.read()):
                    for rule in found:
                        entries = result.setdefault(rule, [])
                        entry = "%s: %s" % (suite, name.replace("|", "\\|"))
                        if entry not in entries:
                            entries.append(entry)
    return result


def table(root):
    """The text of the table."""
    known = rules(root)
    tests = shown(root)
    rows = []
    for rule, text, reason in known:
        by = "<br>".join(tests.get(rule, [])) or reason or "**not shown yet**"
        rows.append("| %s | %s | %s |\n" % (rule, text, by))
    covered = sum(rule in tests for rule, _, _ in known)
    return HEAD % (UPDATE, covered, len(known)) + "".join(rows)


def update(root):
    """Write the table anew."""
    with open(os.path.join(root, TABLE), "w", encoding="utf-8") as file:
        file.write(table(root))


def complete(root):
    """Complaints about rules that neither a test shows nor a reason excuses."""
    tests = shown(root)
    return [
        "%s: no test case is named after this rule, and %s gives no reason" % (rule, RULES)
        for rule, _, reason in rules(root)
        if rule not in tests and not reason
    ]


def check(root):
    """Complaints about tests of unknown rules, and about a table that is not current."""
    known = {rule for rule, _, _ in rules(root)}
    complaints = [
        "%s: a test case is named after this rule, which %s does not know" % (rule, RULES)
        for rule in shown(root)
        if rule not in known
    ]
    try:
        with open(os.path.join(root, TABLE), encoding="utf-8") as file:
            present = file.read()
    except FileNotFoundError:
        present = ""
    difference = difflib.unified_diff(
        present.splitlines(), table(root).splitlines(), TABLE, "as the tests are", n=0, lineterm=""
    )
    lines = list(difference)
    if lines:
        complaints += ["%s is not current; run %s" % (TABLE, UPDATE)] + lines[:40]
    return complaints
