namespace Refrag.ShippedApps.Tests.Hello;

/// <summary>Workers as real processes; one is killed.</summary>
public sealed class HelloProcessTests
{
    [Fact]
    public async Task Kill_OneOfFourWhileHolding_RankZeroReportsItAndAllFail()
    {
        int port = LocalPort.Free();
        HostProcess[] workers = [.. Enumerable.Range(0, 4).Select(rank => Start(rank, 4, port, """{"message":"hi","hold":3600}"""))];
        try
        {
            await workers[0].Output.WaitForAsync("rank 3/4 on");
            workers[2].Kill();

            Assert.Equal(1, await workers[0].WaitAsync());
            Assert.Contains("RF7102 rank 2/4", workers[0].Error.Text);
            Assert.Contains("was lost before it was let go", workers[0].Error.Text);
            Assert.Equal(1, await workers[1].WaitAsync());
            Assert.Equal(1, await workers[3].WaitAsync());
            Assert.Contains("rank 2/4", workers[3].Error.Text);
        }
        finally
        {
            foreach (HostProcess worker in workers) worker.Dispose();
        }
    }

    [Fact]
    public async Task Start_AllButOne_RankZeroNamesItAfterTheTimeout()
    {
        int port = LocalPort.Free();
        using HostProcess main = Start(0, 3, port, """{"gather_timeout":2}""");
        using HostProcess second = Start(2, 3, port, """{"gather_timeout":20}""");

        // On a slow machine rank 2 may come too late as well; the test with a clock of its own is the exact one.
        Assert.Equal(1, await main.WaitAsync());
        Assert.Contains("RF7101", main.Error.Text);
        Assert.Contains("rank 1/3 is missing", main.Output.Lines);
        Assert.Equal(1, await second.WaitAsync());
    }

    [Fact]
    public async Task Kill_RankZero_TheOthersReportItAndFail()
    {
        int port = LocalPort.Free();
        using HostProcess main = Start(0, 2, port, """{"hold":3600}""");
        using HostProcess other = Start(1, 2, port, """{"hold":3600}""");
        await other.Output.WaitForAsync("greeted rank 0");

        main.Kill();

        Assert.Equal(1, await other.WaitAsync());
        Assert.Contains("RF7106", other.Error.Text);
    }

    private static HostProcess Start(int rank, int world, int port, string config) =>
        HostProcess.Start(["hello_dist", config], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_BATCH_JOB_ID"] = $"33333333-4444#{rank}",
            ["AWS_BATCH_JOB_NUM_NODES"] = $"{world}",
            ["AWS_BATCH_JOB_NODE_INDEX"] = $"{rank}",
            ["AWS_BATCH_JOB_MAIN_NODE_INDEX"] = "0",
            ["MASTER_ADDR"] = "127.0.0.1",
            ["MASTER_PORT"] = $"{port}",
        });
}
