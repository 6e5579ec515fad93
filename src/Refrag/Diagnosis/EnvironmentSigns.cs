namespace Refrag.Diagnosis;

/// <summary>Words of AWS's in the reason of an environment that show why it starts no instances.</summary>
/// <param name="Words">Phrases; one of them must stand there as whole words.</param>
/// <param name="Code">The cause's code.</param>
/// <param name="What">The cause, to stand behind "cannot start instances:".</param>
/// <param name="Cure">What helps.</param>
/// <param name="Command">The command that does it; null if there is none.</param>
internal sealed record EnvironmentSign(string[] Words, string Code, string What, string Cure, string? Command = null)
{
    /// <summary>Whether a reason shows it.</summary>
    public bool Shows(string reason) => Words.Any(word => AwsWords.Has(reason, word));
}

/// <summary>
/// The table of them, the more exact before the more general: reasons name what is refused beside what refuses it. Each row is the first on
/// its own examples (environment-signs.yaml beside the tests).
/// </summary>
internal static class EnvironmentSigns
{
    /// <summary>Every row, in the order in which they are tried.</summary>
    public static IReadOnlyList<EnvironmentSign> All { get; } =
    [
        new(["VcpuLimitExceeded", "vCPU limit", "vCPU capacity than your current", "MaxSpotInstanceCountExceeded", "InstanceLimitExceeded",
            "Max spot instance count exceeded"],
            "ec2-quota", "the account's EC2 vCPU quota is used up",
            "Ask for a higher quota, or use instances of another family", "aws service-quotas list-service-quotas --service-code ec2"),
        new(["MaxFleetCountExceeded", "MaxSpotFleetRequestCountExceeded", "reached your quota", "VolumeLimitExceeded",
            "reached the limit on the number of tasks"],
            "ec2-quota", "a quota of the account on EC2 or Fargate is used up",
            "Ask for a higher quota of what the reason names", "aws service-quotas list-service-quotas --service-code ec2"),
        // EC2 says no more of a volume whose key it may not use. (Auto Scaling User Guide, troubleshooting: Client.InternalError)
        new(["AWS KMS key", "KMS key", "kms:CreateGrant", "KMSKeyNotAccessible", "InvalidKMSKey.InvalidState", "Client.InternalError"],
            "kms-key", "its instances' volumes are encrypted with a key that may not be used",
            "Let the Auto Scaling role AWSServiceRoleForAutoScaling use the key, and for Spot AWSServiceRoleForEC2Spot too"),
        new(["InsufficientInstanceCapacity", "UnfulfillableCapacity", "no Spot capacity", "InsufficientHostCapacity",
            "capacity-not-available",
            // EC2's sentence without the name of its error.
            "capacity in the Availability Zone you requested"], "no-capacity", "AWS has no such instances to give at the moment",
            "Add instance types or zones, or an on-demand environment behind it", "refrag envs"),
        new(["SpotMaxPriceTooLow", "bid price", "price-too-low"], "spot-price", "its limit on the Spot price is below the market",
            "Leave bidPercentage at 100"),
        new(["InsufficientFreeAddressesInSubnet", "free addresses"], "no-addresses", "its subnets have no free addresses",
            "Add subnets, or larger ones"),
        new(["spotIamFleetRole", "Spot Fleet role", "SpotFleet role", "fleet role", "AWSServiceRoleForEC2Spot",
            "ServiceLinkedRoleCreationNotPermitted"], "spot-role",
            "the Spot fleet's role is missing",
            "Make the role", "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"),
        // (ECS Developer Guide, using service-linked roles)
        new(["ECS service linked role", "assume the service linked role"], "service-role",
            "the account has no service-linked role of ECS", "Make the role",
            "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"),
        new(["IamFleetRole"], "spot-role", "its Spot fleet role is missing, or may not be taken on by spotfleet.amazonaws.com",
            "Name a role that exists and trusts spotfleet.amazonaws.com, or another allocation strategy than BEST_FIT, which needs none"),
        new(["not linked to the VPCs", "belong to different networks", "different VPC", "different VPCs"], "security-group",
            "a security group of it is of another VPC than its subnets", "Name security groups of the subnets' VPC"),
        new(["instance profile", "iamInstanceProfile", "instanceRole"], "instance-role", "its instance profile is missing or wrong",
            "Name an instance profile that exists and has AmazonEC2ContainerServiceforEC2Role"),
        new(["launch template", "LaunchTemplate", "InvalidLaunchTemplateId", "InvalidLaunchTemplateName"], "launch-template",
            "its launch template is missing or wrong",
            "Name a version of a launch template that exists, and update the environment"),
        new(["InvalidAMI", "InvalidAMIID", "image id", "ImageId", "AMI"], "machine-image", "its machine image is missing or wrong",
            "Leave imageId out, or name one of this region"),
        new(["subnet", "subnets", "subnetId"], "subnet", "a subnet of it is missing or wrong", "Name subnets that exist"),
        new(["security group", "security groups", "securityGroup", "InvalidGroup", "InvalidGroup.NotFound"], "security-group",
            "a security group of it is missing or wrong",
            "Name security groups of the subnets' network"),
        new(["(Unsupported)", "Unsupported:", "InvalidInstanceType", "instance type", "instance types", "InvalidParameterValue",
            "requested configuration is currently not supported"],
            "instance-configuration", "an instance type of it is not offered there", "Name types that the region and the zones offer"),
        new(["service role", "ServiceRole", "sts:AssumeRole", "not authorized", "AccessDenied", "UnauthorizedOperation",
            "CLIENT_ERROR - Access"], "service-role", "Batch's service role cannot do what it must",
                "Repair the role: it needs AWSBatchServiceRole's permissions and must trust batch.amazonaws.com", "refrag doctor"),
        new(["from joining", "not join", "not register", "failed to join", "unable to join"], "instances-do-not-join",
            "its instances do not join the cluster",
            "See that they reach ECS (NAT, public addresses or endpoints), their role, and what the image or the launch template changes",
            "refrag doctor"),
        new(["ecs cluster", "ECS cluster", "ClusterNotFound", "ClusterNotFoundException", "cluster", "clusters"], "cluster-gone",
            "its ECS cluster was deleted",
            "Make the environment anew; Batch owns its cluster"),
    ];

    /// <summary>The first row that a reason shows; null if it shows none.</summary>
    /// <param name="reason">The environment's reason.</param>
    /// <param name="except">The code of rows that are left out; null for none.</param>
    public static EnvironmentSign? Find(string reason, string? except = null) =>
        All.FirstOrDefault(sign => sign.Code != except && sign.Shows(reason));
}
