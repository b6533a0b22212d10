import {
  ConfigServiceClient, DescribeConfigurationRecordersCommand, DescribeConfigurationRecorderStatusCommand, StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { Answer, customResource, Request } from '../custom-resource';
import { decide, Recorder } from './decide';

const config = new ConfigServiceClient();

/** Makes sure that the recorder which is there records, and that it is as it was when the stack goes. */
export const handler = customResource(async ({ RequestType, PhysicalResourceId }: Request): Promise<Answer> => {
  const recorder = await find();
  const { call, physicalResourceId } = decide(RequestType, recorder, PhysicalResourceId);
  if (call === 'START') await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: recorder!.name }));
  if (call === 'STOP') await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: recorder!.name }));
  return { physicalResourceId, data: recorder && { RecorderName: recorder.name } };
});

async function find(): Promise<Recorder | undefined> {
  const [recorder] = (await config.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders ?? [];
  if (recorder?.name === undefined) return undefined;

  const status = await config.send(new DescribeConfigurationRecorderStatusCommand({ ConfigurationRecorderNames: [recorder.name] }));
  return { name: recorder.name, recording: status.ConfigurationRecordersStatus?.[0]?.recording ?? false };
}
