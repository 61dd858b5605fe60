#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes the code blocks out of README.md, by the comments that say where they run.

usage: blocks.py README         complains of blocks that nothing is said about
       blocks.py README OUT     writes the blocks to files in the folder OUT

A block is indented by four spaces. The last line before it that is not empty
is a comment, which nobody sees who reads the page:

    <!-- run: WHERE -->       WHERE as below
    <!-- not run: REASON -->

What is written for the block of number N: N.WHERE, the text as it stands, and
N.name, its heading with a number where that has several. The file not-run has
a line NAME<TAB>REASON for each of the others.
"""

import os
import re
import sys

WHERE = {
    "tdx": "in a VM that is a TD",
    "snp": "in a VM that is an SNP guest",
    "copy": "on the host, in a copy of the tree, with nothing installed that stays",
    "tree": "on the host, in this tree",
}
INDENT = "    "
MARKER = re.compile(r"<!-- (run|not run): (.*) -->$")


class Block:
    """A code block, with the line it starts in and the comment before it."""

    def __init__(self, line, heading, before):
        self.line = line
        self.heading = heading
        self.lines = []
        self.name = heading
        found = MARKER.match(before)
        self.run, self.rest = found.groups() if found else (None, "")

    def complaint(self):
        if not self.run:
            return "a block without a comment that says where it runs"
        if self.run == "run" and self.rest not in WHERE:
            return "runs in '%s', not one of: %s" % (
                self.rest, ", ".join(sorted(WHERE)))
        if not self.rest.strip():
            return "does not say why it is not run"
        return None

    def text(self):
        return "\n".join(self.lines).rstrip("\n") + "\n"


def parse(text):
    """All blocks, and complaints about what is not one but looks like it."""
    blocks, complaints = [], []
    block, heading, before, marker = None, "", "", None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(INDENT) and line.strip():
            if not block:
                block = Block(number, heading, before)
                blocks.append(block)
                marker = None
            block.lines.append(line[len(INDENT):])
            continue
        if not line.strip():
            if block:
                block.lines.append("")
            continue
        block = None
        if marker:
            complaints.append((marker, "a comment, but no block after it"))
        marker = number if MARKER.match(line) else None
        if line.startswith("#"):
            heading = line.strip("# ")
        if line.startswith("```"):
            complaints.append((number, "a fenced block: indent it by four"))
        before = line
    if marker:
        complaints.append((marker, "a comment, but no block after it"))
    for one in blocks:
        if one.complaint():
            complaints.append((one.line, one.complaint()))
    name_all(blocks)
    return blocks, sorted(complaints)


def name_all(blocks):
    for block in blocks:
        same = [b for b in blocks if b.heading == block.heading]
        if len(same) > 1:
            block.name = "%s %d" % (block.heading, same.index(block) + 1)


def write_all(blocks, out):
    with open(os.path.join(out, "not-run"), "w") as not_run:
        for number, block in enumerate(blocks, 1):
            if block.run != "run":
                not_run.write("%s\t%s\n" % (block.name, block.rest))
                continue
            path = os.path.join(out, "%02d." % number)
            with open(path + block.rest, "w") as file:
                file.write(block.text())
            with open(path + "name", "w") as file:
                file.write(block.name + "\n")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        blocks, complaints = parse(file.read())
    for line, what in complaints:
        print("%s:%d: %s" % (sys.argv[1], line, what))
    if complaints:
        sys.exit(1)
    if len(sys.argv) == 3:
        write_all(blocks, sys.argv[2])


if __name__ == "__main__":
    main()
