from aws_cdk import App, Duration, Stack
from tapstack_audit_trail import AuditTrail
from tapstack_encrypted_storage import EncryptedBucket, EncryptionKey
from tapstack_monitored_compute import MonitoredInstance
from tapstack_secure_network import Egress, SecureVpc

app = App(analytics_reporting=False)
stack = Stack(app, "Consumer")

key = EncryptionKey(stack, "Key").key
vpc = SecureVpc(stack, "Network", egress=Egress.SINGLE, encryption_key=key).vpc
EncryptedBucket(stack, "Store", encryption_key=key, superseded_versions_kept_for=Duration.days(30))
MonitoredInstance(stack, "Server", vpc=vpc, encryption_key=key, log_files=["/var/log/app.log"])
AuditTrail(stack, "Audit", encryption_key=key)

app.synth()
