"""SM2 through the system's libcrypto, held against two other implementations in both directions."""

import ctypes
import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import gmalg
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys import Algorithm, KeyFileDamagedError, Purpose, ScryptCost, Sm2UnavailableError, libcrypto, sm2
from keys.file_source import FileKeySource
from keys.jwk import load_public, public_jwk, thumbprint
from keys.key_set import KeySet
from keys.model import KeyInfo, KeyState
from keys.sm2 import DISTINGUISHING_ID, ORDER, Sm2KeyError, Sm2PrivateKey, Sm2PublicKey, Sm2Reason
from signing import Verifier
from signing.algorithms import ALGORITHMS
from tests.support.rounds import examples

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MESSAGES = st.binary(max_size=300)
SOME = settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
SPKI_HEAD = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d034200"
)  # RFC 5480 with the SM2 curve


@pytest.fixture(scope="module")
def private() -> Sm2PrivateKey:
    return Sm2PrivateKey.generate()


@pytest.fixture
def no_libcrypto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without OpenSSL: the loader finds nothing. Forged, since every machine of ours has one."""
    sm2.searched.cache_clear()
    libcrypto.load.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", _not_found)
    yield
    sm2.searched.cache_clear()
    libcrypto.load.cache_clear()


def _not_found(name: str) -> ctypes.CDLL:
    raise OSError(f"{name}: cannot open shared object file")


def spki(public: Sm2PublicKey) -> bytes:
    return SPKI_HEAD + b"\x04" + public.to_bytes()


def pem(public: Sm2PublicKey, path: Path) -> Path:
    converted = subprocess.run(
        ["openssl", "pkey", "-pubin", "-inform", "DER"], input=spki(public), capture_output=True, check=True
    )
    path.write_bytes(converted.stdout)
    return path


@given(message=MESSAGES)
def test_what_we_sign_another_implementation_believes(message: bytes) -> None:
    private = Sm2PrivateKey.generate()
    signature = private.sign(message)
    other = gmalg.SM2(pk=b"\x04" + private.public_key.to_bytes(), uid=DISTINGUISHING_ID)

    assert other.verify(message, signature[:32], signature[32:])
    assert private.public_key.refusal(signature, message) is None
    assert not other.verify(message + b"!", signature[:32], signature[32:])


@given(scalar=st.integers(1, ORDER - 2), message=MESSAGES, flip=st.integers(0, 511))
def test_what_another_implementation_signs_we_believe_and_no_bit_less(
    scalar: int, message: bytes, flip: int
) -> None:
    other = gmalg.SM2(sk=scalar.to_bytes(32, "big"), uid=DISTINGUISHING_ID)
    public = Sm2PublicKey.from_bytes(other.generate_pk(scalar.to_bytes(32, "big"))[1:])
    r, s = other.sign(message)
    signature = r.rjust(32, b"\0") + s.rjust(32, b"\0")
    altered = (int.from_bytes(signature, "big") ^ 1 << flip).to_bytes(64, "big")

    assert public.refusal(signature, message) is None
    assert public.refusal(altered, message) is not None


@given(signature=st.binary(min_size=0, max_size=80), message=MESSAGES)
def test_no_bytes_are_a_signature_by_chance(private: Sm2PrivateKey, signature: bytes, message: bytes) -> None:
    assert private.public_key.refusal(signature, message) is not None


@SOME
@given(message=MESSAGES)
def test_the_openssl_program_believes_what_we_sign(
    private: Sm2PrivateKey, tmp_path: Path, message: bytes
) -> None:
    signature = private.sign(message)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    (tmp_path / "message").write_bytes(message)
    (tmp_path / "signature").write_bytes(encode_dss_signature(r, s))
    command = ["openssl", "dgst", "-sm3", "-sigopt", f"distid:{DISTINGUISHING_ID.decode()}"]
    files = ["-signature", tmp_path / "signature", tmp_path / "message"]

    told = subprocess.run(
        [*command, "-verify", pem(private.public_key, tmp_path / "public.pem"), *files],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "Verified OK\n"


@SOME
@given(message=MESSAGES)
def test_we_believe_what_the_openssl_program_signs_under_the_id_and_under_no_other(
    tmp_path: Path, message: bytes
) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "SM2", "-out", key], check=True, capture_output=True)
    der = subprocess.run(
        ["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    public = Sm2PublicKey.from_bytes(der[-64:])
    (tmp_path / "message").write_bytes(message)

    def signed(*options: str) -> bytes:
        command = ["openssl", "dgst", "-sm3", "-sign", key, *options, tmp_path / "message"]
        r, s = decode_dss_signature(subprocess.run(command, check=True, capture_output=True).stdout)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    assert public.refusal(signed("-sigopt", f"distid:{DISTINGUISHING_ID.decode()}"), message) is None
    assert public.refusal(signed(), message) is Sm2Reason.SM2_SIGNATURE
    assert public.refusal(signed("-sigopt", "distid:ALICE"), message) is Sm2Reason.SM2_SIGNATURE


def test_many_threads_sign_and_verify_with_one_key(private: Sm2PrivateKey) -> None:
    wrong: list[bytes] = []

    def work(name: bytes) -> None:
        for count in range(60):
            message = name + bytes([count])
            if not private.public_key.verify(private.sign(message), message):
                wrong.append(message)

    threads = [threading.Thread(target=work, args=(bytes([number]),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_refusal_leaves_no_error_behind_for_the_next_user_of_openssl(private: Sm2PrivateKey) -> None:
    library, point = sm2.engine(), b"\x04" + private.public_key.to_bytes()
    waiting = ctypes.CDLL("libcrypto.so.3").ERR_peek_error

    assert not library.verify(
        library.public_key(point), b"message", b"no DER", distinguishing_id=DISTINGUISHING_ID
    )
    assert waiting() == 0
    with pytest.raises(libcrypto.LibcryptoError):
        library.public_key(point[:-1] + bytes([point[-1] ^ 1]))
    assert waiting() == 0


def test_an_envelope_gives_the_same_sm2_key_back(tmp_path: Path) -> None:
    source = FileKeySource.create(tmp_path / "keys", "pass phrase", cost=ScryptCost(n=2))
    made = source.generate(lambda _jwk: "P2", Algorithm.SM2)

    opened = FileKeySource.open(tmp_path / "keys", "pass phrase").signer("P2")

    assert opened.algorithm is Algorithm.SM2
    assert opened.public_key == made.public_key
    assert isinstance(opened.public_key, Sm2PublicKey)
    assert opened.public_key.verify(opened.sign(b"message"), b"message")
    assert b"sm2" not in (tmp_path / "keys" / "P2.key.json").read_bytes()


@pytest.mark.parametrize(
    ("what", "secret"),
    [
        ("another scalar", lambda good, other: other[:32] + good[32:]),
        ("no scalar", lambda good, _other: bytes(32) + good[32:]),
        ("a scalar of n - 1", lambda good, _other: (ORDER - 1).to_bytes(32, "big") + good[32:]),
        ("a point off the curve", lambda good, _other: good[:-1] + bytes([good[-1] ^ 1])),
        ("half of it", lambda good, _other: good[:48]),
        ("nothing", lambda _good, _other: b""),
    ],
)
def test_a_scalar_and_a_point_that_do_not_belong_together_are_refused(
    private: Sm2PrivateKey, what: str, secret: object
) -> None:
    assert callable(secret), what
    with pytest.raises(ValueError, match="SM2"):
        Sm2PrivateKey.from_private_bytes(
            secret(private.private_bytes(), Sm2PrivateKey.generate().private_bytes())
        )


def test_a_published_key_is_written_as_the_profile_says_and_read_back(private: Sm2PrivateKey) -> None:
    jwk = public_jwk(private.public_key)

    assert list(jwk) == ["kty", "crv", "x", "y"]
    assert (jwk["kty"], jwk["crv"]) == ("EC", "SM2")
    assert load_public(Algorithm.SM2, jwk) == private.public_key
    assert len(thumbprint(jwk)) == 32


def _info(public: Sm2PublicKey) -> KeyInfo:
    return KeyInfo(
        kid="P2",
        purpose=Purpose.CODE_PLATE,
        algorithm=Algorithm.SM2,
        state=KeyState.ACTIVE,
        created_at=NOW,
        activated_at=NOW,
        ended_at=None,
        revoked_at=None,
        reason=None,
        public_jwk=public_jwk(public),
    )


@pytest.mark.usefixtures("no_libcrypto")
def test_without_a_libcrypto_sm2_is_refused_clearly_and_nothing_else_is() -> None:
    with pytest.raises(Sm2UnavailableError, match="no libcrypto was found"):
        Sm2PrivateKey.generate()
    public = Sm2PublicKey.from_bytes(sm2.VECTOR_POINT)
    keys = KeySet.from_jwks(KeySet([_info(public)]).jwks())
    assert keys.get("P2").public_key == public  # type: ignore[union-attr]  # it is there
    assert Verifier(keys) is not None
    with pytest.raises(Sm2UnavailableError):
        ALGORITHMS[Algorithm.SM2].bind(public)(b"message", b"\1" * 64)


def test_a_libcrypto_that_fails_the_standards_example_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forged, since no released OpenSSL is wrong: the id is lost on its way."""
    right = libcrypto.Libcrypto.verify

    def empty_id(*args: object, distinguishing_id: bytes) -> bool:
        assert distinguishing_id
        return right(*args, distinguishing_id=b"")  # type: ignore[arg-type]  # passed on as it came

    sm2.searched.cache_clear()
    monkeypatch.setattr(libcrypto.Libcrypto, "verify", empty_id)
    with pytest.raises(Sm2UnavailableError, match="fails the test"):
        sm2.engine()
    sm2.searched.cache_clear()


def test_an_older_openssl_is_named_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forged, since no machine of ours has OpenSSL 1.1 any more."""
    monkeypatch.setattr(libcrypto, "OLDEST", 0xF0000000)
    libcrypto.load.cache_clear()
    with pytest.raises(Sm2UnavailableError, match="OpenSSL 3"):
        libcrypto.load()
    libcrypto.load.cache_clear()


def test_an_envelope_with_another_keys_point_is_damaged(tmp_path: Path) -> None:
    source = FileKeySource.create(tmp_path / "keys", "pass phrase", cost=ScryptCost(n=2))
    envelope = source._vault.wrap("P2", b'{"algorithm":"SM2","sm2":"AAAA"}')
    path = tmp_path / "keys" / "P2.key.json"
    source.generate(lambda _jwk: "P2", Algorithm.SM2)
    path.write_text(json.dumps({"version": 1, "kid": "P2", **envelope}))

    with pytest.raises(KeyFileDamagedError, match="no SM2 key"):
        source.signer("P2")


def test_the_curve_parameters_are_those_that_openssl_knows() -> None:
    generator = Sm2PublicKey(
        0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
        0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
    )

    assert (
        Sm2PrivateKey.from_private_bytes((1).to_bytes(32, "big") + generator.to_bytes()).public_key
        == generator
    )
    with pytest.raises(Sm2KeyError):
        Sm2PublicKey(generator.x, generator.y + 1)


def test_a_native_key_is_freed_once_with_its_object() -> None:
    freed: list[int] = []
    key = libcrypto.NativeKey(17, freed.append)

    assert (key.pointer, freed) == (17, [])
    del key
    assert freed == [17]
