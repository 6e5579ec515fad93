using Microsoft.Extensions.Time.Testing;
using Refrag.ShippedApps.Hello;

namespace Refrag.ShippedApps.Tests.Hello;

public sealed class HelloDistTests
{
    [Fact]
    public async Task Run_FourWorkersInAnyOrder_RollCallIsInRankOrder()
    {
        var job = new HelloJob(4, """{"message":"hi"}""");

        using var others = new LineLog();
        int[] exitCodes =
            await Task.WhenAll(job.StartAsync(3, others), job.StartAsync(1, others), job.StartAsync(0), job.StartAsync(2, others));

        string host = Environment.MachineName;
        int start = job.Output.Lines.ToList().IndexOf("roll call: 4 of 4 workers");
        Assert.Equal([0, 0, 0, 0], exitCodes);
        Assert.Equal(
            [$"rank 0/4 on {host}: hi", $"rank 1/4 on {host}: hi", $"rank 2/4 on {host}: hi", $"rank 3/4 on {host}: hi"],
            job.Output.Lines.Skip(start + 1).Take(4));
        Assert.Empty(job.Error.Text);
    }

    [Fact]
    public async Task Run_OneWorker_GreetsAndListensNowhere()
    {
        var job = new HelloJob(1);

        Assert.Equal(0, await job.StartAsync(0));
        Assert.Equal($"rank 0/1 on {Environment.MachineName}: Hello", job.Output.Text);
    }

    [Fact]
    public async Task Run_WorkersMissing_AreNamedAfterTheTimeout()
    {
        var time = new FakeTimeProvider();
        var job = new HelloJob(4, """{"gather_timeout":30}""", time);
        Task<int> main = await job.StartMainAsync();
        Task<int> present = job.StartAsync(2);
        await job.Output.WaitForAsync("rank 2/4");

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(main.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await main.Soon());
        Assert.Equal(1, await present.Soon());
        Assert.Contains("RF7101 ranks 1, 3 of 4 did not greet within 30 s", job.Error.Text);
        Assert.Contains("RF7106", job.Error.Text);
        Assert.Contains("roll call: 2 of 4 workers", job.Output.Lines);
        Assert.Contains("rank 3/4 is missing", job.Output.Lines);
    }

    [Fact]
    public async Task Run_WorkerLostBeforeAllGreeted_IsReportedAtOnce()
    {
        // The clock stands still: nothing here may depend on a timeout.
        var job = new HelloJob(4, time: new FakeTimeProvider());
        Task<int> main = await job.StartMainAsync();
        Task<int> other = job.StartAsync(2);
        await job.Output.WaitForAsync("rank 2/4");

        using (var lost = await job.SayAsync(HelloJob.Greeting(1, 4))) Assert.Equal("welcome", await HelloJob.LineAsync(lost));

        Assert.Equal(1, await main.Soon());
        Assert.Equal(1, await other.Soon());
        Assert.Contains("RF7102 rank 1/4 on elsewhere was lost before all had greeted", job.Error.Text);
    }

    [Fact]
    public async Task Run_WorkerLostWhileHolding_IsReportedAtOnce()
    {
        var job = new HelloJob(2, """{"hold":1000}""", new FakeTimeProvider());
        Task<int> main = await job.StartMainAsync();

        using (await job.SayAsync(HelloJob.Greeting(1, 2))) await job.Output.WaitForAsync("roll call: 2 of 2");

        Assert.Equal(1, await main.Soon());
        Assert.Contains("RF7102 rank 1/2 on elsewhere was lost before it was let go", job.Error.Text);
    }

    [Fact]
    public async Task Run_HoldOver_LetsAllGo()
    {
        var time = new FakeTimeProvider();
        var job = new HelloJob(2, """{"hold":100}""", time);
        Task<int> main = await job.StartMainAsync();
        using var other = await job.SayAsync(HelloJob.Greeting(1, 2));
        await job.Output.WaitForAsync("rank 1/2 on elsewhere");

        // The hold's timer starts some time after the roll call's last line, so the clock is advanced until it has run out.
        Task<string> answer = HelloJob.AnswerAsync(other);
        Assert.Equal("welcome\nrelease\n", await time.AdvanceUntil(answer, TimeSpan.FromSeconds(5)));
        other.Close();
        Assert.Equal(0, await main.Soon());
    }

    [Fact]
    public async Task Run_ControlCharactersInAGreeting_AreNotPrinted()
    {
        var job = new HelloJob(2);
        Task<int> main = await job.StartMainAsync();

        using var other = await job.SayAsync(HelloJob.Greeting(1, 2));

        Assert.Equal("rank 1/2 on elsewhere: hi·[2J", await job.Output.WaitForAsync("rank 1/2 on elsewhere"));
        await HelloJob.AnswerAsync(other);
        other.Close();
        Assert.Equal(0, await main.Soon());
    }

    [Fact]
    public async Task Run_PortTaken_NamesTheVariable()
    {
        var job = new HelloJob(2, """{"gather_timeout":3600}""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> first = job.StartAsync(0, cancellationToken: stop.Token);
        await job.Output.WaitForAsync("waiting for");

        Assert.Equal(1, await job.StartAsync(0));
        Assert.Contains("RF7103", job.Error.Text);
        Assert.Contains("MASTER_PORT", job.Error.Text);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Run_WrongConfiguration_ReportsAllAndBeginsNothing()
    {
        var job = new HelloJob(2, """{"message":["a"],"gather_timeout":-1,"hold":"long"}""");

        Assert.Equal(AppExitCodes.Refused, await job.StartAsync(0));
        Assert.Equal(3, job.Error.Text.Split("RF7002").Length - 1);
    }

    [Fact]
    public void Parse_OwnLine_IsTheGreeting()
    {
        var greeting = new Greeting("job", 1, 2, "host", "ä \"q\"");

        Assert.Equal(greeting, Greeting.Parse(greeting.ToLine().AsSpan()[..^1]));
    }
}
