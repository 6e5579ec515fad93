using Refrag.Aws.Batch;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Scripts;

public sealed class SbatchCommandTests
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";

    [Fact]
    public void Of_AJobWithEverything_NamesIt()
    {
        SlurmJob job = SlurmJob.Of(new SubmitJobRequest
        {
            JobName = "train",
            JobQueue = "gpu",
            JobDefinition = SlurmJob.Definition,
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [SlurmJob.IdTag] = Id },
            ArrayProperties = new ArrayProperties { Size = 10 },
            RetryStrategy = new RetryStrategy { Attempts = 3 },
            Timeout = new JobTimeout { AttemptDurationSeconds = 61 },
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["chdir"] = "/w",
                ["qos"] = "high day",
                ["exclusive"] = "",
            },
            ContainerOverrides = new ContainerOverrides
            {
                ResourceRequirements =
                [
                    new ResourceRequirement { Type = ResourceType.Vcpu, Value = "4" },
                    new ResourceRequirement { Type = ResourceType.Memory, Value = "2048" },
                    new ResourceRequirement { Type = ResourceType.Gpu, Value = "2" },
                ],
            },
        });

        string line = SbatchCommand.Line(SbatchCommand.Of(job, new SlurmPlace(null, "/j"), ["5"]));

        Assert.StartsWith("env -i ${HOME:+\"HOME=$HOME\"} ${PATH:+\"PATH=$PATH\"} ", line, StringComparison.Ordinal);
        Assert.EndsWith(
            $" sbatch --parsable --job-name=train.{Id} --partition=gpu --chdir=/j/{Id} --output=/j/{Id}/slurm-%A_%a.out "
            + "--open-mode=append --export=ALL --nodes=1 --ntasks-per-node=1 --cpus-per-task=4 --mem=2048M --gres=gpu:2 "
            + "--time=2 --requeue "
            + $"--array=0-9 --dependency=singleton,afterok:5 --kill-on-invalid-dep=yes --exclusive '--qos=high day' /j/{Id}/script",
            line, StringComparison.Ordinal);
    }

    // The limit of an array is no option, and a child that is submitted again by itself has none.
    [Theory]
    [InlineData(10, "--array=0-9%3")]
    [InlineData(null, null)]
    public void Of_AnArrayWithALimit_HasItBehindTheIndices(int? size, string? array)
    {
        IReadOnlyList<string> words = SbatchCommand.Of(
            SlurmJob.Of(new SubmitJobRequest
            {
                JobName = "train",
                JobQueue = "cpu",
                JobDefinition = SlurmJob.Definition,
                ArrayProperties = size is null ? null : new ArrayProperties { Size = size },
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [SlurmTransport.MostAtOnce] = "3" },
            }), new SlurmPlace(null, "/j"), []);

        Assert.Equal(array, words.SingleOrDefault(word => word.Contains("array", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData($"train.{Id}", Id)]
    [InlineData($"a.b.{Id}", Id)]
    [InlineData("train", null)]
    [InlineData("train.5", null)]
    public void IdIn_AName_IsItsEnd(string name, string? id) => Assert.Equal(id, SlurmJob.IdIn(name));
}
