import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { checkName } from './private/checks';
import { dashboardRows, heading } from './private/dashboard-rows';
import { LateWidgets } from './private/late-widgets';
import { resourcesOfStack } from './private/resources-of-stack';

/** CloudWatch takes no more in one dashboard. */
const MOST_WIDGETS = 500;
const MOST_METRICS = 2_500;

/**
 * Properties of `OperationsDashboard`.
 */
export interface OperationsDashboardProps {
  /**
   * The part of the stack that is shown: the stack itself, or a construct in it.
   *
   * @default - the whole stack, with its nested stacks
   */
  readonly watched?: IConstruct;

  /**
   * What stands above the dashboard.
   *
   * @default - the name of the stack
   */
  readonly title?: string;

  /**
   * The name of the dashboard, unique in the account over all regions. 1 to 255 letters, digits and `_-`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly dashboardName?: string;

  /**
   * The time that is shown when it is opened. The size of buckets is measured once a day, and is always shown for 14 days.
   *
   * @default Duration.hours(3)
   */
  readonly defaultInterval?: Duration;
}

/**
 * A CloudWatch dashboard of what is in the stack, whatever made it: nothing is listed, so nothing is forgotten.
 *
 * The stack is looked through when its template is made. On top stand the states of all alarms, the last to change first, beside the
 * runbooks that their descriptions link to. Below, each tier has a row: entry (load balancers, APIs), network (NAT gateways), compute
 * (instances, groups, functions, state machines, what the CloudWatch agent reports), data (databases, tables, buckets, queues, topics)
 * and watch (event rules, log groups, what metric filters count). A tier without resources is left out, and so are resources under a
 * condition, which a template cannot name while they are not there.
 *
 * It names all that it shows, so nothing it shows may depend on it. A dashboard costs, from the fourth of an account on.
 *
 * Controls: CMP-23 what runs is seen at one glance.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class OperationsDashboard extends Construct {
  /** The dashboard. `addVariable` and `addWidgets` of it apply, too. */
  public readonly dashboard: cloudwatch.Dashboard;

  private readonly watched: IConstruct;
  private readonly title: string;
  private readonly own: cloudwatch.IWidget[] = [];

  constructor(scope: Construct, id: string, props: OperationsDashboardProps = {}) {
    super(scope, id);

    this.watched = props.watched ?? Stack.of(this);
    this.title = props.title ?? Aws.STACK_NAME;
    checkName(this, 'dashboardName', props.dashboardName, /^[\w-]{1,255}$/, "1 to 255 letters, digits and '_-'");
    if (Stack.of(this.watched) !== Stack.of(this)) {
      throw new Error(`'watched' must be in the stack of the dashboard, or the other stack could not be deleted without this one, got '${this.watched.node.path}'; make a dashboard there [${this.node.path}]`);
    }

    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      defaultInterval: props.defaultInterval ?? Duration.hours(3),
      // what is counted in five minutes is compared with what alarms count in five minutes, however long the time that is shown
      periodOverride: cloudwatch.PeriodOverride.INHERIT,
      widgets: [[new LateWidgets(() => this.found())]],
    });
    this.node.defaultChild = this.dashboard.node.defaultChild;
    this.node.addValidation({ validate: () => this.tooMuch() });
  }

  /**
   * Adds a row of widgets of your own, below what was found.
   *
   * @param title what stands above the row
   * @param widgets the widgets, from left to right; what does not fit into 24 columns is put below
   */
  public addRow(title: string, ...widgets: cloudwatch.IWidget[]): void {
    const row = [heading(title), new cloudwatch.Row(...widgets)];
    this.own.push(...row);
    for (const widget of row) this.dashboard.addWidgets(widget);
  }

  private found(): cloudwatch.IWidget[] {
    return dashboardRows(this.title, resourcesOfStack(this.watched), Stack.of(this));
  }

  private tooMuch(): string[] {
    const widgets: { properties?: { metrics?: unknown[] } }[] = [...this.found(), ...this.own].flatMap((widget) => widget.toJson());
    const metrics = widgets.reduce((sum, { properties }) => sum + (properties?.metrics?.length ?? 0), 0);
    const limits = [['widgets', widgets.length, MOST_WIDGETS], ['metrics', metrics, MOST_METRICS]] as const;
    return limits.filter(([, got, most]) => got > most).map(([what, got, most]) => (
      `a dashboard must have at most ${most} ${what}, got ${got}; make several, each with a part of the stack as 'watched' [${this.node.path}]`));
  }
}
