/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The outermost layer of a trace: batches, by their headers alone. A batch states its length, so
 * a scanner walks a file without decoding an event, and finds the next batch after bytes that
 * are none.
 */

#include "reader/source.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_ITEM_BATCH,
  GANDER_ITEM_CUT_BATCH, /* its body ends with the trace; @size is what is there */
  GANDER_ITEM_END_OF_GENERATION,
  GANDER_ITEM_END,
  GANDER_ITEM_CUT, /* a header that the trace ends in */
  GANDER_ITEM_BAD, /* no item */
} GanderItem;

typedef struct
{
  guint64 begin;  /* of its header */
  guint64 offset; /* of its data */
  guint64 generation;
  guint64 time; /* clock units */
  gint64 thread;
  guint32 size;      /* of its data */
  guint32 next;      /* for the reader: the next batch of the same thread */
  gint16 experiment; /* -1 = an ordinary batch */
  guint8 kind;       /* first byte of its data, 0 when it is empty */
} GanderBatch;

typedef struct
{
  GanderSource *source; /* (unowned) */
  guint8 *window;
  const guint8 *bytes; /* the window, or inside the source */
  gsize size;
  guint64 at; /* offset of bytes[0] */
} GanderScanner;

void gander_scanner_init (GanderScanner *self, GanderSource *source);
void gander_scanner_clear (GanderScanner *self);

/* Reads the item at @pos. @batch is filled for batches, @next is where the item after it begins
 * (for BAD and CUT: @pos). */
GanderItem
gander_scanner_read (GanderScanner *self, guint64 pos, GanderBatch *batch, guint64 *next);

/* Looks for a batch after @pos: its generation is @like's or the next, its time near @like's, its
 * size possible, and what follows it is an item as well or the end; when @strict, another such
 * batch. @like may be NULL: then any generation will do.
 *
 * Returns: where it begins, or the size of the trace. */
guint64
gander_scanner_resync (GanderScanner *self, guint64 pos, const GanderBatch *like, gboolean strict);

/* Returns: the number in a trace header at @pos, 0 when there is none. */
guint gander_scanner_version (GanderScanner *self, guint64 pos);

G_END_DECLS
