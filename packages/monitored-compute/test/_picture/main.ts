import { writeFileSync } from 'node:fs';
import { picture, PICTURE_FILE } from './picture';

writeFileSync(PICTURE_FILE, picture());
