/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a forger of index files needs. */

#include <glib.h>

G_BEGIN_DECLS

/* Makes all checksums of changed bytes of an index right again. */
void test_sign_index (guint8 *bytes, gsize size);

G_END_DECLS
