import * as fs from 'node:fs';
import { Template } from './templates';

export function readTemplate(file: string): Template {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Template;
}
