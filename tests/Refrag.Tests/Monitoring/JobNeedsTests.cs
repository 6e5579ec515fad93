using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling;

namespace Refrag.Tests.Monitoring;

public sealed class JobNeedsTests
{
    [Fact]
    public void Of_TaskOfSeveralContainers_IsWhatTheyAskForTogether()
    {
        var job = new JobDetail
        {
            JobId = "a",
            JobName = "a",
            JobQueue = "q",
            JobDefinition = "d:1",
            Status = "RUNNING",
            StartedAt = 1,
            EcsProperties = new EcsPropertiesDetail
            {
                TaskProperties = [new EcsTaskDetails { Containers = [Container("0.25", "64"), Container("1", "100")] }],
            },
        };
        Assert.Equal(new Amount(1250, 164, 0), JobNeeds.Of(job).Amount);
    }

    private static TaskContainerDetails Container(string vcpus, string memory) => new()
    {
        ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = vcpus },
            new ResourceRequirement { Type = "MEMORY", Value = memory }],
    };
}
