from aws_cdk import App, Duration, Stack
from aws_cdk.aws_s3 import Bucket
from tapstack_audit_trail import AuditTrail
from tapstack_encrypted_storage import DenyWrongKey, EncryptedBucket, EncryptionKey, RequireTls
from tapstack_monitored_compute import MonitoredInstance
from tapstack_secure_network import Egress, SecureVpc

app = App(analytics_reporting=False)
stack = Stack(app, "Consumer")

key = EncryptionKey(stack, "Key").key
vpc = SecureVpc(stack, "Network", egress=Egress.SINGLE, encryption_key=key).vpc
EncryptedBucket(stack, "Store", encryption_key=key, superseded_versions_kept_for=Duration.days(30))
Bucket(stack, "Theirs", encryption_key=key).with_(RequireTls(), DenyWrongKey(key))
MonitoredInstance(stack, "Server", vpc=vpc, encryption_key=key, log_files=["/var/log/app.log"])
AuditTrail(stack, "Audit", encryption_key=key)

app.synth()
