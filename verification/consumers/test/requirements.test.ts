import { complaintAbout } from '../src/requirements';

const JAVA: Parameters<typeof complaintAbout>[0] = { name: 'a Java development kit', oldest: [17, 0] };

test.each(['javac 17.0.15', 'javac 21', '\u001b[1mJava 21.0.1\u001b[m'])('%s will do', (said) => {
  expect(complaintAbout(JAVA, said)).toBeUndefined();
});

test.each([
  ['javac 11.0.2', 'a Java development kit 17.0 or newer is needed, found 11.0; install a newer one'],
  [undefined, 'a Java development kit 17.0 or newer is needed, found none; install it'],
  ['nothing that looks like a version', 'a Java development kit 17.0 or newer is needed, found none; install it'],
])('fails when javac says %s', (said, complaint) => {
  expect(complaintAbout(JAVA, said)).toBe(complaint);
});

test('a minor version counts too', () => {
  expect(complaintAbout({ name: 'Python', oldest: [3, 11] }, 'Python 3.9.2')).toBe('Python 3.11 or newer is needed, found 3.9; install a newer one');
  expect(complaintAbout({ name: 'Python', oldest: [3, 11] }, 'Python 3.11.7')).toBeUndefined();
});
