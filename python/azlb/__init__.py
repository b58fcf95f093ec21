# SPDX-License-Identifier: GPL-2.0-only
"""Command line of the ns-3 module azure-load-balancing."""
