import { AuditTrail } from '@tapstack/audit-trail';
import { EncryptedBucket, EncryptionKey } from '@tapstack/encrypted-storage';
import { MonitoredInstance } from '@tapstack/monitored-compute';
import { Egress, SecureVpc } from '@tapstack/secure-network';
import { App, Duration, Stack } from 'aws-cdk-lib';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Consumer');

const { key: encryptionKey } = new EncryptionKey(stack, 'Key');
const { vpc } = new SecureVpc(stack, 'Network', { egress: Egress.SINGLE, encryptionKey });
new EncryptedBucket(stack, 'Store', { encryptionKey, supersededVersionsKeptFor: Duration.days(30) });
new MonitoredInstance(stack, 'Server', { vpc, encryptionKey, logFiles: ['/var/log/app.log'] });
new AuditTrail(stack, 'Audit', { encryptionKey });

app.synth();
