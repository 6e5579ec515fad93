using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Tests.Monitoring;

public sealed class ResubmissionTests
{
    private static readonly JobDetail s_job = FakeAccount.Job("FAILED") with
    {
        Container = new ContainerDetail
        {
            Command = ["exec", "train"],
            Environment = [new Refrag.Aws.Batch.KeyValuePair { Name = "AWS_BATCH_JOB_ID", Value = "x" },
                new Refrag.Aws.Batch.KeyValuePair { Name = "A", Value = "1" }],
            ResourceRequirements = FakeAccount.Requirements(4, 8192, 1),
        },
        DependsOn = [new JobDependency { JobId = "met" }, new JobDependency { JobId = "open" }],
        RetryStrategy = new RetryStrategy { Attempts = 3 },
        Timeout = new JobTimeout { AttemptDurationSeconds = 600 },
        Tags = new Dictionary<string, string> { ["app"] = "train", ["aws:x"] = "y", ["refrag:submission-id"] = "old" },
    };

    [Fact]
    public void Of_Job_RepeatsWhatItAskedForAndNamesIt()
    {
        SubmitJobRequest request = Resubmission.Of(s_job, ["met"]).Value;

        Assert.Equal(["exec", "train"], request.ContainerOverrides!.Command);
        Assert.Equal(
            ["VCPU=4", "MEMORY=8192", "GPU=1"], request.ContainerOverrides.ResourceRequirements!.Select(r => $"{r.Type}={r.Value}"));
        Assert.Equal(["A"], request.ContainerOverrides.Environment!.Select(v => v.Name));
        Assert.Equal(["open"], request.DependsOn!.Select(d => d.JobId));
        Assert.Equal(3, request.RetryStrategy!.Attempts);
        Assert.Equal(600, request.Timeout!.AttemptDurationSeconds);
        Assert.Equal(["app=train", "refrag:retry-of=job"], request.Tags!.Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
        Assert.Empty(BatchLimits.Check(BatchOperations.SubmitJob, request));
    }

    [Fact]
    public void Of_OldFieldsOnly_SaysThemAsRequirements()
    {
        JobDetail job = s_job with { Container = new ContainerDetail { Vcpus = 2, Memory = 512 } };

        Assert.Equal(["VCPU=2", "MEMORY=512"],
            Resubmission.Of(job, []).Value.ContainerOverrides!.ResourceRequirements!.Select(r => $"{r.Type}={r.Value}"));
    }

    [Fact]
    public void Of_ArrayChild_IsRefusedWithTheCure()
    {
        Result<SubmitJobRequest> result =
            Resubmission.Of(s_job with { JobId = "id:3", ArrayProperties = new ArrayPropertiesDetail { Index = 3 } }, []);

        Assert.Equal("RF5024", result.Problems[0].Code);
        Assert.Contains("refrag retry id", result.Problems[0].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SeveralNodes_RepeatsWhatTheFirstNodeOfEachRangeRan()
    {
        NodeRangeProperty Range(string nodes) =>
            new()
            {
                TargetNodes =
                nodes,
                Container = new ContainerProperties { Image = "i", ResourceRequirements = FakeAccount.Requirements(1, 256, 0) }
            };
        JobDetail job = s_job with
        {
            Container = null,
            NodeProperties = new NodeProperties { NumNodes = 3, MainNode = 0, NodeRangeProperties = [Range("0:0"), Range("1:")] },
        };
        JobDetail main = s_job with { JobId = "job#0" };

        NodeOverrides overrides = Resubmission.Of(job, [], [main]).Value.NodeOverrides!;

        Assert.Equal(["job#0", "job#1"], Resubmission.FirstNodes(job));
        Assert.Equal(["exec", "train"], overrides.NodePropertyOverrides![0].ContainerOverrides!.Command);
        Assert.Equal(["A"], overrides.NodePropertyOverrides[0].ContainerOverrides!.Environment!.Select(v => v.Name));
        Assert.Null(overrides.NodePropertyOverrides[1].ContainerOverrides!.Command);
    }

    [Fact]
    public void Of_ArrayParent_AsksForAllChildren() =>
        Assert.Equal(
            5, Resubmission.Of(s_job with { ArrayProperties = new ArrayPropertiesDetail { Size = 5 } }, []).Value.ArrayProperties!.Size);
}
