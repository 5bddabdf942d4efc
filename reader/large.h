/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Memory that is soon written all over: on large pages where the system gives them. To have a page
 * of 4 KiB when it is first touched costs some microseconds, one of 2 MiB hardly more than to clear
 * it.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable) @size bytes, of unknown content; free with g_free (). */
gpointer gander_large_try_new (gsize size);

G_END_DECLS
