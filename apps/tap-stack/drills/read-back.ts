import { ReadBack } from '@tapstack/operator';

const BUCKET = ['B-12', 'D-02', 'P-07'];
const DATABASE = ['B-04', 'D-06'];
const INSTANCE = ['B-03', 'D-04', 'P-05'];

/** What the operator reads back of every resource of a kind, or tries on it, and the requirements that it confirms. */
export const READ_BACK: ReadBack = {
  'the network': {
    'resolves names': ['B-01', 'D-01'],
    'its traffic is logged': ['B-13', 'C-10'],
    'its default security group lets nothing through': ['B-05'],
  },
  'every subnet': { 'gives no public addresses': ['D-01', 'P-03'] },
  'every NAT gateway': { 'is available': ['B-02', 'D-01', 'P-03'] },
  'every route table': { 'no route ends nowhere': ['B-02', 'D-01', 'P-03'] },
  'every security group': { 'opens nothing to the whole world': ['B-05', 'C-11', 'D-07', 'P-04'] },
  'every instance': {
    'runs with a profile, IMDSv2 only, detailed monitoring and no public address but one that was asked for': [...INSTANCE, 'D-09'],
    'its volumes are encrypted with a customer key and end with it': [...INSTANCE, 'B-08'],
  },
  'every launch template': { 'asks for IMDSv2 only, reports in detail, and encrypts volumes with a customer key': [...INSTANCE, 'B-08', 'D-09'] },
  'every group of instances': { 'has its instances in service, over several zones': ['D-04'] },
  'every bucket': {
    'encrypts what it is given': [...BUCKET, 'B-08'],
    'blocks every kind of public access': BUCKET,
    'keeps versions': BUCKET,
    'has a policy that denies plain HTTP': [...BUCKET, 'C-08'],
    'plain HTTP is refused': [...BUCKET, 'C-08', 'X-08'],
    'it is the policy that refuses plain HTTP (canary)': ['X-08'],
  },
  'every database': {
    'is encrypted with a customer key': [...DATABASE, 'B-08'],
    'is private, in subnets of several zones that no internet gateway leads to': [...DATABASE, 'C-01', 'D-01'],
    'is backed up for 7 days or more, and nobody deletes it by mistake': DATABASE,
    'RDS keeps its password in an encrypted secret, and rotates it': ['B-04', 'B-08', 'X-01'],
    'insists on TLS': ['B-04'],
    'its logs are written, exported, and end some day': ['C-04', 'D-06'],
  },
  'every key': { 'is enabled and rotates': ['B-08', 'D-03', 'P-02'] },
  'every log group': { 'is encrypted and has a retention': ['B-08', 'B-13', 'C-10', 'D-09', 'P-08'] },
  'every topic': { 'is encrypted with a customer key and denies plain HTTP': ['B-08', 'B-14', 'P-08'] },
  'every queue': { 'is encrypted with a customer key, denies plain HTTP and loses no message': ['B-08', 'B-11'] },
  'every rule': {
    'is enabled and has targets': ['B-10', 'R-01'],
    'its targets, and where failures go, let it in': ['B-10', 'B-14', 'R-01'],
  },
  'every alarm': {
    'is switched on and tells somebody': ['B-14', 'C-09', 'P-08'],
    'its alarm reaches a subscriber of the topic': ['B-14', 'C-09', 'P-08'],
  },
  // of one alarm for each stack
  'an alarm': { "without the key policy's statement for CloudWatch nothing arrives (canary)": ['B-14', 'P-02'] },
  'every trail': {
    'records every region and the global services': ['B-09', 'C-08', 'D-09'],
    'encrypts its log files with a customer key, and a changed one shows': ['B-08', 'B-09', 'D-09'],
    'hands its events to a log group': ['B-09', 'B-13', 'C-10', 'D-09'],
  },
  'every role': { 'no wildcard action on a wildcard resource': ['B-06', 'C-02', 'D-05', 'P-06', 'X-07', 'X-08'] },
  'every function': { 'structured logs into a group of its own, and failures go somewhere': ['B-11', 'X-07'] },
  'every function in the network': { 'works in its network, and reaches AWS from every subnet there': ['B-11'] },
  'every output': { 'described and exported': ['B-15', 'D-10', 'P-09', 'X-05'] },
};
