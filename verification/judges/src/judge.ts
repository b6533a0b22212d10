/** What a judge says of one template. */
export interface Examination {
  /** The rules that had something to look at. */
  readonly rules: string[];
  readonly findings: Finding[];
}

export interface Finding {
  readonly rule: string;
  /** The logical id; empty when the finding is not about one resource. */
  readonly resource: string;
  readonly message: string;
}

/** A scanner that we did not write. */
export interface Judge {
  readonly name: JudgeName;

  /** The rules it has to look at over all templates: fewer, and a family of its checks is gone. */
  readonly floor: number;

  /** What it must find in its canary, the deliberately bad template of its name. */
  readonly canary: string[];

  /** What it says of each template file, acknowledgements in the templates heeded. */
  examine(files: string[]): Promise<Map<string, Examination>>;
}

export type JudgeName = 'cdk-nag' | 'cfn-lint' | 'checkov';
