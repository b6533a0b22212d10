import { DescribeKeyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { unless } from '../check';
import { Posture } from './posture';

/** Customer keys can be used, and rotate. */
export const keys: Posture = (stack, { kms }) => stack.ofType('AWS::KMS::Key').map(({ logicalId, physicalId: KeyId }) => ({
  title: `${logicalId}: is enabled and rotates`,
  run: async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    return unless([KeyMetadata?.KeyState !== 'Enabled' && `the key is ${KeyMetadata?.KeyState}`, !KeyRotationEnabled && 'rotation is off']);
  },
}));
