using Refrag.Cli.Commands.Serve;
using Refrag.Engine.Loop;
using Refrag.Server;

namespace Refrag.Cli.Tests.Commands.Serve;

public sealed class ServedEngineTests
{
    [Theory]
    [InlineData(EngineStatus.Starting, "starting", false)]
    [InlineData(EngineStatus.Ready, "ready", false)]
    [InlineData(EngineStatus.DiskFull, "disk-full", false)]
    [InlineData(EngineStatus.Stopping, "stopping", false)]
    [InlineData(EngineStatus.CommitFailed, "commit-failed", true)]
    [InlineData(EngineStatus.Failed, "failed", true)]
    public void Health_EachStatusOfTheEngine_HasItsOwnWord(EngineStatus status, string word, bool hasEnded) =>
        Assert.Equal(new ServerHealth(word, "why", hasEnded), ServedEngine.Health(new EngineHealth(status, "why")));

    [Fact]
    public void Health_EveryStatus_IsCoveredAbove()
    {
        ServerHealth[] all = [.. Enum.GetValues<EngineStatus>().Select(one => ServedEngine.Health(new EngineHealth(one)))];
        Assert.Equal(all.Length, all.DistinctBy(one => one.Status).Count());
    }
}
