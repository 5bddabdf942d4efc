/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

#include <cairo.h>

static const char *const formats[] = { "Go 1.22", "Go 1.23 and 1.24", "Go 1.25", "Go 1.26" };

static char *
glib_version_text (void)
{
  return g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
}

static void
write_json (GanderOutput *output)
{
  JsonObject *object = gander_json_new ("version");
  JsonObject *libraries = json_object_new ();
  JsonArray *traces = json_array_new ();
  g_autofree char *glib = glib_version_text ();

  json_object_set_string_member (object, "version", GANDER_VERSION);
  json_object_set_string_member (libraries, "glib", glib);
  json_object_set_string_member (libraries, "cairo", cairo_version_string ());
  json_object_set_string_member (libraries, "json_glib", JSON_VERSION_S);
  json_object_set_object_member (object, "libraries", libraries);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    json_array_add_string_element (traces, formats[i]);
  json_object_set_array_member (object, "traces", traces);
  gander_json_write (output, object, TRUE);
}

static void
print_text (const GanderCall *call, GanderOutput *output)
{
  g_autofree char *glib = glib_version_text ();

  gander_output_printf (output, "Gander %s\n", GANDER_VERSION);
  if (!call->options.verbose)
    return;
  gander_output_printf (output,
                        "GLib %s, cairo %s, json-glib %s\nReads traces of ",
                        glib,
                        cairo_version_string (),
                        JSON_VERSION_S);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    gander_output_printf (output, "%s%s", i == 0 ? "" : ", ", formats[i]);
  gander_output_write (output, "\n", 1);
}

gboolean
gander_command_version (GanderCall *call, GError **error)
{
  g_autoptr (GanderOutput) output = gander_call_open_output (call, error);

  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output);
  else
    print_text (call, output);
  return gander_output_close (output, error);
}
