/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An order of rows: by a number in them, then as a function says, then as they came. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize offset;         /* of the number */
  gsize size;           /* its bytes, 4 or 8 */
  gboolean has_sign;    /* only one of 8 bytes */
  GCompareFunc compare; /* (nullable) rows of the same number */
} GanderRowOrder;

/* Returns: what tells how two rows of different numbers are in order. */
static inline guint64
gander_row_order_get_key (const GanderRowOrder *self, gconstpointer row)
{
  const guint8 *at = (const guint8 *)row + self->offset;

  if (self->size == sizeof (guint32))
    return *(const guint32 *)at;
  return *(const guint64 *)at ^ (guint64)self->has_sign << 63;
}

/* Copies @n rows, at most a million (1 << 20), of @row_size bytes, a multiple of 8, to @out in
 * order.
 *
 * Returns: FALSE when there is not enough memory for that. */
gboolean gander_row_order_sort (const GanderRowOrder *self,
                                gconstpointer rows,
                                guint n,
                                gsize row_size,
                                gpointer out) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
