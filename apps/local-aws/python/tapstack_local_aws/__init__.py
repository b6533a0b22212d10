"""A local AWS for any CDK app: ministack on loopback, completed where deployments rely on it."""

__version__ = "0.1.0"
