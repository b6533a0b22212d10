import { Annotations, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What an alarm says, whatever its threshold. */
export interface AlarmSpec {
  /** What has happened; `{threshold}` stands for the threshold. */
  readonly happened: string;
  /** The first thing to do. */
  readonly response: string;
  /** The heading of the runbook, as a link knows it. */
  readonly runbook: string;
  readonly comparison: cloudwatch.ComparisonOperator;
  readonly evaluationPeriods: number;
  readonly missingData: cloudwatch.TreatMissingData;
}

/** Who is told, and where it is written what to do. */
export interface AlarmSetProps {
  readonly alarmTopic?: sns.ITopic;
  readonly runbookUrl?: string;
}

const RUNBOOK = 'https://github.com/tapstack/secure-environments/tree/main/packages/monitored-compute';

/** Makes alarms that all act, all say what missing data means, and all link to what to do (CMP-10). */
export class AlarmSet {
  private readonly action?: cloudwatch.IAlarmAction;
  private readonly runbookUrl: string;

  constructor(private readonly scope: Construct, props: AlarmSetProps) {
    this.action = props.alarmTopic && new SnsAction(props.alarmTopic);
    this.runbookUrl = props.runbookUrl ?? RUNBOOK;
    if (!this.action) {
      Annotations.of(scope).addWarningV2('monitored-compute:CMP-10', "nobody is told when these alarms go off; pass 'alarmTopic'");
    }
  }

  /** One more alarm of the set. */
  public add(id: string, spec: AlarmSpec, metric: cloudwatch.IMetric, threshold: number): cloudwatch.Alarm {
    const happened = spec.happened.replace('{threshold}', Tokenization.stringifyNumber(threshold));
    const alarm = new cloudwatch.Alarm(this.scope, id, {
      metric,
      threshold,
      alarmDescription: `${happened} ${spec.response} ${this.runbookUrl}#${spec.runbook}`,
      comparisonOperator: spec.comparison,
      evaluationPeriods: spec.evaluationPeriods,
      treatMissingData: spec.missingData,
    });
    if (this.action) {
      alarm.addAlarmAction(this.action);
      alarm.addOkAction(this.action);
    }
    return alarm;
  }
}
