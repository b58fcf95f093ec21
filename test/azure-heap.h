/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HEAP_H
#define AZURE_HEAP_H

#include <cstddef>
#include <malloc.h>

namespace ns3
{
namespace azure
{

/**
 * @return bytes that the program holds on the heap
 */
inline size_t
GetHeap()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_HEAP_H */
