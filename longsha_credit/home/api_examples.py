"""Short programs for the page of the API; they need Python alone, and a test runs what stands in them."""

READ = """\
import json, urllib.request

address = "https://本站地址/api/v1/commitments/?page_size=100"
while address:
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    for row in page["results"]:
        print(row["code"], row["title"], row["state"]["name"])
    address = page["next"]
"""

CHECK = """\
import json, urllib.error, urllib.request

def read(address, mark):
    \"\"\"新的内容和标记；没有变的内容为 None。\"\"\"
    request = urllib.request.Request(address, headers={"If-None-Match": mark})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer), answer.headers["ETag"]
    except urllib.error.HTTPError as problem:
        if problem.code != 304:
            raise
        return None, mark

address = "https://本站地址/api/v1/figures/?level=street"
page, mark = read(address, "")  # 记下 mark，下次带上
for row in page["results"]:
    name, rate = row["organisation"]["name"], row["kept_rate"]
    print(name, "到期兑现率", "还没有可算的" if rate is None else rate + "%")
print(read(address, mark)[0])
"""

FOLLOW = """\
import json, urllib.request

standing, last = {}, 0  # 记下 last，下次从这里读起
while True:
    address = f"https://本站地址/api/v1/changes/?after={last}&page_size=500"
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    for change in page["results"]:
        if change["action"]["key"] == "withdraw":
            standing.pop(change["object"], None)
        elif change["action"]["key"] in ("publish", "amend"):
            standing[change["object"]] = change
    last = page["last"]
    if page["next"] is None:
        break
print(len(standing), "件现在公开的，读到", last)
"""

FILE = """\
import datetime, json, os, urllib.error, urllib.request

draft = {
    "organisation": 2, "post": 6,  # 本单位和它的责任岗位的编号，见 /api/v1/drafts/units/
    "title": "新苑社区单元门无障碍坡道改造",
    "content": "为新苑社区没有坡道的单元门建成无障碍坡道24处，每处配扶手。",
    "standard": "24处为全部履行，12至23处为部分履行，不足12处为未履行。",
    "target": "24", "unit": "处",
    "due_on": str(datetime.date.today() + datetime.timedelta(days=60)),
    "beneficiaries": "新苑社区居民", "liability": "15个工作日内公开说明原因和补救期限。",
    "area": "service", "domain": "livelihood", "service_field": "disability",
}
headers = {
    "Authorization": "Bearer " + os.environ["LONGSHA_TOKEN"],  # 令牌放在环境变量里
    "Content-Type": "application/json",
    "Idempotency-Key": "promise-2026-0001",  # 每份草稿一个，重发时不变
}
address = "https://本站地址/api/v1/drafts/commitments/"
request = urllib.request.Request(address, json.dumps(draft).encode(), headers)
try:
    with urllib.request.urlopen(request) as answer:
        filed = json.load(answer)
        where = answer.headers["Location"] or address + str(filed["id"]) + "/"
except urllib.error.HTTPError as problem:
    raise SystemExit(json.load(problem))  # fields 里写明哪些栏目要改
with urllib.request.urlopen(urllib.request.Request(where, headers=headers)) as answer:
    print(json.load(answer)["desk_url"])
"""

ALL = {"read": READ, "check": CHECK, "follow": FOLLOW, "file": FILE}
