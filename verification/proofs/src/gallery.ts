import { AuditTrail, DeploymentWatch, EscalationBoundary, MonitoredActivity, SecurityAlarms, SecurityChange, SecurityChangeWatch, ThreatDetection } from '@tapstack/audit-trail';
import { EncryptedTopic, EncryptionKey, LogBucket, LogPurpose, ServiceWriter } from '@tapstack/encrypted-storage';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { QUIETED } from './corpus/alarms/quieted';
import { Deployment, Template } from './deployment';
import { KEY_PRINCIPALS } from './policies/key-principals';

/** Constructs that listen or deny, with everything on: an environment may not have them, or only a part of them. */
export function gallery(outdir: string): Deployment {
  const app = new App({ analyticsReporting: false, outdir, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Gallery');
  const alerts = new EncryptedTopic(stack, 'Alerts');
  alerts.allowRdsEvents();
  alerts.allowS3Notifications();
  alerts.allowBudgets();
  const { topic } = alerts;
  const { key } = new EncryptionKey(stack, 'Key', {
    administrators: [iam.Role.fromRoleArn(stack, 'KeyAdministrator', KEY_PRINCIPALS.administrator)],
    users: [iam.Role.fromRoleArn(stack, 'KeyUser', KEY_PRINCIPALS.user)],
  });
  for (const writer of Object.values(ServiceWriter)) if (writer instanceof ServiceWriter) EncryptionKey.allowService(key, writer);
  for (const purpose of Object.values(LogPurpose)) if (purpose instanceof LogPurpose) new LogBucket(stack, `${purpose.id}Logs`, { purpose });
  const { logGroup } = new AuditTrail(stack, 'Audit', { topic });
  new SecurityAlarms(stack, 'Alarms', { logGroup, topic });
  new SecurityAlarms(stack, 'Quieted', {
    logGroup,
    topic,
    metricNamespace: 'Quieted',
    without: MonitoredActivity.all().filter((activity) => activity !== MonitoredActivity.UNAUTHORIZED_API_CALLS),
    quieted: [{
      activity: MonitoredActivity.UNAUTHORIZED_API_CALLS,
      reason: 'they try what they may not do, to see that they may not',
      roles: [iam.Role.fromRoleArn(stack, 'Prober', QUIETED.role)],
      users: [iam.User.fromUserArn(stack, 'ProberUser', QUIETED.user)],
      services: [QUIETED.service],
    }],
  });
  new SecurityChangeWatch(stack, 'Watch', { topic, furtherChanges: SecurityChange.all(), revertWorldOpenAdminPorts: true });
  new DeploymentWatch(stack, 'Deployments', { topic });
  new EscalationBoundary(stack, 'Boundary');
  new ThreatDetection(stack, 'Threats', { topic, guardDuty: true, accessAnalyzer: true, securityHub: true, inspector: true });
  return new Deployment('gallery', app.synth().getStackArtifact(stack.artifactId).template as Template);
}
