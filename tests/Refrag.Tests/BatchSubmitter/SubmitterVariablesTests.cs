using Refrag.BatchSubmitter;

namespace Refrag.Tests.BatchSubmitter;

public sealed class SubmitterVariablesTests
{
    [Fact]
    public void Read_ImageAlone_IsACpuJobWithTheDocumentedDefaults()
    {
        SubmitterSettings settings = Read(("ECR_IMAGE", "repo:latest")).Value;

        Assert.Equal(("repo:latest", 0, "refrag-cpu-job-queue", "refrag-cpu-job-def"),
            (settings.Image, settings.Gpus.Value, settings.Queue, settings.Definition));
        Assert.Equal((4m, 8192L), (settings.VCpus.Value, settings.Memory.Value));
    }

    [Fact]
    public void Read_UseGpu_IsAGpuJobOfOneGpu()
    {
        SubmitterSettings settings = Read(("ECR_IMAGE", "repo:latest"), ("USE_GPU", "1")).Value;

        Assert.Equal((1, "refrag-gpu-job-queue", "refrag-gpu-job-def"), (settings.Gpus.Value, settings.Queue, settings.Definition));
        Assert.Equal((8m, 32768L), (settings.VCpus.Value, settings.Memory.Value));
    }

    [Fact]
    public void Read_EveryVariable_IsTaken()
    {
        SubmitterSettings settings = Read(
            ("ECR_IMAGE", "repo:1"), ("USE_GPU", "1"), ("GPU_COUNT", "4"), ("JOB_QUEUE", "q"), ("JOB_DEFINITION_NAME", "d"),
            ("JOB_NAME", "n"),
            ("VCPUS", "48"), ("MEMORY", "180GiB"), ("COMMAND", "python train.py --name 'a b'"), ("TIMEOUT", "8h"),
            ("TAGS", "team=vision, x=1"),
            ("JOB_ROLE_ARN", "arn:1"), ("EXECUTION_ROLE_ARN", "arn:2"), ("LOG_GROUP", "/g"), ("AWS_REGION", "eu-west-1")).Value;

        Assert.Equal((4, "q", "d", "n", 48m, 184320L),
            (settings.Gpus.Value, settings.Queue, settings.Definition, settings.JobName, settings.VCpus.Value, settings.Memory.Value));
        Assert.Equal(["python", "train.py", "--name", "a b"], settings.Command);
        Assert.Equal(TimeSpan.FromHours(8), settings.Timeout);
        Assert.Equal(("vision", "1"), (settings.Tags["team"], settings.Tags["x"]));
        Assert.Equal(new("repo:1", "arn:1", "arn:2", "/g"), settings.Changes);
        Assert.Equal("eu-west-1", settings.Region);
    }

    [Theory]
    [InlineData("USE_GPU", "yes", "RF2031")]
    [InlineData("GPU_COUNT", "2", "RF2032")]
    [InlineData("VCPUS", "0", "RF2033")]
    [InlineData("MEMORY", "64", "RF2034")]
    [InlineData("TIMEOUT", "5s", "RF2035")]
    [InlineData("COMMAND", "a 'b", "RF2036")]
    [InlineData("TAGS", "a", "RF2037")]
    [InlineData("JOB_DEFINITION_NAME", "d:3", "RF2038")]
    public void Read_WrongValue_NamesTheVariable(string name, string value, string code)
    {
        Problem problem = Assert.Single(Read(("ECR_IMAGE", "repo:latest"), (name, value)).Problems);

        Assert.Equal(code, problem.Code);
        Assert.StartsWith($"{name}={value} ", problem.What, StringComparison.Ordinal);
        Assert.Equal(new VariablePlace(name, value), problem.Place);
    }

    [Fact]
    public void Read_UseGpuWithoutGpus_SaysToUnset()
    {
        Problem problem = Assert.Single(Read(("ECR_IMAGE", "repo:latest"), ("USE_GPU", "1"), ("GPU_COUNT", "0")).Problems);
        Assert.Equal("export USE_GPU=0 if the job needs no GPU.", problem.Cure);
    }

    [Fact]
    public void Read_SeveralMistakes_ReportsAllAtOnce() =>
        Assert.Equal(["RF2031", "RF2030", "RF2033"], Read(("USE_GPU", "yes"), ("VCPUS", "many")).Problems.Select(p => p.Code));

    private static Result<SubmitterSettings> Read(params (string Name, string Value)[] variables) =>
        SubmitterVariables.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
