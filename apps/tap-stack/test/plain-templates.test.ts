import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runInNewContext } from 'node:vm';
import { CodeFiles, inlineCode } from '../release/inline-code';
import { plainTemplate } from '../release/plain-template';
import { plainTemplateOf } from '../release/plain-template-of';
import { writeTemplates } from '../release/write-templates';
import { EVERY, synthesisOf } from './_helpers/every-environment';
import { Properties, ReadTemplate } from './_helpers/read-template';

interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly Metadata?: Properties;
}

/** What CloudFormation takes from a bucket. */
const TEMPLATE_BYTES = 1_000_000;

describe.each(EVERY)('the plain template (%s, %s)', (environment, stage) => {
  let text: string;
  let plain: ReadTemplate;
  let deployed: Properties;
  beforeAll(() => {
    text = plainTemplateOf(environment, stage);
    plain = new ReadTemplate(text);
    deployed = synthesisOf(environment, stage).template.json;
  });

  test('asks for no bootstrap and no bucket of assets', () => {
    expect(text).not.toMatch(/BootstrapVersion|cdk-bootstrap|hnb659fds|cdk-|"S3Key"|aws:cdk:path|aws:asset/);
  });

  test('is minified, and half of what CloudFormation takes would do', () => {
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
    expect(Buffer.byteLength(text)).toBeLessThan(0.5 * TEMPLATE_BYTES);
  });

  test('differs from what the CDK deploys in the code of functions and metadata of the CDK; in nothing else', () => {
    const resources = Object.entries(deployed.Resources as Record<string, Resource>);
    const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
    // two files of the CDK, which become one
    const wrapped = functions.filter(([, { Properties }]) => Properties!.Handler === '__entrypoint__.handler');
    const withMetadata = resources.filter(([, { Metadata }]) => Metadata);
    expect(differences(deployed, plain.json)).toEqual([
      ...withMetadata.map(([logicalId]) => `Resources/${logicalId}/Metadata`),
      ...functions.map(([logicalId]) => `Resources/${logicalId}/Properties/Code`),
      ...wrapped.map(([logicalId]) => `Resources/${logicalId}/Properties/Handler`),
    ].sort());
    expect(wrapped.length).toBeGreaterThan(0);
    const keys = withMetadata.flatMap(([, { Metadata }]) => Object.keys(Metadata!));
    expect(keys.filter((key) => key !== 'aws:cdk:do-not-refactor')).toEqual([]);
  });

  test('holds the code of every function, for a runtime that takes it from a template', () => {
    for (const { Properties: { Code, Handler, Runtime } } of plain.ofType('AWS::Lambda::Function')) {
      expect(Code).toEqual({ ZipFile: expect.stringMatching(/exports/) as string });
      expect(Handler).toMatch(/^index\.\w+$/);
      expect(Runtime).toMatch(/^nodejs/);
      expect(load((Code as { ZipFile: string }).ZipFile)).toHaveProperty((Handler as string).split('.')[1], expect.any(Function));
    }
  });
});

test('every environment in every stage has its plain template, and what was there before goes', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'templates-'));
  fs.writeFileSync(path.join(directory, 'old.template.json'), '{}');
  const files = writeTemplates(directory);
  expect(files).toEqual(EVERY.map(([environment, stage]) => path.join(directory, `${environment}.${stage}.template.json`)));
  expect(fs.readdirSync(directory).sort()).toEqual(files.map((file) => path.basename(file)).sort());
  fs.rmSync(directory, { recursive: true });
});

describe('code in a template', () => {
  const ENTRY = "exports.handler=()=>require('./decide').decide(require('./told').name);";
  const files = { 'entry.js': ENTRY, 'decide.js': "exports.decide=(name)=>`${name} in ${require('os').platform()}`", 'told.js': "'use strict';module.exports={name:'one'} // the end" };

  test('is the one file index.js, as it is', () => {
    expect(inlineCode({ 'index.js': 'exports.run=1;' }, 'index.run')).toEqual({ code: 'exports.run=1;', handler: 'index.run' });
  });

  test('is one file of several, each of which finds the others, and outside what is not among them', () => {
    const { code, handler } = inlineCode(files, 'entry.handler');
    expect(handler).toBe('index.handler');
    expect((load(code).handler as () => string)()).toBe('one in an operating system');
  });

  test('loads a file once, also one that waits for the other', () => {
    const { code } = inlineCode({ 'a.js': "exports.early=1;exports.handler=()=>require('./b').seen;require('./b')", 'b.js': "exports.seen=require('./a').early" }, 'a.handler');
    expect((load(code).handler as () => number)()).toBe(1);
  });

  test.each<[string, CodeFiles, string, string]>([
    ['of a handler that is in no file', { 'index.js': '' }, 'main.handler', "'handler' must be <file>.<export> of one of the files index.js, got 'main.handler'"],
    ['of a handler without an export', { 'index.js': '' }, 'index', "'handler' must be <file>.<export> of one of the files index.js, got 'index'"],
    ['of a folder', { 'index.js': '', 'node_modules': '' }, 'index.handler', "code in a template must be files of JavaScript beside each other, got 'node_modules'; bundle it into one"],
    ['of another language', { 'index.js': '', 'index.py': '' }, 'index.handler', "code in a template must be files of JavaScript beside each other, got 'index.py'; bundle it into one"],
    ['with letters that CloudFormation replaces', { 'index.js': "exports.handler=()=>'é'" }, 'index.handler', "code in a template must be ASCII, got \"é\" in 'index.js'; have the bundler escape it"],
  ])('fails for code %s', (_, code, handler, message) => {
    expect(() => inlineCode(code, handler)).toThrow(new Error(message));
  });
});

describe('a template', () => {
  const ASSET = 'a'.repeat(64);
  const BUCKET = { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' };
  const made = (Type: string, Properties: Record<string, unknown>) => () => plainTemplate({ Resources: { One: { Type, Properties } } }, () => ({ 'index.js': 'exports.handler=1' }));

  test('keeps metadata that is not the CDK\'s', () => {
    const Metadata = { 'aws:cdk:path': 'TapStack/One', 'aws:asset:path': 'asset', 'AWS::CloudFormation::Init': {} };
    expect(plainTemplate({ Resources: { One: { Type: 'AWS::SNS::Topic', Metadata } } }, () => ({})).Resources.One).toEqual({
      Type: 'AWS::SNS::Topic', Metadata: { 'AWS::CloudFormation::Init': {} },
    });
  });

  test('gets the code of a function', () => {
    expect(made('AWS::Lambda::Function', { Code: { S3Bucket: BUCKET, S3Key: `${ASSET}.zip` }, Handler: 'index.handler' })()).toEqual({
      Resources: { One: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'exports.handler=1' }, Handler: 'index.handler' } } },
    });
  });

  test.each([
    ['AWS::CloudFormation::Stack', { TemplateURL: { 'Fn::Sub': `https://s3.\${AWS::Region}.\${AWS::URLSuffix}/${BUCKET['Fn::Sub']}/${ASSET}.json` } }],
    ['AWS::Lambda::LayerVersion', { Content: { S3Bucket: BUCKET, S3Key: `${ASSET}.zip` } }],
    ['AWS::Lambda::Function', { Code: { S3Bucket: BUCKET, S3Key: `${ASSET}.jar` }, Handler: 'index.handler' }],
  ])('fails for an asset of %s that is no code of JavaScript', (type, properties) => {
    expect(made(type, properties)).toThrow(new Error(`only the code of a function can stand in the template, got an asset of ${type}; build 'One' without one`));
  });
});

/** What a module exports, if whatever it asks for outside is there. */
function load(code: string): Record<string, unknown> {
  const module = { exports: {} as Record<string, unknown> };
  const outside = new Proxy({}, { get: (_, name) => (name === 'platform' ? () => 'an operating system' : class {}) });
  runInNewContext(code, { module, exports: module.exports, require: () => outside, process: { env: {} }, Buffer, URL });
  return module.exports;
}

/** Where two templates differ: the paths down to the properties of resources. */
function differences(one: unknown, other: unknown, at: string[] = []): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const goOn = at.length < (at[0] === 'Resources' ? 4 : 2) && isObject(one) && isObject(other);
  if (!goOn) return [at.join('/')];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => differences(one[key], other[key], [...at, key])).sort();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
