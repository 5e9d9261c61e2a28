"""What the demo's education is about: activities, materials, officials and a drawn picture, all of it invented."""

import io

from PIL import Image, ImageDraw

DISTRICT = ""  # in the place of a unit's name

# key: unit, kind, title, theme, audiences, expected, hours, speaker, about, summary, outcome
ACTIVITIES = {
    "contracts": (
        "向阳街道", "lecture", "签了合同就要守", "law", "officials residents", 80, 2, "区法院立案庭法官",
        "三个真实的合同纠纷：房屋修缮、摊位租赁、家政服务。讲清楚签字以前看哪几句、做不到怎样说、证据怎样留。",
        "法官用三个案例讲了签合同以前要看清的三句话。来的大多是小区业主和沿街商户，也有街道各办公室的工作人员。\n\n现场提了七个问题，当场答复六个，一个登记后由司法所回复。",
        "街道按居民的建议，把服务合同示范文本放到了便民窗口；会后一个月有23户来取。",
    ),
    "credit-day": (
        DISTRICT, "publicity", "信用宣传日", "credit", "residents companies", 300, None, "",
        "在中心广场设八个咨询台：信用修复怎样办、合同怎样签、拖欠款项到哪里反映、公开承诺在哪里查。",
        "八个咨询台从上午九点开到下午三点，发放折页四百份，教居民用手机查街道的公开承诺。",
        "当天受理信用修复咨询31件，指导12户个体工商户在线提交。",
    ),
    "handbook": (
        DISTRICT, "training", "公务员诚信手册专题培训", "government", "officials", 60, 2, "区委党校讲师",
        "手册的五章；“新官不理旧账”的四个案例；离任交接怎样做到件件有人接。",
        "各街道、窗口的负责人和经办人参加，分组讨论了四个案例。", "会后各街道补交了离任交接清单的格式意见。",
    ),
    "family": (
        "新苑社区", "lecture", "讲讲家里的诚信故事", "culture", "residents", 20, None, "社区老教师",
        "请三位老人讲自家守信的故事，孩子们画下来。", "下大雪，来的人不多，三个故事都录了音。", "录音放在社区服务站循环播放。",
    ),
    "ethics": (
        "临江街道", "training", "窗口服务职业道德课", "ethics", "officials", 25, 3, "区政务服务中心督导员",
        "一次性告知怎样做到位，办不了的怎样说清楚。", "窗口和社区经办人参加，现场演练了五个场景。", "改了三张一次性告知单。",
    ),
    "market": (
        "临江街道", "publicity", "夜市诚信经营宣传", "law", "companies", 60, None, "",
        "在便民市场讲明码标价和七日退换，给摊主发放承诺牌。", "", "",
    ),
    "school": (
        "育才社区", "lecture", "给家长讲网络消费", "credit", "residents", 40, None, "区市场监管局干部",
        "孩子误充值怎样退、网购纠纷找谁。", "", "",
    ),
    "elder": (
        "和平社区", "lecture", "老年人防骗课", "credit", "residents", 50, None, "派出所民警",
        "保健品、投资、冒充熟人三类骗局怎样识破。", "民警讲了三类骗局，现场教老人设置来电提醒。", "",
    ),
    "winter": (
        "青松街道", "lecture", "供热合同怎样看", "law", "residents", 60, None, "区住建局供热科",
        "室温不达标怎样测、找谁、怎样退费。带上自家的供热合同来，现场帮您看。", "", "",
    ),
    "companies": (
        "向阳街道", "lecture", "账款按期付：给小企业讲条例", "law", "companies", 40, None, "区司法局律师",
        "保障中小企业款项支付条例的几个要点，合同里的付款期限怎样写。", "", "",
    ),
    "windows": (
        "便民服务综合窗口", "training", "承诺办件时限演练", "government", "officials", 12, 1, "窗口首席代表",
        "按承诺时限办结的流程，超时怎样预警。", "逐项走了一遍十二个事项的流程，找出两处会超时的地方。", "两处已经改好。",
    ),
    "rumour": (
        "青松街道", "publicity", "守信商户走访", "culture", "companies", 30, None, "",
        "走访沿街三十家商户，听取意见。", "走访三十家，征集意见十一条。", "",
    ),
    "dates": (
        "临江街道", "lecture", "签约以前问三句话", "law", "residents companies", 50, None, "区法院法官助理",
        "对方是谁、钱怎样付、做不到怎么办。", "", "",
    ),
    "letters": (
        "江畔社区", "lecture", "承诺书怎样写才算数", "government", "officials residents", 30, 1, "街道司法所所长",
        "写清做什么、到哪天、做不到怎么办。", "用社区自己的两份承诺书作例子，逐句改。", "两份承诺书已按要求改好。",
    ),
    "property": (
        "康宁社区", "publicity", "物业服务合同进楼道", "law", "residents", 100, None, "",
        "把物业服务合同的要点贴进楼道，志愿者逐层讲解。", "走了九栋楼二十七个楼道，发放要点卡三百份。", "收集意见十九条，已转物业公司。",
    ),
}  # fmt: skip
# key: unit, title, theme, audiences, summary, body, source
MATERIALS = {
    "leaflet": (
        "向阳街道", "签合同以前看三句话", "law", "residents companies", "五分钟看懂合同里最要紧的三句话，附示范文本的取法。",
        "一、对方是谁\n\n看清名称和证照上的是不是一样；个人要看身份证，公司要看营业执照。\n\n二、钱怎样付\n\n先付多少、什么时候付完、付到哪个账户，都要写在合同里，不要只是口头说。\n\n三、做不到怎么办\n\n写清赔多少、找谁调解、到哪里打官司。三样都没有的，先不要签字。",
        "向阳街道司法所编写",
    ),
    "cases": (
        DISTRICT, "新官理旧账：四个案例", "government", "officials residents", "四个换了负责人照样兑现的案例，每个两分钟。",
        "案例一：街道换届以后，接任的主任把前任答应的32户门面补偿列进交接清单，逐户签认，三个月付清。\n\n案例二：社区书记调走，社区书屋照原来的时间开门，因为承诺是社区的，不是哪一个人的。\n\n案例三：机构合并以后，便民窗口的承诺由继任单位继续公开，网页上写明并入哪里。\n\n案例四：项目负责人退休，合同付款期限由系统提醒接任的人，没有晚一天。",
        "区信用办根据公开报道整理（演示）",
    ),
    "repair": (
        DISTRICT, "信用修复一看就懂", "credit", "companies residents", "哪些可以修复、带什么材料、几天有结果。",
        "先改正，再申请：义务履行完毕的证明和信用承诺书，两样就够，不收费。", "区信用办编写",
    ),
    "manual": (
        DISTRICT, "公务员诚信手册（简明版）", "government", "officials", "手册五章的要点，半小时看完；只在内部学习。",
        "第一章 依法履职：职责之内的事不推，职责之外的权不用。\n\n第二章 言出必行：承诺以前先算能不能做到，做不到的不说。\n\n第三章 一任接着一任干：接手就是接账，件件有回音。\n\n第四章 公开透明：能公开的都公开，不能公开的说明依据。\n\n第五章 廉洁自律。",
        "区信用办、区委组织部编写（演示）",
    ),
    "old-manual": (
        "青松街道", "窗口用语（旧版）", "ethics", "officials", "窗口常用的三十句话。", "已由新的服务规范代替。", "青松街道编写",
    ),
    "phrases": (
        "临江街道", "一次性告知的十个场景", "ethics", "officials", "十个办不了、缺材料的场景怎样说。",
        "场景一：材料缺一份，能先办后补的先受理，写清哪天以前补什么。", "临江街道编写",
    ),
    "families": (
        "新苑社区", "家风家训里的诚信", "culture", "residents", "居民写下的二十条家训。", "说到就要做到。借的东西按时还。", "新苑社区居民供稿，社区整理",
    ),
    "market-rules": (
        "临江街道", "明码标价怎样做", "law", "companies", "摊位、小店的标价牌怎样写。", "一货一签，写清品名、规格、价格。", "临江街道编写",
    ),
    "wrong": (
        "青松街道", "供热退费办法", "law", "residents", "室温不达标怎样退费。", "引用的办法已经废止。", "青松街道编写",
    ),
    "double": ("向阳街道", "合同要点（重复）", "law", "residents", "与已有资料重复。", "与已有资料重复。", "向阳街道编写"),
}  # fmt: skip
# Officials beside those with accounts, so that two streets are large enough for a rate.
OFFICIALS = {
    "向阳街道": "沈文、顾然、陆平、方圆、叶青",
    "临江街道": "汪洋、田野、江南、石磊、丁香",
    "新苑社区": "乔木、白云",
    "便民服务综合窗口": "杜若、苏木",
    DISTRICT: "温和、罗列、程实、陶然、余音、梅朵",
}
MINIMUM_BASIS = (
    "区年度干部教育培训计划（示组通〔2026〕3号，演示）；学时数参照示范创建指标表一第8.1项，为建议值"
)


def picture(number: int) -> bytes:
    """A drawn hall with a speaker and rows of seats: nobody's photograph."""
    image = Image.new("RGB", (1280, 800), (222, 229, 238))
    draw = ImageDraw.Draw(image)
    draw.rectangle((240, 90, 1040, 400), fill=(246, 248, 251), outline=(40, 84, 140), width=6)
    for line in range(4):
        draw.rectangle(
            (300, 150 + line * 55, 980 - line * 90 - number * 20, 170 + line * 55), fill=(40, 84, 140)
        )
    draw.ellipse((1080, 250, 1150, 320), fill=(90, 100, 116))
    draw.rectangle((1060, 330, 1170, 480), fill=(90, 100, 116))
    for row in range(3):
        for seat in range(9 - row):
            x, y = 120 + row * 60 + seat * 120, 520 + row * 90
            draw.ellipse((x, y, x + 60, y + 60), fill=(150 - row * 20, 162 - row * 20, 180 - row * 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


# title, hours, levels for which it is required, what it is about
COURSES = (
    (
        "公务员诚信手册导读",
        2,
        ["district", "street", "community", "window"],
        "手册五章，案例四个，学完能说出自己岗位的三条承诺。",
    ),
    ("合同履约和款项支付", 1, ["street"], "保障中小企业款项支付条例要点；付款期限怎样登记、怎样提醒。"),
    ("信用修复和异议办理", 1, [], "受理、核查、告知的时限和文书。"),
)
