"""The one script in a real browser: drafts, double clicks, counters, keys, and the menu without it."""

import pytest
from django.conf import settings

SITE = "http://portal.test"
STATIC = settings.BASE_DIR / "longsha_credit" / "web" / "static" / "web"

FORM = """<form method="post" action="/save" data-keep="commitment-new">
  <input name="title" id="title"><textarea name="content" id="content" data-max="5"></textarea>
  <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b">
  <input type="password" name="secret"><button>保存</button></form>"""
PAGES = {
    "/form": FORM,
    "/login": '<form method="post"><input type="password" name="p"></form>',
    "/faults": f'<div class="error-summary" tabindex="-1"><a href="#title">请填写。</a></div>{FORM}',
    "/saved": "<p>已保存</p>",
    "/error": "<h1 data-keep-drafts>系统出了故障</h1>",
    "/list": """<input type="search"><table data-keys><tr><td><a href="#1">一</a></td></tr>
      <tr><td><a href="#2">二</a></td></tr></table><button data-key="y">通过</button>
      <p class="keys" data-keys-help hidden><span data-keys-list>j</span><button type="button"></button></p>""",
    "/menu": """<nav class="desk-nav"><details class="desk-menu"><summary>菜单</summary></details>
      <div class="desk-nav-list">待办</div></nav>""",
}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium):
    return opened(chromium)


def opened(browser, **options):
    """A page of a site that is answered from PAGES; /save answers as `page.answer` says."""
    page = browser.new_context(**options).new_page()
    page.answer, page.posts = "/saved", []

    def respond(route):
        path = route.request.url.removeprefix(SITE).split("#")[0]
        if path.startswith("/static/"):
            return route.fulfill(body=(STATIC / path.rpartition("/")[2]).read_text())
        if route.request.method == "POST":
            page.posts.append(route.request.post_data)
            path = page.answer
        sheets = "".join(
            f'<link rel="stylesheet" href="/static/{n}.css">' for n in ("tokens", "base", "desk")
        )
        head = f'<meta charset="utf-8">{sheets}<script src="/static/portal.js" defer></script>'
        html = f'<!doctype html><html data-mode="plain"><head>{head}</head><body>{PAGES[path]}</body></html>'
        return route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route(f"{SITE}/**", respond)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def write(page):
    page.goto(f"{SITE}/form")
    page.fill("[name=title]", "建成坡道")
    page.check("[value=b]")
    page.fill("[name=secret]", "Password-1")
    page.wait_for_timeout(500)


def draft(page):
    return page.evaluate("sessionStorage.getItem('draft:commitment-new')")


def test_input_survives_an_ended_session(page):
    write(page)
    page.answer = "/login"
    page.click("text=保存")
    page.goto(f"{SITE}/form")
    assert page.input_value("[name=title]") == "建成坡道"
    assert page.is_checked("[value=b]")
    assert "已恢复您在" in page.inner_text(".notice")


def test_a_password_is_never_kept(page):
    write(page)
    assert "建成坡道" in draft(page)
    assert "Password-1" not in page.evaluate("JSON.stringify(Object.assign({}, sessionStorage))")


def test_a_saved_form_leaves_no_draft(page):
    write(page)
    page.click("text=保存")
    assert page.inner_text("p") == "已保存"
    assert draft(page) is None
    page.goto(f"{SITE}/form")
    assert page.input_value("[name=title]") == ""


@pytest.mark.parametrize("answer", ["/error", "/faults"])
def test_a_form_that_was_not_saved_stays(page, answer):
    write(page)
    page.answer = answer
    page.click("text=保存")
    page.wait_for_load_state()
    assert "建成坡道" in draft(page)


def test_the_restored_can_be_thrown_away(page):
    write(page)
    page.goto(f"{SITE}/saved")
    page.goto(f"{SITE}/form")
    page.click("text=不要这些内容")
    assert page.input_value("[name=title]") == ""
    assert draft(page) is None


def test_a_double_click_sends_once(page):
    page.goto(f"{SITE}/form")
    page.evaluate(
        "() => { const b = document.querySelector('form button'); b.click(); b.click(); b.click(); }"
    )
    page.wait_for_url(f"{SITE}/save")
    assert len(page.posts) == 1


def test_the_counter_says_how_much_is_too_much(page):
    page.goto(f"{SITE}/form")
    page.fill("[name=content]", "七个字太多了吧")
    assert page.inner_text("#content_count") == "超出 2 个字，最多 5 个字"
    assert page.get_attribute("#content", "aria-describedby") == "content_count"


def test_faults_take_the_focus_and_lead_to_their_field(page):
    page.goto(f"{SITE}/faults")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id") == "title"


def test_keys_move_but_decide_nothing_and_can_be_switched_off(page):
    page.goto(f"{SITE}/list")
    focus = "document.activeElement.textContent"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(focus) == "二"
    page.keyboard.press("y")
    assert page.evaluate(focus) == "通过"
    assert "到“通过”" in page.inner_text(".keys")
    page.click("text=关闭快捷键")
    page.keyboard.press("k")
    assert page.evaluate(focus) == "开启快捷键"


def test_the_menu_opens_without_script(chromium):
    page = opened(chromium, java_script_enabled=False, viewport={"width": 360, "height": 700})
    page.goto(f"{SITE}/menu")
    assert not page.is_visible(".desk-nav-list")
    page.click("summary")
    assert page.is_visible(".desk-nav-list")
    page.set_viewport_size({"width": 1280, "height": 700})
    assert page.is_visible(".desk-nav-list")
    assert not page.is_visible("summary")
