/** Metrics that are published with the same dimensions. */
export interface MetricFamily {
  readonly metrics: ReadonlySet<string>;
  /** Every set of dimensions they are published with; the empty one sums up the account. */
  readonly dimensions: readonly string[][];
}

const family = (dimensions: string[], metrics: string): MetricFamily => ({
  metrics: new Set(metrics.split(/\s+/).filter(Boolean)),
  dimensions: dimensions.map((names) => names.split(' ').filter(Boolean).sort()),
});

/**
 * What the common services publish: a metric that is not here, in a namespace that is, does not exist.
 *
 * A namespace that is not here is not judged; one without families publishes nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
 */
export const METRIC_CATALOGUE: Readonly<Record<string, readonly MetricFamily[]>> = {
  'AWS/EC2': [family(['InstanceId', 'AutoScalingGroupName', 'InstanceType', 'ImageId', ''], `
    CPUUtilization DiskReadOps DiskWriteOps DiskReadBytes DiskWriteBytes MetadataNoToken MetadataNoTokenRejected NetworkIn NetworkOut NetworkPacketsIn
    NetworkPacketsOut CPUCreditUsage CPUCreditBalance CPUSurplusCreditBalance CPUSurplusCreditsCharged DedicatedHostCPUUtilization EBSReadOps EBSWriteOps
    EBSReadBytes EBSWriteBytes EBSIOBalance% EBSByteBalance% InstanceEBSIOPSExceededCheck InstanceEBSThroughputExceededCheck StatusCheckFailed
    StatusCheckFailed_System StatusCheckFailed_Instance StatusCheckFailed_AttachedEBS GPUPowerUtilization`)],
  'AWS/EBS': [family(['VolumeId'], `
    VolumeReadBytes VolumeWriteBytes VolumeReadOps VolumeWriteOps VolumeTotalReadTime VolumeTotalWriteTime VolumeIdleTime VolumeQueueLength
    VolumeThroughputPercentage VolumeConsumedReadWriteOps BurstBalance VolumeStalledIOCheck VolumeAvgReadLatency VolumeAvgWriteLatency
    VolumeIOPSExceededCheck VolumeThroughputExceededCheck`)],
  'AWS/AutoScaling': [family(['AutoScalingGroupName'], `
    GroupMinSize GroupMaxSize GroupDesiredCapacity GroupInServiceInstances GroupPendingInstances GroupStandbyInstances GroupTerminatingInstances
    GroupTotalInstances GroupInServiceCapacity GroupPendingCapacity GroupStandbyCapacity GroupTerminatingCapacity GroupTotalCapacity
    WarmPoolDesiredCapacity WarmPoolWarmedCapacity WarmPoolPendingCapacity WarmPoolTerminatingCapacity WarmPoolTotalCapacity WarmPoolMinSize
    GroupAndWarmPoolDesiredCapacity GroupAndWarmPoolTotalCapacity`)],
  'AWS/Lambda': [family(['FunctionName', 'FunctionName Resource', 'FunctionName Resource ExecutedVersion', ''], `
    Invocations Errors DeadLetterErrors DestinationDeliveryFailures Throttles OversizedRecordCount ProvisionedConcurrencyInvocations
    ProvisionedConcurrencySpilloverInvocations RecursiveInvocationsDropped Duration PostRuntimeExtensionsDuration IteratorAge OffsetLag ConcurrentExecutions
    ProvisionedConcurrentExecutions ProvisionedConcurrencyUtilization UnreservedConcurrentExecutions ClaimedAccountConcurrency AsyncEventsReceived
    AsyncEventAge AsyncEventsDropped`)],
  'AWS/ApiGateway': [
    family(['ApiName', 'ApiName Stage', 'ApiName Method Resource Stage'], '4XXError 5XXError Count Latency IntegrationLatency CacheHitCount CacheMissCount'),
    family(['ApiId', 'ApiId Stage', 'ApiId Method Resource Stage'], '4xx 5xx Count Latency IntegrationLatency DataProcessed'),
    family(['ApiId', 'ApiId Stage', 'ApiId Route Stage'], 'ConnectCount MessageCount IntegrationError ClientError ExecutionError'),
  ],
  'AWS/ApplicationELB': [
    family(['LoadBalancer', 'AvailabilityZone LoadBalancer'], `
      ActiveConnectionCount BYoIPUtilPercentage ClientTLSNegotiationErrorCount ConsumedLCUs DesyncMitigationMode_NonCompliant_Request_Count
      DroppedInvalidHeaderRequestCount ForwardedInvalidHeaderRequestCount GrpcRequestCount HTTP_Fixed_Response_Count HTTP_Redirect_Count
      HTTP_Redirect_Url_Limit_Exceeded_Count HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_500_Count
      HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count IPv6ProcessedBytes IPv6RequestCount NewConnectionCount PeakLCUs ProcessedBytes
      RejectedConnectionCount RequestCount RuleEvaluations ELBAuthError ELBAuthFailure ELBAuthLatency ELBAuthRefreshTokenSuccess ELBAuthSuccess
      ELBAuthUserClaimsSizeExceeded HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count
      TargetConnectionErrorCount TargetResponseTime TargetTLSNegotiationErrorCount LambdaInternalError LambdaTargetProcessedBytes LambdaUserError`),
    family(['LoadBalancer TargetGroup', 'AvailabilityZone LoadBalancer TargetGroup'], `
      HealthyHostCount UnHealthyHostCount HealthyStateDNS HealthyStateRouting UnhealthyRoutingRequestCount UnhealthyStateDNS UnhealthyStateRouting
      AnomalousHostCount MitigatedHostCount RequestCount HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count
      HTTPCode_Target_5XX_Count TargetConnectionErrorCount TargetResponseTime TargetTLSNegotiationErrorCount ZonalShiftedHostCount`),
    family(['TargetGroup'], 'RequestCountPerTarget LambdaInternalError LambdaTargetProcessedBytes LambdaUserError'),
  ],
  'AWS/RDS': [family(['DBInstanceIdentifier', 'DBClusterIdentifier', 'DBClusterIdentifier Role', 'DatabaseClass', 'EngineName', ''], `
    BinLogDiskUsage BurstBalance CheckpointLag ConnectionAttempts CPUUtilization CPUCreditUsage CPUCreditBalance CPUSurplusCreditBalance
    CPUSurplusCreditsCharged DatabaseConnections DBLoad DBLoadCPU DBLoadNonCPU DBLoadRelativeToNumVCPUs DiskQueueDepth DiskQueueDepthLogVolume EBSByteBalance%
    EBSIOBalance% FailedSQLServerAgentJobsCount FreeableMemory FreeLocalStorage FreeStorageSpace FreeStorageSpaceLogVolume MaximumUsedTransactionIDs
    NetworkReceiveThroughput NetworkTransmitThroughput OldestReplicationSlotLag ReadIOPS ReadIOPSLogVolume ReadLatency ReadLatencyLogVolume ReadThroughput
    ReadThroughputLogVolume ReplicaLag ReplicationChannelLag ReplicationSlotDiskUsage SwapUsage TransactionLogsDiskUsage TransactionLogsGeneration WriteIOPS
    WriteIOPSLogVolume WriteLatency WriteLatencyLogVolume WriteThroughput WriteThroughputLogVolume AuroraReplicaLag AuroraReplicaLagMaximum
    AuroraBinlogReplicaLag BufferCacheHitRatio CommitLatency CommitThroughput Deadlocks DMLLatency EngineUptime LoginFailures Queries SelectLatency
    ServerlessDatabaseCapacity ACUUtilization VolumeBytesUsed VolumeReadIOPs VolumeWriteIOPs BackupRetentionPeriodStorageUsed SnapshotStorageUsed`)],
  'AWS/SQS': [family(['QueueName'], `
    ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesDelayed ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesVisible
    ApproximateNumberOfGroupsWithInflightMessages NumberOfDeduplicatedSentMessages NumberOfEmptyReceives NumberOfMessagesDeleted NumberOfMessagesReceived
    NumberOfMessagesSent SentMessageSize`)],
  'AWS/SNS': [family(['TopicName', 'Application', 'Application Platform', 'Country SMSType', 'PhoneNumber', ''], `
    NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed NumberOfNotificationsFilteredOut
    NumberOfNotificationsFilteredOut-InvalidAttributes NumberOfNotificationsFilteredOut-NoMessageAttributes
    NumberOfNotificationsFilteredOut-InvalidMessageBody NumberOfNotificationsFilteredOut-MessageAttributes NumberOfNotificationsFilteredOut-MessageBody
    NumberOfNotificationsRedrivenToDlq NumberOfNotificationsFailedToRedriveToDlq PublishSize SMSMonthToDateSpentUSD SMSSuccessRate`)],
  'AWS/Events': [family(['RuleName', 'EventBusName', 'EventBusName RuleName', 'EventSourceName', ''], `
    DeadLetterInvocations Events FailedInvocations IngestionToInvocationCompleteLatency IngestionToInvocationStartLatency
    IngestionToInvocationSuccessLatency InvocationAttempts Invocations InvocationsCreated InvocationsFailedToBeSentToDlq InvocationsSentToDlq MatchedEvents
    PutEventsApproximateCallCount PutEventsApproximateFailedCount PutEventsApproximateSuccessCount PutEventsApproximateThrottledCount PutEventsEntriesCount
    PutEventsFailedEntriesCount PutEventsLatency PutEventsRequestSize RetryInvocationAttempts SuccessfulInvocationAttempts ThrottledRules TriggeredRules`)],
  'AWS/States': [family(['StateMachineArn'], `
    ExecutionTime ExecutionThrottled ExecutionsAborted ExecutionsFailed ExecutionsStarted ExecutionsSucceeded ExecutionsTimedOut
    ExpressExecutionBilledDuration ExpressExecutionBilledMemory ExpressExecutionMemory`)],
  'AWS/Logs': [
    family(['LogGroupName', ''], 'IncomingBytes IncomingLogEvents LogEventsWithFindings EMFParsingErrors EMFValidationErrors'),
    family(['DestinationType FilterName LogGroupName'], 'DeliveryErrors DeliveryThrottling ForwardedBytes ForwardedLogEvents'),
  ],
  'AWS/NATGateway': [family(['NatGatewayId'], `
    ActiveConnectionCount BytesInFromDestination BytesInFromSource BytesOutToDestination BytesOutToSource ConnectionAttemptCount
    ConnectionEstablishedCount ErrorPortAllocation IdleTimeoutCount PacketsDropCount PacketsInFromDestination PacketsInFromSource PacketsOutToDestination
    PacketsOutToSource PeakBytesPerSecond PeakPacketsPerSecond`)],
  'AWS/S3': [
    family(['BucketName StorageType'], 'BucketSizeBytes NumberOfObjects'),
    family(['BucketName FilterId'], `
      AllRequests GetRequests PutRequests DeleteRequests HeadRequests PostRequests SelectRequests SelectBytesScanned SelectBytesReturned ListRequests
      BytesDownloaded BytesUploaded 4xxErrors 5xxErrors FirstByteLatency TotalRequestLatency`),
    family(['DestinationBucket RuleId SourceBucket'], 'ReplicationLatency BytesPendingReplication OperationsPendingReplication OperationsFailedReplication'),
  ],
  'AWS/CloudFormation': [],
};

/** What a dimension names. */
export interface Named {
  readonly type: string;
  /** The property that holds the name, for names that the template spells out. */
  readonly property?: string;
  /** Another type whose ARN holds the name, so that the value may be cut out of it. */
  readonly cutFrom?: string;
  /** Whether `Ref` answers something else than the value, such as an ARN. */
  readonly refIsElse?: boolean;
}

/** What the dimensions of the catalogue name. A dimension that is not here is not looked up. */
export const NAMED_BY_DIMENSION: Readonly<Record<string, Named>> = {
  InstanceId: { type: 'AWS::EC2::Instance' },
  AutoScalingGroupName: { type: 'AWS::AutoScaling::AutoScalingGroup', property: 'AutoScalingGroupName' },
  VolumeId: { type: 'AWS::EC2::Volume' },
  NatGatewayId: { type: 'AWS::EC2::NatGateway' },
  FunctionName: { type: 'AWS::Lambda::Function', property: 'FunctionName' },
  ApiName: { type: 'AWS::ApiGateway::RestApi', property: 'Name', refIsElse: true },
  ApiId: { type: 'AWS::ApiGatewayV2::Api' },
  LoadBalancer: { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', cutFrom: 'AWS::ElasticLoadBalancingV2::Listener', refIsElse: true },
  TargetGroup: { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', refIsElse: true },
  DBInstanceIdentifier: { type: 'AWS::RDS::DBInstance', property: 'DBInstanceIdentifier' },
  DBClusterIdentifier: { type: 'AWS::RDS::DBCluster', property: 'DBClusterIdentifier' },
  QueueName: { type: 'AWS::SQS::Queue', property: 'QueueName', refIsElse: true },
  TopicName: { type: 'AWS::SNS::Topic', property: 'TopicName', refIsElse: true },
  RuleName: { type: 'AWS::Events::Rule', property: 'Name' },
  StateMachineArn: { type: 'AWS::StepFunctions::StateMachine' },
  LogGroupName: { type: 'AWS::Logs::LogGroup', property: 'LogGroupName' },
  BucketName: { type: 'AWS::S3::Bucket', property: 'BucketName' },
};
