"""A network with everything in it."""

from __future__ import annotations

from .parts import TAGS, allow, get, key_for, policy, ref, resource, subnet, trusted_by, vpc

_S3 = {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
_SNS = {"Fn::Sub": "com.amazonaws.${AWS::Region}.sns"}

RESOURCES = {
    "Key": key_for("logs"),
    "Vpc": vpc(),
    "Gateway": resource("EC2::InternetGateway", Tags=TAGS),
    "Attachment": resource("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
    "Public": subnet("Vpc", 1, 0, MapPublicIpOnLaunch=True),
    "Private": subnet("Vpc", 2, 1, MapPublicIpOnLaunch=False),
    "PublicRoutes": resource("EC2::RouteTable", VpcId=ref("Vpc"), Tags=TAGS),
    "PrivateRoutes": resource("EC2::RouteTable", VpcId=ref("Vpc"), Tags=TAGS),
    "PublicDefault": resource(
        "EC2::Route",
        RouteTableId=ref("PublicRoutes"),
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=ref("Gateway"),
        _after="Attachment",
    ),
    "Address": resource("EC2::EIP", Domain="vpc", Tags=TAGS),
    "Nat": resource(
        "EC2::NatGateway",
        SubnetId=ref("Public"),
        AllocationId=get("Address", "AllocationId"),
        Tags=TAGS,
        _after="PublicDefault",
    ),
    "RegionalAddress": resource("EC2::EIP", Domain="vpc"),
    "RegionalNat": resource(
        "EC2::NatGateway",
        AvailabilityMode="regional",
        AvailabilityZoneAddresses=[
            {
                "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
                "AllocationIds": [get("RegionalAddress", "AllocationId")],
            }
        ],
        VpcId=ref("Vpc"),
        _after="Attachment",
    ),
    "SecondRange": resource("EC2::VPCCidrBlock", VpcId=ref("Vpc"), CidrBlock="100.64.0.0/16"),
    "Door": resource(
        "EC2::InstanceConnectEndpoint",
        SubnetId=ref("Private"),
        SecurityGroupIds=[ref("Inner")],
        PreserveClientIp=False,
        Tags=TAGS,
    ),
    "PrivateDefault": resource(
        "EC2::Route",
        RouteTableId=ref("PrivateRoutes"),
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=ref("Nat"),
    ),
    "PrivateAssociation": resource(
        "EC2::SubnetRouteTableAssociation", RouteTableId=ref("PrivateRoutes"), SubnetId=ref("Private")
    ),
    "Acl": resource("EC2::NetworkAcl", VpcId=ref("Vpc"), Tags=TAGS),
    "AclIn": resource(
        "EC2::NetworkAclEntry",
        NetworkAclId=ref("Acl"),
        RuleNumber=100,
        Protocol=6,
        RuleAction="allow",
        Egress=False,
        CidrBlock="10.0.0.0/16",
        PortRange={"From": 443, "To": 443},
    ),
    "AclAssociation": resource("EC2::SubnetNetworkAclAssociation", NetworkAclId=ref("Acl"), SubnetId=ref("Private")),
    "Edge": resource(
        "EC2::SecurityGroup",
        GroupDescription="edge",
        VpcId=ref("Vpc"),
        SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "192.0.2.0/24"}],
        SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}],
        Tags=TAGS,
    ),
    "Inner": resource("EC2::SecurityGroup", GroupDescription="inner", VpcId=ref("Vpc"), Tags=TAGS),
    "EdgeToInner": resource(
        "EC2::SecurityGroupIngress",
        GroupId=ref("Inner"),
        IpProtocol="tcp",
        FromPort=443,
        ToPort=443,
        SourceSecurityGroupId=ref("Edge"),
        Description="from the edge",
    ),
    "OfficeToInner": resource(
        "EC2::SecurityGroupIngress",
        GroupId=ref("Inner"),
        IpProtocol="tcp",
        FromPort=22,
        ToPort=22,
        CidrIp="198.51.100.0/24",
    ),
    "InnerToEdge": resource(
        "EC2::SecurityGroupEgress",
        GroupId=ref("Inner"),
        IpProtocol="tcp",
        FromPort=443,
        ToPort=443,
        DestinationSecurityGroupId=ref("Edge"),
    ),
    "EdgeOut": resource(
        "EC2::SecurityGroupEgress",
        GroupId=ref("Edge"),
        IpProtocol="udp",
        FromPort=53,
        ToPort=53,
        CidrIp="10.0.0.2/32",
    ),
    "EdgeToS3": resource(
        "EC2::SecurityGroupEgress",
        GroupId=ref("Edge"),
        IpProtocol="tcp",
        FromPort=443,
        ToPort=443,
        DestinationPrefixListId="pl-63a5400a",
    ),
    "S3": resource(
        "EC2::VPCEndpoint",
        VpcId=ref("Vpc"),
        ServiceName=_S3,
        VpcEndpointType="Gateway",
        RouteTableIds=[ref("PrivateRoutes")],
        PolicyDocument=policy(allow("s3:GetObject", Principal="*")),
        Tags=TAGS,
    ),
    "Sns": resource(
        "EC2::VPCEndpoint",
        VpcId=ref("Vpc"),
        ServiceName=_SNS,
        VpcEndpointType="Interface",
        SubnetIds=[ref("Private")],
        SecurityGroupIds=[ref("Edge")],
        PrivateDnsEnabled=True,
    ),
    "FlowLogs": resource("Logs::LogGroup", KmsKeyId=get("Key", "Arn"), RetentionInDays=30, Tags=TAGS),
    "FlowRole": resource(
        "IAM::Role",
        AssumeRolePolicyDocument=trusted_by("vpc-flow-logs"),
        Policies=[
            {
                "PolicyName": "write",
                "PolicyDocument": policy(
                    allow(
                        [
                            "logs:CreateLogStream",
                            "logs:PutLogEvents",
                            "logs:DescribeLogGroups",
                            "logs:DescribeLogStreams",
                        ]
                    )
                ),
            }
        ],
    ),
    "FlowLog": resource(
        "EC2::FlowLog",
        ResourceId=ref("Vpc"),
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogGroupName=ref("FlowLogs"),
        DeliverLogsPermissionArn=get("FlowRole", "Arn"),
        MaxAggregationInterval=60,
        Tags=TAGS,
    ),
    "FlowArchive": resource("S3::Bucket"),
    "FlowArchivePolicy": resource(
        "S3::BucketPolicy",
        Bucket=ref("FlowArchive"),
        PolicyDocument=policy(
            allow(
                ["s3:PutObject", "s3:GetBucketAcl"],
                [get("FlowArchive", "Arn"), {"Fn::Sub": "${FlowArchive.Arn}/*"}],
                Principal={"Service": "delivery.logs.amazonaws.com"},
            )
        ),
    ),
    "ArchivedFlowLog": resource(
        "EC2::FlowLog",
        ResourceId=ref("Public"),
        ResourceType="Subnet",
        TrafficType="REJECT",
        LogDestinationType="s3",
        LogDestination=get("FlowArchive", "Arn"),
        DestinationOptions={"FileFormat": "parquet", "HiveCompatiblePartitions": False, "PerHourPartition": False},
        _after="FlowArchivePolicy",
    ),
}
