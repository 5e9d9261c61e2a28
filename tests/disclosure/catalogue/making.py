"""Catalogues in the standard columns, and proposals in every state."""

from disclosure.catalogue.flows import FLOW
from disclosure.models import Topic, TopicProposal
from tests import make

NEW = {
    "序号": "90", "公开事项（一级）": "居务公开", "公开事项（二级）": "社区用房使用", "公开内容（要素）": "使用单位、用途、期限、收入",
    "公开依据": "城市居民委员会组织法第五章", "公开时限": "20个工作日", "公开主体": "社区居民委员会",
    "公开渠道和载体": "■政府网站 □政府公报\n☑社区/企事业单位/村公示栏（电子屏）", "公开对象": "全社会", "公开方式": "主动", "公开层级": "社区",
}  # fmt: skip


def row(**changes) -> dict[str, str]:
    return NEW | changes


def topic() -> Topic:
    return Topic.objects.get(key="elderly-care")


def proposal(c, unit=None, of=None, by=None, **changes) -> TopicProposal:
    """Of a new topic, or of a change of `of`."""
    said = {
        "group": "affairs", "name": "社区用房使用", "content": "使用单位、用途、期限", "basis": "组织法第五章",
        "limit_rule": "disclosure_publish", "frequency": "", "publisher": "社区居民委员会", "channels": "政府网站",
        "audience": "全社会", "method": "active", "levels": ["community"],
    }  # fmt: skip
    if of:
        said = {name: getattr(of, name) for name in said} | {"content": "改过的内容"}
    return TopicProposal.objects.create(
        organisation=unit or c.district, topic=of, topic_version=of.version if of else None, reason="按新的标准目录",
        created_by=by or c.office, **(said | changes),
    )  # fmt: skip


def another(c):
    return make.user("office2", "office", c.district)


def adopted(c, **more) -> TopicProposal:
    it = proposal(c, **more)
    FLOW.take(it, "adopt", by=another(c))
    return it


def dropped(c, **more) -> TopicProposal:
    it = proposal(c, **more)
    FLOW.take(it, "drop", by=c.office, reason="传错了")
    return it
