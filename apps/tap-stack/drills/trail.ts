import { GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import { confirming, Drill, unless } from '@tapstack/operator';

/** The trail records what is done with the objects of a bucket: the value is its ARN with the slash, and matches whatever is in it (C-05). */
export function useIsRecorded(bucket: string): Drill {
  return confirming(['C-05'], ({ stack, target }) => [{
    title: `the trail: records what is done with every object of ${bucket}`,
    run: async () => {
      const { AdvancedEventSelectors } = await target.clients.cloudTrail.send(new GetEventSelectorsCommand({ TrailName: stack.output('TrailArn') }));
      const starts = (AdvancedEventSelectors ?? []).flatMap(({ FieldSelectors }) => FieldSelectors?.find(({ Field }) => Field === 'resources.ARN')?.StartsWith ?? []);
      return unless([!starts.includes(`arn:aws:s3:::${stack.output(bucket)}/`) && `it records ${starts.join(', ') || 'no object'}`]);
    },
  }]);
}
