import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmSet } from './private/alarm-set';
import { ApiAccount } from './private/api-account';
import { API_CLIENT_ERRORS, API_LATENCY, API_SERVER_ERRORS } from './private/api-alarm-catalogue';
import { checkName, checkWhole } from './private/checks';

/** What is a preflight question of browsers, which carries no credentials by design. */
const PREFLIGHT = 'OPTIONS';

/**
 * Properties of `MonitoredApi`.
 */
export interface MonitoredApiProps {
  /**
   * The name of the API, as its metrics know it.
   *
   * @default - the path of the construct, with `-` for `/`
   */
  readonly apiName?: string;

  /**
   * The stage, which is the first part of every path. 1 to 128 letters, digits and `_-`.
   *
   * @default 'prod'
   */
  readonly stageName?: string;

  /**
   * How many requests a second are let through, over all callers. A whole number, at least 1.
   *
   * @default 100
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  readonly requestsPerSecond?: number;

  /**
   * How many requests may come at once, before the limit by the second counts. A whole number, at least 1.
   *
   * @default - twice `requestsPerSecond`
   */
  readonly burst?: number;

  /**
   * The key that encrypts the log groups, if they are made here. Its policy must let CloudWatch Logs use it.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The log group of the access log: who asked for what, and what was answered.
   *
   * @default - a new `EncryptedLogGroup`
   */
  readonly accessLogGroup?: logs.ILogGroup;

  /**
   * How long logs are kept in the log groups that are made here. Less than a year is warned about (STO-10).
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Errors of the API's own within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 1
   */
  readonly serverErrorsThreshold?: number;

  /**
   * Refused requests within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 100
   */
  readonly clientErrorsThreshold?: number;

  /**
   * What 99 of 100 answers must stay below. Whole milliseconds, at least 1; an integration ends at 29 seconds.
   *
   * @default Duration.seconds(5)
   */
  readonly latencyThreshold?: Duration;

  /**
   * The page whose sections `#api-server-errors`, `#api-client-errors` and `#api-latency` say what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * What happens to the key and the log groups, if they are made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A regional REST API that asks who calls, says who called, and is throttled.
 *
 * Methods are added to `api` as to any `apigateway.RestApi`; callers must sign their requests (IAM), unless the method has another
 * authorizer. A method that asks nobody must be added with `addOpenMethod`, or synthesis fails.
 *
 * The role that API Gateway writes logs with belongs to the account: it is reused where it is there, and made where not; no stack owns it.
 *
 * Controls: CMP-09 logs leave the machine, CMP-10 every alarm acts, CMP-15 every caller is known, CMP-17 calls are traced, CMP-18 throttled.
 */
export class MonitoredApi extends Construct {
  /** The API. `api.root` is where methods are added. */
  public readonly api: apigateway.RestApi;

  /** The stage. */
  public readonly stage: apigateway.Stage;

  /** The log group of the access log. */
  public readonly accessLogGroup: logs.ILogGroup;

  /** The key of the log groups. */
  public readonly encryptionKey: kms.IKey;

  /** Errors of the API's own. */
  public readonly serverErrorsAlarm: cloudwatch.Alarm;

  /** Refused requests. */
  public readonly clientErrorsAlarm: cloudwatch.Alarm;

  /** Slow answers. */
  public readonly latencyAlarm: cloudwatch.Alarm;

  private readonly open = new Set<apigateway.Method>();

  constructor(scope: Construct, id: string, props: MonitoredApiProps = {}) {
    super(scope, id);

    const { requestsPerSecond = 100, serverErrorsThreshold = 1, clientErrorsThreshold = 100, stageName = 'prod', logRetention, removalPolicy } = props;
    const burst = props.burst ?? requestsPerSecond * 2;
    const latency = props.latencyThreshold ?? Duration.seconds(5);
    checkName(this, 'stageName', stageName, /^[\w-]{1,128}$/, "1 to 128 letters, digits and '_-'");
    checkWhole(this, 'requestsPerSecond', requestsPerSecond, 1);
    checkWhole(this, 'burst', burst, 1);
    checkWhole(this, 'serverErrorsThreshold', serverErrorsThreshold, 1);
    checkWhole(this, 'clientErrorsThreshold', clientErrorsThreshold, 1);
    if (!latency.isUnresolved()) checkWhole(this, 'latencyThreshold', latency.toMilliseconds(), 1);

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    const { encryptionKey } = this;
    const ofLogs = { encryptionKey, retention: logRetention, removalPolicy };
    this.accessLogGroup = props.accessLogGroup ?? new EncryptedLogGroup(this, 'AccessLogs', ofLogs).logGroup;

    this.api = new apigateway.RestApi(this, 'Api', {
      restApiName: props.apiName ?? this.node.path.replaceAll('/', '-'),
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // the account's role is a concern of `ApiAccount`
      cloudWatchRole: false,
      defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
      deployOptions: {
        stageName,
        accessLogDestination: new apigateway.LogGroupLogDestination(this.accessLogGroup),
        accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: burst,
      },
    });
    this.node.defaultChild = this.api.node.defaultChild;
    // an output of the L2 that nobody asked for; who has a stack decides what it puts out
    this.api.node.tryRemoveChild('Endpoint');
    this.stage = this.api.deploymentStage;
    // API Gateway makes this group by itself, without key and retention, unless it is there
    const executionLogs = new EncryptedLogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${this.api.restApiId}/${stageName}`, ...ofLogs,
    });
    this.stage.node.addDependency(executionLogs, ApiAccount.of(this, { encryptionKey, logRetention, alarmTopic: props.alarmTopic, removalPolicy }));

    const alarms = new AlarmSet(this, props);
    const period = Duration.minutes(5);
    this.serverErrorsAlarm = alarms.add('ServerErrors', API_SERVER_ERRORS, this.stage.metricServerError({ period, statistic: cloudwatch.Stats.SUM }), serverErrorsThreshold);
    this.clientErrorsAlarm = alarms.add('ClientErrors', API_CLIENT_ERRORS, this.stage.metricClientError({ period, statistic: cloudwatch.Stats.SUM }), clientErrorsThreshold);
    this.latencyAlarm = alarms.add('Latency', API_LATENCY, this.stage.metricLatency({ period, statistic: cloudwatch.Stats.percentile(99) }), latency.toMilliseconds());

    this.node.addValidation({ validate: () => this.methodsThatAskNobody() });
  }

  /**
   * Adds a method that anybody on the internet may call. Synthesis warns (CMP-15).
   *
   * @param resource the path
   * @param httpMethod the verb, as in `GET`
   * @param integration what answers
   * @param options anything but its authorization
   */
  public addOpenMethod(
    resource: apigateway.IResource, httpMethod: string, integration: apigateway.Integration, options: apigateway.MethodOptions = {},
  ): apigateway.Method {
    const method = resource.addMethod(httpMethod, integration, { ...options, authorizationType: apigateway.AuthorizationType.NONE });
    this.open.add(method);
    Annotations.of(this).addWarningV2(`monitored-compute:CMP-15-${httpMethod}${resource.path}`, `anybody may call ${httpMethod} ${resource.path}, and nobody will know who did`);
    return method;
  }

  /**
   * Adds a `GET` that always answers the same, with nothing behind it: for a first deployment, or a check that the API answers.
   * Its callers are asked who they are like any other's.
   *
   * @param path below the root, as in `data`
   * @param json what is answered, as JSON; `$` and `#` begin expressions of API Gateway's template language
   */
  public addMock(path: string, json: string): apigateway.Method {
    checkName(this, 'path', path, /^[\w.-]+(\/[\w.-]+)*$/, "parts of letters, digits and '_.-', separated by '/'");
    const integration = new apigateway.MockIntegration({
      passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': json } }],
    });
    return this.api.root.resourceForPath(path).addMethod('GET', integration, { methodResponses: [{ statusCode: '200' }] });
  }

  private methodsThatAskNobody(): string[] {
    return this.api.methods
      .filter((method) => method.httpMethod !== PREFLIGHT && !this.open.has(method))
      .filter((method) => (method.node.defaultChild as apigateway.CfnMethod).authorizationType === apigateway.AuthorizationType.NONE)
      .map(({ httpMethod, resource }) => `${httpMethod} ${resource.path} must ask who calls; give it an authorizer, or add it with 'addOpenMethod' [${this.node.path}]`);
  }
}
