import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CloudWatchAgent, InstanceRole } from '../src';
import { actions, allowed, baseline } from './_helpers/policies';
import { plainInstance, stackInFrankfurt } from './_helpers/stacks';
import { evaluate } from './_helpers/user-data';

describe('CloudWatchAgent', () => {
  let stack: Stack;
  let instance: ec2.Instance;
  let logGroup: logs.LogGroup;
  beforeEach(() => {
    stack = stackInFrankfurt();
    instance = plainInstance(stack);
    logGroup = new logs.LogGroup(stack, 'Logs');
  });
  const configurationOf = (agent: CloudWatchAgent) => JSON.parse(evaluate(stack.resolve(agent.configuration())));

  describe('CMP-08 what is alarmed on is collected', () => {
    test('collects nothing that nobody asked for', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      expect(configurationOf(agent)).toEqual({ agent: { metrics_collection_interval: 60, run_as_user: 'root' } });
    });

    test('collects memory because somebody has the metric', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      const metric = agent.metricMemoryUsedPercent(instance);

      expect(metric).toMatchObject({ namespace: 'CWAgent', metricName: 'mem_used_percent', statistic: 'Average', dimensions: { InstanceId: instance.instanceId } });
      expect(configurationOf(agent).metrics).toEqual({
        namespace: 'CWAgent',
        append_dimensions: { InstanceId: '${aws:InstanceId}' },
        metrics_collected: { mem: { measurement: ['used_percent'] } },
      });
    });

    test('publishes disk metrics with the dimensions of the metric, whatever the file system', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      const metric = agent.metricDiskUsedPercent(instance, '/data');

      expect(metric).toMatchObject({ metricName: 'disk_used_percent', dimensions: { InstanceId: instance.instanceId, path: '/data' } });
      expect(configurationOf(agent).metrics).toMatchObject({
        aggregation_dimensions: [Object.keys(metric.dimensions!)],
        metrics_collected: { disk: { measurement: ['used_percent'], resources: ['/data'], drop_device: true } },
      });
    });

    test('collects each file system once, in the order asked for', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      for (const path of ['/srv', '/', '/srv']) agent.metricDiskUsedPercent(instance, path);
      expect(configurationOf(agent).metrics.metrics_collected.disk.resources).toEqual(['/srv', '/']);
    });

    test('counts what is asked after the installation', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      const userData = ec2.UserData.forLinux();
      agent.install(userData, new InstanceRole(stack, 'Role').baselinePolicy);
      agent.metricMemoryUsedPercent(instance);
      agent.addLogFile({ path: '/var/log/secure', logGroup });

      const script = evaluate(stack.resolve(userData.render()));
      expect(script).toContain('"mem"');
      expect(script).toContain('systemctl enable --now rsyslog');
    });

    test('takes statistic and period of the metric, and keeps its dimensions', () => {
      const metric = new CloudWatchAgent(stack, 'Agent').metricMemoryUsedPercent(instance, { statistic: 'p95', period: Duration.minutes(2), dimensionsMap: { InstanceId: 'other' } });
      expect(metric).toMatchObject({ statistic: 'p95', period: Duration.minutes(2), dimensions: { InstanceId: instance.instanceId } });
    });

    test('publishes to the namespace and at the interval given', () => {
      const agent = new CloudWatchAgent(stack, 'Agent', { namespace: 'Shop/Hosts', collectionInterval: Duration.seconds(10) });
      expect(agent.metricMemoryUsedPercent(instance).namespace).toBe('Shop/Hosts');
      expect(configurationOf(agent)).toMatchObject({ agent: { metrics_collection_interval: 10 }, metrics: { namespace: 'Shop/Hosts' } });
    });

    test('fails when it is asked for nothing', () => {
      new CloudWatchAgent(stack, 'Agent');
      expect(() => (stack.node.root as App).synth()).toThrow(/the agent collects nothing; ask it for a metric or a log file \[Stack\/Agent\]/);
    });
  });

  describe('CMP-09 logs leave the machine', () => {
    test('sends each file to its log group, in a stream of instance and path', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      agent.addLogFile({ path: '/var/log/app.log', logGroup });
      agent.addLogFile({ path: '/var/log/batch-*.log', logGroup, streamName: '{instance_id}/batch' });

      const group = `<${stack.getLogicalId(logGroup.node.defaultChild as logs.CfnLogGroup)}>`;
      expect(configurationOf(agent)).toEqual({
        agent: expect.anything(),
        logs: { logs_collected: { files: { collect_list: [
          { file_path: '/var/log/app.log', log_group_name: group, log_stream_name: '{instance_id}/var/log/app.log' },
          { file_path: '/var/log/batch-*.log', log_group_name: group, log_stream_name: '{instance_id}/batch' },
        ] } } },
      });
    });

    test('leaves the retention to the log group', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      agent.addLogFile({ path: '/var/log/app.log', logGroup });
      expect(evaluate(stack.resolve(agent.configuration()))).not.toContain('retention');
    });
  });

  describe('CMP-04 least privilege', () => {
    const permissions = () => allowed(baseline(stack));
    const order = { before: ['ask', 'install'], after: ['install', 'ask'] };

    /** Asks and installs, in either order. */
    function installed(steps: string[], ask: (agent: CloudWatchAgent) => void) {
      const agent = new CloudWatchAgent(stack, 'Agent');
      const { baselinePolicy } = new InstanceRole(stack, 'Role');
      const does: Record<string, () => void> = { ask: () => ask(agent), install: () => agent.install(ec2.UserData.forLinux(), baselinePolicy) };
      steps.forEach((step) => does[step]());
    }

    test.each(Object.entries(order))('publishes metrics to its namespace only, asked %s the installation', (_when, steps) => {
      installed(steps, (agent) => agent.metricMemoryUsedPercent(instance));
      expect(permissions()).toEqual([
        { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } } },
      ]);
    });

    test.each(Object.entries(order))('writes to its log groups only, and creates none, asked %s the installation', (_when, steps) => {
      installed(steps, (agent) => agent.addLogFile({ path: '/var/log/app.log', logGroup }));
      expect(permissions()).toEqual([
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
      ]);
    });

    test('has no permission twice, however much is asked', () => {
      installed(['ask', 'install', 'ask'], (agent) => {
        agent.metricMemoryUsedPercent(instance);
        agent.metricDiskUsedPercent(instance, '/');
        agent.addLogFile({ path: '/var/log/app.log', logGroup });
      });
      expect(actions(permissions()).sort()).toEqual(['cloudwatch:PutMetricData', 'logs:CreateLogStream', 'logs:PutLogEvents']);
    });

    test('needs no tags, volumes or parameters of the account', () => {
      installed(['ask', 'install'], (agent) => {
        agent.metricDiskUsedPercent(instance, '/');
        agent.addLogFile({ path: '/var/log/app.log', logGroup });
      });
      expect(actions(permissions()).filter((action) => !/^(logs|cloudwatch):/.test(action))).toEqual([]);
    });

    test('fails when it is installed for somebody who cannot hold a permission', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      agent.metricMemoryUsedPercent(instance);
      expect(() => agent.install(ec2.UserData.forLinux(), new iam.ServicePrincipal('ec2.amazonaws.com'))).toThrow(/PutMetricData/);
    });
  });

  test('renders the same twice', () => {
    const render = () => {
      const other = stackInFrankfurt();
      const agent = new CloudWatchAgent(other, 'Agent');
      agent.metricDiskUsedPercent(plainInstance(other), '/');
      agent.addLogFile({ path: '/var/log/app.log', logGroup: new logs.LogGroup(other, 'Logs') });
      return other.resolve(agent.configuration());
    };
    expect(render()).toEqual(render());
  });

  test('works for an instance of somebody else, with its own role', () => {
    const agent = new CloudWatchAgent(stack, 'Agent');
    agent.addLogFile({ path: '/var/log/app.log', logGroup });
    agent.install(instance.userData, instance);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
    expect(evaluate(stack.resolve(instance.userData.render()))).toContain('amazon-cloudwatch-agent-ctl -a fetch-config');
  });

  test.each([
    ['namespace', { namespace: 'AWS/EC2' }, "got 'AWS/EC2'"],
    ['namespace', { namespace: '' }, "got ''"],
    ['namespace', { namespace: 'a'.repeat(256) }, 'got'],
    ['collectionInterval', { collectionInterval: Duration.seconds(0) }, 'got 0'],
    ['collectionInterval', { collectionInterval: Duration.millis(1500) }, 'got 1.5'],
    ['collectionInterval', { collectionInterval: Duration.minutes(61) }, 'got 3660'],
    ['collectionInterval', { collectionInterval: Duration.seconds(Lazy.number({ produce: () => 60 })) }, 'got a value of deployment'],
  ])('fails with a bad %s', (prop, props, got) => {
    expect(() => new CloudWatchAgent(stack, 'Agent', props)).toThrow(new RegExp(`'${prop}' must be .*${got}.* \\[Stack/Agent\\]`));
  });

  test.each([
    ['path', { path: 'var/log/app.log' }],
    ['streamName', { path: '/var/log/*.log' }],
    ['streamName', { path: '/var/log/app.log', streamName: 'a:b' }],
    ['streamName', { path: '/var/log/app.log', streamName: '' }],
    ['streamName', { path: `/${'a'.repeat(500)}` }],
  ])('fails with a log file of bad %s: %j', (prop, file) => {
    const agent = new CloudWatchAgent(stack, 'Agent');
    expect(() => agent.addLogFile({ ...file, logGroup })).toThrow(new RegExp(`'${prop}' must be .*got '.*' \\[Stack/Agent\\]`));
  });

  test.each(['data', '', '/mnt/*'])("fails with a bad file system: '%s'", (path) => {
    const agent = new CloudWatchAgent(stack, 'Agent');
    expect(() => agent.metricDiskUsedPercent(instance, path)).toThrow(/'path' must be absolute and without '\*', got '.*' \[Stack\/Agent\]/);
  });
});

describe('CloudWatchAgent of a fleet', () => {
  const parsed = (agent: CloudWatchAgent) => JSON.parse(Stack.of(agent).resolve(agent.configuration()));

  test('CMP-08 metrics of single instances keep the dimensions they are asked for by', () => {
    const stack = stackInFrankfurt();
    const instance = plainInstance(stack);
    const agent = new CloudWatchAgent(stack, 'Agent', { fleetName: 'shop' });
    expect(agent.metricMemoryUsedPercent(instance).dimensions).toEqual({ InstanceId: instance.instanceId });
    expect(agent.metricFleetDiskUsedPercent('/data').dimensions).toEqual({ Fleet: 'shop', path: '/data' });
    expect(parsed(agent).metrics).toMatchObject({
      aggregation_dimensions: [['InstanceId'], ['Fleet', 'path']],
      metrics_collected: { mem: { append_dimensions: { Fleet: 'shop' } }, disk: { resources: ['/data'], append_dimensions: { Fleet: 'shop' } } },
    });
  });

  test('fails for metrics of a fleet without its name', () => {
    const agent = new CloudWatchAgent(stackInFrankfurt(), 'Agent');
    expect(() => agent.metricFleetMemoryUsedPercent()).toThrow(/'fleetName' must be given for metrics of a fleet \[Stack\/Agent\]/);
    expect(() => agent.metricFleetDiskUsedPercent('/')).toThrow(/'fleetName' must be given/);
  });

  test.each(['', ':shop', 'x'.repeat(256)])("fails with a bad name '%s'", (fleetName) => {
    expect(() => new CloudWatchAgent(stackInFrankfurt(), 'Agent', { fleetName })).toThrow(/'fleetName' must be 1 to 255 characters, not beginning with ':'/);
  });
});
