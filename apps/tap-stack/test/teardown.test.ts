import { typesNotListed } from '@tapstack/operator';
import { EVERY, templateOf } from './_helpers/every-environment';

describe('X-04 a destroy leaves nothing behind', () => {
  test.each(EVERY)('%s, %s: down looks for every type of resource that it makes', (environment, stage) => {
    expect(typesNotListed(templateOf(environment, stage).resources.map(({ Type }) => Type))).toEqual([]);
  });
});
