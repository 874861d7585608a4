import csv
import dataclasses
from datetime import date
from pathlib import Path

import pytest

from hub.kernel.errors import InvalidInputError
from hub.kernel.identifiers import (
    CATEGORIES,
    MESSAGES,
    REGIONS,
    IdentifierError,
    IdentifierProblem,
    LicenseId,
    Uscc,
    find_region,
    normalise_uscc,
    parse_license_id,
    parse_uscc,
    region_warnings,
    uscc_problems,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "identifiers.csv"
IDENTIFIER = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"


def license_id_problems(text: str) -> tuple[IdentifierProblem, ...]:
    """All that is wrong with a license identifier."""
    try:
        parse_license_id(text)
    except IdentifierError as error:
        return error.problems
    return ()


KINDS = {
    "uscc": (uscc_problems, parse_uscc),
    "license_id": (license_id_problems, parse_license_id),
}


def vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: f"{row['kind']}-{row['text'][-24:] or 'empty'}")
def test_every_vector_is_judged_as_written_down(row: dict[str, str]) -> None:
    problems_of, parse = KINDS[row["kind"]]
    expected = row["reasons"].split("|") if row["reasons"] else []

    assert list(dict.fromkeys(problem.reason for problem in problems_of(row["text"]))) == expected
    if expected:
        with pytest.raises(IdentifierError) as refusal:
            parse(row["text"])
        assert refusal.value.reason == expected[0]
    else:
        assert parse(row["text"])


def test_every_vector_says_where_it_comes_from() -> None:
    assert all(row["provenance"] for row in vectors())


def test_every_reason_has_a_sentence_in_both_languages_and_a_vector() -> None:
    seen = {reason for row in vectors() for reason in row["reasons"].split("|") if reason}

    assert seen == {reason for reason in MESSAGES if not reason.startswith("REGION_")}
    assert all(message.zh.endswith("。") and message.en.endswith(".") for message in MESSAGES.values())


@pytest.mark.parametrize(
    "written",
    [
        " 91330802ma2text162 ",
        "９１３３０８０２ＭＡ２ＴＥＸＴ１６２",
        "9133-0802-MA2TEXT16-2",
        "91330802\u200bMA2TEXT162\ufeff",
        "\t91330802 MA2TEXT162\n",
    ],
)
def test_a_code_is_read_however_people_write_it(written: str) -> None:
    assert normalise_uscc(written) == "91330802MA2TEXT162"
    assert str(parse_uscc(written)) == "91330802MA2TEXT162"


def test_foreign_letters_are_not_raised_into_the_alphabet() -> None:
    # str.upper would turn the dotless i into I, which a license identifier may hold
    dotless = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.ı.001.U"

    assert "LICENSE_ID_ALPHABET" in [problem.reason for problem in license_id_problems(dotless)]
    assert [p.reason for p in uscc_problems("9133080٢MA2TEXT162")] == ["USCC_ALPHABET"]


def test_a_code_tells_its_parts() -> None:
    code = parse_uscc("N2330803MF0TEXT61K")

    assert code.category.registry.zh == "农业"
    assert code.category.body.en == "collective economy of a village"
    assert code.region == "330803"
    assert code.org_check_holds


def test_a_wrong_embedded_organisation_code_is_refused_to_people_and_flagged_to_imports() -> None:
    with pytest.raises(IdentifierError) as refusal:
        parse_uscc("91330802MA2TEXT175")
    tolerated = parse_uscc("91330802MA2TEXT175", tolerate_org_check=True)

    assert (refusal.value.reason, refusal.value.position) == ("USCC_ORG_CHECK", 16)
    assert not tolerated.org_check_holds


def test_a_code_value_cannot_be_made_wrong() -> None:
    for wrong in ("91330802MA2TEXT163", "91330802ma2text162", "", "9133080AMA2TEXT16M"):
        with pytest.raises(IdentifierError):
            Uscc(wrong)
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse_uscc("91330802MA2TEXT162").code = "x"  # type: ignore[misc]


def test_all_that_is_wrong_is_named_with_its_place() -> None:
    found = [(problem.reason, problem.position) for problem in uscc_problems("0O33080AMI2TEXT16")]

    assert found == [("USCC_LENGTH", None), ("USCC_ALPHABET", 1), ("USCC_ALPHABET", 9)]
    assert [(p.reason, p.position) for p in uscc_problems("04AB0802MA2TEXT17Q")] == [
        ("USCC_REGION", 2),
        ("USCC_REGION", 3),
        ("USCC_CATEGORY", 0),
        ("USCC_CHECK", 17),
        ("USCC_ORG_CHECK", 16),
    ]


def test_a_bad_character_does_not_hide_the_embedded_check() -> None:
    assert [p.reason for p in uscc_problems("913308O2MA2TEXT17Q")] == ["USCC_ALPHABET", "USCC_ORG_CHECK"]
    assert [p.reason for p in uscc_problems("O1330802MA2TEXT162")] == ["USCC_ALPHABET"]


def test_a_refusal_is_an_input_error_with_its_sentence_and_a_bounded_value() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_uscc("我" * 1_000_000)
    error = refusal.value

    assert isinstance(error, IdentifierError)
    assert (error.field, error.reason) == ("uscc", "USCC_LENGTH")
    assert error.message == MESSAGES["USCC_LENGTH"] == error.problems[0].message
    assert len(error.value) == 64
    assert len(error.problems) < 100


def test_the_category_table_names_every_kind_in_both_languages() -> None:
    assert len(CATEGORIES) == 37
    assert CATEGORIES["91"].body.zh == "企业"
    assert CATEGORIES["A1"].registry.en == "Military establishment"


def test_a_license_id_tells_its_parts() -> None:
    read = parse_license_id(f" {IDENTIFIER.lower()} ")

    assert str(read) == IDENTIFIER
    assert (read.type_code, read.issuer, read.serial, read.version) == (
        "11100000000013338W011",
        "11430000006122244L",
        "20230000403",
        1,
    )


@pytest.mark.parametrize(
    ("part", "wrong", "reason"),
    [
        ("11100000000013338W011", "11100000000013338WABC", "LICENSE_ID_PARTS"),
        ("20230000403", "", "LICENSE_ID_PARTS"),
        ("20230000403", "2023.403", "LICENSE_ID_PARTS"),
        ("20230000403", "2" * 65, "LICENSE_ID_PARTS"),
        ("20230000403", "2023-403", "LICENSE_ID_ALPHABET"),
        (".001.", ".000.", "LICENSE_ID_VERSION"),
        (".001.", ".1000.", "LICENSE_ID_VERSION"),
    ],
)
def test_a_wrong_license_id_is_told_by_its_part(part: str, wrong: str, reason: str) -> None:
    assert license_id_problems(IDENTIFIER.replace(part, wrong, 1))[0].reason == reason


def test_an_issuer_that_is_a_region_is_read_but_an_empty_one_is_not() -> None:
    assert parse_license_id("1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9").issuer == "340100"
    with pytest.raises(IdentifierError):
        LicenseId("1.2.156.3005.2.11100000MB03271699022..000000016.001.9")


def test_regions_are_dated_and_only_ever_warn() -> None:
    assert find_region("330803").name.zh == "衢江区"  # type: ignore[union-attr]
    assert region_warnings("330803", on=date(2026, 11, 21)) == ()
    assert [p.reason for p in region_warnings("330821", on=date(2026, 11, 21))] == ["REGION_RETIRED"]
    assert region_warnings("330821", on=date(2001, 12, 9)) == ()
    assert [p.reason for p in region_warnings("330821", on=date(2001, 12, 10))] == ["REGION_RETIRED"]
    assert [p.reason for p in region_warnings("330803", on=date(2001, 12, 9))] == ["REGION_RETIRED"]
    assert [p.reason for p in region_warnings("340100", on=date(2026, 11, 21))] == ["REGION_UNKNOWN"]
    assert len({(row.code, row.valid_from) for row in REGIONS}) == len(REGIONS)
