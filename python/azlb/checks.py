# SPDX-License-Identifier: GPL-2.0-only
"""Checks of the sources: each function takes the root of the project and returns complaints."""

import os
import re
import statistics
import subprocess

from .environment import VENV
from .jobs import tracked_files

CODE = (".cc", ".h")
TEXT = CODE + (".py", ".cmake", ".txt", ".md", ".cff", ".toml", ".json", ".rst", ".yml")
LICENSED = CODE + (".py", ".cmake")
# Templates of others, kept byte for byte.
FOREIGN = "examples/azure/"
MANUAL = "doc/azure-load-balancing.rst"
LICENCE = "SPDX-License-Identifier: GPL-2.0-only"
LICENCE_WITHIN_LINES = 5

# Bars that the project holds itself to.
HEADER_DOCUMENTATION = 0.60
TEST_RATIO = 0.60
MEDIAN_LINES = 300
MOST_LINES = 1000


def read(root, file):
    """The text of a file."""
    path = os.path.join(root, file)
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as opened:
        return opened.read()


def clang_format(root):
    """C++ sources are formatted as .clang-format says."""
    files = [f for f in tracked_files(root) if f.endswith(CODE)]
    program = os.path.join(VENV, "bin", "clang-format")
    process = subprocess.run(
        [program, "--dry-run", "-Werror"] + files,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = re.findall(r"^(\S.*?):\d+:\d+: error", process.stderr, re.MULTILINE)
    if process.returncode != 0 and not wrong:
        return [process.stderr.strip() or "clang-format failed"]
    return [
        "%s: not formatted; run %s -i %s" % (f, os.path.relpath(program, root), f)
        for f in dict.fromkeys(wrong)
    ]


def ascii_text(root):
    """Texts of our own are plain ASCII with Unix line ends."""
    complaints = []
    for file in tracked_files(root):
        if file.startswith(FOREIGN):
            continue
        if file.endswith(TEXT) or file in ("azlb", ".ci/run"):
            for number, line in enumerate(read(root, file).split("\n"), 1):
                if not line.isascii() or "\r" in line:
                    complaints.append("%s:%d: not plain ASCII: %r" % (file, number, line[:80]))
    return complaints


def licence(root):
    """Every source file names its licence near its top."""
    return [
        "%s: no line `%s` near the top" % (file, LICENCE)
        for file in tracked_files(root)
        if (file.endswith(LICENSED) or os.path.basename(file) in ("azlb", "CMakeLists.txt"))
        and not any(LICENCE in line for line in read(root, file).split("\n")[:LICENCE_WITHIN_LINES])
    ]


def documentation_share(text):
    """(documentation lines, lines) of a header; blank lines do not count."""
    documentation = total = 0
    inside = False
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        total += 1
        if inside or line.startswith(("//", "/*")) or "//!<" in line or "///<" in line:
            documentation += 1
        if "/*" in line and "*/" not in line:
            inside = True
        if "*/" in line:
            inside = False
    return documentation, total


def measures(root):
    """Headers are documented, files are short, tests are many."""
    files = tracked_files(root)
    size = {f: read(root, f).count("\n") for f in files if f.endswith(CODE)}
    product = {f: n for f, n in size.items() if f.startswith(("model/", "helper/", "tools/"))}
    complaints = []

    shares = [
        documentation_share(read(root, f))
        for f in product
        if f.endswith(".h") and not f.startswith("tools/")
    ]
    share = sum(s[0] for s in shares) / max(1, sum(s[1] for s in shares))
    if share < HEADER_DOCUMENTATION:
        complaints.append(
            "%.0f %% of the lines of the headers are documentation, at least %.0f %% should be"
            % (100 * share, 100 * HEADER_DOCUMENTATION)
        )
    ratio = sum(n for f, n in size.items() if f.startswith("test/")) / max(1, sum(product.values()))
    if ratio < TEST_RATIO:
        complaints.append(
            "%.2f lines of test a line of code, at least %.2f should be" % (ratio, TEST_RATIO)
        )
    sources = [n for f, n in product.items() if f.endswith(".cc")]
    if statistics.median(sources) >= MEDIAN_LINES:
        complaints.append(
            "the median source file has %d lines, it should have less than %d"
            % (statistics.median(sources), MEDIAN_LINES)
        )
    complaints += [
        "%s: %d lines, at most %d allowed" % (f, n, MOST_LINES)
        for f, n in size.items()
        if n > MOST_LINES
    ]
    return complaints


def listed_in_build(root):
    """Every C++ source is part of the build; a header may be private to the sources beside it."""
    listed = "\n".join(
        read(root, f) for f in tracked_files(root) if f.endswith((".cmake", "CMakeLists.txt"))
    )
    return [
        "%s: in no CMakeLists.txt" % f
        for f in tracked_files(root)
        if f.endswith(".cc") and os.path.basename(f) not in listed
    ]


def documented(root):
    """The manual names every attribute and trace source, and none that does not exist."""
    manual = read(root, MANUAL)
    sources = "".join(
        read(root, f) for f in tracked_files(root) if re.match(r"(model|helper)/.*\.cc$", f)
    )
    names = set(re.findall(r'Add(?:Attribute|TraceSource)\(\s*"(\w+)"', sources))
    listed = re.search(r"\nAttributes\n\++\n(.*)\nExamples and Tests\n", manual, re.DOTALL).group(1)
    # Classes open a paragraph, attributes and traces stand in items.
    terms = set(re.findall(r"``(\w+)``", listed))
    classes = set(re.findall(r"^class (\w+)", headers(root), re.MULTILINE))
    return ["%s: %s is missing" % (MANUAL, name) for name in sorted(names - terms)] + [
        "%s: there is no %s" % (MANUAL, name) for name in sorted(terms - names - classes)
    ]


def headers(root):
    """The text of all headers."""
    return "".join(read(root, f) for f in tracked_files(root) if f.endswith(".h"))


CHECKS = {
    "format": clang_format,
    "ascii": ascii_text,
    "licence": licence,
    "build-lists": listed_in_build,
    "manual": documented,
}

# What has to hold before a piece of work counts as done; `azlb test --all` asks for it.
COMPLETENESS = {"measures": measures}
