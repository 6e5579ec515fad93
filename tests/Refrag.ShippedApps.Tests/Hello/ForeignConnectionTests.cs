using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Refrag.ShippedApps.Tests.Hello;

/// <summary>What is not of the job neither joins nor disturbs it.</summary>
public sealed class ForeignConnectionTests
{
    public static TheoryData<string, string> Greetings => new()
    {
        { "GET / HTTP/1.1\r\n\r\n", "that was no greeting" },
        { "\n", "that was no greeting" },
        { "null\n", "that was no greeting" },
        { "{}\n", "that was no greeting" },
        { """{"job":null,"rank":1,"world":3,"host":"h","message":"m"}""" + "\n", "that was no greeting" },
        { HelloJob.Greeting(1, 3, "another-job"), "another job listens here" },
        { HelloJob.Greeting(1, 3, ""), "another job listens here" },
        { HelloJob.Greeting(1, 4), "this job has 3 workers, not 4" },
        { HelloJob.Greeting(0, 3), "there is no worker of rank 0" },
        { HelloJob.Greeting(3, 3), "there is no worker of rank 3" },
        { HelloJob.Greeting(-1, 3), "there is no worker of rank -1" },
        { HelloJob.Greeting(2, 3), "rank 2 has greeted already" },
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public async Task Greet_Wrongly_IsRefusedAndTheJobContinues(string greeting, string reason)
    {
        var job = new HelloJob(3);
        Task<int> main = await job.StartMainAsync();
        Task<int> second = job.StartAsync(2);
        await job.Output.WaitForAsync("rank 2/3");

        using (TcpClient stranger = await job.SayAsync(greeting))
        {
            string answer = await HelloJob.AnswerAsync(stranger);
            // Where more was sent than read, the system may reset the connection before the answer is out.
            if (answer != "(reset)") Assert.Contains($"refused {reason}", answer);
        }

        await FinishAsync(job, [main, second]);
    }

    [Fact]
    public async Task Greet_WithNoiseWithoutEnd_IsCutOff()
    {
        var job = new HelloJob(3);
        Task<int> main = await job.StartMainAsync();
        Task<int> second = job.StartAsync(2);
        byte[] noise = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(noise);
        noise.AsSpan().Replace((byte)'\n', (byte)'x');

        using (TcpClient stranger = await job.SayAsync(noise)) await HelloJob.AnswerAsync(stranger);

        await FinishAsync(job, [main, second]);
    }

    [Fact]
    public async Task Connect_AndHangUpOrStaySilent_DisturbsNoOther()
    {
        var job = new HelloJob(3);
        Task<int> main = await job.StartMainAsync();
        Task<int> second = job.StartAsync(2);
        for (int i = 0; i < 50; i++)
        {
            using TcpClient rude = await job.SayAsync("half a gree");
            // Hangs up with a reset instead of an orderly end.
            rude.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        using TcpClient silent = await job.SayAsync("");

        await FinishAsync(job, [main, second]);
    }

    [Fact]
    public async Task Connect_MoreThanThereArePlaces_WorkersGetInOnceTheSilentAreSentAway()
    {
        var time = new FakeTimeProvider();
        var job = new HelloJob(2, """{"gather_timeout":80000}""", time);
        Task<int> main = await job.StartMainAsync();
        List<TcpClient> silent = [];
        for (int i = 0; i < 128; i++) silent.Add(await job.SayAsync(""));
        // That this one is sent away shows that all places are taken.
        using (TcpClient last = await job.SayAsync("")) await HelloJob.AnswerAsync(last);
        Task<int> worker = job.StartAsync(1);

        int[] exitCodes = await time.AdvanceUntil(Task.WhenAll(main, worker));
        Assert.Equal([0, 0], exitCodes);
        foreach (TcpClient client in silent) client.Dispose();
    }

    private static async Task FinishAsync(HelloJob job, Task<int>[] started)
    {
        Assert.All(started, task => Assert.False(task.IsCompleted));
        int last = await job.StartAsync(1);
        int[] exitCodes = await Task.WhenAll(started).Soon();
        Assert.Equal([0, 0, 0], [.. exitCodes, last]);
        Assert.Contains("roll call: 3 of 3 workers", job.Output.Lines);
        Assert.Empty(job.Error.Text);
    }
}
