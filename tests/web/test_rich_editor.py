"""The editor in a real browser behind the real policy; and the same form with scripts switched off."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client

from longsha_credit.web.richtext import clean
from tests.web.rich_urls import KEPT

SITE = "http://localhost"  # a trusted origin, as the portal behind https is
SHA = "a1" * 32

pytestmark = pytest.mark.browser


@pytest.fixture
def form(settings):
    """The form of rich_urls, filled by form(…)."""
    settings.ROOT_URLCONF = "tests.web.rich_urls"
    settings.ALLOWED_HOSTS = ["localhost"]

    def fill(body="", pictures=None, title="关于修坡道的公告"):
        KEPT.update(title=title, body=body, pictures=pictures or {}, posts=[])
        return KEPT

    return fill


@pytest.fixture
def open_page(chromium, form):
    """open_page() gives the form in a browser; what the policy forbids or a script throws fails the test."""
    contexts, faults = [], []
    client = Client(headers={"host": "localhost"})

    def answer(route):
        request = route.request
        path = request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            return route.fulfill(path=finders.find(path.removeprefix("/static/")))
        if request.method == "POST":
            kind = request.headers["content-type"]
            given = client.post(path, request.post_data, content_type=kind, follow=True)
        else:
            given = client.get(path)
        return route.fulfill(status=given.status_code, headers=dict(given.items()), body=given.content)

    def open_(javascript=True, old=False, **options):
        context = chromium.new_context(java_script_enabled=javascript, locale="zh-CN", **options)
        if old:
            context.add_init_script("delete Object.hasOwn")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/*", answer)
        page.goto(f"{SITE}/try/")
        if javascript and not old:
            page.wait_for_selector("[data-rich=started]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


LOADED = "image => image.decode().then(() => image.naturalWidth > 0)"


def told(page, html):
    """Wait until the editor has told its field, which it does a little later; the policy forbids to wait in the page."""
    for _ in range(100):
        if html in page.input_value("[name=body_html]"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{html} 没有写进去")


def save(page):
    press(page, "保存")
    page.wait_for_selector("text=已保存")


def write(page, text):
    page.get_by_role("textbox", name="正文").click()
    page.keyboard.type(text)


def test_a_text_is_written_saved_and_read_again(open_page, form):
    kept = form()
    page = open_page()
    write(page, "一、名单")
    press(page, "标题")
    page.keyboard.press("Enter")
    page.keyboard.type("- 1. 照写的样子。")
    page.keyboard.press("Enter")
    press(page, "插入表格")
    for text in ("类别", "元"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    press(page, "删列")
    page.locator(".rich-box td").nth(1).click()
    page.locator(".rich-box td").nth(3).click(modifiers=["Shift"])
    press(page, "合并单元格")
    page.keyboard.type("1,200")
    press(page, "表名")
    page.get_by_label("表名").fill("补助标准")
    page.keyboard.press("Enter")
    save(page)
    assert list(kept["posts"][0]) == ["csrfmiddlewaretoken", "title", "body_html"]
    assert kept["body"] == (
        "<h2>一、名单</h2><p>- 1. 照写的样子。</p><table><caption>补助标准</caption><thead><tr>"
        '<th scope="col">类别</th><th scope="col">元</th></tr></thead>'
        '<tbody><tr><td></td><td rowspan="2">1,200</td></tr><tr><td></td></tr></tbody></table>'
    )
    before = kept["body"]
    page.goto(f"{SITE}/try/")
    page.wait_for_selector("[data-rich=started]")
    page.get_by_role("textbox", name="正文").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("新")
    save(page)
    assert kept["body"] == before.replace("一、", "新一、", 1)


RICH = (
    '<h2>一、甲</h2><h3>（一）乙</h3><h4>丙</h4><p><strong>粗</strong><em>重</em><u>线</u><s>删</s>m<sup>2</sup>H<sub>2</sub>O<br>下一行'
    '<a href="https://a.cn/?x=1&amp;y">链接</a></p><ul><li>点<ol start="3"><li>三</li></ol></li></ul><blockquote><p>引</p></blockquote>'
    f'<p><img data-picture="{SHA}" alt="坡道"></p><table><caption>名单</caption><thead><tr><th colspan="2" scope="col">头</th></tr></thead>'
    '<tbody><tr><th scope="row">行</th><td><p>一</p><p>二</p><ul><li>三</li></ul></td></tr></tbody></table>'
)  # fmt: skip


def test_everything_a_text_may_hold_passes_through_the_editor(open_page, form):
    kept = form(RICH, {SHA: "/static/web/icon.svg"})
    assert clean(RICH) == RICH
    page = open_page()
    assert page.get_by_role("img", name="坡道").evaluate(LOADED)
    page.get_by_role("textbox", name="正文").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    assert page.input_value("[name=body_html]") != RICH  # the editor writes it in its own way
    page.get_by_role("img", name="坡道").click()
    press(page, "图片说明")
    page.get_by_label("图片说明").fill("新修的坡道")
    press(page, "确定")
    save(page)
    assert kept["body"] == RICH.replace('alt="坡道"', 'alt="新修的坡道"')


def paste(page, html):
    page.evaluate(
        """html => { const data = new DataTransfer(); data.setData('text/html', html);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }""",
        html,
    )


def test_what_is_pasted_brings_no_pictures_and_no_styles(open_page, form):
    kept = form()
    page = open_page()
    write(page, "甲")
    paste(
        page,
        "<h1 style='color:red'>乙</h1><p class=MsoNormal><b style='mso-x:1'>丙</b><img src='https://192.0.2.1/x.png'>"
        f"<img data-picture={SHA}><a href='javascript:alert(1)'>丁</a></p>",
    )
    assert page.inner_text(".rich-said") == "图片不能粘贴进来，请用 Word 文件带入。"
    save(page)
    assert kept["body"] in (
        "<h2>甲乙</h2><p><strong>丙</strong>丁</p>",
        "<p>甲乙</p><p><strong>丙</strong>丁</p>",
    )


def test_a_link_is_asked_for_and_only_an_address_is_taken(open_page, form):
    kept = form()
    page = open_page()
    write(page, "见")
    press(page, "链接")
    for address in ("javascript:alert(1)", "www.example.cn", "原文 https://example.cn/a?b=1"):
        page.get_by_label("文字和网址").fill(address)
        page.keyboard.press("Enter")
    page.keyboard.type("。")
    told(page, "。")
    page.wait_for_timeout(1500)  # what is typed in one go is undone in one go
    page.keyboard.type("错")
    press(page, "撤销")
    save(page)
    assert kept["body"] == '<p>见<a href="https://example.cn/a?b=1">原文</a>。</p>'


def test_the_keyboard_reaches_every_tool_and_is_caught_nowhere(open_page, form):
    form("<table><tr><td>甲</table>")
    page = open_page()
    page.get_by_role("textbox", name="正文").focus()
    focused = "document.activeElement.textContent"
    page.keyboard.press("Control+Home")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "加粗"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "重做"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert page.locator(".rich-box strong").count() == 0
    page.keyboard.type("乙")
    told(page, "<strong>乙</strong>")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "保存"
    found = Axe().run(page, context=".rich-field")
    assert found.violations_count == 0, found.generate_report()


def test_a_draft_comes_back_into_the_editor_and_can_be_thrown_away(open_page, form):
    form("<p>原文</p>")
    page = open_page()
    write(page, "草稿")
    page.wait_for_timeout(500)
    page.reload()
    page.wait_for_selector("[data-rich=started]")
    assert "草稿" in page.get_by_role("textbox", name="正文").inner_text()
    page.click("text=不要这些内容")
    assert page.get_by_role("textbox", name="正文").inner_text().strip() == "原文"


def test_a_double_click_sends_once_and_faults_leave_the_text(open_page, form):
    kept = form()
    page = open_page()
    write(page, "正文在这里")
    page.get_by_label("标题").fill("")
    page.evaluate("() => { const b = document.querySelector('main form > .button'); b.click(); b.click(); }")
    page.wait_for_selector(".error-summary")
    page.wait_for_selector("[data-rich=started]")
    assert len(kept["posts"]) == 1
    assert page.get_by_role("textbox", name="正文").inner_text().strip() == "正文在这里"


def test_without_scripts_the_plain_box_writes_it(open_page, form):
    kept = form("<h2>一、甲</h2><p>乙</p>")
    page = open_page(javascript=False)
    assert page.get_by_label("正文").input_value() == "一、甲\n乙"
    page.get_by_label("正文").fill("一、甲\n（一）丙\n- 丁")
    save(page)
    assert kept["body"] == "<h2>一、甲</h2><h3>（一）丙</h3><ul><li>丁</li></ul>"


def test_without_scripts_a_table_is_shown_and_kept(open_page, form):
    kept = form(RICH, {SHA: "/static/web/icon.svg"})
    page = open_page(javascript=False)
    assert "只能看，不能改" in page.inner_text(".notice")
    assert page.inner_text(".rich-shown caption") == "名单"
    page.get_by_label("标题").fill("新标题")
    save(page)
    assert (kept["title"], kept["body"]) == ("新标题", RICH)
    assert list(kept["posts"][0]) == ["csrfmiddlewaretoken", "title", "body_kept"]


def test_an_old_browser_keeps_the_plain_box(open_page, form):
    kept = form("<p>乙</p>")
    page = open_page(old=True)
    page.get_by_label("正文").fill("丙")
    save(page)
    assert kept["body"] == "<p>丙</p>"
