using Refrag.Aws.Batch;
using Refrag.Cli.Following;

namespace Refrag.Cli.Tests.Following;

/// <summary>How work ended whose jobs Batch describes, or leaves out.</summary>
public sealed class EndedWorkReaderTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task ReadAsync_ArrayOfWhichAChildIsLeftOut_CountsItAsUnknown()
    {
        EndedWork work = await ReadAsync(children: null, Child(0), Child(2));

        Assert.Equal((3, 2, 1, "unknown"), (work.Jobs, work.Succeeded, work.Unknown, work.State));
    }

    [Fact]
    public async Task ReadAsync_ArrayOfWhichNoChildIsDescribed_HasNotSucceeded()
    {
        EndedWork work = await ReadAsync(children: null);

        Assert.Equal((3, 0, 3, "unknown"), (work.Jobs, work.Succeeded, work.Unknown, work.State));
    }

    [Fact]
    public async Task ReadAsync_SomeChildrenOfAnArray_CountsThoseAlone()
    {
        EndedWork work = await ReadAsync([0, 1], Child(0), Child(2));

        Assert.Equal((2, 1, 1, "unknown"), (work.Jobs, work.Succeeded, work.Unknown, work.State));
    }

    private Task<EndedWork> ReadAsync(HashSet<int>? children, params JobDetail[] described)
    {
        JobDetail array = new()
        {
            JobId = "id",
            JobName = "train",
            Status = "SUCCEEDED",
            ArrayProperties = new ArrayPropertiesDetail { Size = 3 },
        };
        EndedWorkReader reader = new(_program.Context, new DescribedJobs(described), endpoint: null, region: "");
        return reader.ReadAsync(
            [new FollowedJob("id", "train", array, children)], exitCode: 0, counts: null, TestContext.Current.CancellationToken);
    }

    private static JobDetail Child(int index) => new() { JobId = $"id:{index}", Status = "SUCCEEDED" };
}
