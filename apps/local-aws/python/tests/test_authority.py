"""The certificates: made once, renewed in time, private where they must be."""

from __future__ import annotations

import ipaddress
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import LocalAws
from cryptography import x509

from tapstack_local_aws.__main__ import main
from tapstack_local_aws.authority import ensure_tls

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_leaf_is_for_this_machine_only(tmp_path: Path) -> None:
    leaf = _certificate(ensure_tls(tmp_path, NOW).certificate)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "*.localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_authority_signs_the_leaf_and_nothing_below_it(tmp_path: Path) -> None:
    tls = ensure_tls(tmp_path, NOW)
    authority = _certificate(tls.authority)
    _certificate(tls.certificate).verify_directly_issued_by(authority)
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)


def test_private_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    ensure_tls(tmp_path, NOW)
    keys = sorted((tmp_path / "tls").glob("*.key"))
    assert [key.name for key in keys] == ["ca.key", "server.key"]
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_a_second_start_keeps_everything(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / "tls").iterdir()}

    ensure_tls(tmp_path, NOW)
    first = files()
    ensure_tls(tmp_path, NOW + timedelta(days=1))
    assert files() == first


@pytest.mark.parametrize(("days", "renewed"), [(334, False), (336, True), (400, True)])
def test_the_leaf_is_renewed_before_it_expires_by_the_same_authority(tmp_path: Path, days: int, renewed: bool) -> None:
    tls = ensure_tls(tmp_path, NOW)
    before = tls.authority.read_bytes(), tls.certificate.read_bytes()
    ensure_tls(tmp_path, NOW + timedelta(days=days))
    assert tls.authority.read_bytes() == before[0]
    assert (tls.certificate.read_bytes() != before[1]) is renewed


def test_an_expiring_authority_is_replaced_with_its_leaf(tmp_path: Path) -> None:
    tls = ensure_tls(tmp_path, NOW)
    before = tls.authority.read_bytes()
    ensure_tls(tmp_path, NOW + timedelta(days=3640))
    assert tls.authority.read_bytes() != before
    _certificate(tls.certificate).verify_directly_issued_by(_certificate(tls.authority))


@pytest.mark.parametrize("damaged", ["ca.pem", "ca.key", "server.pem", "server.key"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damaged: str) -> None:
    tls = ensure_tls(tmp_path, NOW)
    (tmp_path / "tls" / damaged).write_text("damaged")
    ensure_tls(tmp_path, NOW)
    _certificate(tls.certificate).verify_directly_issued_by(_certificate(tls.authority))


def test_ca_prints_the_path_of_the_authority(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ca", "--state", str(tmp_path)]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "tls" / "ca.pem"
    assert _certificate(path)


def test_ca_prints_what_a_running_server_is_trusted_by(local: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    before = local.authority.read_bytes()
    assert main(["ca", "--state", str(local.state)]) == 0
    assert capsys.readouterr().out.strip() == str(local.authority)
    assert local.authority.read_bytes() == before
