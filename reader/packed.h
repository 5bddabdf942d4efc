/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Tables of the index whose rows are packed: 128 at a time, each member in a column of numbers of
 * as many bits as the group needs once its least is taken off. Any row is found without going over
 * those before it. FORMAT.md has the bytes. Nothing here trusts them: a group that is out of bounds
 * or not as it was written reads as zeros, and the index is broken from then on.
 */

#include "reader/index-file.h"
#include "reader/page-sums.h"
#include "reader/row-file.h"

G_BEGIN_DECLS

#define GANDER_PACKED_ROWS        128 /* of a group */
#define GANDER_PACKED_MAX_COLUMNS 16

/* A member of the rows: a number of 4 or 8 bytes. It is stored as it is, or as what it is more than
 * a member before it. */
typedef struct
{
  guint8 offset;
  guint8 size;
  gint8 relative_to; /* column, -1 = none */
} GanderPackedColumn;

typedef struct
{
  const GanderPackedColumn *columns;
  guint n_columns;
  gsize row_size;
} GanderPackedShape;

/* Returns: (nullable) how the rows of @section are packed; NULL when they are not. */
const GanderPackedShape *gander_section_get_shape (GanderSection section);

/* A packed table that is read. */
typedef struct
{
  const GanderPackedShape *shape;
  GanderPageSums pages;
  guint64 n;         /* rows */
  guint64 directory; /* where it begins */
} GanderPacked;

/* Returns: FALSE when the bytes of @pages are too few for what they say. */
gboolean gander_packed_init (GanderPacked *self,
                             const GanderPackedShape *shape,
                             const GanderPageSums *pages) G_GNUC_WARN_UNUSED_RESULT;

/* Copies row @row, which must be below n. */
void gander_packed_get (const GanderPacked *self, guint64 row, gpointer out);

/* Copies rows from @first on, which must be below n, up to @n and the end of the group of the
 * first.
 *
 * Returns: how many; at least 1. */
guint gander_packed_get_some (const GanderPacked *self, guint64 first, guint n, gpointer out);

/* Returns: the number in @column of row @row, which must be below n. */
gint64 gander_packed_get_number (const GanderPacked *self, guint64 row, guint column);

/* Returns: the first row of [@first, @end) whose number in @column, which without a sign never
 * falls there, is at least @value; @end when there is none. */
guint64 gander_packed_find (const GanderPacked *self,
                            guint64 first,
                            guint64 end,
                            guint column,
                            guint64 value);

/* The same, faster for a row that is near @first. */
guint64 gander_packed_find_near (const GanderPacked *self,
                                 guint64 first,
                                 guint64 end,
                                 guint column,
                                 guint64 value);

/* A packed table that is written, as a section of @file. */
typedef struct
{
  const GanderPackedShape *shape;
  GanderIndexFile *file;
  GanderRowFile groups; /* guint64, little-endian: where each begins */
  guint8 *rows;         /* of the group at hand */
  guint8 *bytes;        /* the same, packed */
  guint n;
  guint64 n_rows;
} GanderPacker;

/* @directory is as that of a row file. */
void gander_packer_init (GanderPacker *self,
                         GanderIndexFile *file,
                         GanderSection section,
                         const char *directory);
void gander_packer_clear (GanderPacker *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderPacker, gander_packer_clear)

/* Packs the rows of the group at hand. */
void gander_packer_end_group (GanderPacker *self);

/* Returns: (transfer none) room for a row, to be filled before anything else is done. */
static inline gpointer
gander_packer_take (GanderPacker *self)
{
  if (self->n == GANDER_PACKED_ROWS)
    gander_packer_end_group (self);
  return self->rows + self->n++ * self->shape->row_size;
}

/* Copies a row. */
static inline void
gander_packer_add (GanderPacker *self, gconstpointer row)
{
  memcpy (gander_packer_take (self), row, self->shape->row_size);
}

/* Ends the section. Returns: FALSE with what kept the directory from being kept. */
gboolean gander_packer_finish (GanderPacker *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
