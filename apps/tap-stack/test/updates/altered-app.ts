import { newApp, selectionOf, stackName } from '../../src/app';
import { buildEnvironment } from '../../src/environments';
import { Stage, stageNamed } from '../../src/stage';

/** The app as it is, but for what its stage decides. */
export function buildAltered(decisions: Partial<Stage>): void {
  const app = newApp();
  const { environment, stage, suffix } = selectionOf(app);
  buildEnvironment(app, environment, 'TapStack', {
    stage: { ...stageNamed(stage), ...decisions }, stackName: stackName(suffix), suppressTemplateIndentation: true,
  });
  app.synth();
}
