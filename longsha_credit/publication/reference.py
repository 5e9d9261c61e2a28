"""The plan's fourteen fields of public service, as reference data with their basis."""

BASIS = "齐齐哈尔龙沙区关于开展诚信街道社区创建试点工作方案 二（四）"

SERVICE_FIELDS = [
    ("employment", "就业"),
    ("property", "物业"),
    ("schooling", "就学"),
    ("family-planning", "计生"),
    ("elderly-care", "养老"),
    ("disability", "助残"),
    ("poverty-relief", "扶贫"),
    ("medical-insurance", "医保"),
    ("housing", "住房"),
    ("mobility", "出行"),
    ("parking", "停车"),
    ("fire-and-theft", "防火防盗"),
    ("armed-forces", "拥军优属"),
    ("convenience", "便民服务"),
]
