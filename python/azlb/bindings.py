# SPDX-License-Identifier: GPL-2.0-only
"""The C++ classes of ns-3 and of this module in Python: `from azlb.bindings import ns`.

`ns` is the namespace ns3, so `ns.azure.LoadBalancer` is ns3::azure::LoadBalancer. Only what this
module stands on is loaded; the stock `from ns import ns` loads every module of ns-3.
"""

import glob
import importlib.util
import os

import cppyy
import libcppyy

LIBRARY = "azure-load-balancing"
MODULES = [
    "core",
    "network",
    "internet",
    "applications",
    "internet-apps",
    "flow-monitor",
    "point-to-point",
    "csma",
    "virtual-net-device",
]

# Callables that C++ may call at any time.
_sinks = []


def _find_library():
    """The folder of this module's library and headers: installed beside this file, or built."""
    here = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.join(here, "native")
    folder = installed if os.path.isdir(installed) else os.path.join(here, "..", "..", "build")
    if not os.path.exists(os.path.join(folder, "lib", "lib%s.so" % LIBRARY)):
        raise ImportError("%s is not built; start Python by `./azlb python`" % folder)
    return folder


def _find_ns3():
    """The folder of the ns-3 wheel."""
    found = importlib.util.find_spec("ns3")
    for folder in found.submodule_search_locations if found else []:
        if os.path.isdir(os.path.join(folder, "lib64")):
            return folder
    raise ImportError("the ns-3 wheel is not installed: pip install ns3")


def _load():
    """Load the libraries, then the headers; returns the namespace."""
    libcppyy.AddSmartPtrType("Ptr")
    library, stock = _find_library(), _find_ns3()
    for module in MODULES:
        # The name holds the version of ns-3.
        pattern = os.path.join(glob.escape(stock), "lib64", "libns3*-%s.so" % module)
        cppyy.load_library(glob.glob(pattern)[0])
    cppyy.load_library(os.path.join(library, "lib", "lib%s.so" % LIBRARY))
    cppyy.add_include_path(os.path.join(stock, "include"))
    cppyy.add_include_path(os.path.join(library, "include"))
    # As the libraries were built.
    cppyy.cppdef("#define NS3_ASSERT_ENABLE\n#define NS3_LOG_ENABLE\n")
    for module in MODULES + [LIBRARY]:
        cppyy.include("ns3/%s-module.h" % module)
    cppyy.cppdef(
        """
        namespace ns3::azure
        {
        template <typename Signature>
        struct TraceSink;

        template <typename... Args>
        struct TraceSink<void(Args...)>
        {
            static Callback<void, Args...> Make(std::function<void(Args...)> function)
            {
                return Callback<void, Args...>(function);
            }
        };
        } // namespace ns3::azure
        """
    )
    return cppyy.gbl.ns3


ns = _load()


def trace_sink(signature, function):
    """A Python function as a callback for TraceConnectWithoutContext().

    `signature` is that of the trace source in C++, for example `void(ns3::Ptr<const ns3::Packet>)`.
    The function is kept until the process ends.
    """
    wrapped = cppyy.gbl.std.function[signature](function)
    _sinks.append((function, wrapped))
    return ns.azure.TraceSink[signature].Make(wrapped)
