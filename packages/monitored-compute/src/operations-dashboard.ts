import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { checkName } from './private/checks';
import { dashboardRows, heading } from './private/dashboard-rows';
import { deploymentFunctions } from './private/deployment-functions';
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
   * The parts that graphs are drawn of: constructs in `watched`, at least one. The states of alarms, and the runbooks, are those of all that is
   * watched: what wakes somebody is there in any case, and what is looked at while all is well takes no room for the rest.
   *
   * @default - all that is watched
   */
  readonly graphsOf?: IConstruct[];

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
 * condition, which a template cannot name while they are not there, and the functions that only custom resources use, with their logs: they
 * run when the stack is deployed, and it fails when they do.
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
  private readonly graphsOf: IConstruct[];
  private readonly title: string;
  private readonly own: cloudwatch.IWidget[] = [];

  constructor(scope: Construct, id: string, props: OperationsDashboardProps = {}) {
    super(scope, id);

    this.watched = props.watched ?? Stack.of(this);
    this.graphsOf = props.graphsOf ?? [this.watched];
    this.title = props.title ?? Aws.STACK_NAME;
    checkName(this, 'dashboardName', props.dashboardName, /^[\w-]{1,255}$/, "1 to 255 letters, digits and '_-'");
    if (Stack.of(this.watched) !== Stack.of(this)) {
      throw new Error(`'watched' must be in the stack of the dashboard, or the other stack could not be deleted without this one, got '${this.watched.node.path}'; make a dashboard there [${this.node.path}]`);
    }
    this.checkDrawn();

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
    const watched = resourcesOfStack(this.watched);
    const quiet = deploymentFunctions(watched);
    const drawn = watched.filter((resource) => !quiet.has(resource) && this.graphsOf.some((part) => resource.node.scopes.includes(part)));
    return dashboardRows(this.title, watched, drawn, Stack.of(this));
  }

  private checkDrawn(): void {
    if (this.graphsOf.length === 0) {
      throw new Error(`'graphsOf' must name at least one construct, got none; leave it out to draw all that is watched [${this.node.path}]`);
    }
    for (const { node } of this.graphsOf) {
      if (node.scopes.includes(this.watched)) continue;
      throw new Error(`'graphsOf' must be in what is watched, '${this.watched.node.path}', got '${node.path}'; watch more, or leave it out [${this.node.path}]`);
    }
  }

  private tooMuch(): string[] {
    const widgets: { properties?: { metrics?: unknown[] } }[] = [...this.found(), ...this.own].flatMap((widget) => widget.toJson());
    const metrics = widgets.reduce((sum, { properties }) => sum + (properties?.metrics?.length ?? 0), 0);
    const limits = [['widgets', widgets.length, MOST_WIDGETS], ['metrics', metrics, MOST_METRICS]] as const;
    return limits.filter(([, got, most]) => got > most).map(([what, got, most]) => (
      `a dashboard must have at most ${most} ${what}, got ${got}; make several, each with a part of the stack as 'watched' [${this.node.path}]`));
  }
}
