"""The guard of credit+ over sentences as offices write them: what it must stop, and what it must let pass."""

import pytest

from disclosure.scenes import guard

# the rule that has to find it, and the sentence
REFUSED = [
    ("deduct", "违约一次扣5分，扣满20分的重新登记。"),
    ("deduct", "未按时归还的，从信用账户中扣减10分。"),
    ("deduct", "不参加清雪的每户扣分。"),
    ("deduct", "乱堆杂物的减分，年底积分清零。"),
    ("rank", "社区每季度给居民打分，分数高的优先。"),
    ("rank", "建立居民信用积分，按积分兑换服务。"),
    ("rank", "根据表现评定信用等级，A级居民免押金。"),
    ("rank", "每月对各户文明表现排名。"),
    ("rank", "把住户划分为红黄绿三档，绿牌户优先办理。"),
    ("list", "在公告栏公布守信居民红名单。"),
    ("list", "设立光荣榜，张贴参加者的照片和姓名。"),
    ("list", "逾期不还的在单元门口曝光。"),
    ("list", "参加人员名单每月公示。"),
    ("list", "对失约的居民张榜点名。"),
    ("deny", "不参加的居民不予办理停车位登记。"),
    ("deny", "没有签订承诺书的，暂缓受理。"),
    ("deny", "只有参加诚信家庭的才能申请公益性岗位。"),
    ("deny", "退出后三年内不得再申请本社区的服务。"),
    ("deny", "守信的先办，其他人排到后面。"),
    ("deny", "违约的取消低保资格。"),
    ("deny", "失约三次，会影响子女入学。"),
    ("force", "辖区居民必须参加。"),
    ("force", "未提出异议的视为同意。"),
    ("charge", "报名时交纳50元押金，年底退还。"),
    ("charge", "会员费每年20元。"),
    ("data", "登记时采集指纹和血型。"),
    ("data", "请提供病历和宗教信仰情况，便于安排。"),
    ("punish", "未守约的记入个人诚信档案。"),
    ("punish", "弄虚作假的纳入失信记录并通报单位。"),
    ("punish", "损坏不赔的处以罚款，推送至征信系统。"),
]
ACCEPTED = [
    "不扣分、不公布名单、不参加不影响办事。",
    "自愿参加，随时退出，退出不影响任何基本服务。",
    "不给居民打分，不排名，也不列任何名单。",
    "不得给居民打分、评级、排名，不得公布名单。",
    "严禁扣分、曝光和张榜公布姓名。",
    "没有按时归还的，社区工作人员打电话提醒，不扣分也不处罚。",
    "不参加的人照常办理，先来先办，和原来一样。",
    "不采集宗教信仰、基因、指纹、血型、疾病和病史信息。",
    "不收集您的疾病信息，只登记姓名和联系电话。",
    "参加者名单不公开，只公布每月人次。",
    "参加不收费，不交押金。",
    "凭承诺书免交300元押金借用轮椅，用完归还即可。",
    "原来要交200元押金，现在守约的居民免押金借用。",
    "材料暂缺的，签一份承诺书先受理，10个工作日内补齐。",
    "请您给我们的服务打分，评价只用来改进工作。",
    "社区把服务项目和办理时间公布在公告栏。",
    "志愿服务满20小时的居民，可以优先预约活动室。",
    "优先办理只是多开一个窗口，不让别的居民多等。",
    "违约不记录、不追责，也不影响下次办理。",
    "不记入诚信档案，不上征信，不作任何惩戒。",
    "商家名单公布在社区公众号，居民自己选择。",
    "退出时我们停止使用并删除您的信息，原有待遇一样不少。",
    "先看病后付费，由街道卫生服务中心办理。",
    "物业费按原标准交纳，提前半年交的打九折。",
    "不设红黑榜，不发通报，不按积分分级。",
    "可以自己来，也可以请家人代办，不强制参加。",
    "没有参加的居民同样可以借书，只是要当场登记。",
    "不会因为没有参加而影响入学、就医和低保待遇。",
    "本服务用于防治常见疾病的健康讲座报名。",
    "不把参加情况告诉任何单位，也不对外公布姓名和照片。",
]


def found(text):
    return guard.breaches({"服务内容": text})


@pytest.mark.parametrize(("rule", "text"), REFUSED, ids=lambda value: value[:14])
def test_what_would_cost_or_shame_a_resident_is_stopped_with_its_reason(rule, text):
    findings = {finding.rule.key: finding for finding in found(text)}
    assert rule in findings
    sentence = findings[rule].sentence
    assert sentence.startswith("“服务内容”里写了“") and "依据：" in sentence and sentence.endswith("）")


@pytest.mark.parametrize("text", ACCEPTED, ids=lambda value: value[:14])
def test_what_only_does_good_passes(text):
    assert [finding.sentence for finding in found(text)] == []


def test_the_numbers_of_the_table(capsys):
    caught = sum(any(f.rule.key == rule for f in found(text)) for rule, text in REFUSED)
    stopped = sum(bool(found(text)) for text in ACCEPTED)
    with capsys.disabled():
        print(
            f"\n信用+守则：该拦的 {len(REFUSED)} 句拦下 {caught} 句；该放的 {len(ACCEPTED)} 句误拦 {stopped} 句"
        )
    assert (len(REFUSED), len(ACCEPTED)) == (30, 30)
    assert (caught, stopped) == (30, 0)
    assert {rule for rule, _ in REFUSED} == {rule.key for rule in guard.RULES}
