/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From ids that the program gave out one after another (goroutines, tasks) to rows of ours: a page
 * of ids costs one look-up and 4 bytes each, where a hash table takes some 40.
 */

#include "reader/idmap.h"
#include "reader/pages.h"

G_BEGIN_DECLS

#define GANDER_ID_PAGE 64 /* ids */

typedef struct
{
  GanderIdMap numbers; /* of pages, to rows of @pages */
  GanderPages pages;
  guint32 free_page; /* + 1 */
} GanderIdPages;

void gander_id_pages_init (GanderIdPages *self);
void gander_id_pages_clear (GanderIdPages *self);

/* Returns: row + 1 of @id, or 0. */
guint32 gander_id_pages_get (const GanderIdPages *self, guint64 id);

/* @row_plus_one, which is not 0, replaces what @id had. Returns: FALSE without memory. */
gboolean gander_id_pages_set (GanderIdPages *self, guint64 id, guint32 row_plus_one);

/* Nobody has @id any more. A page of such ids is used again. */
void gander_id_pages_remove (GanderIdPages *self, guint64 id);

/* Returns: pages in use. */
guint32 gander_id_pages_get_n (const GanderIdPages *self);

/* Tells the numbers of the pages in use, ascending: page p has the ids from p * GANDER_ID_PAGE
 * on. */
void gander_id_pages_list (const GanderIdPages *self, guint64 *numbers);

/* Returns: (transfer none) the rows + 1 of the ids of a page in use, 0 = nobody. */
const guint32 *gander_id_pages_get_page (const GanderIdPages *self, guint64 number);

G_END_DECLS
