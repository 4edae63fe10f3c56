"""How does an editor or CI log read our lines? `bpflint editor NAME` prints the settings to paste."""

from __future__ import annotations

import argparse
import json

HELP = "print settings for an editor or for problem matchers"

PATTERN = r"^(.+?):(\d+):(\d+): (error|warning|info): (.*) \[([A-Z]{1,3}\d{3})\]$"
"""Matches every line of `--output-format concise` that is a finding or a problem with a place."""
_GROUPS = {"file": 1, "line": 2, "column": 3, "severity": 4, "message": 5, "code": 6}

_VIM = r"""" bpflint: ~/.vim/compiler/bpflint.vim, then :compiler bpflint | make
let current_compiler = "bpflint"
CompilerSet makeprg=bpflint\ scan\ --output-format\ gcc
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#
"""

_EMACS = r""";; bpflint: M-x compile RET bpflint scan --output-format gcc
(with-eval-after-load 'compile
  (add-to-list 'compilation-error-regexp-alist-alist
   '(bpflint
     "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(note\\)\\): "
     1 2 3 (4 . 5)))
  (add-to-list 'compilation-error-regexp-alist 'bpflint))
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `editor`."""
    parser.add_argument("name", choices=("vscode", "github-matcher", "vim", "emacs"), help="for whom")


def run(args: argparse.Namespace) -> int:
    """Print the settings."""
    texts = {"vscode": vscode(), "github-matcher": github_matcher(), "vim": _VIM, "emacs": _EMACS}
    print(texts[args.name], end="")
    return 0


def vscode() -> str:
    """Return a `.vscode/tasks.json`."""
    matcher = {
        "owner": "bpflint",
        "fileLocation": ["relative", "${workspaceFolder}"],
        "pattern": {"regexp": PATTERN, **_GROUPS},
    }
    task = {
        "label": "bpflint",
        "type": "shell",
        "command": "bpflint scan --output-format concise",
        "group": "build",
        "presentation": {"reveal": "silent"},
        "problemMatcher": matcher,
    }
    return json.dumps({"version": "2.0.0", "tasks": [task]}, indent=2) + "\n"


def github_matcher() -> str:
    """Return the file for `::add-matcher::`."""
    matcher = {"owner": "bpflint", "pattern": [{"regexp": PATTERN, **_GROUPS}]}
    return json.dumps({"problemMatcher": [matcher]}, indent=2) + "\n"
