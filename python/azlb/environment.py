# SPDX-License-Identifier: GPL-2.0-only
"""Sets up what the other commands stand on: system packages and a virtual environment.

Runs under any Python 3.8 or newer with the standard library alone.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys

from .failure import Failure
from .progress import Step, call

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
VENV = os.path.join(ROOT, ".venv")
BUILD = os.path.join(ROOT, "build")
LOCK = os.path.join(ROOT, ".cache", "azlb.lock")

# The ns-3 wheel exists for these; its libraries do not depend on the Python version.
PYTHONS = [(3, 11), (3, 12), (3, 13), (3, 10)]

# What pip installs, by what needs it. No dependencies: ns3 would bring cppyy, which takes three
# minutes to compile, and the list below is whole.
REQUIREMENTS = {
    "base": [
        "ns3==3.44.post0",
        "rich==15.0.0",
        "markdown-it-py==4.3.0",
        "mdurl==0.1.2",
        "pygments==2.21.0",
    ],
    # The last jsonschema of pure Python.
    "test": [
        "clang-format==19.1.7",
        "jsonschema==4.17.3",
        "attrs==26.1.0",
        "pyrsistent==0.20.0",
        # They build the package of pyproject.toml.
        "scikit-build-core==1.1.2",
        "packaging==26.3",
        "pathspec==1.1.1",
    ],
    "bindings": [
        "cppyy-cling==6.32.8",
        "cppyy-backend==1.15.3",
        "CPyCppyy==1.13.0",
        "cppyy==3.5.0",
    ],
}

# What takes so long that one should know before.
REMARKS = {"bindings": " (it is compiled: about 3 minutes, this once)"}

# (package, what shows that it is there: a program, or a header below an include folder)
SYSTEM_PACKAGES = [
    ("g++", "g++"),
    ("cmake", "cmake"),
    ("ninja-build", "ninja"),
    ("libboost-dev", "boost/beast/http.hpp"),
    ("nlohmann-json3-dev", "nlohmann/json.hpp"),
    ("robin-map-dev", "tsl/robin_map.h"),
    ("libre2-dev", "re2/re2.h"),
    ("libldns-dev", "ldns/ldns.h"),
]
INCLUDE_FOLDERS = ["/usr/include", "/usr/local/include"]

IN_TREE = (
    "Use the module inside an ns-3 tree instead (3.44 to 3.48): clone this repository as\n"
    "  contrib/azure-load-balancing there, then ./ns3 configure --enable-examples and ./ns3 build"
)


def variables():
    """The environment of every process that runs in the virtual environment."""
    result = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    result["PYTHONPATH"] = os.path.join(ROOT, "python")
    result["PYTHONDONTWRITEBYTECODE"] = "1"
    return result


@contextlib.contextmanager
def lock():
    """Let one process at a time set up or build."""
    os.makedirs(os.path.dirname(LOCK), exist_ok=True)
    with open(LOCK, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with Step("Waiting for another azlb that sets up or builds"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare(arguments):
    """Set up what the command needs; returns the Python interpreter that is to run it."""
    parts = ["base"] + arguments.parts
    with lock():
        check_platform()
        missing = missing_packages()
        python = os.path.join(VENV, "bin", "python")
        stamps = read_stamps()
        if stamps.get("base") != stamp("base") or not os.path.exists(python):
            install_packages(missing, arguments.verbose)
            create_venv(arguments.verbose)
            stamps = {}
        elif missing:
            install_packages(missing, arguments.verbose)
        for part in parts:
            if stamps.get(part) != stamp(part):
                if part == "bindings":
                    install_packages(missing_for_bindings(python), arguments.verbose)
                install_requirements(part, arguments.verbose)
                stamps[part] = stamp(part)
                write_stamps(stamps)
        if arguments.command == "bench" and not shutil.which("valgrind"):
            # It counts instructions; the other figures do not need it.
            with contextlib.suppress(Failure):
                install_packages(["valgrind"], arguments.verbose)
    return python


def stamp(part):
    """A hash of everything that the installed part depends on."""
    interpreter = os.path.realpath(os.path.join(VENV, "bin", "python"))
    depends = [ROOT, interpreter, REQUIREMENTS["base"], REQUIREMENTS[part]]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


def read_stamps():
    """The stamps of what is installed."""
    try:
        with open(os.path.join(VENV, "azlb-stamps.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamps(stamps):
    """Remember what is installed."""
    with open(os.path.join(VENV, "azlb-stamps.json"), "w", encoding="utf-8") as file:
        json.dump(stamps, file, indent=1)


def check_platform():
    """Refuse machines for which no ns-3 wheel exists."""
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"):
        raise Failure(
            "ready-made ns-3 libraries exist for Linux on x86-64 only, this is %s on %s.\n  %s"
            % (platform.system(), platform.machine(), IN_TREE),
            2,
        )


def find_python():
    """A CPython that the ns-3 wheel exists for: the running one, or one on the search path."""
    if sys.implementation.name == "cpython" and sys.version_info[:2] in PYTHONS:
        return sys.executable
    for version in PYTHONS:
        path = shutil.which("python%d.%d" % version)
        # A version manager's shim may be there without the version behind it.
        if path and subprocess.call(
            [path, "-c", "import sys; sys.exit(sys.version_info[:2] != %r)" % (version,)],
            stderr=subprocess.DEVNULL,
        ) == 0:
            return path
    raise Failure(
        "ready-made ns-3 libraries exist for CPython 3.10 to 3.13, this is Python %d.%d and no other"
        " was found.\n  Install one of python3.10 to python3.13, or:\n  %s"
        % (sys.version_info[0], sys.version_info[1], IN_TREE),
        2,
    )


def missing_packages():
    """The system packages of which neither program nor header is there."""
    missing = []
    for package, evidence in SYSTEM_PACKAGES:
        if "/" in evidence:
            found = any(os.path.exists(os.path.join(f, evidence)) for f in INCLUDE_FOLDERS)
        else:
            found = shutil.which(evidence) is not None
        if not found:
            missing.append(package)
    return missing


def missing_for_bindings(python):
    """The system packages that compiling cppyy needs and that are not there."""
    missing = [] if shutil.which("make") else ["make"]
    code = "import os, sysconfig; print(os.path.join(sysconfig.get_path('include'), 'Python.h'))"
    if not os.path.exists(subprocess.check_output([python, "-c", code], text=True).strip()):
        missing.append("python%s-dev" % version_of(python))
    return missing


def venv_package(python):
    """The system package without which `python` cannot make a virtual environment, if any."""
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) == 0:
        return []
    return ["python%s-venv" % version_of(python)]


def version_of(python):
    """The version of an interpreter as in the names of packages, e.g. `3.11`."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.check_output([python, "-c", code], text=True).strip()


def install_packages(missing, verbose):
    """Install system packages, or say which command does."""
    python = find_python()
    if not os.path.exists(os.path.join(VENV, "bin", "python")):
        missing = missing + venv_package(python)
    if not missing:
        return
    # The packages are named as in Debian and its descendants.
    if not shutil.which("apt-get"):
        names = ", ".join(missing)
        raise Failure("missing: %s (names of Debian packages). Install them and try again" % names, 2)
    command = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and quiet(["sudo", "-n", "true"]):
        prefix = ["sudo", "-n"]
    else:
        become = "sudo sh" if shutil.which("sudo") else "su"
        raise Failure(
            "system packages are missing. Install them with this command, then try again:\n"
            "  %s -c '%s'" % (become, command),
            2,
        )
    with Step("Installing system packages (%s)" % " ".join(missing)):
        call(
            prefix + ["env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", command],
            os.path.join(BUILD, "packages.log"),
            "apt-get",
            verbose=verbose,
        )


def quiet(command):
    """Whether a command succeeds; its output is thrown away."""
    return (
        subprocess.call(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        == 0
    )


def create_venv(verbose):
    """Make the virtual environment anew."""
    python = find_python()
    with Step("Making the virtual environment .venv"):
        call(
            [python, "-m", "venv", "--clear", VENV],
            os.path.join(BUILD, "venv.log"),
            "making the virtual environment",
            verbose=verbose,
        )


def install_requirements(part, verbose):
    """Install one part of the requirements into the virtual environment."""
    python = os.path.join(VENV, "bin", "python")
    what = "Installing " + " ".join(r.partition("==")[0] for r in REQUIREMENTS[part])
    if part in REMARKS:
        sys.stderr.write("  %s%s\n" % (what, REMARKS[part]))
    with Step(what):
        call(
            [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
            + ["--no-deps"]
            + REQUIREMENTS[part],
            os.path.join(BUILD, "pip-%s.log" % part),
            "pip install",
            verbose=verbose,
            env=variables(),
        )
