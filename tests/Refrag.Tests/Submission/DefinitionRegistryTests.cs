using Refrag.Aws.Batch;
using Refrag.Submission;

namespace Refrag.Tests.Submission;

public sealed class DefinitionRegistryTests
{
    private static readonly RegisterJobDefinitionRequest s_request = new()
    {
        JobDefinitionName = "refrag-gpu",
        Type = JobDefinitionType.Container,
        ContainerProperties = new()
        {
            Image = "image:1",
            ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "8" }, new() { Type = ResourceType.Memory, Value = "64" }],
        },
        Parameters = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnsureAsync_SameContentTwice_RegistersOnce()
    {
        var batch = new FakeBatch();
        DefinitionRevision first = await DefinitionRegistry.EnsureAsync(batch, s_request, Stop);
        DefinitionRevision second = await DefinitionRegistry.EnsureAsync(
            batch, s_request with { Parameters = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } }, Stop);
        Assert.Equal(new DefinitionRevision("refrag-gpu", 1, "arn:1", WasRegistered: true), first);
        Assert.Equal(first with { WasRegistered = false }, second);
    }

    [Fact]
    public async Task EnsureAsync_OtherContent_RegistersANewRevisionAndTheOldIsFoundAgain()
    {
        var batch = new FakeBatch { PageSize = 1 };
        await DefinitionRegistry.EnsureAsync(batch, s_request, Stop);
        DefinitionRevision other =
            await DefinitionRegistry.EnsureAsync(
                batch, s_request with { ContainerProperties = s_request.ContainerProperties! with { Image = "image:2" } }, Stop);
        DefinitionRevision again = await DefinitionRegistry.EnsureAsync(batch, s_request, Stop);
        Assert.Equal((2, true), (other.Revision, other.WasRegistered));
        Assert.Equal((1, false), (again.Revision, again.WasRegistered));
    }

    [Fact]
    public async Task EnsureAsync_OnlyAnInactiveRevisionIsEqual_RegistersAnew()
    {
        var batch = new FakeBatch();
        await DefinitionRegistry.EnsureAsync(batch, s_request, Stop);
        batch.Deregister(0);
        Assert.Equal(2, (await DefinitionRegistry.EnsureAsync(batch, s_request, Stop)).Revision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EnsureAsync_AnswerLost_EndsWithOneRevision(bool hasArrived)
    {
        var batch = new FakeBatch
        {
            Before = (o, n) => o == "RegisterJobDefinition" && n == 1 && !hasArrived ? FakeBatch.Lost(o) : null,
            After = (o, n) => o == "RegisterJobDefinition" && n == 1 && hasArrived ? FakeBatch.Lost(o) : null,
        };
        DefinitionRevision revision = await DefinitionRegistry.EnsureAsync(batch, s_request, Stop);
        Assert.Equal(!hasArrived, revision.WasRegistered);
        Assert.Single(batch.Definitions);
    }

    [Fact]
    public void ContentHash_TagOfItself_DoesNotChangeIt() =>
        Assert.Equal(ContentHash.Of(s_request), ContentHash.Of(DefinitionRegistry.WithHash(s_request)));

    [Fact]
    public void ContentHash_AnyDifference_ChangesIt()
    {
        string hash = ContentHash.Of(s_request);
        Assert.NotEqual(hash, ContentHash.Of(s_request with { PropagateTags = true }));
        Assert.NotEqual(hash, ContentHash.Of(s_request with { Tags = new Dictionary<string, string> { ["team"] = "a" } }));
        Assert.NotEqual(
            hash, ContentHash.Of(s_request with { ContainerProperties = s_request.ContainerProperties! with { Image = "image:1 " } }));
    }
}
