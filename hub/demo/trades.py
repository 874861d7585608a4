"""What the enterprises of the demonstration city do, and in which legal form.

Scope items are written as in the national catalogue; which permits they need is asked of the hub's own scope
catalogue, never repeated here. Weights are shares of the city in thousandths, roughly.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegalForm:
    """`pattern` makes the name of {city}, {district}, {word}, {company}, {shop}; the USCC begins with `category`."""

    entity_type: str
    type_text: str
    category: str
    pattern: str
    capital: tuple[int, ...]  # in 10 000 yuan; empty: the form has none


COMPANY = LegalForm(
    "公司",
    "有限责任公司(自然人投资或控股)",
    "91",
    "{city}{word}{company}有限公司",
    (10, 50, 100, 200, 500, 1000, 3000),
)
SHOP = LegalForm("个体工商户", "个体工商户", "92", "{district}{word}{shop}", ())
COOPERATIVE = LegalForm(
    "农民专业合作社", "农民专业合作社", "93", "{district}{word}{company}专业合作社", (20, 50, 100, 300)
)
PARTNERSHIP = LegalForm(
    "合伙企业", "普通合伙企业", "91", "{city}{word}{company}合伙企业(普通合伙)", (10, 30, 100)
)
BRANCH = LegalForm("分支机构", "有限责任公司分公司", "91", "浙江{word}{company}有限公司{district}分公司", ())
SOLE = LegalForm("个人独资企业", "个人独资企业", "91", "{district}{word}{shop}", (5, 10, 50, 100))

FORMS = (COMPANY, SHOP, COOPERATIVE, PARTNERSHIP, BRANCH, SOLE)
RETAIL = (18, 74, 0, 1, 4, 3)  # weights over FORMS
SERVICE = (55, 30, 0, 4, 6, 5)
CORPORATE = (86, 0, 0, 3, 9, 2)
WORKSHOP = (60, 18, 0, 4, 2, 16)
FARM = (10, 0, 90, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Trade:
    """`general` and `licensed` always stand in the scope, `sometimes` in a share of a third.

    `others`: kinds of license held by about half although the scope does not ask for them.
    """

    weight: int
    industry: str  # GB/T 4754-2017
    company: str
    shops: tuple[str, ...]
    forms: tuple[int, ...]
    general: tuple[str, ...] = ()
    licensed: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_walk_in: bool = True  # has customers on its premises, so may stand in a commercial area


PREPACKAGED = "食品销售(仅销售预包装食品)"

RESTAURANT = Trade(
    150, "H6210", "餐饮管理", ("餐饮店", "面馆", "小吃店", "土菜馆", "火锅店", "酒楼", "咖啡店"), RETAIL,
    ("外卖递送服务",), ("餐饮服务",), ("烟草制品零售",), ("drainage",),
)  # fmt: skip

TRADES = (
    RESTAURANT,
    Trade(110, "F5212", "商贸", ("便利店", "超市", "生活超市"), RETAIL, ("日用百货销售", "日用品零售"), ("食品销售", "烟草制品零售")),
    Trade(45, "F5221", "食品销售", ("副食店", "零食店", "茶叶店"), RETAIL, ("日用百货销售", PREPACKAGED)),
    Trade(
        50, "F5251", "大药房", ("药店", "大药房"), SERVICE, ("第二类医疗器械销售", "化妆品零售"),
        ("药品零售",), ("第三类医疗器械经营",),
    ),
    Trade(
        28, "H6121", "宾馆", ("宾馆", "旅馆", "民宿"), SERVICE, ("洗染服务",), ("住宿服务",), ("棋牌室服务",), ("fire-check",),
    ),
    Trade(
        14, "H6110", "酒店管理", ("酒店", "大酒店"), CORPORATE, ("会议及展览服务",), ("住宿服务", "餐饮服务"),
        ("烟草制品零售",), ("fire-check", "drainage"),
    ),
    Trade(55, "O8040", "美容美发", ("理发店", "美发店", "美容美发店"), RETAIL, ("化妆品零售",), ("理发服务",), ("生活美容服务",)),
    Trade(22, "O8051", "足浴", ("足浴店", "养生馆"), RETAIL, ("日用品零售",), ("足浴服务",), ("洗浴服务",), ("drainage",)),
    Trade(
        26, "P8391", "培训学校", (), (96, 0, 0, 0, 4, 0), ("文具用品零售",), ("营利性民办学校(营利性民办培训机构)",),
        (), ("fire-check",),
    ),
    Trade(
        36, "G5430", "物流", ("货运部",), CORPORATE, ("装卸搬运", "国内货物运输代理"), ("道路货物运输(不含危险货物)",),
        ("道路危险货物运输",), (), is_walk_in=False,
    ),
    Trade(
        30, "E4710", "建设工程", (), CORPORATE, ("建筑材料销售", "园林绿化工程施工"), ("建设工程施工",), (), (), is_walk_in=False,
    ),
    Trade(24, "E5011", "装饰工程", ("装饰店",), CORPORATE, ("建筑材料销售",), ("住宅室内装饰装修",), (), (), is_walk_in=False),
    Trade(
        40, "I6513", "软件科技", (), (90, 0, 0, 5, 5, 0), ("软件开发", "信息系统集成服务", "信息技术咨询服务"), (),
        ("第二类增值电信业务",), (), is_walk_in=False,
    ),
    Trade(
        12, "F5169", "化工贸易", (), CORPORATE, ("化工产品销售(不含许可类化工产品)",), ("危险化学品经营",), (), (), is_walk_in=False,
    ),
    Trade(16, "L7291", "旅行社", (), CORPORATE, ("旅客票务代理",), ("旅游业务",)),
    Trade(
        18, "C1419", "食品", ("食品厂", "糕点厂"), WORKSHOP, ("初级农产品收购",), ("食品生产", "食品销售"), (),
        ("pollutant-discharge", "drainage"), is_walk_in=False,
    ),
    Trade(
        24, "C3389", "五金制品", ("五金厂", "五金加工厂"), WORKSHOP, ("五金产品制造", "五金产品零售", "金属制品销售"), (), (),
        ("pollutant-discharge",), is_walk_in=False,
    ),
    Trade(14, "I6420", "网络服务", ("网吧", "网咖"), SERVICE, ("棋牌室服务", PREPACKAGED), ("互联网上网服务",), (), ("fire-check",)),
    Trade(22, "Q8425", "诊所管理", ("诊所", "口腔诊所", "中医诊所"), RETAIL, ("诊所服务",)),
    Trade(14, "O8222", "宠物医院", ("宠物医院", "宠物诊所"), SERVICE, ("日用品零售",), ("动物诊疗",), ("兽药经营",)),
    Trade(24, "F5166", "农业科技", ("农资店", "农资经营部"), RETAIL, ("日用品零售",), ("农药零售", "农作物种子经营")),
    Trade(
        14, "C2319", "印刷", ("印刷厂", "彩印厂"), WORKSHOP, ("广告制作",), ("印刷品装潢印刷服务",), (),
        ("pollutant-discharge",), is_walk_in=False,
    ),
    Trade(16, "F5243", "图书", ("书店", "书吧"), RETAIL, ("文具用品零售",), ("出版物零售",), ("餐饮服务",)),
    Trade(
        10, "R9011", "娱乐", ("歌厅", "量贩歌城"), SERVICE, ("棋牌室服务",), ("歌舞娱乐活动", "食品销售"),
        ("营业性演出",), ("fire-check",),
    ),
    Trade(12, "L7262", "人力资源", (), CORPORATE, ("信息技术咨询服务",), ("职业中介活动",), ("劳务派遣服务",), ()),
    Trade(40, "A0151", "水果", (), FARM, ("水果种植", "新鲜水果批发", "初级农产品收购"), (), (PREPACKAGED,), (), is_walk_in=False),
    Trade(50, "F5211", "百货", ("百货店", "日杂店", "文具店"), RETAIL, ("日用百货销售", "日用品零售", "文具用品零售")),
    Trade(16, "K7020", "物业管理", (), CORPORATE, ("物业管理", "园林绿化工程施工"), (), ("保安服务",), (), is_walk_in=False),
    Trade(6, "L7271", "保安服务", (), CORPORATE, ("物业管理",), ("保安服务",), (), (), is_walk_in=False),
    Trade(8, "F5295", "烟花爆竹", ("烟花爆竹店",), RETAIL, ("日用百货销售",), ("烟花爆竹零售",)),
    Trade(6, "M7452", "检测技术", (), CORPORATE, ("信息技术咨询服务",), ("检验检测服务",), (), (), is_walk_in=False),
    Trade(6, "C3411", "锅炉设备", (), CORPORATE, ("金属制品销售",), ("特种设备制造",), (), ("pollutant-discharge",), is_walk_in=False),
    Trade(8, "K7010", "房地产开发", (), CORPORATE, ("物业管理",), ("房地产开发经营",), (), (), is_walk_in=False),
    Trade(4, "C3581", "医疗器械", (), CORPORATE, ("第二类医疗器械销售",), ("第三类医疗器械生产",), (), (), is_walk_in=False),
    Trade(4, "C2682", "化妆品", (), CORPORATE, ("化妆品零售",), ("化妆品生产",), (), (), is_walk_in=False),
    Trade(3, "J6634", "典当", (), CORPORATE, (), ("典当业务",)),
)  # fmt: skip
