import { ThreatDetection, ThreatDetectionProps } from '@tapstack/audit-trail';
import { Stack } from 'aws-cdk-lib';
import { Stage } from '../stage';

/** Has threats detected and told, in the stages that last. The services are the account's: they stay on when the stack goes. */
export function detectThreats(stack: Stack, { detectors, logRetention, dataRemoval }: Stage, props: ThreatDetectionProps): void {
  if (!detectors) return;
  new ThreatDetection(stack, 'Detection', { ...props, ...detectors, retention: logRetention, removalPolicy: dataRemoval });
}
