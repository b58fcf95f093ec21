# SPDX-License-Identifier: GPL-2.0-only
"""The C++ classes of ns-3 and of this module in Python: `from azlb.bindings import ns`.

`ns` is the namespace ns3, so `ns.azure.LoadBalancer` is ns3::azure::LoadBalancer. Only what this
module stands on is loaded; the stock `from ns import ns` loads every module of ns-3.
"""

import glob
import os

import cppyy
import libcppyy

from .build import LIBRARY, ns3_package
from .environment import BUILD

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


def _load():
    """Load the libraries, then the headers; returns the namespace."""
    libcppyy.AddSmartPtrType("Ptr")
    library = os.path.join(BUILD, "lib", "lib%s.so" % LIBRARY)
    if not os.path.exists(library):
        raise ImportError("%s is not built; start Python by `./azlb python`" % library)
    folder = os.path.dirname(os.path.dirname(ns3_package()))
    for module in MODULES:
        # The name holds the version of ns-3.
        cppyy.load_library(glob.glob(os.path.join(glob.escape(folder), "libns3*-%s.so" % module))[0])
    cppyy.load_library(library)
    cppyy.add_include_path(os.path.join(BUILD, "ns3-sdk"))
    cppyy.add_include_path(os.path.join(BUILD, "include"))
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
