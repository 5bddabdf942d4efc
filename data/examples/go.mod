// SPDX-License-Identifier: GPL-3.0-or-later
module examples

go 1.22
