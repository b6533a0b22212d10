"""A certificate authority for one state directory, and the server certificate it signs.

Clients verify TLS for real, because a self-signed leaf is refused by Node and because turning verification off
would hide mistakes that AWS would show. The authority's key never leaves the state directory.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS = 3650
_LEAF_DAYS = 365
_RENEW_BEFORE = timedelta(days=30)
_CLOCK_SKEW = timedelta(minutes=5)
_HOST_NAMES = ("localhost", "*.localhost")
_ADDRESSES = ("127.0.0.1",)


@dataclass(frozen=True)
class TlsMaterial:
    """Where the certificates of one state directory are."""

    authority: Path
    certificate: Path
    key: Path


def authority_path(state: Path) -> Path:
    """Return where the authority's certificate is kept, whether or not it was made yet."""
    return state / "tls" / "ca.pem"


def ensure_tls(state: Path, now: datetime | None = None) -> TlsMaterial:
    """Make what is missing, renew what is about to expire, keep the rest.

    The authority is kept as long as possible, so that clients which already trust it keep working.
    """
    now = now or datetime.now(UTC)
    folder = state / "tls"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    material = TlsMaterial(authority_path(state), folder / "server.pem", folder / "server.key")
    authority_key_path = folder / "ca.key"

    authority, authority_key = _load(material.authority, authority_key_path)
    if authority is None or authority_key is None or _expires_soon(authority, now):
        authority, authority_key = _make_authority(now)
        _write(authority_key_path, _private_pem(authority_key), 0o600)
        _write(material.authority, authority.public_bytes(serialization.Encoding.PEM), 0o644)

    leaf, leaf_key = _load(material.certificate, material.key)
    if leaf is None or leaf_key is None or _expires_soon(leaf, now) or not _signed_by(leaf, authority):
        leaf, leaf_key = _make_leaf(authority, authority_key, now)
        _write(material.key, _private_pem(leaf_key), 0o600)
        chain = leaf.public_bytes(serialization.Encoding.PEM) + authority.public_bytes(serialization.Encoding.PEM)
        _write(material.certificate, chain, 0o644)
    return material


def _make_authority(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tapstack local AWS authority")])
    certificate = (
        _builder(name, name, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def _make_leaf(
    authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in _HOST_NAMES]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in _ADDRESSES]
    certificate = (
        _builder(name, authority.subject, key.public_key(), now, _LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return certificate, key


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _load(certificate_path: Path, key_path: Path) -> tuple[x509.Certificate | None, ec.EllipticCurvePrivateKey | None]:
    """Read a pair; a missing or damaged half counts as none, and the pair is made anew."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
    except (OSError, ValueError):
        return None, None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        return None, None
    return certificate, key


def _expires_soon(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_after_utc - now < _RENEW_BEFORE


def _signed_by(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(authority)
    except Exception:  # the library raises several unrelated types; each means "not by this authority"
        return False
    return True


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step, with its final mode from the first byte on."""
    staging = path.with_suffix(path.suffix + ".new")
    staging.unlink(missing_ok=True)
    with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    os.replace(staging, path)
