import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** Widgets, below each other, that are made only when the template is: by then, everything is in the stack. */
export class LateWidgets implements cloudwatch.IWidget {
  private at = { x: 0, y: 0 };

  constructor(private readonly make: () => cloudwatch.IWidget[]) {}

  public get width(): number {
    return this.column().width;
  }

  public get height(): number {
    return this.column().height;
  }

  public position(x: number, y: number): void {
    this.at = { x, y };
  }

  public toJson(): object[] {
    const column = this.column();
    column.position(this.at.x, this.at.y);
    return column.toJson();
  }

  private column(): cloudwatch.Column {
    return new cloudwatch.Column(...this.make());
  }
}
