/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One block of spans, taken apart. Plain data, large for the stack but not for a cache. */

#include "reader/types.h"

G_BEGIN_DECLS

#define GANDER_BLOCK_SPANS 64

typedef struct
{
  GanderTime begin[GANDER_BLOCK_SPANS];
  GanderTime end[GANDER_BLOCK_SPANS];
  guint32 kind[GANDER_BLOCK_SPANS]; /* row in kinds, or beyond them */
  guint32 link[GANDER_BLOCK_SPANS]; /* row + 1; 0 = nobody */
  guint n;                          /* 0 when the block cannot be read */
} GanderBlockView;

G_END_DECLS
