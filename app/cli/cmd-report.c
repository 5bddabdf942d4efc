/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/commands.h"
#include "app/cli/report.h"

#include <string.h>

static const struct
{
  const char *id;
  gboolean (*write) (const GanderReport *report, GanderOutput *output, GError **error);
} formats[] = {
  { "json", gander_report_write_json },
  { "md", gander_report_write_markdown },
  { "html", gander_report_write_html },
};

/* What was asked for, else what the name of the output ends in, else the usual. */
static guint
choose_format (const GanderCall *call)
{
  const char *output = call->options.output;
  const char *dot = output == NULL ? NULL : strrchr (output, '.');
  gboolean asked = call->options.format != NULL || call->options.json;
  const char *id = asked || dot == NULL ? call->format : dot + 1;
  guint usual = 0;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_ascii_strcasecmp (id, formats[i].id) == 0)
        return i;
      if (g_str_equal (call->format, formats[i].id))
        usual = i;
    }
  return usual;
}

gboolean
gander_command_report (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = gander_call_load (call, call->files[0], error);
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderOutput) output = NULL;
  GanderReport report = { .index = index, .cancellable = call->cancellable };

  if (index == NULL)
    return FALSE;
  scope = gander_scope_new (index, 0, gander_index_get_facts (index)->duration);
  report.scope = scope;
  output = gander_call_open_output (call, error);
  if (output == NULL || !formats[choose_format (call)].write (&report, output, error))
    return FALSE;
  return gander_output_close (output, error);
}
