import { App } from 'aws-cdk-lib';
import { addStack, selectionOf } from './app';

// no usage report in the template: same input, same bytes
const app = new App({ analyticsReporting: false });
addStack(app, selectionOf(app));
app.synth();
