import * as fs from 'node:fs';
import * as path from 'node:path';
import { Artefact } from './artefacts';
import { Ended } from './program';
import { NpmRegistry } from './registry';

/** What a consumer works with. */
export interface Supplies {
  readonly artefacts: Artefact[];
  readonly registry: NpmRegistry;
  /** The version of the CDK that every language uses, so that the templates can be the same. */
  readonly cdk: string;
  /** Where what is downloaded may stay for the next time. */
  readonly cache: string;
}

/** What came of a fresh project in one language. */
export interface Outcome {
  readonly template: object;
  /** How the program with the wrong property ended. */
  readonly wrong: Ended;
}

/** A language that our users write. */
export interface Consumer {
  readonly language: 'typescript' | 'python' | 'java';

  /** Where its program stands in the project. */
  readonly program: string;

  /** What its compiler or runtime says of a number where a duration belongs. */
  readonly refusal: RegExp;

  /** Installs the packages into a fresh project, synthesizes its program, and tries the one with the wrong property. */
  consume(project: string, supplies: Supplies): Promise<Outcome>;
}

const PROJECTS = path.resolve(__dirname, '../projects');

/** The source of a consumer's program. */
export function sourceOf({ language, program }: Consumer): string {
  return fs.readFileSync(path.join(PROJECTS, language, program), 'utf8');
}

/** A copy of a consumer's project outside the repository, where nothing of it can be found by accident. */
export function copyProject({ language }: Consumer, into: string): string {
  const project = path.join(into, language);
  fs.cpSync(path.join(PROJECTS, language), project, { recursive: true });
  return project;
}

/** The template that a program left in the directory it was told. */
export function readTemplate(outdir: string): object {
  return JSON.parse(fs.readFileSync(path.join(outdir, 'Consumer.template.json'), 'utf8')) as object;
}
