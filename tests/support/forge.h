/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a forger of index files needs. */

#include "reader/index-data.h"

G_BEGIN_DECLS

/* Makes all checksums of changed bytes of an index right again. */
void test_sign_index (guint8 *bytes, gsize size);

/* Returns: (transfer full) (nullable) what the bytes open as; NULL with @error. @identity: as that
 * of gander_index_open_fd (). */
GanderIndex *
test_open_index (const guint8 *bytes, gsize size, const GanderIdentity *identity, GError **error);

G_END_DECLS
