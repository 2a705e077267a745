"""What may not be published: one table for each kind, with what stands near it and may stay."""

import pytest
from django.utils.translation import override
from stdnum import luhn
from stdnum.cn import uscc

from complaints.enums import NamePolicy, PrivateKind, PrivateReason
from complaints.rules.redaction import findings, replaced

ID = "11010519491231002X"  # the specimen number of the standard
CODE = "91619999MA6TETX00" + uscc.calc_check_digit("91619999MA6TETX00")
CARD = "622000000000000000" + luhn.calc_check_digit("622000000000000000")


def found(
    text: str, kind: PrivateKind, policy: NamePolicy = NamePolicy.DEIDENTIFIED
) -> list[tuple[str, str]]:
    """Return text and suggestion of the finds of one kind."""
    return [
        (text[one.start : one.end], one.suggestion)
        for one in findings(text, policy=policy)
        if one.kind == kind
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("法定代表人李建国未到场", [("李建国", "李某某")]),
        ("安全员李强在现场", [("李强", "李某")]),
        ("西安某公司王小明违规动火案", [("王小明", "王某某")]),
        ("某厂李建国未经审批动火案", [("李建国", "李某某")]),
        ("罚款由王小明本人缴纳", [("王小明", "王某某")]),
        ("王小明（法定代表人）", [("王小明", "王某某")]),
        ("张建军申诉成立，处罚撤销。", [("张建军", "张某某")]),
        ("负责人：高峰。", [("高峰", "高某")]),
        ("局长欧阳振华表示", [("欧阳振华", "欧阳某某")]),
        ("王芳（女，42岁）", [("王芳", "王某")]),
        ("张建军，男，汉族", [("张建军", "张某某")]),
        ("陈国富师傅说", [("陈国富", "陈某某")]),
        ("员工马小军、何伟和孙志强均无证", [("马小军", "马某某"), ("何伟", "何某"), ("孙志强", "孙某某")]),
        ("对赵刚处以罚款", [("赵刚", "赵某")]),
        ("冯涛的行为违法", [("冯涛", "冯某")]),
        ("经办人：周丽　签发人：黄海波", [("周丽", "周某"), ("黄海波", "黄某某")]),
        ("负责人：张　伟", [("张　伟", "张某")]),
        ("司机阿不都热合曼·吐尔逊无证", [("阿不都热合曼·吐尔逊", "阿某某")]),
        ("外籍技术员Michael Brown未培训", [("Michael Brown", "M某")]),
        ("由戴敏副局长签发", [("戴敏", "戴某")]),
        ("我叫白雪松，在厂里干活", [("白雪松", "白某某")]),
        ("负责人周文华拎着水桶", [("周文华", "周某某")]),
        ("老周（周建平）当班", [("周建平", "周某某")]),
        ("负责人（法定代表人）周海峰", [("周海峰", "周某某")]),
        ("其中，张鹏程、李万福负责配电", [("张鹏程", "张某某"), ("李万福", "李某某")]),
        ("王某和张三丰均到场", [("张三丰", "张某某")]),
        ("赵一曼作出检查", [("赵一曼", "赵某某")]),
        ("司机吕梁山无证驾驶", [("吕梁山", "吕某某")]),
        ("安全员小王未到场", [("小王", "王某")]),
        ("班长老李、焊工小张违规动火", [("老李", "李某"), ("小张", "张某")]),
        ("工人小于5人，员工小时工，职工小程序培训，教师老师傅", []),
        ("李某、王某某和欧阳某某到场", []),
        ("主要负责人何某洪拒不改正", []),
        ("负责人高度重视安全，员工应当任何时间持证", []),
        ("施工程序和方案、金属、常见、江苏、陈述、于是、和平", []),
        ("高新区、周至县、王寺街道、马王街道", []),
        ("工人们说过，安全员安全意识淡薄", []),
        ("操作工PPE佩戴不全", []),
        ("王师傅和李师傅在场，李总未到，王经理表示同意", []),
    ],
)
def test_persons(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text, PrivateKind.PERSON) == names
    assert found(text, PrivateKind.PERSON, NamePolicy.NAMED) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("西安恒泰金属制品有限公司", [("西安恒泰金属制品有限公司", "西安某金属制品公司")]),
        ("对陕西大同铝业有限公司处罚", [("陕西大同铝业有限公司", "陕西某铝业公司")]),
        ("与四川和平爆破工程有限公司签约", [("四川和平爆破工程有限公司", "四川某爆破工程公司")]),
        ("恒通物流（西安）有限公司", [("恒通物流（西安）有限公司", "西安某物流公司")]),
        ("中化有限责任公司", [("中化有限责任公司", "某公司")]),
        (
            "北京中安信息技术有限公司西安分公司",
            [("北京中安信息技术有限公司西安分公司", "北京某信息技术公司")],
        ),
        ("咸阳市秦都区永兴石料厂无证", [("咸阳市秦都区永兴石料厂", "咸阳市秦都区某石料厂")]),
        ("雁塔区老王汽车修理部", [("雁塔区老王汽车修理部", "雁塔区某汽车修理部")]),
        ("户县绿野猕猴桃专业合作社", [("户县绿野猕猴桃专业合作社", "户县某猕猴桃合作社")]),
        ("国网陕西省电力有限公司", [("国网陕西省电力有限公司", "陕西省某电力公司")]),
        ("当事人：老孙家泡馍馆", [("老孙家泡馍馆", "某泡馍馆")]),
        ("老王汽修店无证经营", [("老王汽修店", "某汽修店")]),
        ("对小李理发店、张记铁艺铺检查", [("小李理发店", "某理发店"), ("张记铁艺铺", "某铁艺铺")]),
        ("西安老王汽修店", [("西安老王汽修店", "西安某汽修店")]),
        ("老王在汽修店，老张到五金店去，小何家店，王家村加油站", []),
        ("西安宏达纸制品有限公司", [("西安宏达纸制品有限公司", "西安某纸制品公司")]),
        ("西安宏达木制品有限公司", [("西安宏达木制品有限公司", "西安某木制品公司")]),
        ("西安某金属制品公司、某公司、该公司、某厂", []),
        ("西安某机械制造有限公司", []),
        ("有限责任公司应当设立董事会，股份有限公司同样", []),
        ("西安市应急管理局和市人民政府", []),
        ("工厂、本厂、加工厂、电厂、厂房、厂长", []),
        ("农民专业合作社应当培训", []),
    ],
)
def test_companies(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text, PrivateKind.COMPANY) == names
    assert found(text, PrivateKind.COMPANY, NamePolicy.NAMED) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("住西安市雁塔区科技路12号3单元", [("西安市雁塔区科技路12号3单元", "西安市雁塔区科技路")]),
        ("位于王寺街道西凤村5组", [("王寺街道西凤村5组", "王寺街道西凤村")]),
        ("在阳光小区5号楼2单元301室", [("阳光小区5号楼2单元301室", "阳光小区")]),
        ("地址为泾河工业园B区3号", [("泾河工业园B区3号", "泾河工业园")]),
        ("友谊西路一百二十七号", [("友谊西路一百二十七号", "友谊西路")]),
        ("长安区子午大道１８号", [("长安区子午大道１８号", "长安区子午大道")]),
        ("丈八一路1号汇鑫中心A座2301室", [("丈八一路1号汇鑫中心A座2301室", "丈八一路")]),
        ("第12号令、〔2023〕12号、2025年第3号公告", []),
        ("地铁12号线，5号楼梯间，3号炉", []),
        ("一路12台设备，回路3号开关，线路2号杆", []),
    ],
)
def test_addresses(text: str, places: list[tuple[str, str]]) -> None:
    assert found(text, PrivateKind.ADDRESS) == places


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025年3月10日，车间一名夜班电焊工违规动火。", [("2025年3月10日", "2025年3月")]),
        ("2024年11月2日22时许，三号炉旁的炉前工受伤", [("2024年11月2日22时许", "2024年11月")]),
        ("2025年11月6日，徐家湾街道一家纸厂的电工触电", [("2025年11月6日", "2025年11月")]),
        ("二〇二四年十二月八日，仓库保管员报告", [("二〇二四年十二月八日", "2024年12月")]),
        ("2023-11-05，配电室值班电工触电", [("2023-11-05", "2023年11月")]),
        ("3月15日凌晨，码头一名装卸工坠落", [("3月15日凌晨", "3月")]),
        ("2025年3月，车间一名电焊工受伤。", []),
        ("2025年3月10日，本机关作出决定。车间一名电焊工受伤。", []),
        ("2025年3月10日，三名执法人员到车间检查", []),
        ("2025年3月10日，全部员工在车间演练", []),
        ("2025年3月10日，该电焊工被处罚", []),
    ],
)
def test_day_place_and_role(text: str, days: list[tuple[str, str]]) -> None:
    assert found(text, PrivateKind.DATE_PLACE_ROLE) == days


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("电话13800001234", PrivateKind.PHONE, ["13800001234"]),
        ("138-0000-1234", PrivateKind.PHONE, ["138-0000-1234"]),
        ("1 3 8 0 0 0 0 1 2 3 4", PrivateKind.PHONE, ["1 3 8 0 0 0 0 1 2 3 4"]),
        ("一三八〇〇〇〇一二三四", PrivateKind.PHONE, ["一三八〇〇〇〇一二三四"]),
        ("壹叁捌零零零零壹贰叁肆", PrivateKind.PHONE, ["壹叁捌零零零零壹贰叁肆"]),
        ("第一13800001234", PrivateKind.PHONE, ["13800001234"]),
        ("138\u200b0000\u200b1234", PrivateKind.PHONE, ["138\u200b0000\u200b1234"]),
        ("+86（138）00001234", PrivateKind.PHONE, ["+86（138）00001234"]),
        ("合同金额13800000000元", PrivateKind.PHONE, []),
        ("总投资13 500 000 000元，GB 15577-2018，12345", PrivateKind.PHONE, []),
        ("电话（029）88550011", PrivateKind.LANDLINE, ["（029）88550011"]),
        ("电话：86780011", PrivateKind.LANDLINE, ["86780011"]),
        ("12350、12345，共86780011元", PrivateKind.LANDLINE, []),
        (f"身份证{ID}", PrivateKind.ID_NUMBER, [ID]),
        ("身份证号：610125197203110000", PrivateKind.ID_NUMBER, ["610125197203110000"]),
        ("编号110105194912310021", PrivateKind.ID_NUMBER, []),
        ("610102********1239", PrivateKind.ID_NUMBER, ["610102********1239"]),
        ("身份证号：6101021990****1239", PrivateKind.ID_NUMBER, ["6101021990****1239"]),
        ("身份证610102XXXXXXXX123X", PrivateKind.ID_NUMBER, ["610102XXXXXXXX123X"]),
        ("身份证号：******************", PrivateKind.ID_NUMBER, []),
        ("规格610102*1200*1239，编号138****1234", PrivateKind.ID_NUMBER, []),
        ("护照号：E12345678", PrivateKind.ID_NUMBER, ["E12345678"]),
        ("持护照EA1234567入境", PrivateKind.ID_NUMBER, ["EA1234567"]),
        ("设备E12345678，护照由本人保管，共12345678元", PrivateKind.ID_NUMBER, []),
        (f"卡{CARD}", PrivateKind.BANK_CARD, [CARD]),
        (f"转{CARD[:4]} {CARD[4:]}元", PrivateKind.BANK_CARD, [f"{CARD[:4]} {CARD[4:]}"]),
        ("账号：103200456789012", PrivateKind.BANK_CARD, ["103200456789012"]),
        ("批号6225001234567890123", PrivateKind.BANK_CARD, []),
        (f"代码{CODE}", PrivateKind.CREDIT_CODE, [CODE]),
        (f"代码{CODE[:-1]}{'0' if CODE[-1] != '0' else '1'}", PrivateKind.CREDIT_CODE, []),
        ("统一社会信用代码：91430281691828xxxx", PrivateKind.CREDIT_CODE, []),
        ("车牌陕A12345", PrivateKind.PLATE, ["陕A12345"]),
        ("陕 A 5X789 停在门口", PrivateKind.PLATE, ["陕 A 5X789"]),
        ("川A类场所，陕西省A级企业", PrivateKind.PLATE, []),
        ("发到a.b_1@example.com", PrivateKind.EMAIL, ["a.b_1@example.com"]),
        ("@全体职工", PrivateKind.EMAIL, []),
        ("加微信：abc_safe2024", PrivateKind.WECHAT, ["abc_safe2024"]),
        ("微信公众号发布了", PrivateKind.WECHAT, []),
        ("QQ号8612345678", PrivateKind.QQ, ["8612345678"]),
        ("坐标34.2583, 108.9286处", PrivateKind.COORDINATES, ["34.2583, 108.9286"]),
        ("北纬34°15′30″，东经108°56′22″", PrivateKind.COORDINATES, ["北纬34°15′30″，东经108°56′22″"]),
        ("温度34.5、108.2度，面积108.12平方米", PrivateKind.COORDINATES, []),
    ],
)  # fmt: skip
def test_numbers(text: str, kind: PrivateKind, numbers: list[str]) -> None:
    assert found(text, kind) == [(number, "（略）") for number in numbers]


def test_the_longest_find_stays() -> None:
    text = "西安张建国铸造有限公司"

    assert [(one.kind, one.start, one.end) for one in findings(text)] == [(PrivateKind.COMPANY, 0, len(text))]


def test_under_a_policy_with_names_a_person_in_the_name_of_an_enterprise_stays_with_it() -> None:
    assert findings("西安张建国铸造有限公司", policy=NamePolicy.NAMED) == []


def test_a_find_says_why_in_the_language_of_the_reader() -> None:
    (one,) = findings("13800001234")

    with override("zh-hans"):
        assert one.reason == "手机号码指向特定个人，一律不得公开。"
    with override("en"):
        assert one.reason == "A mobile number leads to one person and is never published."


def test_every_kind_has_a_reason() -> None:
    assert PrivateReason.values == PrivateKind.values


def test_taking_the_suggestions_makes_a_case_without_names() -> None:
    text = "对西安恒泰金属制品有限公司法定代表人李建国（电话13800001234，住科技路12号）处以罚款。"

    assert replaced(text, findings(text)) == (
        "对西安某金属制品公司法定代表人李某某（电话（略），住科技路）处以罚款。"
    )


def test_places_count_characters_not_bytes() -> None:
    text = "😀\u200b😀电话13800001234"

    (one,) = findings(text)

    assert (one.start, one.end) == (5, 16)


@pytest.mark.parametrize(
    "text",
    [
        "车间工人安静，没有人说话。",
        "作业人员盛夏在罐内作业。",
        "对钟点工、临时工未进行培训。",
        "负责人边看边说没有问题。",
        "操作工边走边喊，没有人停下。",
        "员工贺岁时未安排值班。",
        "员工贺卡堆放在配电箱上。",
    ],
)
def test_everyday_words_that_begin_with_a_surname_are_no_names(text: str) -> None:
    assert [one.kind for one in findings(text, policy=NamePolicy.DEIDENTIFIED)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("安全员：安静", "安静"),
        ("监护人盛夏生未到现场。", "盛夏生"),
        ("操作工钟点亮说，联锁早就摘除了。", "钟点亮"),
        ("班长边卫国承认没有检测气体。", "边卫国"),
        ("据同班组的谷长顺回忆，警报响过。", "谷长顺"),
        ("监护人洪亮擅自离开。", "洪亮"),
        ("租户费明远私接电线。", "费明远"),
    ],
)
def test_people_of_such_names_are_still_found(text: str, name: str) -> None:
    found = findings(text, policy=NamePolicy.DEIDENTIFIED)

    assert [text[one.start : one.end] for one in found] == [name]
