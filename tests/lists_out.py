"""Which pages of the desk are lists, by the code itself, and what their export links give."""

import csv
import html
import inspect
import io
import re

from django.urls import resolve, reverse

from tests.url_table import TABLE, values

LINK = re.compile(r'href="([^"]*\?[^"]*\b(?:format|kind)=(csv|xlsx)[^"]*)"')
VIEW = re.compile(r'href="(\?[^"]*\bview=\w+[^"]*)"')

# Lists that do not go out as the rows they show, and why.
STAY = {
    "deadlines:notifications": "本人的通知，不是单位的表",
    "education:sources": "登记学时以前选活动的一页，活动在活动列表里导出",
    "facts:figure": "一个数背后的行，各在自己的列表里导出",
    "evaluation:fact": "一个数背后的行，各在自己的列表里导出",
    "commitments:national": "不合国家模板的地方；合模板的在同一页整份下载",
    "imports:page": "文件里要改的地方，在同一页下载标注好的文件",
    "annual:page": "三张规定样子的表在“导出”一页",
    "coverage:inspection": "每个单位一行；导出的是逐条的结论",
    "tasks:board": "看板的各行，导出的表多一行合计",
    "coverage:board": "按单位合计；导出的是逐项的情况",
}


def is_a_list(name: str, c) -> bool:
    """Whether the page of an address shows rows a page at a time, itself or by a function beside it."""
    view = inspect.unwrap(resolve(reverse(name, args=values(TABLE[name], c))).func)
    if not inspect.isfunction(view):
        return False
    beside = [view.__globals__.get(called) for called in view.__code__.co_names]
    own = [it for it in beside if inspect.isfunction(it) and it.__module__ == view.__module__]
    return any("page_of" in it.__code__.co_names for it in (view, *own))


def links(page: str) -> dict[str, str]:
    """The first link to each form of file: {csv: address, xlsx: address}."""
    found: dict[str, str] = {}
    for address, form in LINK.findall(html.unescape(page)):
        found.setdefault(form, address)
    return found


def views(page: str) -> list[str]:
    return [html.unescape(found) for found in VIEW.findall(page)]


def number_of_rows(response) -> int:
    """The rows of a csv without its heads and its last line."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return len(list(csv.reader(io.StringIO(text)))) - 2
