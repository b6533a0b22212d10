/** The types that hold what somebody may miss, whether an environment has one today or not. What lets others at it goes with it. */
export const STATEFUL_TYPES = [
  'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::S3Express::DirectoryBucket', 'AWS::S3Tables::Table', 'AWS::S3Tables::TableBucket',
  'AWS::KMS::Key', 'AWS::KMS::ReplicaKey', 'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup', 'AWS::CloudTrail::EventDataStore',
  'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::Kinesis::Stream', 'AWS::MSK::Cluster',
  'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster', 'AWS::Redshift::Cluster', 'AWS::Timestream::Table',
  'AWS::ElastiCache::ReplicationGroup', 'AWS::MemoryDB::Cluster', 'AWS::OpenSearchService::Domain',
  'AWS::EC2::Volume', 'AWS::EFS::FileSystem', 'AWS::FSx::FileSystem', 'AWS::Backup::BackupVault', 'AWS::ECR::Repository', 'AWS::Cognito::UserPool',
];

/** Databases of which a snapshot stays instead. */
export const WITH_SNAPSHOTS = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];
