import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture, PICTURE_FILE } from './_picture/picture';

describe('the picture of OperationsDashboard', () => {
  test('is what the dashboard looks like now; if not, write it anew with `npx projen picture`', () => {
    expect(existsSync(PICTURE_FILE) && readFileSync(PICTURE_FILE, 'utf8')).toBe(picture());
  });

  test('is in the README', () => {
    expect(readFileSync(join(__dirname, '../README.md'), 'utf8')).toContain('(docs/operations-dashboard.svg)');
  });
});
