"""Rules of the house that no linter knows, each a function from a source text to the lines that break it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("longsha_credit", "records", "commitments", "disclosure", "evaluation")

# What shows, picks or takes in rows for a person: here a model is reached through what that person may see.
INTERFACE = re.compile(
    r"(^|/)(\w*views|\w*forms|\w*api|feeds|search|resources|admin|lists|todo|menu|exports|context|middleware)\.py$"
)
STARTS = {"visible_to", "public"}
SHORTCUTS = (["get_object_or_404"], ["get_list_or_404"])
MANAGERS = {"objects", "_base_manager", "_default_manager"}

DOOR = "longsha_credit/publication/door.py"
GATE = "longsha_credit/publication/gate.py"
BEHIND_THE_DOOR = {"Publication", "LedgerEntry", "LedgerContent", "PublicFile", "Correction"}
WAYS_THERE = {"publication", "ledger", "corrections", "ledgerentry_set", "publicfile_set", "correction_set"}
WRITES = {
    *(
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "update",
        "bulk_update",
        "save",
        "delete",
    ),
    *("acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "aupdate", "asave", "adelete"),
    *("add", "set", "clear", "remove", "raw"),
}
PUBLIC_TABLES = re.compile(
    r"(?i)\b(insert\s+into|update|delete\s+from|truncate(\s+table)?|copy)\s+\"?publication_"
    r"(publication|ledgerentry|ledgercontent|publicfile|correction)\b"
)
PAST_TRIGGERS = {
    "longsha_credit/home/demo.py",
    "longsha_credit/home/demo_times.py",
    "longsha_credit/home/management/commands/restore.py",
}
OFF = re.compile(r"(?i)session_replication_role|disable\s+trigger")
SIGNALS = re.compile(r"(^|\.)(signals|dispatch)$")
LONGEST_VIEW = 25

Finding = tuple[int, str]


def product_files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def breaches(check: Callable[[str, str], Iterator[Finding]], files: list[Path]) -> list[str]:
    """Every breach of one rule as `file:line what`."""
    found = []
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        found += [f"{name}:{line} {what}" for line, what in check(name, path.read_text(encoding="utf-8"))]
    return found


def _chain(node: ast.AST) -> list[str]:
    """The names of a chain such as A.objects.public().filter(), from its end to its root."""
    names = []
    while True:
        if isinstance(node, ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        else:
            return [*names, node.id] if isinstance(node, ast.Name) else names


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def scope(name: str, source: str) -> Iterator[Finding]:
    """Interface files reach a model only through visible_to or public."""
    if not INTERFACE.search(name):
        return
    tree = ast.parse(source)
    started = {
        id(call.func.value)
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in STARTS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in started:
            yield node.lineno, f"{'.'.join(reversed(_chain(node)))} without visible_to or public"
        if (
            isinstance(node, ast.Call)
            and _chain(node.func)[:1] in SHORTCUTS
            and not _starts_in_scope(node.args)
        ):
            yield node.lineno, f"{_chain(node.func)[0]} not given what visible_to or public gives"
        if isinstance(node, ast.ClassDef) and node.name != "Meta":
            for line, target in _class_names(node):
                if target in ("model", "queryset"):
                    yield line, f"class-level {target} ="


def _starts_in_scope(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and bool(STARTS & set(_chain(arguments[0])))


def _class_names(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for statement in node.body:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                yield statement.lineno, target.id


def second_door(name: str, source: str) -> Iterator[Finding]:
    """Nothing but the door writes what is public, and nothing but the gate opens the door to publish."""
    if name == DOOR:
        return
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.asname and alias.name in BEHIND_THE_DOOR | {"door"}:
                    yield node.lineno, f"{alias.name} under another name"
                if (node.module or "").endswith("publication.door") and alias.name not in (
                    "NotPassed",
                    "verify",
                ):
                    yield node.lineno, f"{alias.name} taken out of the door"
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and PUBLIC_TABLES.search(node.value)
        ):
            yield node.lineno, "SQL that writes what is public"
    for call in _calls(tree):
        last, *before = _chain(call.func) or [""]
        if (last in BEHIND_THE_DOOR and not before) or (
            last in WRITES and set(before) & (BEHIND_THE_DOOR | WAYS_THERE)
        ):
            yield call.lineno, f"{'.'.join(reversed([last, *before]))}() beside the door"
        if name != GATE and [last, *before] == ["publish", "door"]:
            yield call.lineno, "door.publish() beside the gate"


def past_triggers(name: str, source: str) -> Iterator[Finding]:
    """Only the demo and a restore step around the triggers."""
    if name in PAST_TRIGGERS:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and _chain(node) == ["ignore", "pgtrigger"]:
            yield node.lineno, "pgtrigger.ignore"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pgtrigger"):
            yield node.lineno, "a part of pgtrigger under its own name"
        if isinstance(node, ast.Constant) and OFF.search(str(node.value)):
            yield node.lineno, "triggers switched off in SQL"


def signals(name: str, source: str) -> Iterator[Finding]:
    """What happens because of something is declared with the step, never hung on a signal."""
    for node in ast.walk(ast.parse(source)):
        modules = []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        if any(SIGNALS.search(module) for module in modules):
            yield node.lineno, f"signals from {modules[0]}"


def view_functions(source: str) -> Iterator[ast.FunctionDef]:
    """Functions of a views module that an address can point to."""
    for node in ast.parse(source).body:
        takes_request = isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args][:1] == [
            "request"
        ]
        if takes_request and not node.name.startswith("_"):
            yield node


def doors_to_the_street(name: str, source: str) -> Iterator[Finding]:
    """Public views need no sign-in and only read; public forms say which methods they take and stay in no cache.

    No other view does without sign-in, and none without the protection against forms of other sites.
    """
    if not name.endswith("views.py"):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute) and _chain(node)[0] == "csrf_exempt":
            yield node.lineno, "csrf_exempt"
    for view in view_functions(source):
        marks = {_chain(d)[0] for d in view.decorator_list}
        if name.endswith("public_form_views.py"):
            if not {"login_not_required", "require_http_methods", "never_cache"} <= marks:
                yield view.lineno, f"{view.name} is no public form: login_not_required, methods, never_cache"
        elif name.endswith("public_views.py"):
            if not {"login_not_required", "require_safe"} <= marks:
                yield view.lineno, f"{view.name} is not both login_not_required and require_safe"
        elif "login_not_required" in marks:
            yield view.lineno, f"{view.name} does without sign-in outside public_views"
        elif not marks & {"require_safe", "require_POST", "require_http_methods"} and "error" not in name:
            yield view.lineno, f"{view.name} does not say which methods it takes"


def short_views(name: str, source: str) -> Iterator[Finding]:
    """A view fetches, asks a form, calls a service, answers: about 25 lines."""
    if not name.endswith("views.py"):
        return
    for view in view_functions(source):
        if (lines := view.end_lineno - view.lineno + 1) > LONGEST_VIEW:
            yield view.lineno, f"{view.name} has {lines} lines"


def short_files(name: str, source: str) -> Iterator[Finding]:
    if (lines := source.count("\n")) >= 400:
        yield 1, f"{lines} lines"


def trusted_html(name: str, source: str) -> Iterator[Finding]:
    """Only template tags say that a text is safe HTML."""
    if "/templatetags/" in name:
        return
    for node in ast.walk(ast.parse(source)):
        named = isinstance(node, ast.Name) and node.id or isinstance(node, ast.alias) and node.name
        if named in ("mark_safe", "SafeString", "SafeText", "safestring"):
            yield node.lineno, f"{named} outside the template tags"


EXTENDS = re.compile(r"{%\s*extends\s")
INCLUDES = re.compile(r"""{%\s*include\s+["']([^"']+)["']""")
ALONE = {"templates/base.html", "templates/500.html"}  # the root, and the page for when nothing works
IN_TEMPLATES = {
    "|safe": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
    "an inline style": re.compile(r"(?i)<style\b|\sstyle\s*="),
    "an inline script": re.compile(r"(?i)<script\b(?![^>]*\bsrc=)"),
    "an inline handler": re.compile(r"(?i)\son[a-z]+\s*=\s*[\"'{]"),
    "a javascript: address": re.compile(r"(?i)javascript:"),
    "a foreign host": re.compile(r"(?i)\b(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


def template(name: str, source: str) -> Iterator[Finding]:
    """Pages extend a base, parts begin with _ and extend nothing; nothing inline, nothing trusted, nothing foreign."""
    part = name.rsplit("/", 1)[-1].startswith("_")
    extends = bool(EXTENDS.search(source))
    if part and extends and name != "templates/errors/_page.html":
        yield 1, "a part that extends a page"
    if not part and not extends and name not in ALONE:
        yield 1, "a page that extends no base"
    for number, line in enumerate(source.splitlines(), 1):
        for what, pattern in IN_TEMPLATES.items():
            if pattern.search(line):
                yield number, what
        for included in INCLUDES.findall(line):
            if not included.rsplit("/", 1)[-1].startswith("_"):
                yield number, f"includes the page {included}"
