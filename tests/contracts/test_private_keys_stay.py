"""No function gives a private key away: the only place where one is turned into bytes is the envelope's own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import keys

ROOT = Path(__file__).parents[2]
TAKES_OUT = {
    "private_bytes",
    "private_bytes_raw",
    "private_numbers",
    "private_value",
    "export_private_key",
    "wrap_key",
}
ENVELOPE = {
    ("keys/file_source.py", "_secret_members"),  # sealed by the vault in the caller's next statement
    ("keys/sm2.py", "private_bytes"),  # the name itself
}
TELLING = ("private", "export", "secret", "passphrase", "pin")


def takings(path: Path) -> Iterator[tuple[str, str]]:
    """Where in a file a private key is turned into something else: the file and the function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        if function.name in TAKES_OUT:
            yield name, function.name
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and node.attr in TAKES_OUT:
                yield name, function.name


def product() -> list[Path]:
    return sorted(path for package in ("keys", "signing") for path in (ROOT / package).rglob("*.py"))


def test_a_private_key_becomes_bytes_in_the_envelope_alone() -> None:
    found = {taking for path in product() for taking in takings(path)}

    assert ("keys/file_source.py", "_secret_members") in found
    assert found <= ENVELOPE


def test_the_envelopes_bytes_go_into_the_vault_and_nowhere_else() -> None:
    tree = ast.parse((ROOT / "keys" / "file_source.py").read_text(encoding="utf-8"))
    users = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_secret_members"
    ]

    assert users == ["generate"]


def test_no_public_name_of_keys_speaks_of_private_material() -> None:
    members = {
        f"{owner}.{name}"
        for owner in keys.__all__
        if isinstance(kind := getattr(keys, owner), type)
        for name in vars(kind)
        if not name.startswith("_")
    }
    spoken = {
        name
        for name in members
        if any(word in name.rpartition(".")[2].lower().split("_") for word in TELLING)
    }

    assert len(members) > 100
    assert spoken == {"RingFolder.passphrase"}  # given to it by the caller, to open the source with


def test_the_token_is_told_to_keep_its_keys() -> None:
    text = (ROOT / "keys" / "pkcs11_source.py").read_text(encoding="utf-8")

    assert "Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False" in text
    assert text.count("NEVER_OUTSIDE") == 3  # its definition, the key pairs, the secret of the seal
    assert "Attribute.VALUE" not in text
