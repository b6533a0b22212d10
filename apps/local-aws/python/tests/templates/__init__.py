"""Templates that together set every property the checks rely on; `test_relied_on.py` deploys each and reads it back."""

from __future__ import annotations

from . import api, audit, balancing, database, fleet, messaging, network, workload

TEMPLATES = {
    "api": api.RESOURCES,
    "network": network.RESOURCES,
    "workload": workload.RESOURCES,
    "messaging": messaging.RESOURCES,
    "audit": audit.RESOURCES,
    "database": database.RESOURCES,
    "fleet": fleet.RESOURCES,
    "balancing": balancing.RESOURCES,
}
