"""Codes written otherwise than the one way there is, or with another's content."""

from collections.abc import Iterator

from signing import Reason, new_nonce, new_plate_id
from tests.support.forger import (
    ORIGIN,
    Forged,
    Workshop,
    bare,
    because,
    payload_of,
    registry,
    signature_of,
    uscc,
)

WRITING_FORGERIES, forgery = registry()
R = Reason
WRITING = frozenset(reason for reason in Reason if reason.startswith("CODE_")) - {
    R.CODE_NOT_TEXT,
    R.CODE_TOO_LONG,
    R.CODE_EXPIRED,
    R.CODE_NOT_YET,
}


@forgery
def text_bits_flipped(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic, bare(shop.plate)):
        for position, character in enumerate(text):
            for bit in range(8):
                yield text[:position] + chr(ord(character) ^ 1 << bit) + text[position + 1 :], WRITING


@forgery
def characters_replaced(shop: Workshop) -> Iterator[Forged]:
    text = bare(shop.plate)
    for _ in range(4_000):
        position = shop.chance.randrange(len(text))
        wrong = shop.chance.choice(
            [c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ." if c != text[position]]
        )
        yield text[:position] + wrong + text[position + 1 :], WRITING


@forgery
def characters_left_out_or_doubled(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic):
        for position in range(len(text)):
            yield text[:position] + text[position + 1 :], WRITING
            yield text[:position] + text[position] + text[position:], WRITING


@forgery
def neighbours_exchanged(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic):
        for i in range(len(text) - 1):
            if text[i] != text[i + 1]:
                yield text[:i] + text[i + 1] + text[i] + text[i + 2 :], WRITING


@forgery
def truncated(shop: Workshop) -> Iterator[Forged]:
    for text in (shop.plate, shop.dynamic, bare(shop.plate), bare(shop.dynamic)):
        for length in range(len(text)):
            yield text[:length], WRITING


@forgery
def random_text(shop: Workshop) -> Iterator[Forged]:
    for _ in range(2_000):
        yield (
            "".join(chr(shop.chance.randrange(1, 0x2FFF)) for _ in range(shop.chance.randrange(200))),
            WRITING,
        )
        yield (
            "".join(shop.chance.choices("ABCDEFGHJKLMNPQR0123456789.", k=shop.chance.randrange(200))),
            WRITING,
        )


@forgery
def empty(_shop: Workshop) -> Iterator[Forged]:
    yield from ((text, because(R.CODE_FORM)) for text in ("", f"{ORIGIN}/c/", ".", "...", "....", "....."))


@forgery
def not_text(shop: Workshop) -> Iterator[Forged]:
    for thing in (None, 5, 1.5, True, [shop.plate], {"code": shop.plate}, shop.plate.encode(), object()):
        yield thing, because(R.CODE_NOT_TEXT)


@forgery
def too_long(shop: Workshop) -> Iterator[Forged]:
    for text in ("A" * 301, shop.plate + "A" * 200, shop.plate + " " * 300, "A" * 5_000_000, "." * 301):
        yield text, because(R.CODE_TOO_LONG)


@forgery
def kind_exchanged(shop: Workshop) -> Iterator[Forged]:
    yield "D" + bare(shop.plate)[1:], because(R.CODE_FORM)
    yield "P" + bare(shop.dynamic)[1:], because(R.CODE_FORM)


@forgery
def key_serial_changed(shop: Workshop) -> Iterator[Forged]:
    for serial in (2, 3, 10, 11, 99, 100, 999):
        yield f"P{serial}" + bare(shop.plate)[2:], because(R.CODE_KEY_UNKNOWN)


@forgery
def tag_misspelt(shop: Workshop) -> Iterator[Forged]:
    for tag in ("P", "P0", "P01", "P001", "P1000", "PP1", "1P", "11", "P1P", "PA", "0P1"):
        yield tag + bare(shop.plate)[2:], because(R.CODE_TAG)


@forgery
def tag_of_no_kind(shop: Workshop) -> Iterator[Forged]:
    for letter in "ABCEFGHIJKLMNOQRSTUVWXYZ":
        yield letter + bare(shop.plate)[1:], because(R.CODE_TAG)


@forgery
def lower_case(shop: Workshop) -> Iterator[Forged]:
    payload, signature = payload_of(shop.plate), signature_of(shop.plate)
    for text in (
        f"{ORIGIN}/c/{payload}.{signature.lower()}",
        f"{ORIGIN}/c/{payload.lower()}.{signature}",
        f"p1{bare(shop.plate)[2:]}",
        shop.plate.lower(),
    ):
        yield text, because(R.CODE_ALPHABET)


@forgery
def padded(shop: Workshop) -> Iterator[Forged]:
    yield from ((shop.plate + "=" * count, because(R.CODE_ALPHABET)) for count in (1, 2, 3, 4, 8))


@forgery
def doubled_or_missing_dots(shop: Workshop) -> Iterator[Forged]:
    for text in (bare(shop.plate), bare(shop.dynamic)):
        parts = text.split(".")
        for i in range(1, len(parts)):
            yield ".".join(parts[:i]) + ".." + ".".join(parts[i:]), because(R.CODE_FORM)
            joined = ".".join(parts[:i]) + ".".join(parts[i:])
            yield joined, because(R.CODE_FORM, R.CODE_TAG)
        yield from (
            (wrong, because(R.CODE_FORM)) for wrong in ("." + text, text + ".", text + ".A", "P1." + text)
        )


@forgery
def fields_exchanged(shop: Workshop) -> Iterator[Forged]:
    tag, code, plate_id, signature = bare(shop.plate).split(".")
    yield f"{tag}.{plate_id}.{code}.{signature}", because(R.CODE_USCC)
    yield f"{code}.{tag}.{plate_id}.{signature}", because(R.CODE_TAG)
    yield f"{tag}.{code}.{signature}.{plate_id}", because(R.CODE_PLATE_ID)
    tag, code, nonce, expiry, signature = bare(shop.dynamic).split(".")
    yield f"{tag}.{code}.{expiry}.{nonce}.{signature}", because(R.CODE_NONCE)


@forgery
def another_enterprise(shop: Workshop) -> Iterator[Forged]:
    ours, theirs = bare(shop.plate).split("."), bare(shop.other_plate).split(".")
    for field in (1, 2, 3):
        swapped = ours.copy()
        swapped[field] = theirs[field]
        yield ".".join(swapped), because(R.CODE_SIGNATURE)
    for _ in range(50):
        serial = "".join(shop.chance.choices("ABCDEFGHJKLMNPQRTUWXY0123456789", k=5))
        if serial not in {"TEXT1", "TEXT2"}:
            yield ".".join((ours[0], uscc(serial), *ours[2:])), because(R.CODE_SIGNATURE)


@forgery
def another_plate_id(shop: Workshop) -> Iterator[Forged]:
    tag, code, _, signature = bare(shop.plate).split(".")
    for _ in range(50):
        yield ".".join((tag, code, new_plate_id(shop.chance.randbytes), signature)), because(R.CODE_SIGNATURE)


@forgery
def malformed_credit_code(shop: Workshop) -> Iterator[Forged]:
    tag, code, plate_id, signature = bare(shop.plate).split(".")
    wrong = [code[:i] + letter + code[i + 1 :] for i in range(18) for letter in "IOSVZ"]
    wrong += [code[:-1], code + "0", code[:-1] + ("0" if code[-1] != "0" else "1"), "0" * 17 + "1", code * 2]
    yield from ((f"{tag}.{text}.{plate_id}.{signature}", because(R.CODE_USCC)) for text in wrong)


@forgery
def malformed_plate_id(shop: Workshop) -> Iterator[Forged]:
    tag, code, plate_id, signature = bare(shop.plate).split(".")
    wrong = [plate_id[:i] + letter + plate_id[i + 1 :] for i in range(10) for letter in "ILOU"]
    wrong += [plate_id[:-1], plate_id + "0", plate_id[:9] + ("0" if plate_id[9] != "0" else "1")]
    yield from ((f"{tag}.{code}.{text}.{signature}", because(R.CODE_PLATE_ID)) for text in wrong)


@forgery
def another_nonce(shop: Workshop) -> Iterator[Forged]:
    tag, code, nonce, expiry, signature = bare(shop.dynamic).split(".")
    yield (
        ".".join((tag, code, new_nonce(shop.chance.randbytes), expiry, signature)),
        because(R.CODE_SIGNATURE),
    )
    for wrong in (
        nonce[:-1],
        nonce + "0",
        nonce[:-1] + "U",
        "I" + nonce[1:],
        "L" + nonce[1:],
        "O" + nonce[1:],
    ):
        yield f"{tag}.{code}.{wrong}.{expiry}.{signature}", because(R.CODE_NONCE)


@forgery
def expiry_stretched(shop: Workshop) -> Iterator[Forged]:
    tag, code, nonce, expiry, signature = bare(shop.dynamic).split(".")
    for later in (
        expiry[:-1] + ("Z" if expiry[-1] != "Z" else "Y"),
        "Z" + expiry[1:],
        expiry + "0",
        "ZZZZZZZ",
    ):
        yield f"{tag}.{code}.{nonce}.{later}.{signature}", because(R.CODE_SIGNATURE)
    for wrong in ("0" + expiry, "0" + expiry[1:], expiry[:-1], "1" + expiry + "0", "0", "00000000"):
        yield f"{tag}.{code}.{nonce}.{wrong}.{signature}", because(R.CODE_EXPIRY)
