import { join } from 'node:path';
import { bodyOf, Widget } from '../_helpers/dashboards';
import { render } from './render';
import { shop } from './shop';

/** Where the README finds it. */
export const PICTURE_FILE = join(__dirname, '../../docs/operations-dashboard.svg');

/** The picture of the dashboard of the shop, in a region. */
export function picture(): string {
  const { widgets } = bodyOf(shop());
  return render(JSON.parse(JSON.stringify(widgets).replaceAll('<AWS::Region>', 'eu-central-1').replaceAll('<AWS::StackName>', 'Shop')) as Widget[]);
}
