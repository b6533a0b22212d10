import { paginateListAliases } from '@aws-sdk/client-kms';
import {
  paginateDescribeDBInstanceAutomatedBackups, paginateDescribeDBInstances, paginateDescribeDBParameterGroups, paginateDescribeDBSnapshots,
  paginateDescribeDBSubnetGroups, paginateDescribeEventSubscriptions, paginateDescribeOptionGroups,
} from '@aws-sdk/client-rds';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { paginateDescribeParameters } from '@aws-sdk/client-ssm';
import { customerKeys } from '../keys';
import { all, Listings } from './listing';

/** What is kept. What is called `default` belongs to AWS. */
export const DATA: Listings = {
  'bucket': async ({ s3 }) => (await s3.send(new ListBucketsCommand({}))).Buckets!.map((bucket) => bucket.Name),
  'database': ({ rds }) => all(paginateDescribeDBInstances({ client: rds }, {}), (page) => page.DBInstances?.map((one) => one.DBInstanceIdentifier)),
  'database backup': ({ rds }) => all(paginateDescribeDBInstanceAutomatedBackups({ client: rds }, {}), (page) =>
    page.DBInstanceAutomatedBackups?.map((backup) => backup.DBInstanceAutomatedBackupsArn)),
  'database event subscription': ({ rds }) => all(paginateDescribeEventSubscriptions({ client: rds }, {}), (page) =>
    page.EventSubscriptionsList?.map((subscription) => subscription.CustSubscriptionId)),
  'database option group': ({ rds }) => all(paginateDescribeOptionGroups({ client: rds }, {}), (page) =>
    page.OptionGroupsList?.map((group) => group.OptionGroupName).filter((name) => !name?.startsWith('default:'))),
  'database parameter group': ({ rds }) => all(paginateDescribeDBParameterGroups({ client: rds }, {}), (page) =>
    page.DBParameterGroups?.map((group) => group.DBParameterGroupName).filter((name) => !name?.startsWith('default.'))),
  'database snapshot': ({ rds }) => all(paginateDescribeDBSnapshots({ client: rds }, {}), (page) => page.DBSnapshots?.map((one) => one.DBSnapshotIdentifier)),
  'database subnet group': ({ rds }) => all(paginateDescribeDBSubnetGroups({ client: rds }, {}), (page) =>
    page.DBSubnetGroups?.map((group) => group.DBSubnetGroupName).filter((name) => name !== 'default')),
  'key': async (clients) => (await customerKeys(clients)).filter((key) => !key.pendingDeletion).map((key) => key.id),
  'key alias': ({ kms }) => all(paginateListAliases({ client: kms }, {}), (page) =>
    page.Aliases?.map((alias) => alias.AliasName).filter((name) => !name?.startsWith('alias/aws/'))),
  'parameter': ({ ssm }) => all(paginateDescribeParameters({ client: ssm }, {}), (page) => page.Parameters?.map((parameter) => parameter.Name)),
  'secret': ({ secretsManager }) => all(paginateListSecrets({ client: secretsManager }, {}), (page) => page.SecretList?.map((secret) => secret.Name)),
};
