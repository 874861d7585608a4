"""The fonts of plates and documents: the made one is what the script makes, and together they have whole registers."""

import hashlib
from collections.abc import Iterable

import pytest

from hub.codes.printing.fonts import FOLDER, FONT_FILES, PlateFont, plate_fonts

MADE = "c978d4859a314ca89585a63f900781c539d01306635a1f911a6812bb033c4d29"  # by packaging/fonts/make.sh
HAN = (*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x30000))
EXTENSION_D = range(0x2B740, 0x2B81E)
# The 196 of 通用规范汉字表 (2013) outside the basic plane.
GENERAL = (
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀"
    "𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷"
    "𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮"
    "𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
IN_NAMES = "𠮷𠀋𠂇𡈽𣘺𤭢𩸽𪚥𰻝𰻞㙟䶮鿰鿏"


def in_register(codec: str) -> str:
    """The Han characters that an older coded character set has."""
    return "".join(each for each in map(chr, HAN) if each.encode(codec, "ignore"))


def test_the_font_of_rare_characters_is_byte_for_byte_the_made_one_with_its_licence() -> None:
    made = FONT_FILES[1]

    assert hashlib.sha256(made.read_bytes()).hexdigest() == MADE
    assert "SIL OPEN FONT LICENSE" in (FOLDER / f"LICENSE-{made.stem}.txt").read_text(encoding="utf-8")
    for reserved in ("source", "hana", "lxgw", "noto"):
        assert reserved not in PlateFont(made).name.lower()


@pytest.mark.parametrize("codec", ["gbk", "big5hkscs", "euc_jis_2004", "euc_kr"])
def test_every_character_of_a_register_is_drawn(codec: str) -> None:
    """Of the mainland, of Hong Kong with its supplement (HKSCS), of Japan (JIS X 0213) and Korea: what names come in."""
    characters = in_register(codec)

    assert len(characters) > 4_000
    assert plate_fonts().missing(characters) == ""


@pytest.mark.parametrize(
    "characters",
    [
        GENERAL,
        IN_NAMES,
        map(chr, range(0x4E00, 0xA000)),
        map(chr, range(0x3400, 0x4DC0)),
        map(chr, EXTENSION_D),
    ],
    ids=["general standard", "names", "first block", "extension A", "extension D"],
)
def test_every_character_of_a_block_or_list_is_drawn(characters: Iterable[str]) -> None:
    """GB 18030-2022, level 2, is the first block, extension A and the general standard."""
    assert plate_fonts().missing("".join(characters)) == ""
