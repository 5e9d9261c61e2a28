"""The pages of the open data in a real browser: the policy refuses nothing, nobody else is asked."""


def test_the_open_data_is_tried_out_under_the_policy_of_every_page(visitor):
    """`visitor` fails on any refusal by the policy, any error and any request to another host."""
    page = visitor()
    response = page.goto("/api/v1/docs/try/")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    page.get_by_text("/api/v1/organisations/{id}/").wait_for()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("单位列表", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text("division_code").first.wait_for()


def test_the_explanation_reads_without_scripts(chromium, portal):
    context = chromium.new_context(java_script_enabled=False, base_url=portal)
    page = context.new_page()
    assert page.goto("/api/v1/docs/").status == 200
    assert page.get_by_role("heading", level=1).inner_text() == "开放数据"
    page.locator("summary").filter(has_text="：承诺列表").click()
    assert page.get_by_role("table", name="承诺列表的参数").get_by_text("due_from").is_visible()
    context.close()
