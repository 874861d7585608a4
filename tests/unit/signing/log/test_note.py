"""Signed notes and checkpoints: one way to write them, and whose signature counts (C2SP signed-note)."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from keys import KeyRing, KeySet, Purpose
from signing import SigningError
from signing.log import (
    EMPTY_ROOT,
    Checkpoint,
    NoteKey,
    SignatureType,
    cosign_note,
    note_keys,
    open_checkpoint,
    open_cosigned,
    open_note,
    sign_checkpoint,
    with_signatures,
)
from signing.log.errors import (
    CheckpointFormError,
    CheckpointOriginError,
    NoteFormError,
    NoteKeyError,
    NoteSignatureError,
    NoteSignerError,
    NoteUnsignedError,
)
from signing.log.note import NoteSignature, parse_note, parse_signatures, sign_note
from tests.support.forger import CHEAP, MADE_AT, NOW, Workshop

ORIGIN = "yizhao.example.cn/log"
WITNESS = "witness.example/log"
CHECKPOINT = Checkpoint(ORIGIN, 5, bytes(range(32)))

# The example of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.create(tmp_path_factory.mktemp("witness") / "keys", "w", now=MADE_AT, cost=CHEAP)


@pytest.fixture
def signed(workshop: Workshop) -> str:
    return sign_checkpoint(CHECKPOINT, workshop.signer(Purpose.LOG))


def test_a_note_signed_by_go_is_believed() -> None:
    (found,) = open_note(parse_note(GO_NOTE), [NoteKey.read(GO_KEY)])

    assert found.key.vkey() == GO_KEY
    assert str(parse_note(GO_NOTE)) == GO_NOTE


def test_a_checkpoint_reads_back(workshop: Workshop, signed: str) -> None:
    assert (
        open_checkpoint(signed, keys=workshop.ring.verification_keys(), origin=ORIGIN)
        == CHECKPOINT
        == Checkpoint.read(CHECKPOINT.body())
    )
    assert signed.startswith(f"{ORIGIN}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\u2014 {ORIGIN} ")


def test_vkeys_of_the_key_set_open_it_too(workshop: Workshop, signed: str) -> None:
    keys = note_keys(workshop.ring.verification_keys(), name=ORIGIN)

    assert [NoteKey.read(key.vkey()) for key in keys] == list(keys)
    assert open_checkpoint(signed, keys=keys, origin=ORIGIN) == CHECKPOINT


def test_a_checkpoint_of_another_log_is_refused(workshop: Workshop, signed: str) -> None:
    with pytest.raises(CheckpointOriginError):
        open_checkpoint(signed, keys=workshop.ring.verification_keys(), origin="other.example/log")


def test_a_checkpoint_signed_by_somebody_else_is_unsigned(workshop: Workshop) -> None:
    foreign = sign_checkpoint(CHECKPOINT, workshop.foreign.signer(Purpose.LOG))
    for keys in (workshop.ring.verification_keys(), KeySet(())):
        with pytest.raises(NoteUnsignedError):
            open_checkpoint(foreign, keys=keys, origin=ORIGIN)


def test_every_changed_line_breaks_the_signature(workshop: Workshop, signed: str) -> None:
    keys = workshop.ring.verification_keys()
    for old, new in (
        ("\n5\n", "\n6\n"),
        ("\nAAEC", "\nAQEC"),
        ("HR4fIA" if "HR4fIA" in signed else "Hh8=\n", "Hh4=\n"),
    ):
        with pytest.raises(SigningError) as refused:
            open_checkpoint(signed.replace(old, new, 1), keys=keys, origin=ORIGIN)
        assert isinstance(refused.value, NoteSignatureError)
    extended = signed.replace("\n\n", "\nmore\n\n", 1)
    with pytest.raises(NoteSignatureError):
        open_checkpoint(extended, keys=keys, origin=ORIGIN)


def test_extension_lines_of_others_are_kept_and_signed(workshop: Workshop) -> None:
    extended = Checkpoint(ORIGIN, 5, EMPTY_ROOT, ("more of it",))
    note = sign_checkpoint(extended, workshop.signer(Purpose.LOG))

    assert open_checkpoint(note, keys=workshop.ring.verification_keys(), origin=ORIGIN) == extended


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.encode(),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\n\n", "\n", 1),
        lambda note: note.replace("\u2014 ", "- "),
        lambda note: note.replace("\u2014 ", "\u2014  "),
        lambda note: note.replace(f"\u2014 {ORIGIN}", "\u2014 "),
        lambda note: note.replace(f"\u2014 {ORIGIN}", f"\u2014 {ORIGIN}+"),
        lambda note: note.replace("=\n", "\n"),
        lambda note: note[:-3] + "!=\n",
        lambda note: note + "\u2014 short AAAA\n",
        lambda note: note + f"\u2014 {ORIGIN} \u0661\u0661\u0661\u0661\n",
        lambda note: note.replace("\n", "\r\n"),
        lambda note: "\x00" + note,
        lambda note: "a" * 65_536 + note,
        lambda note: note + (note.rpartition("\n\n")[2] * 65),
        lambda _note: "",
        lambda _note: "\n\n\n",
        lambda _note: None,
    ],
)
def test_a_note_written_in_another_way_is_not_one(signed: str, change: object) -> None:
    assert callable(change)
    with pytest.raises(NoteFormError):
        parse_note(change(signed))


@pytest.mark.parametrize(
    "body",
    [
        f"{ORIGIN}\n5\n",
        "\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n05\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n+1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n1_0\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n\u0665\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n9223372036854775808\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{ORIGIN}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
        f"{ORIGIN}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        f"{ORIGIN}\n5\nAAEC\n",
        f"{ORIGIN}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\nmore\n",
        f"{ORIGIN}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ],
)
def test_a_checkpoint_written_in_another_way_is_not_one(body: str) -> None:
    with pytest.raises(CheckpointFormError):
        Checkpoint.read(body)


@given(st.text(max_size=200))
def test_whatever_is_read_is_written_the_same_again(text: str) -> None:
    try:
        note = parse_note(text)
    except NoteFormError:
        return
    assert str(note) == text


def test_an_empty_tree_may_say_so() -> None:
    assert Checkpoint.read(Checkpoint(ORIGIN, 0, EMPTY_ROOT).body()).size == 0


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+c74f20a3",
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("Peter", "Peter "),
        GO_KEY[:-4],
        GO_KEY.replace("+ARpc", "+Axpc"),
    ],
)
def test_a_vkey_written_in_another_way_is_not_one(vkey: str) -> None:
    with pytest.raises(NoteKeyError):
        NoteKey.read(vkey)


def test_only_a_logs_key_signs_a_log(workshop: Workshop) -> None:
    for purpose in (Purpose.BUNDLE, Purpose.RECEIPT):  # Ed25519 of another purpose; another algorithm
        with pytest.raises(NoteSignerError):
            sign_checkpoint(CHECKPOINT, workshop.signer(purpose))


def test_a_text_that_is_not_one_is_not_signed(workshop: Workshop) -> None:
    for text in ("", "\n", "no end", "tab\there\n"):
        with pytest.raises(NoteFormError):
            sign_note(text, name=ORIGIN, signer=workshop.signer(Purpose.LOG))


def test_a_cosignature_says_who_saw_it_and_when(workshop: Workshop, witness: KeyRing, signed: str) -> None:
    signer = witness.signer(Purpose.LOG)
    line = cosign_note(CHECKPOINT.body(), name=WITNESS, signer=signer, now=NOW)
    assert parse_signatures(line.line()) == (line,)
    cosigned = with_signatures(signed, [line, line])

    keys = note_keys(witness.verification_keys(), name=WITNESS, kind=SignatureType.COSIGNATURE)
    opened = open_cosigned(cosigned, keys=workshop.ring.verification_keys(), origin=ORIGIN, witnesses=keys)

    assert [(each.key.name, each.at) for each in opened.cosigned_by] == [(WITNESS, NOW)]
    assert cosigned.count("\u2014") == 2
    assert open_cosigned(cosigned, keys=workshop.ring.verification_keys(), origin=ORIGIN).cosigned_by == (), (
        "nobody was asked for"
    )


def test_a_cosignature_is_what_the_specification_writes(witness: KeyRing) -> None:
    """Checked without this package: bytes put together from the text of C2SP tlog-cosignature."""
    line = cosign_note(CHECKPOINT.body(), name=WITNESS, signer=witness.signer(Purpose.LOG), now=NOW)
    seconds = int(NOW.timestamp())
    message = f"cosignature/v1\ntime {seconds}\n{CHECKPOINT.body()}".encode()

    public = witness.signer(Purpose.LOG).public_key
    assert line.raw[:8] == seconds.to_bytes(8, "big")
    public.verify(line.raw[8:], message)  # type: ignore[union-attr,call-arg]  # an Ed25519 key


def test_a_cosignature_with_another_time_is_wrong(workshop: Workshop, witness: KeyRing, signed: str) -> None:
    line = cosign_note(CHECKPOINT.body(), name=WITNESS, signer=witness.signer(Purpose.LOG), now=NOW)
    keys = note_keys(witness.verification_keys(), name=WITNESS, kind=SignatureType.COSIGNATURE)
    for raw in (b"\0" * 8 + line.raw[8:], b"\xff" + line.raw[1:], line.raw[:-1]):
        forged = with_signatures(signed, [NoteSignature(line.name, line.key_id, raw)])
        with pytest.raises(NoteSignatureError):
            open_cosigned(forged, keys=workshop.ring.verification_keys(), origin=ORIGIN, witnesses=keys)


def test_a_signature_of_one_type_never_passes_for_the_other() -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    own, cosigner = (NoteKey(ORIGIN, kind, public) for kind in SignatureType)

    assert own.id != cosigner.id
    body = CHECKPOINT.body()
    line = NoteSignature(ORIGIN, cosigner.id, private.sign(body.encode()))
    with pytest.raises(NoteSignatureError):
        open_note(parse_note(f"{body}\n{line.line()}"), [own, cosigner])


def test_too_many_lines_are_not_added(signed: str) -> None:
    lines = [NoteSignature(f"w{number}", b"abcd", b"x") for number in range(64)]
    with pytest.raises(NoteFormError):
        with_signatures(signed, lines)


def test_what_comes_after_the_year_9892_is_no_time() -> None:
    late = datetime(9999, 1, 1, tzinfo=UTC)
    private = Ed25519PrivateKey.generate()
    key = NoteKey(
        ORIGIN, SignatureType.COSIGNATURE, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    seconds = int(late.timestamp())
    body = CHECKPOINT.body()
    raw = seconds.to_bytes(8, "big") + private.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
    note = f"{body}\n\u2014 {ORIGIN} {base64.b64encode(key.id + raw).decode()}\n"
    with pytest.raises(NoteSignatureError):
        open_note(parse_note(note), [key])


def test_pending_keys_have_not_signed_yet(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "keys", "w", now=MADE_AT, cost=CHEAP)
    names = {key.name for key in note_keys(ring.verification_keys(), name=ORIGIN)}

    assert names == {ORIGIN}
