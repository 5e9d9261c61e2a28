"""What Chromium 86 does not know, and finding it in sheets, scripts and templates."""

import re

# name → pattern, in a sheet outside @supports
SHEET = {
    "@layer, @container, @import and the like": r"@(?:layer|container|property|scope|import|starting-style)\b",
    ":is(), :where(), :has()": r":(?:is|where|has)\(",
    ":not() with a list": r":not\([^()]*,",
    "nesting": r"&",
    "inset": r"(?<![\w-])inset(?:-block|-inline)?(?:-start|-end)?\s*:",
    "aspect-ratio": r"(?<![\w-])aspect-ratio\s*:",
    "two-sided logical properties": r"(?<![\w-])(?:margin|padding|border|inset)-(?:block|inline)(?:-width|-style|-color)?\s*:",
    "logical radius": r"border-(?:start|end)-(?:start|end)-radius",
    "single transforms": r"(?<![\w-])(?:rotate|translate|scale)\s*:",
    "container": r"(?<![\w-])container(?:-type|-name)?\s*:",
    "new viewport and container units": r"\d(?:[dsl]v(?:h|w|min|max|i|b)|cq(?:w|h|i|b|min|max)|lh|rlh)\b",
    "start and end in flexible boxes": r"(?:align|justify)-(?:content|items|self)\s*:\s*(?:start|end)\b",
    "thickness inside text-decoration": r"text-decoration\s*:\s*[\w-]+\s+[^;}\s]",
    "new colours": r"(?<![\w-])(?:color-mix|light-dark|oklch|oklab|lch|lab|hwb)\(",
    "popover": r"\[popover|:popover-open|::backdrop",
    "range syntax in media": r"@media[^{]*[<>]",
    "file-selector-button": r"::file-selector-button",
}
SCRIPT = {
    "optional chaining, ??": r"\?\.(?!\d)|\?\?",
    "logical assignment": r"(?:\|\||&&|\?\?)=",
    "new methods": r"\.(?:at|findLast|findLastIndex|replaceAll|toSorted|toReversed|toSpliced|with|flatMap|flat|matchAll|fromEntries)\(",
    "new globals": r"\b(?:structuredClone|AggregateError|WeakRef|Promise\.(?:any|allSettled)|Object\.(?:hasOwn|groupBy)|globalThis)\b",
    "popover": r"popover",
    ":has() in a selector": r":(?:has|is|where)\(",
    "private members, import, export": r"\bthis\.#|^\s*(?:import|export)\b|\bimport\s*\(",
    "spread of objects": r"\{\s*\.\.\.",
    "code from text": r"\beval\(|new Function|\.innerHTML|\.style\b|setAttribute\(\"(?:style|on)",
}
TEMPLATE = {
    "inline style": r"<style\b|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:",
    "import map, popover": r"importmap|\spopover",
    "foreign host": r"(?:src|href)=\"(?:https?:)?//(?!www\.w3\.org)",
}


def in_sheet(text):
    """The names of what an old browser would stumble over in a style sheet."""
    text = _outside_guards(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    found = _found(SHEET, text)
    return found + (["nested rules"] if _nests(text) else [])


def in_script(text):
    return _found(SCRIPT, re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.S | re.M))


def in_template(text):
    return _found(TEMPLATE, re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S))


def _found(patterns, text):
    return [name for name, pattern in patterns.items() if re.search(pattern, text, re.M | re.I)]


def _outside_guards(text):
    """The sheet without its @supports blocks."""
    kept, at = [], 0
    for guard in re.finditer(r"@supports\b[^{]*\{", text):
        if guard.start() < at:
            continue
        kept.append(text[at : guard.start()])
        at, depth = guard.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
    return "".join([*kept, text[at:]])


def _nests(text):
    """Whether a rule stands inside a rule that is not an at-rule."""
    open_rules, prelude = [], ""
    for character in text:
        if character == "{":
            if open_rules and not open_rules[-1].startswith("@"):
                return True
            open_rules.append(prelude.strip())
            prelude = ""
        elif character == "}":
            open_rules.pop()
            prelude = ""
        elif character == ";":
            prelude = ""
        else:
            prelude += character
    return False
