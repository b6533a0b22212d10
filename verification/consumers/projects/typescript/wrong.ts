import { EncryptedBucket } from '@tapstack/encrypted-storage';
import { App, Stack } from 'aws-cdk-lib';

// a number where a duration belongs: the compiler has to refuse it
new EncryptedBucket(new Stack(new App(), 'Wrong'), 'Store', { supersededVersionsKeptFor: 30 });
