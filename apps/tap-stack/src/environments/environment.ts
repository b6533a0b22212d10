import { StackProps } from 'aws-cdk-lib';
import { Stage } from '../stage';

/** What every environment is built with. */
export interface EnvironmentProps extends StackProps {
  readonly stage: Stage;
}
