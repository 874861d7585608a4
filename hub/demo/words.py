"""Words of which the demonstration city is made: invented shop words, people's names, streets, brands to keep out.

Nothing here names a firm. Two characters of good meaning and, in a large city, a third make a shop word; a word
that contains one of `BRANDS` is never used. People are a common surname and an invented given name.
"""

import random
import re
from functools import cache

FIRST = tuple(
    "悦禾云锦沐青溪竹雅晨星朗和泰瑞丰盈安嘉乐宜宁静远博文思源海川江湖林森松柏梅兰菊荷芳芸秋春夏冬晓明月"
    "映清澄澈润泽沛霖雨雪霜露岚峰岭峻崇山玉琳琅瑶璟珺珂铭锐钧铎鑫银诚信义仁礼智勇善德福禄寿喜庆祥吉利"
    "顺昌盛隆兴旺荣华茂繁永恒久长合同聚汇集众群友朋邻里亲家园庭轩阁楼亭榭桥渡舟帆航畅晖旭曦昕煜炎灵妙巧"
)
SECOND = tuple(
    "禾木苗稻麦谷粟穗果蔬香味甘醇馨怡然若初念语音乐笙箫琴瑟鼓韵律诗词赋画墨笔砚书卷章节令辰时霄"
    "虹霞霓霁晴空天宇宙辉煌灿烂炫彩绚丽锦绣绫罗丝棉布裳冠佩环珏璧珍宝贝财富贵裕足余满圆团缘"
    "欢庆典礼仪容颜色翠碧蓝紫红橙黄白素净洁纯真恳居悠游跃腾飞翔翼羽凤鹤鹭雁鸥泉涧湾洲屿汀浦田坡谦"
)
THIRD = ("", "源", "盛", "诚", "和", "兴", "泰", "优", "达", "安", "丰", "顺", "旺", "隆", "昌", "辉")

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡余杜叶汪郑"
)
GIVEN_FIRST = tuple("建国志文晓思雨子佳俊海丽雅春秋永德明光玉婉静雪芳云一少世家宏伟振启若欣")
GIVEN_LAST: tuple[str, ...] = (
    "",
    *"华明强伟芳兰英梅琴燕峰涛斌军勇杰磊鹏飞波宁静怡然轩涵悦彤妍琪萍娟霞玲凯诚源清平",
)

STREETS = (
    "府前路", "中山南路", "县学街", "文昌路", "新桥路", "荷花路", "劳动北路", "白云大道", "九华大道", "信安大道", "人民路",
    "书院路", "体育路", "花园路", "仙霞路", "鹿鸣路", "南湖路", "凯旋路", "衢化路", "世纪大道",
)  # fmt: skip

ACTS = (  # act, kind, fine from, fine to (yuan), level of NDRC order 36
    ("未亮证经营", "警告", 0, 0, "轻微"),
    ("未按规定公示食品安全信息", "警告", 0, 0, "轻微"),
    ("经营标签不合规食品", "警告", 0, 0, "轻微"),
    ("从业人员未取得健康证明上岗", "警告、罚款", 500, 2000, "轻微"),
    ("超范围经营", "罚款", 5000, 20000, "一般"),
    ("经营超过保质期的食品", "没收违法所得、罚款", 5000, 30000, "一般"),
    ("发布虚假广告", "罚款", 10000, 50000, "一般"),
    ("未按规定明码标价", "罚款", 1000, 5000, "一般"),
    ("使用未经检验的特种设备", "罚款", 30000, 100000, "一般"),
    ("未取得许可从事经营活动", "没收违法所得、罚款", 50000, 200000, "严重"),
    ("提供虚假材料取得许可", "吊销许可证", 100000, 300000, "严重"),
)

BRANDS = (
    "阿里", "腾讯", "百度", "京东", "华为", "小米", "美的", "格力", "海尔", "茅台", "五粮液", "肯德基", "麦当劳", "星巴克", "瑞幸",
    "海底捞", "必胜客", "华莱士", "蜜雪", "喜茶", "奈雪", "茶百道", "沙县", "永辉", "大润发", "沃尔玛", "物美", "华联", "联华",
    "罗森", "全家", "同仁堂", "老百姓", "大参林", "益丰", "如家", "汉庭", "锦江", "华住", "全季", "亚朵", "新东方", "学而思",
    "猿辅导", "顺丰", "中通", "圆通", "申通", "韵达", "极兔", "万科", "恒大", "碧桂园", "绿地", "龙湖", "万达", "吾悦", "新城控股",
    "携程", "同程", "途牛", "春秋", "康师傅", "统一", "伊利", "蒙牛", "光明", "娃哈哈", "农夫", "旺旺", "金龙鱼", "福临门",
    "巨化", "红五环", "开山", "仙鹤", "五芳斋", "知味观", "外婆家", "绿茶", "新白鹿", "海康", "大华", "吉利", "比亚迪", "正泰",
    "永安", "平安", "太平", "人寿", "泰康", "招商", "兴业", "民生", "光大", "金华", "义乌", "温州", "周黑鸭", "绝味", "周大福",
    "老凤祥", "安踏", "李宁", "森马", "雅戈尔", "海澜", "红星", "居然", "宜家", "苏宁", "国美", "中石", "国家", "中国", "中华",
)  # fmt: skip
_BRANDS = re.compile("|".join(map(re.escape, BRANDS)))

MAX_WORDS = 275_000  # the whole city of the published case; more would repeat a word


def is_brand(name: str) -> bool:
    """Return whether a well-known brand, or a word too great for a shop, stands anywhere in `name`."""
    return _BRANDS.search(name) is not None


@cache
def pairs() -> tuple[str, ...]:
    """Return every two-character shop word that no brand stands in, also not with any third character."""
    seconds = tuple(dict.fromkeys(SECOND))
    words = (first + second for first in dict.fromkeys(FIRST) for second in seconds if first != second)
    return tuple(word for word in words if not any(is_brand(word + third) for third in THIRD))


def shop_word(number: int, offset: int) -> str:
    """Return the shop word of enterprise `number`: no two numbers below `MAX_WORDS` share one.

    `offset` (from the seed) turns the whole list, so that another seed names the same shop differently.
    """
    words = pairs()
    round_, place = divmod(number, len(words))
    stride = (
        7919  # prime and no divisor of the list's length (a test says so): a walk that visits every word once
    )
    return words[(place * stride + offset) % len(words)] + THIRD[round_]


def person(dice: random.Random) -> str:
    """Return a common surname and an invented given name."""
    return dice.choice(SURNAMES) + dice.choice(GIVEN_FIRST) + dice.choice(GIVEN_LAST)
