import { CfnResource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** The states of alarms, the last to change first: composite ones, too, which the widget of the CDK does not take. */
export class AlarmStates implements cloudwatch.IWidget {
  private at = { x: 0, y: 0 };

  constructor(
    private readonly title: string,
    private readonly alarms: CfnResource[],
    public readonly width: number,
    public readonly height: number,
  ) {}

  public position(x: number, y: number): void {
    this.at = { x, y };
  }

  public toJson(): object[] {
    const alarms = this.alarms.map((alarm) => alarm.getAtt('Arn').toString());
    const properties = { title: this.title, alarms, sortBy: cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP };
    return [{ type: 'alarm', width: this.width, height: this.height, ...this.at, properties }];
  }
}
