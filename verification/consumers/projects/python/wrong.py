from aws_cdk import App, Stack
from tapstack_encrypted_storage import EncryptedBucket

# a number where a duration belongs: it has to be refused
EncryptedBucket(Stack(App(), "Wrong"), "Store", superseded_versions_kept_for=30)
