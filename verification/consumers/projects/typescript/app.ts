import { AuditTrail } from '@tapstack/audit-trail';
import { DenyWrongKey, EncryptedBucket, EncryptionKey, RequireTls } from '@tapstack/encrypted-storage';
import { MonitoredInstance } from '@tapstack/monitored-compute';
import { Egress, SecureVpc } from '@tapstack/secure-network';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Consumer');

const { key: encryptionKey } = new EncryptionKey(stack, 'Key');
const { vpc } = new SecureVpc(stack, 'Network', { egress: Egress.SINGLE, encryptionKey });
new EncryptedBucket(stack, 'Store', { encryptionKey, supersededVersionsKeptFor: Duration.days(30) });
new Bucket(stack, 'Theirs', { encryptionKey }).with(new RequireTls(), new DenyWrongKey(encryptionKey));
new MonitoredInstance(stack, 'Server', { vpc, encryptionKey, logFiles: ['/var/log/app.log'] });
new AuditTrail(stack, 'Audit', { encryptionKey });

app.synth();
