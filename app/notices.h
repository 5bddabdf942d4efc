/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the banner above a trace says: damage, a newer format, a program that was running
 * before tracing began. Pure text; the banner is banner.h.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;          /* a fact, and what Gander did about it */
  gboolean is_damage;  /* there are rows of damage to show */
  gboolean is_warning; /* figures may be wrong; else only worth knowing */
  const char *icon;    /* name of a symbolic icon */
} GanderNotice;

/* Fills @self with the one thing most worth saying about a trace.
 *
 * Returns: FALSE when there is nothing to say. */
gboolean gander_notice_init (GanderNotice *self, const GanderIndex *index);

/* The same from the facts and @n rows of damage. */
gboolean gander_notice_init_from (GanderNotice *self,
                                  const GanderFacts *facts,
                                  const GanderDamage *damage,
                                  guint n);

void gander_notice_clear (GanderNotice *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderNotice, gander_notice_clear)

/* Returns: (transfer full) where the damage is and what it cost: "byte 18,230 · thread M5 ·
 * 0.84 s to 0.86 s · at least 12 events lost". */
char *gander_notice_describe_damage (const GanderDamage *damage);

G_END_DECLS
