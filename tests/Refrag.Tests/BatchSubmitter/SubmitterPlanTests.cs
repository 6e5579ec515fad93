using Refrag.Aws.Batch;
using Refrag.BatchSubmitter;

namespace Refrag.Tests.BatchSubmitter;

public sealed class SubmitterPlanTests
{
    private static readonly SubmitterSettings s_settings = SubmitterVariables.Read(name => name switch
    {
        "ECR_IMAGE" => "repo:2",
        "USE_GPU" => "1",
        "GPU_COUNT" => "4",
        _ => null,
    }).Value;

    private static readonly JobDefinition s_active = new()
    {
        JobDefinitionName = "refrag-gpu-job-def",
        Revision = 5,
        Status = "ACTIVE",
        Type = "container",
        ContainerProperties = new ContainerProperties { Image = "repo:1", Vcpus = 8, Memory = 32768, JobRoleArn = "role", Volumes = [] },
    };

    [Fact]
    public void Register_OverAnActiveRevision_KeepsWhatIsSetUpElsewhere()
    {
        RegisterJobDefinitionRequest request = SubmitterPlan.Register(s_settings, s_active);

        ContainerProperties container = request.ContainerProperties!;
        Assert.Equal(("repo:2", "role"), (container.Image, container.JobRoleArn));
        Assert.Equal(["VCPU=8", "MEMORY=32768", "GPU=4"], container.ResourceRequirements!.Select(r => $"{r.Type}={r.Value}"));
        Assert.Equal((null, null), (container.Vcpus, container.Memory));
    }

    [Fact]
    public void IsUpToDate_AfterRegistering_IsTrueAndOtherwiseFalse()
    {
        Assert.False(SubmitterPlan.IsUpToDate(s_settings, s_active));
        JobDefinition registered = s_active with { ContainerProperties = SubmitterPlan.Register(s_settings, s_active).ContainerProperties };

        Assert.True(SubmitterPlan.IsUpToDate(s_settings, registered));
        Assert.False(SubmitterPlan.IsUpToDate(s_settings with { Image = "repo:3", Changes = new("repo:3") }, registered));
        Assert.False(SubmitterPlan.IsUpToDate(s_settings with { Command = ["x"] }, registered));
    }

    [Fact]
    public void Submit_Settings_NameTheRevisionAndTheUser()
    {
        SubmitJobRequest submit =
            SubmitterPlan.Submit(s_settings with { Timeout = TimeSpan.FromHours(1) }, "refrag-gpu-job-def:6", "ada");

        Assert.Equal(("refrag-gpu-job-queue", "refrag-gpu-job-def:6", 3600),
            (submit.JobQueue, submit.JobDefinition, submit.Timeout!.AttemptDurationSeconds));
        Assert.Equal(("refrag-gpu-job", "ada"), (submit.Tags!["app"], submit.Tags["user"]));
    }
}
