/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines have a place in memory while they are there. One that ends leaves its place to another
 * and what is to be known of it to a file: traces have millions of goroutines, but few at a time.
 */
#include "reader/spans-private.h"

#ifdef __GLIBC__
#  include <malloc.h>
#endif

guint32
gander_spans_find_go_slowly (GanderSpans *self, gint64 id)
{
  guint32 found = id < 0 ? 0 : gander_id_pages_get (&self->goroutine_ids, (guint64)id);

  if (found == 0 || (found & GANDER_GO_ENDED) != 0)
    return 0;
  self->recent_goroutines[(guint64)id % GANDER_RECENT_GOROUTINES] =
      (GanderRecentId){ .id = id, .row = found };
  return found;
}

guint32
gander_spans_find_ended_row (const GanderSpans *self, gint64 id)
{
  guint32 found = id < 0 ? 0 : gander_id_pages_get (&self->goroutine_ids, (guint64)id);

  return (found & GANDER_GO_ENDED) != 0 ? found & ~GANDER_GO_ENDED : 0;
}

/* Returns: a zeroed place + 1, or 0. */
static guint32
take_place (GanderSpans *self)
{
  guint32 place = self->free_go;
  GanderGo *go = NULL;

  if (place == 0)
    return gander_pages_add (&self->goroutines) != NULL ? self->goroutines.n : 0;
  go = gander_spans_get_go (self, place);
  self->free_go = go->next;
  go->next = 0;
  return place;
}

/* Returns: which life the next one of @id is. */
static guint32
count_life (GanderSpans *self, guint64 id)
{
  guint32 before = 0;

  if (G_LIKELY (gander_id_pages_get (&self->goroutine_ids, id) == 0))
    return 1;
  before = gander_id_map_get (&self->life_of, id);
  before = before == GANDER_ID_NONE ? 1 : before;
  gander_id_map_set (&self->life_of, id, before + 1);
  return before + 1;
}

guint32
gander_spans_add_go (GanderSpans *self, gint64 id)
{
  guint32 life = count_life (self, (guint64)id);
  guint32 place = take_place (self);
  GanderGo *go = NULL;

  if (place == 0 || self->n_goroutines + 1 >= GANDER_GO_ENDED ||
      !gander_id_pages_set (&self->goroutine_ids, (guint64)id, place))
    {
      self->no_memory = TRUE;
      return 0;
    }
  self->recent_goroutines[(guint64)id % GANDER_RECENT_GOROUTINES] =
      (GanderRecentId){ .id = id, .row = place };
  go = gander_spans_get_go (self, place);
  go->id = id;
  go->row = ++self->n_goroutines;
  go->life = life;
  return place;
}

static void
put_aside (GanderSpans *self, const GanderGo *go, GanderTime end)
{
  const GanderChunk *chunk = &go->chunk;
  GanderLife life = {
    .id = go->id,
    .begin = go->begin,
    .end = end,
    .block = chunk->last_block,
    .row = go->row,
    .life = go->life,
    .creator = go->creator,
    .creation_stack = go->creation_stack,
    .name = chunk->name,
    .n_spans = gander_chunk_get_n_spans (chunk),
    .flags = go->flags,
    .uncounted = chunk->uncounted,
    .stands_out = chunk->stands_out,
    .long_wait = { chunk->long_wait[0], chunk->long_wait[1] },
  };

  if (life.n_spans > GANDER_BLOCK_SPANS)
    life.past = chunk->past;
  gander_row_file_add (&self->lives, &life);
}

/* Puts those aside of which all is known, and frees their places. */
static void
put_ended_aside (GanderSpans *self)
{
  while (self->first_ended != 0)
    {
      guint32 place = self->first_ended;
      GanderGo *go = gander_spans_get_go (self, place);
      if (!gander_sealer_has_done (&self->chunks.sealer, go->job))
        return;
      self->first_ended = go->next;
      put_aside (self, go, go->end);
      *go = (GanderGo){ .next = self->free_go };
      self->free_go = place;
    }
}

/* From here on the id leads to the row alone. */
static void
forget_place (GanderSpans *self, const GanderGo *go)
{
  GanderRecentId *recent = &self->recent_goroutines[(guint64)go->id % GANDER_RECENT_GOROUTINES];

  if (recent->id == go->id)
    recent->row = 0;
  /* The id is there already. */
  (void)gander_id_pages_set (&self->goroutine_ids, (guint64)go->id, GANDER_GO_ENDED | go->row);
}

void
gander_spans_remove_go (GanderSpans *self, guint32 place, GanderTime end)
{
  GanderGo *go = gander_spans_get_go (self, place);

  forget_place (self, go);
  go->ended = TRUE;
  go->end = end;
  go->job = self->chunks.sealer.n_added;
  go->next = 0;
  if (self->first_ended == 0)
    self->first_ended = place;
  else
    gander_spans_get_go (self, self->last_ended)->next = place;
  self->last_ended = place;
  put_ended_aside (self);
}

guint32 *
gander_spans_list_gos (GanderSpans *self)
{
  guint32 *places = g_try_new0 (guint32, MAX (self->n_goroutines, 1));

  if (places == NULL)
    {
      self->no_memory = TRUE;
      return NULL;
    }
  for (guint32 place = 1; place <= self->goroutines.n; place++)
    {
      const GanderGo *go = gander_spans_get_go (self, place);
      if (go->row != 0 && !go->ended)
        places[go->row - 1] = place;
    }
  return places;
}

void
gander_spans_put_gos_aside (GanderSpans *self, GanderTime end)
{
  put_ended_aside (self);
  for (guint32 place = 1; place <= self->goroutines.n; place++)
    {
      const GanderGo *go = gander_spans_get_go (self, place);
      if (go->row == 0)
        continue;
      forget_place (self, go);
      put_aside (self, go, end);
    }
  gander_pages_clear (&self->goroutines);
  self->free_go = 0;
#ifdef __GLIBC__
  /* What comes now asks for large pieces: they would not fit in between. */
  malloc_trim (0);
#endif
}
