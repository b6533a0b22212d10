import { unless } from '../check';
import { Posture } from './posture';

/** Outputs say what they are and are exported under the stack's name. */
export const outputs: Posture = (stack) => stack.outputs.map((output) => ({
  title: `output ${output.OutputKey}: described and exported`,
  run: async () => unless([
    !output.OutputValue && 'it is empty',
    !output.Description && 'no description',
    output.ExportName !== `${stack.name}-${output.OutputKey}` && `exported as ${output.ExportName ?? 'nothing'}`,
  ]),
}));
