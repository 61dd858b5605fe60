// SPDX-License-Identifier: MIT
/* tsmctl status: which TEE this is and who says so, and what was found. */
#include "status.h"

#include <stdio.h>
#include <string.h>

const char *tee_name(enum tsm_tee tee)
{
	static const char *const names[] = {
		[TSM_TEE_NONE] = "none",
		[TSM_TEE_TDX] = "Intel TDX",
		[TSM_TEE_SNP] = "AMD SEV-SNP",
	};

	return names[tee];
}

static const char *answer_name(enum tsm_answer answer)
{
	static const char *const names[] = {
		[TSM_ANSWER_UNKNOWN] = "unknown",
		[TSM_ANSWER_NO] = "no",
		[TSM_ANSWER_YES] = "yes",
	};

	return names[answer];
}

/* All who say this, the most decisive first. */
static void list_sources(char *text, size_t size,
			 const struct tsm_tee_view *view, size_t from,
			 enum tsm_tee tee, enum tsm_answer answer)
{
	size_t i, used;

	text[0] = '\0';
	for (i = from; i < view->sources; i++) {
		if (view->source[i].answer != answer ||
		    (tee && view->source[i].tee != tee))
			continue;
		used = strlen(text);
		snprintf(text + used, size - used, "%s%s", used ? ", " : "",
			 view->source[i].name);
	}
}

static void print_found_by(struct out *out, const struct tsm_tee_view *view)
{
	char text[512];

	list_sources(text, sizeof(text), view, 0, TSM_TEE_NONE,
		     TSM_ANSWER_YES);
	out_str(out, "found by", "%s", text[0] ? text :
		"no tdx_guest in /proc/cpuinfo, no sev-guest device, no TDX in CPUID");
}

/* A kernel that says what its CPU does not has been made to believe so. */
static void print_denied_by(struct out *out, const struct tsm_system *sys)
{
	char text[512];

	if (!sys->view.kernel_knows)
		return;
	list_sources(text, sizeof(text), &sys->view, sys->view.kernel_sources,
		     sys->tee, TSM_ANSWER_NO);
	if (text[0])
		out_str(out, "denied by", "%s: an emulated TEE, which proves nothing",
			text);
}

/* Who was asked, and what each of them says: for programs. */
static void print_sources(struct out *out, const struct tsm_tee_view *view)
{
	const struct tsm_tee_source *source;

	out_list(out, "sources");
	for (source = view->source; source < view->source + view->sources;
	     source++) {
		out_item(out);
		out_key(out, "name", source->name);
		out_key(out, "tee", tee_name(source->tee));
		out_key(out, "answer", answer_name(source->answer));
		out_item_end(out);
	}
	out_list_end(out);
}

void print_tee(struct out *out, const struct tsm_system *sys)
{
	const struct tsm_tee_view *view = &sys->view;

	out_str(out, "tee", "%s", tee_name(sys->tee));
	print_found_by(out, view);
	print_denied_by(out, sys);
	print_sources(out, view);
	if (view->hidden)
		out_str(out, "hidden tee", "%s", tee_name(view->hidden));
}

/* With Secure Boot most kernels are locked down, which securityfs tells of. */
static const char *taken_modules(const struct tsm_system *sys)
{
	if (sys->signing.required)
		return "signed with a key it knows";
	if (sys->signing.secure_boot == TSM_ANSWER_YES && !sys->securityfs[0])
		return "unknown: securityfs is not mounted";
	return "signed or not";
}

void print_kernel(struct out *out, const struct tsm_system *sys)
{
	const struct tsm_install *install = &sys->install;
	const struct tsm_signing *signing = &sys->signing;

	out_section(out, "kernel");
	out_str(out, "release", "%s",
		install->release[0] ? install->release : "unknown");
	if (sys->container[0])
		out_str(out, "container", "%s", sys->container);
	out_str(out, "secure boot", "%s", answer_name(signing->secure_boot));
	if (signing->lockdown[0])
		out_str(out, "lockdown", "%s", signing->lockdown);
	out_str(out, "takes modules", "%s", taken_modules(sys));
	out_str(out, "tsm_guest file", "%s",
		install->ours[0] ? install->ours : "none");
	if (signing->signer[0])
		out_str(out, "signed by", "%s", signing->signer);
	out_end(out);
}

/* @label: what text calls the way out; JSON has "mend" for good. */
static void print_list(struct out *out, const char *name, const char *kind,
		       const char *label, const struct findings *list)
{
	const struct finding *f;
	char what[4 * sizeof(f->what)], title[sizeof(what) + 16];

	out_list(out, name);
	for (f = list->item; f < list->item + list->count; f++) {
		out_escape(what, f->what);
		snprintf(title, sizeof(title), "%s: %s", kind, what);
		out_section(out, title);
		out_key(out, "key", f->key);
		out_key(out, "what", f->what);
		out_str(out, out_is_json(out) ? "mend" : label, "%s",
			f->mend[0] ? f->mend : f->command);
		if (f->command[0] && (f->mend[0] || out_is_json(out)))
			out_str(out, "command", "%s", f->command);
		out_end(out);
	}
	out_list_end(out);
}

void print_findings(struct out *out, const struct findings *problems,
		    const struct findings *notes)
{
	print_list(out, "problems", "problem", "mend", problems);
	print_list(out, "notes", "note", "advice", notes);
}
