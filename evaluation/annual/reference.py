"""What the annual evaluation takes from rules: by which one a unit is heard, from when on ranks are shown, on what basis."""

DEFENCE_RULE = "annual_defence"

# 排序的最小样本（建议）: a unit with fewer counted things behind its points has no place; neither have a few units.
LEAST_COUNTED = 30
LEAST_UNITS = 3

BASES = (
    "试点方案二（九）：对存在政务失信记录的，依法依规取消各类荣誉评选资格，予以公开通报批评",
    "试点方案二（九）：对造成失信行为的主要负责人依法依规追究责任",
    "国发〔2016〕76号：政务失信的书面说明原因并限期整改，依规取消荣誉评选资格，予以公开通报批评，追究主要负责人责任",
    "优化营商环境条例第六十九条（七）：不履行依法作出的政策承诺、依法订立的合同，或者以政府换届等为由违约毁约的，依法依规追究责任",
)
