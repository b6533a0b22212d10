import { addStack, newApp, selectionOf } from './app';

const app = newApp();
addStack(app, selectionOf(app));
app.synth();
