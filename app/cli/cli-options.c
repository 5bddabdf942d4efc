/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-options.h"

#include "analysis/analysis.h"
#include "app/cli/cli-error.h"

#include <string.h>

#define N_(text) text

typedef enum
{
  OPTION_FLAG,
  OPTION_TEXT,
  OPTION_NUMBER,
  OPTION_LIST,
} OptionType;

static const struct
{
  GanderOptionSpec spec;
  OptionType type;
  gsize offset;
} options[] = {
#define OPTION(member, type, name, letter, argument, help) \
  { { name, letter, argument, help }, OPTION_##type, G_STRUCT_OFFSET (GanderCliOptions, member) },
#include "app/cli/cli-options.def"
#undef OPTION
};

static const GOptionArg arg_types[] = {
  [OPTION_FLAG] = G_OPTION_ARG_NONE,
  [OPTION_TEXT] = G_OPTION_ARG_STRING,
  [OPTION_NUMBER] = G_OPTION_ARG_INT,
  [OPTION_LIST] = G_OPTION_ARG_STRING_ARRAY,
};

static int
find_option (const char *name, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strlen (options[i].spec.name) == size && strncmp (options[i].spec.name, name, size) == 0)
      return (int)i;
  return -1;
}

const GanderOptionSpec *
gander_cli_options_find (const char *name)
{
  int i = find_option (name, strlen (name));

  return i < 0 ? NULL : &options[i].spec;
}

/* Go's flag package takes -name like --name. A word of one dash that is a known long option gets
 * its second one; -v and -o FILE stay what they are. */
static void
double_dashes (char **args)
{
  for (char **arg = args; *arg != NULL && !g_str_equal (*arg, "--"); arg++)
    {
      char *old = *arg;

      if (old[0] != '-' || old[1] == '-' || strlen (old) < 3)
        continue;
      if (find_option (old + 1, strcspn (old + 1, "=")) < 0)
        continue;
      *arg = g_strconcat ("-", old, NULL);
      g_free (old);
    }
}

static GOptionEntry *
make_entries (GanderCliOptions *self, const char *names)
{
  g_auto (GStrv) wanted = g_strsplit (names, " ", -1);
  GOptionEntry *entries = g_new0 (GOptionEntry, g_strv_length (wanted) + 1);
  guint n = 0;

  for (guint i = 0; wanted[i] != NULL; i++)
    {
      int row = find_option (wanted[i], strlen (wanted[i]));

      g_assert (row >= 0);
      entries[n++] = (GOptionEntry){
        .long_name = options[row].spec.name,
        .short_name = options[row].spec.letter,
        .arg = arg_types[options[row].type],
        .arg_data = (guint8 *)self + options[row].offset,
      };
    }
  return entries;
}

static gboolean
check_numbers (const GanderCliOptions *self, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].type == OPTION_NUMBER)
      {
        int value = *(const int *)(gconstpointer)((const guint8 *)self + options[i].offset);

        if (value < 0)
          return gander_cli_error_set_usage (error,
                                             "--%s %d: it cannot be less than 0",
                                             options[i].spec.name,
                                             value);
      }
  return TRUE;
}

gboolean
gander_cli_options_parse (GanderCliOptions *self, const char *names, char ***args, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree GOptionEntry *entries = make_entries (self, names);

  double_dashes (*args);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse_strv (context, args, error) && check_numbers (self, error);
}

const char *
gander_cli_options_get_text (const GanderCliOptions *self, const char *name)
{
  int row = find_option (name, strlen (name));

  g_return_val_if_fail (row >= 0, NULL);
  return options[row].type == OPTION_TEXT
             ? *(char *const *)((const guint8 *)self + options[row].offset)
             : NULL;
}

void
gander_cli_options_clear (GanderCliOptions *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      guint8 *value = (guint8 *)self + options[i].offset;

      if (options[i].type == OPTION_TEXT)
        g_free (*(char **)value);
      else if (options[i].type == OPTION_LIST)
        g_strfreev (*(char ***)value);
    }
  *self = (GanderCliOptions){ 0 };
}

static gboolean
parse_border (const char *text, GanderTime missing, GanderTime *out, GError **error)
{
  if (*text == '\0')
    {
      *out = missing;
      return TRUE;
    }
  return gander_duration_parse (text, out, error);
}

gboolean
gander_cli_options_get_range (const GanderCliOptions *self,
                              GanderTime duration,
                              GanderTime *begin,
                              GanderTime *end,
                              GError **error)
{
  const char *dots;
  g_autofree char *first = NULL;

  *begin = 0;
  *end = duration;
  if (self->range == NULL)
    return TRUE;
  dots = strstr (self->range, "..");
  if (dots == NULL)
    {
      return gander_cli_error_set_usage (error,
                                         "--range %s: write it as A..B, like 10ms..1.5s",
                                         self->range);
    }
  first = g_strndup (self->range, (gsize)(dots - self->range));
  if (!parse_border (first, 0, begin, error) || !parse_border (dots + 2, duration, end, error))
    {
      g_prefix_error (error, "--range: ");
      return FALSE;
    }
  *begin = CLAMP (*begin, 0, duration);
  *end = CLAMP (*end, 0, duration);
  if (*begin < *end)
    return TRUE;
  return gander_cli_error_set_usage (error,
                                     "--range %s: nothing of the trace is in it",
                                     self->range);
}

GArray *
gander_cli_options_get_goroutines (const GanderCliOptions *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (GStrv) words = g_strsplit (self->goroutine == NULL ? "" : self->goroutine, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gint64 id;
      const char *number = words[i] + (words[i][0] == 'G' || words[i][0] == 'g');

      if (!g_ascii_string_to_signed (number, 10, 0, G_MAXINT64, &id, NULL))
        {
          gander_cli_error_set_usage (error,
                                      "--goroutine %s: “%s” is no goroutine id",
                                      self->goroutine,
                                      words[i]);
          return NULL;
        }
      g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}

gboolean
gander_cli_options_get_when (const char *name,
                             const char *value,
                             gboolean automatic,
                             gboolean *out,
                             GError **error)
{
  gboolean is_auto = value == NULL || g_str_equal (value, "auto");

  if (is_auto || g_str_equal (value, "always") || g_str_equal (value, "never"))
    {
      *out = is_auto ? automatic : g_str_equal (value, "always");
      return TRUE;
    }
  return gander_cli_error_set_usage (error, "--%s %s: it is auto, always or never", name, value);
}
