"""The guard of credit+ over sentences as offices write them: what it must stop, and what it must let pass."""

import time

import pytest

from disclosure.scenes import guard
from disclosure.scenes.forms import MonthForm, TextForm
from disclosure.scenes.wording import CONSENT, LEAVING

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
    ("deduct", "居民不守约的，由网格员登记并扣减诚信积分。"),
    ("deduct", "每户基础分100分，不参加活动一次减5分。"),
    ("list", "对不文明行为在微信群里通报。"),
    ("deny", "凡不参加楼道清扫的，取消年底福利。"),
    ("punish", "把爽约的人列入黑名单。"),
    ("deny", "连续两次爽约的，半年内不得预约。"),
    ("charge", "参加者需缴纳100元保证金。"),
    ("deny", "不签承诺书的不给盖章。"),
    ("deny", "没有加入的只能排在后面办理。"),
    ("data", "采集人脸识别信息用于签到。"),
    ("rank", "根据邻里评价把家庭分成甲乙丙三等。"),
    ("list", "守信居民照片上墙。"),
    ("punish", "失信居民姓名在电子屏滚动播出。"),
    ("punish", "违反公约的告知所在单位。"),
    ("deny", "不按期归还的停止服务。"),
    ("deny", "逾期未还，限制乘坐社区巴士。"),
    ("rank", "信用分低于60分的不能享受上门服务。"),
    ("deny", "对拒不参加的，上门劝导，仍不参加的不予开具证明。"),
    ("force", "参加即默认同意公开姓名。"),
    ("rank", "每月评选最差楼栋并公布户主姓名。"),
    ("rank", "获评五星户的优先，三星以下的不予受理。"),
    ("deduct", "扣十分以上者追责。"),
    ("punish", "违约者将被处罚。"),
    ("deny", "不缴纳年费的不能办理。"),
    ("deny", "没参加培训的，暂停发放补贴。"),
    ("list", "把不守信的人公开曝光。"),
    ("punish", "失信三次报送征信机构。"),
    ("punish", "不主动申报的视为失信，记入档案。"),
    ("force", "所有党员必须参加，未参加的点名批评。"),
    ("deduct", "养犬不牵绳的，每次扣3分。"),
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
    "养犬没牵绳的，工作人员当面提醒，不扣分、不登记。",
    "拖欠物业费的，由物业依法催交，不公开名单。",
    "没来开会的居民照样申请补贴，先后次序不变。",
    "参加不用预存任何费用。",
    "不把居民的表现报送其工作单位。",
    "登记表只留姓名、电话，用完就删。",
    "办理结果当场告诉本人，不在公告栏张贴。",
    "志愿服务时长只用来换小礼品，不和任何待遇挂钩。",
    "社区食堂对全体居民开放，守约的老人可以先吃后付。",
    "缺少证明的，签承诺书后先办，五个工作日内补交证明材料即可。",
    "我们不问收入，也不查征信。",
    "借出的书逾期没还，只发一条短信提醒。",
    "评价只针对我们的服务，不针对居民。",
    "需要帮助的居民可以请志愿者代办，全程不收钱。",
    "每月公布借用次数和满意率，不涉及个人。",
    "这项服务不区分常住和暂住，所有居民都能用。",
    "退出以后，您原来享受的低保、医保等待遇不变。",
    "因病不能到场的，可以电话办理。",
    "小区停车位按先来后到安排，签约车主可以先停后付。",
    "守约情况不作为其他任何事项的条件。",
    "居民没有守约，工作人员只作提醒，不登记、不扣减。",
    "不对居民打分、不分等级、不搞排名、不公布任何名单。",
    "家里有困难的老人，可以预约上门办理，免收任何费用。",
    "不参加也可以照常来窗口办理，不排队等候更久。",
    "参加情况只有经办人知道，不向任何人公开。",
    "退出只要打一个电话，退出以后照样能办。",
    "本人签字承诺的，缺的材料可以后补，不因缺一份材料退回。",
    "我们不看病历、不问病情。",
    "凭身份证登记，借用结束后30天删除登记信息。",
    "不会上黑名单，不会影响征信，也不会通知单位。",
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
    assert (len(REFUSED), len(ACCEPTED)) == (60, 60)
    assert (caught, stopped) == (60, 0)
    assert {rule for rule, _ in REFUSED} == {rule.key for rule in guard.RULES}


def test_a_text_made_to_be_slow_is_not():
    """Nothing a clerk can type keeps the guard busy."""
    began = time.perf_counter()
    for part in ("不", "向居民", "给人对人", "不参加", "只有", "因为居民而", "公布", "把"):
        guard.look({"服务内容": f"不{part * (1000 // len(part))}张扣分"})
    assert time.perf_counter() - began < 5


def test_what_the_portal_itself_proposes_to_write_passes():
    hints = TextForm.Meta.help_texts | MonthForm.Meta.help_texts | {"a": CONSENT, "b": LEAVING}
    assert [finding.sentence for finding in guard.breaches(hints)] == []
