"""With the keyboard alone: from the first Tab to the last, nothing skipped, nothing hidden, no way without a return."""

import pytest

# Where a person stops: links, buttons, boxes, folds; of a group of round buttons one.
STOPS = """() => {
  const groups = new Set();
  return Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
    .filter(part => part.type !== 'hidden' && part.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
    .filter(part => part.type !== 'radio' || !groups.has(part.name) && groups.add(part.name)).length;
}"""
# What is wrong with where the focus stands now; `end` when it has left the page.
STANDS = """() => {
  const part = document.activeElement;
  if (!part || part === document.body || part.seen && part.className === 'skip-link') { return 'end'; }
  if (part.seen) { return part.type === 'date' ? 'within' : 'back at ' + part.outerHTML.slice(0, 60); }
  part.seen = true;
  const name = part.tagName + ' ' + (part.innerText || part.name || '').slice(0, 20);
  const box = (part.getClientRects()[0] || part.getBoundingClientRect());
  const style = getComputedStyle(part);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) { return name + ': focus cannot be seen'; }
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [above, below] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right - left < 1 || below - above < 1) { return name + ': out of sight'; }
  const x = (left + right) / 2, y = (above + below) / 2;
  const top = document.elementFromPoint(x, y);
  return top && (part.contains(top) || top.contains(part)) ? '' : name + ': covered by ' + (top && top.className);
}"""
PHONE, DESK = 360, 1280
PAGES = [
    (None, "/", PHONE),
    (None, "/", DESK),
    (None, "/units/2/", PHONE),
    (None, "/commitments/", PHONE),
    (None, "/supervise/u2/complaint/", PHONE),
    (None, "/supervise/u2/rate/", DESK),
    (None, "/accessibility/", DESK),
    ("street1", "/desk/", DESK),
    ("street1", "/desk/commitments/new/", PHONE),
]


@pytest.mark.parametrize(("person", "address", "width"), PAGES)
def test_a_page_is_walked_through_with_the_tab_key(visitor, person, address, width):
    page = visitor(person, width=width)
    assert page.goto(address).status == 200
    stops, walked, faults = page.evaluate(STOPS), 0, []
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    while (said := page.evaluate(STANDS)) != "end" and len(faults) < 5:
        walked += said != "within"  # year, month and day of one box
        faults += [said] if said not in ("", "within") else []
        page.keyboard.press("Tab")
    assert faults == []
    assert walked == stops > 10


def test_the_first_link_leads_past_the_menus(visitor):
    page = visitor(width=PHONE)
    page.goto("/commitments/")
    page.keyboard.press("Tab")
    assert page.locator(".skip-link").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_fold_opens_and_closes_with_enter(visitor):
    page = visitor(width=PHONE)
    page.goto("/units/2/")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.evaluate("fold => fold.open")
    page.keyboard.press("Enter")
    assert not page.locator("details").first.evaluate("fold => fold.open")
