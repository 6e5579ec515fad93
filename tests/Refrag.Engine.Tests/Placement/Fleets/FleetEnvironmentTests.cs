using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Placement.Fleets;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>Managed compute environments that are valid, and those that are not.</summary>
public sealed class FleetEnvironmentTests : FleetTest
{
    [Fact]
    public async Task Submit_ToANameThatIsNoTypeAtAll_MakesTheEnvironmentInvalid()
    {
        await Environment("fleet", ["m5.gigantic"]);
        await MakeQueue(Queue, ["fleet"]);
        await Submit();
        Assert.Equal(CEStatus.Invalid, (await DescribeEnvironment("fleet")).Status);
    }

    // A maximum bid is a percentage of the on-demand price. (API ComputeResource.bidPercentage)

    [Fact]
    public async Task CreateComputeEnvironment_OfATypeThatDoesNotExist_IsInvalidWithTheReason()
    {
        await Environment("fleet", ["m5.gigantic"]);
        await Environment("good", ["m5.xlarge"]);
        await MakeQueue(Queue, ["good"]);
        ComputeEnvironmentDetail made = await DescribeEnvironment("fleet");
        Assert.Equal(CEStatus.Invalid, made.Status);
        Assert.Contains("m5.gigantic", made.StatusReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m5.gigantic", CEStatus.Invalid)]
    [InlineData("m5.*", CEStatus.Valid)]
    [InlineData("trn9.24xlarge", CEStatus.Valid)]
    public async Task CreateComputeEnvironment_OfManagedInstances_IsInvalidWithATypeThatDoesNotExist(string type, string expected)
    {
        await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = "fleet",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn:aws:iam::000000000000:role/infrastructure",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn:aws:iam::000000000000:instance-profile/instances",
                        NetworkConfiguration =
                            new ManagedInstancesNetworkConfiguration { Subnets = ["subnet-1"], SecurityGroups = ["sg-1"] },
                        InstanceRequirements = new InstanceRequirementsRequest { AllowedInstanceTypes = ["m5.large", type] },
                    },
                },
            },
        });
        await Environment("good", ["m5.xlarge"]);
        await MakeQueue(Queue, ["good"]);
        ComputeEnvironmentDetail made = await DescribeEnvironment("fleet");
        Assert.Equal(expected, made.Status);
        if (expected == CEStatus.Invalid) Assert.Contains(type, made.StatusReason, StringComparison.Ordinal);
    }

    // EC2 API InstanceRequirements: allowedInstanceTypes, and what is left out where EC2 chooses by attributes.

    [Fact]
    public void Environment_OfManagedInstances_HasTheTypesThatAreAllowed()
    {
        InstanceCatalogue catalogue = InstanceCatalogue.Load();
        ComputeEnvironment some = Of("m5.*", "c5.metal", "trn9.*", "t3", "m6g.large");
        Assert.Contains("m5.large", some.InstanceTypes);
        Assert.Contains("c5.metal", some.InstanceTypes);
        Assert.Contains("t3.large", some.InstanceTypes);
        Assert.DoesNotContain("m5.metal", some.InstanceTypes);
        Assert.DoesNotContain("m6g.large", some.InstanceTypes);
        Assert.Equal(["trn9.*"], some.UnknownTypes);
        Assert.DoesNotContain(Of().InstanceTypes, name => catalogue.Find(name) is { IsBareMetal: true } or { IsBurstable: true });
        Assert.Contains("m8i.large", Of().InstanceTypes);

        ComputeEnvironment Of(params string[] allowed) => FleetModel.Environment(new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = "fleet",
            ComputeEnvironmentArn = "arn",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn",
                        NetworkConfiguration = new ManagedInstancesNetworkConfiguration { Subnets = ["s"], SecurityGroups = ["g"] },
                        InstanceRequirements = new InstanceRequirementsRequest { AllowedInstanceTypes = allowed },
                    },
                },
            },
        }, new FleetOptions { Catalogue = catalogue }, "us-east-1", hasRoleFault: false);
    }

    // The values that the API's pages name, in whatever case they were given. (API ManagedInstancesProvider, InstanceLaunchTemplate)

    [Fact]
    public async Task CreateAndUpdate_OfManagedInstances_AnswerValuesAsTheApiWritesThem()
    {
        await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = "fleet",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn:aws:iam::000000000000:role/infrastructure",
                    PropagateTags = "capacity_provider",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn:aws:iam::000000000000:instance-profile/instances",
                        NetworkConfiguration =
                            new ManagedInstancesNetworkConfiguration { Subnets = ["subnet-1"], SecurityGroups = ["sg-1"] },
                        CapacityOptionType = "Spot",
                        Monitoring = "basic",
                    },
                },
            },
        });
        ManagedInstancesProvider made = (await DescribeEnvironment("fleet")).ComputeResources!.ManagedInstancesProvider!;
        Assert.Equal(("CAPACITY_PROVIDER", "SPOT", "BASIC"),
            (made.PropagateTags, made.InstanceLaunchTemplate.CapacityOptionType, made.InstanceLaunchTemplate.Monitoring));

        await Send(BatchOperations.UpdateComputeEnvironment, new UpdateComputeEnvironmentRequest
        {
            ComputeEnvironment = "fleet",
            ComputeResources = new ComputeResourceUpdate
            {
                ManagedInstancesProvider = new UpdateManagedInstancesProviderConfiguration
                {
                    PropagateTags = "none",
                    InstanceLaunchTemplate = new InstanceLaunchTemplateUpdate { Monitoring = "Detailed" },
                },
            },
        });
        ManagedInstancesProvider changed = (await DescribeEnvironment("fleet")).ComputeResources!.ManagedInstancesProvider!;
        Assert.Equal(("NONE", "SPOT", "DETAILED"),
            (changed.PropagateTags, changed.InstanceLaunchTemplate.CapacityOptionType, changed.InstanceLaunchTemplate.Monitoring));
    }

    // nextflow#7479 is about a job whose own instance was starting. What waits for another reason is not meant.
}
