using Refrag.Cli.Connections;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Connections;

public sealed class UnknownNamesTests : IDisposable
{
    private const string Arn = "arn:aws:batch:us-east-1:123456789012:job-queue/cpu";

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cpu", Arn)]
    [InlineData(Arn, "cpu")]
    public async Task Report_NameOrArnOfAKnownOne_ReportsNothing(string known, string named)
    {
        await InSessionAsync(session => Assert.False(UnknownNames.Report(session, "job queue", [named], [known])));

        Assert.Empty(_program.Error);
    }

    [Fact]
    public async Task Report_UnknownAmongKnown_NamesItTheKnownAndTheNearest()
    {
        await InSessionAsync(session => Assert.True(UnknownNames.Report(session, "job queue", ["gpu", "cpi"], ["gpu", "cpu"])));

        Assert.StartsWith("RF5044 There is no job queue cpi in eu-west-1", _program.Error, StringComparison.Ordinal);
        Assert.Contains("There are: cpu, gpu", _program.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean cpu?", _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("job queue gpu", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NoneIsKnown_SaysSo()
    {
        await InSessionAsync(session => Assert.True(UnknownNames.Report(session, "compute environment", ["ce"], [])));

        Assert.Contains("There are none", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refrag-cpu-job-queue", null)]
    [InlineData("refrag-cpu-job-queu", ExitCodes.NothingFound)]
    public async Task MissingQueuesAsync_OneName_IsAskedAbout(string queue, int? exit) => await _program.InSessionAsync(
        async session => Assert.Equal(exit,
            await UnknownNames.MissingQueuesAsync(session, [queue], TestContext.Current.CancellationToken)), "env=local");

    [Fact]
    public async Task MissingQueuesAsync_NoNames_AsksNothing() =>
        // The session goes to AWS, and a question would fail.
        await _program.InSessionAsync(
            async session => Assert.Null(await UnknownNames.MissingQueuesAsync(session, [], TestContext.Current.CancellationToken)),
            "env=awsbatch", "env.region=eu-west-1");

    private Task InSessionAsync(Action<QuerySession> use) => _program.InSessionAsync(session =>
    {
        use(session);
        return Task.CompletedTask;
    }, "env=awsbatch", "env.region=eu-west-1");
}
