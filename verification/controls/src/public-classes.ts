import * as fs from 'node:fs';
import * as path from 'node:path';

interface Type {
  readonly name: string;
  readonly kind: string;
  readonly initializer?: { readonly parameters?: { readonly type: { readonly fqn?: string } }[] };
  readonly interfaces?: string[];
  readonly base?: string;
  readonly properties?: { readonly name: string }[];
}

/** The classes of our packages, and what their constructors take, as jsii knows them. */
export class PublicClasses {
  private readonly types: Record<string, Type> = {};

  constructor(packages: string[]) {
    for (const name of packages) {
      const folder = path.dirname(require.resolve(`${name}/package.json`));
      Object.assign(this.types, (JSON.parse(fs.readFileSync(path.join(folder, '.jsii'), 'utf8')) as { types: Record<string, Type> }).types);
    }
  }

  /** Whether a class takes a property. Of classes that are not ours nothing is known. */
  public takes(className: string, property: string): boolean {
    const { initializer } = Object.values(this.types).find(({ kind, name }) => kind === 'class' && name === className) ?? {};
    return (initializer?.parameters ?? []).some(({ type: { fqn } }) => fqn !== undefined && this.propertiesOf(fqn).includes(property));
  }

  private propertiesOf(fqn: string): string[] {
    const { interfaces = [], properties = [] } = this.types[fqn] ?? {};
    return [...properties.map(({ name }) => name), ...interfaces.flatMap((each) => this.propertiesOf(each))];
  }
}
