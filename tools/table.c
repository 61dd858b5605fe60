// SPDX-License-Identifier: MIT
/* tsmctl help --table: commands and options, for what is made of them. */
#include "extend.h"
#include "lib/tsm_eventlog.h"

#include <stdio.h>
#include <string.h>

/*
 * A line for each command and, below it, each of its options and its arguments.
 * Fields are separated by one tab, "-" is an empty one:
 *
 *   command   NAME  ALIAS  SHORTS  SUMMARY
 *   option    LONG  SHORT  VALUE   KIND     MANY  WITH  WORDS
 *   argument  -     -      VALUE   KIND     MANY  -     WORDS
 *   stray     LONG	which is described but is no option
 */
static const char *const kinds[] = {
	[VALUE_NONE] = "none",
	[VALUE_OTHER] = "other",
	[VALUE_FILE] = "file",
	[VALUE_DIR] = "dir",
	[VALUE_DATA] = "data",
	[VALUE_WORD] = "word",
	[VALUE_WORDS] = "words",
	[VALUE_EVENT] = "word",
	[VALUE_COMMAND] = "command",
};

static void print_field(const char *text)
{
	out_text("\t");
	out_text(text && *text ? text : "-");
}

/* All that can be extended with: records of EV_NO_ACTION extend nothing. */
static void print_event_types(void)
{
	uint32_t type;
	const char *name, *before = "\t";

	for (type = 0; (name = named_event_type(&type)); type++) {
		if (type == TSM_EV_NO_ACTION)
			continue;
		out_text(before);
		out_text(name);
		before = " ";
	}
}

static void print_value(const struct value *value)
{
	print_field(value->name);
	print_field(kinds[value->kind]);
	print_field(value->many ? "many" : NULL);
	print_field(value->with);
	if (value->kind == VALUE_EVENT)
		print_event_types();
	else
		print_field(value->words);
	out_text("\n");
}

static bool is_option(const struct command *cmd, const char *name)
{
	const struct option *o;

	for (o = cmd->options; o->name; o++) {
		if (!strcmp(o->name, name))
			return true;
	}
	return false;
}

static void print_option(const struct command *cmd, const struct option *o)
{
	/* a kind that nobody stated is an empty field, unless it is none */
	static const struct value none = { .of = NULL };
	const char name[] = { o->val < OPT_JSON ? (char)o->val : '\0', '\0' };
	const struct value *v;

	out_text("option");
	print_field(o->name);
	print_field(name);
	for (v = cmd->values; v && (v->of || v->name); v++) {
		if (v->of && !strcmp(v->of, o->name)) {
			print_value(v);
			return;
		}
	}
	if (o->has_arg == no_argument)
		print_value(&none);
	else
		out_text("\t-\t-\t-\t-\t-\n");
}

void print_table(const struct command *cmd)
{
	const struct option *o;
	const struct value *v;

	out_text("command");
	print_field(cmd->name);
	print_field(cmd->alias);
	print_field(cmd->shorts);
	print_field(cmd->summary);
	out_text("\n");
	for (o = cmd->options; o->name; o++)
		print_option(cmd, o);
	for (v = cmd->values; v && (v->of || v->name); v++) {
		if (!v->of) {
			out_text("argument\t-\t-");
			print_value(v);
		} else if (!is_option(cmd, v->of)) {
			out_text("stray");
			print_field(v->of);
			out_text("\n");
		}
	}
}
