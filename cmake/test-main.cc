// SPDX-License-Identifier: GPL-2.0-only

#include "ns3/test.h"

/** Runs the test suites linked into this program, with the options of ns-3's test-runner. */
int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
