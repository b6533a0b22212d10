import { Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A line of a graph: namespace, name, names and values of dimensions, and at the end, if anything, how it is drawn. */
type Line = readonly unknown[];

interface GraphJson {
  readonly properties: { readonly view?: string; readonly metrics?: readonly unknown[] };
}

/**
 * A graph without what CloudWatch takes for granted, and without what the line above says: a dashboard is a part of its template, whose
 * length is limited.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export class ShortGraph implements cloudwatch.IWidget {
  private readonly graph: cloudwatch.GraphWidget;

  constructor(props: cloudwatch.GraphWidgetProps) {
    this.graph = new cloudwatch.GraphWidget(props);
  }

  public get width(): number {
    return this.graph.width;
  }

  public get height(): number {
    return this.graph.height;
  }

  public position(x: number, y: number): void {
    this.graph.position(x, y);
  }

  public toJson(): object[] {
    return (this.graph.toJson() as GraphJson[]).map(({ properties: { view: _, metrics = [], ...properties }, ...widget }) => (
      { ...widget, properties: { ...properties, metrics: metrics.map((line, index) => index > 0 ? below(metrics[index - 1], line) : line) } }));
  }
}

/** What a line is called is known only when the template is made. */
function below(above: unknown, line: unknown): unknown {
  return Lazy.uncachedAny({ produce: (context) => dotted(context.resolve(above), context.resolve(line)) });
}

/** A dot is what stands above; three of them are all that stands above from the beginning on. */
function dotted(above: Line, line: Line): Line {
  if (wordsOf(above) !== wordsOf(line)) return line;
  const dots = line.map((part, index) => index < wordsOf(line) && JSON.stringify(part) === JSON.stringify(above[index]) ? '.' : part);
  const differs = dots.findIndex((part) => part !== '.');
  return differs > 1 && differs < wordsOf(line) ? ['...', ...dots.slice(differs)] : dots;
}

/** Without how it is drawn: a name for each value. */
function wordsOf({ length }: Line): number {
  return length - length % 2;
}
