/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief libFuzzer harness of the decisions of an application gateway; see cmake/fuzz.cmake for how
 * to run it.
 */

#include "azure-fuzz-targets.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/**
 * @brief Entry point of libFuzzer.
 * @param data the input
 * @param size its bytes
 * @return always 0
 */
extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto problem = ns3::azure::test::FuzzTargets::Gateway(text);
    if (!problem.empty())
    {
        std::fprintf(stderr, "%s\n", problem.c_str());
        std::abort();
    }
    return 0;
}
