import { Evidence } from '../evidence';

/** `; B-02: …` within a comment: from there on it is about something else. */
const NEXT = /; (?=(?:[A-Z]-\d\d(?:, )?)+: )/;

/** Comments above the assertions of an integration test: what the deployed stack is asked. */
export function assertionsOf(file: string, text: string): Evidence[] {
  return [...text.matchAll(/^\/\/ (.*)$/gm)].flatMap(([, comment]) => comment.split(NEXT)).map((says) => ({ file, says }));
}
