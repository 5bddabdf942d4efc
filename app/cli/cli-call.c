/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-call.h"

#include "app/cli/cli-progress.h"
#include "app/cli/commands.h"

#include <stdio.h>
#include <string.h>

#define MAX_WARNINGS 5

void
gander_call_get_load_options (const GanderCall *self, GanderLoadOptions *out)
{
  *out = (GanderLoadOptions){
    .no_cache = self->options.no_cache,
    .rebuild = self->options.force && g_str_equal (self->command->name, "index"),
    .unpack_limit = (guint64)self->options.unpack_limit << 30,
  };
}

GanderIndex *
gander_call_load (GanderCall *self, const char *path, GError **error)
{
  GanderLoadOptions options;
  GanderProgress progress = { 0 };
  g_autoptr (GanderProgressLine) line = NULL;
  g_autoptr (GanderIndex) index = NULL;
  guint32 n_damage;

  gander_call_get_load_options (self, &options);
  if (self->show_progress)
    line = gander_progress_line_new (&progress);
  index = gander_load (path, &options, &progress, self->cancellable, error);
  g_clear_pointer (&line, gander_progress_line_free);
  if (index == NULL)
    {
      gander_call_name_file (path, error);
      return NULL;
    }

  if (self->indexes == NULL)
    self->indexes = g_ptr_array_new_with_free_func ((GDestroyNotify)gander_index_unref);
  g_ptr_array_add (self->indexes, gander_index_ref (index));
  self->times.wall_ns = gander_index_get_facts (index)->wall_ns;
  if (self->times.form == GANDER_TIMES_WALL && self->times.wall_ns == 0)
    {
      gander_call_note (self, path, "warning: the trace does not tell the clock; --time auto");
      self->times.form = GANDER_TIMES_AUTO;
    }
  if (gander_index_get_facts (index)->newer_format)
    gander_call_note (self,
                      path,
                      "warning: written by a newer Go than this program knows; read as the "
                      "newest it does");
  if (gander_index_get_cache_trouble (index) != NULL)
    gander_call_note (self,
                      path,
                      "note: the index was not kept: %s",
                      gander_index_get_cache_trouble (index));
  n_damage = gander_index_get_n_damage (index);
  for (guint32 row = 0; row < n_damage; row++)
    {
      GanderDamage damage;

      gander_index_get_damage (index, row, &damage);
      gander_call_warn (self, path, &damage, row);
    }
  gander_call_warn_rest (self, path, n_damage);
  return g_steal_pointer (&index);
}

gboolean
gander_call_check_indexes (const GanderCall *self, GError **error)
{
  for (guint i = 0; self->indexes != NULL && i < self->indexes->len; i++)
    {
      const GanderIndex *index = g_ptr_array_index (self->indexes, i);
      const char *path = gander_index_get_facts (index)->path;
      GanderLoadOptions options;

      if (!gander_index_is_broken (index))
        continue;
      gander_call_get_load_options (self, &options);
      g_set_error (error,
                   GANDER_READER_ERROR,
                   GANDER_READER_ERROR_BAD_INDEX,
                   !options.no_cache && gander_load_forget (path, &options)
                       ? "%s: the stored index could not be read and was removed; run the command "
                         "again"
                       : "%s: the stored index could not be read",
                   path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_indexes (gpointer self, GError **error)
{
  return gander_call_check_indexes (self, error);
}

void
gander_call_name_file (const char *path, GError **error)
{
  if (error != NULL && (*error)->domain == GANDER_READER_ERROR)
    g_prefix_error (error, "%s: ", path);
}

void
gander_call_note (const GanderCall *self, const char *path, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = gander_text_escape (path);
  va_list args;

  if (self->options.quiet)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr,
           "%s: %s: %s%s%s\n",
           g_get_prgname (),
           shown,
           self->color_errors ? "\033[33m" : "",
           text,
           self->color_errors ? "\033[0m" : "");
}

void
gander_call_warn (GanderCall *self, const char *path, const GanderDamage *damage, guint number)
{
  GString *where;

  if (gander_damage_get_severity (damage->code) != GANDER_SEVERITY_NOTE)
    self->damaged = TRUE;
  else if (!self->options.verbose)
    return;
  if (number >= MAX_WARNINGS && !self->options.verbose)
    return;
  where = g_string_new (NULL);
  g_string_append_printf (where, "byte %" G_GUINT64_FORMAT, damage->offset);
  if (damage->count > 1)
    g_string_append_printf (where, ", %" G_GUINT64_FORMAT " times", damage->count);
  if (damage->events_lost > 0)
    g_string_append_printf (where,
                            ", at least %" G_GUINT64_FORMAT " events lost",
                            damage->events_lost);
  gander_call_note (self,
                    path,
                    "warning: %s (%s)",
                    gander_damage_get_sentence (damage->code),
                    where->str);
  g_string_free (where, TRUE);
}

void
gander_call_warn_rest (GanderCall *self, const char *path, guint number)
{
  if (number > MAX_WARNINGS && self->damaged && !self->options.verbose)
    gander_call_note (self,
                      path,
                      "warning: %u more places are damaged; --verbose tells them",
                      number - MAX_WARNINGS);
}

GanderOutput *
gander_call_open_output (GanderCall *self, GError **error)
{
  GanderOutput *output = gander_output_open (self->options.output,
                                             (const char *const *)self->files,
                                             self->options.force,
                                             error);

  if (output != NULL)
    gander_output_set_guard (output, check_indexes, self);
  return output;
}

gboolean
gander_call_use_color (const GanderCall *self, const GanderOutput *output)
{
  gboolean automatic = gander_output_is_terminal (output) && g_getenv ("NO_COLOR") == NULL;
  gboolean color = FALSE;

  /* The value was checked when the command line was read. */
  return gander_cli_options_get_when ("color", self->options.color, automatic, &color, NULL) &&
         color;
}

const char *
gander_call_get_remark (const GanderCall *self)
{
  return self->damaged ? "Figures are at least these: the trace is damaged.\n" : "";
}

/* Where the text of a table goes. */
typedef struct
{
  GanderOutput *output;
  gboolean bold; /* the next line is a header to be seen */
} TableWriter;

static void
write_piece (GString *text, gpointer data)
{
  TableWriter *self = data;
  gsize head = self->bold ? strcspn (text->str, "\n") : 0;

  if (self->bold)
    gander_output_printf (self->output, "\033[1m%.*s\033[0m", (int)head, text->str);
  self->bold = FALSE;
  gander_output_write (self->output, text->str + head, (gssize)(text->len - head));
  g_string_truncate (text, 0);
}

void
gander_call_write_table (const GanderCall *self, GanderOutput *output, const GanderTable *table)
{
  const GanderCliOptions *options = &self->options;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_text = g_str_equal (self->format, "text");
  TableWriter writer = { output, is_text && gander_call_use_color (self, output) };

  if (is_text && gander_table_get_n_rows (table) == 0 && self->files[0] != NULL &&
      (options->filter != NULL || options->goroutine != NULL || options->func != NULL ||
       options->task != NULL || options->region != NULL))
    gander_call_note (self, self->files[0], "nothing fits what was asked for");
  if (!is_text)
    gander_table_write_separated (table,
                                  g_str_equal (self->format, "csv") ? ',' : '\t',
                                  text,
                                  write_piece,
                                  &writer);
  else
    gander_table_write_text_styled (table, &self->times, text, write_piece, &writer);
  if (is_text)
    g_string_append (text, gander_call_get_remark (self));
  write_piece (text, &writer);
}
