import { complaintAbout } from '../src/requirements';

const JAVA = { name: 'a Java development kit', oldest: [17, 0] as [number, number] };

test.each<[string | undefined, string | undefined]>([
  ['javac 17.0.15', undefined],
  ['javac 21', undefined],
  ['javac 11.0.2', 'a Java development kit 17.0 or newer is needed, found 11.0'],
  [undefined, 'a Java development kit 17.0 or newer is needed, found none'],
])('a tool that says %s', (said, complaint) => {
  expect(complaintAbout(JAVA, said)).toBe(complaint);
});
