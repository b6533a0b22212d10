import { ThreatDetection } from '@tapstack/audit-trail';
import { EncryptedTopic } from '@tapstack/encrypted-storage';
import { App, Stack } from 'aws-cdk-lib';
import { Deployment, Template } from './deployment';

/** Constructs that listen or deny, with everything on: an environment may not have them, or only a part of them. */
export function gallery(outdir: string): Deployment {
  const app = new App({ analyticsReporting: false, outdir, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Gallery');
  const { topic } = new EncryptedTopic(stack, 'Alerts');
  new ThreatDetection(stack, 'Threats', { topic, guardDuty: true, accessAnalyzer: true, securityHub: true, inspector: true });
  return new Deployment('gallery', app.synth().getStackArtifact(stack.artifactId).template as Template);
}
