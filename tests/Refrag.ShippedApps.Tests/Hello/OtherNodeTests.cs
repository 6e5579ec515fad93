using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Refrag.ShippedApps.Tests.Hello;

/// <summary>A worker whose rank 0 is absent, strange or short-lived.</summary>
public sealed class OtherNodeTests
{
    [Fact]
    public async Task Greet_NoListener_GivesUpAfterTheTimeout()
    {
        var job = new HelloJob(2, """{"gather_timeout":0.3}""");

        Assert.Equal(1, await job.StartAsync(1));
        Assert.Contains("RF7104", job.Error.Text);
        Assert.Contains($"127.0.0.1:{job.Port} within 0.3 s", job.Error.Text);
    }

    [Fact]
    public async Task Greet_MainStartsLater_Succeeds()
    {
        var job = new HelloJob(2);
        Task<int> worker = job.StartAsync(1);

        Assert.Equal(0, await job.StartAsync(0));
        Assert.Equal(0, await worker);
    }

    [Fact]
    public async Task Greet_SomethingElseAnswers_GivesUpAfterTheTimeout()
    {
        var time = new FakeTimeProvider();
        var job = new HelloJob(2, """{"gather_timeout":8}""", time);
        using var server = new FakeMain(job.Port, "HTTP/1.1 400 Bad Request\r\n\r\n");
        Task<int> worker = job.StartAsync(1);
        // The second try shows that the first one was answered; by small steps, so that the machine has time for it.
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return server.Tries > 1;
        });

        Assert.Equal(1, await time.AdvanceUntil(worker));
        Assert.Contains("something else than hello_dist answered", job.Error.Text);
    }

    [Theory]
    [InlineData("refused another job listens here\n", "RF7105", "another job listens here")]
    [InlineData("welcome\n", "RF7106", "lost rank 0")]
    [InlineData("welcome\nabort rank 3/4 on h was lost\n", "RF7106", "rank 3/4 on h was lost")]
    public async Task Greet_MainGivesUp_FailsAtOnce(string words, string code, string text)
    {
        var job = new HelloJob(2, """{"gather_timeout":3600}""");
        using var server = new FakeMain(job.Port, words);

        Assert.Equal(1, await job.StartAsync(1).Soon());
        Assert.Contains(code, job.Error.Text);
        Assert.Contains(text, job.Error.Text);
    }

    /// <summary>Reads a line, says its words and hangs up, to every client.</summary>
    private sealed class FakeMain : IDisposable
    {
        private readonly TcpListener _listener;
        private readonly string _words;
        private readonly Task _serving;
        private readonly CancellationTokenSource _stop = new();
        private volatile int _tries;

        public FakeMain(int port, string words)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            _words = words;
            _serving = ServeAsync();
        }

        /// <summary>How often a worker has connected.</summary>
        public int Tries => _tries;

        public void Dispose()
        {
            _stop.Cancel();
            _listener.Stop();
            Assert.False(_serving.IsFaulted);
            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                try
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    _tries++;
                    using var reader = new StreamReader(client.GetStream());
                    await reader.ReadLineAsync(_stop.Token);
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(_words), _stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
                catch (IOException)
                {
                    // The worker went first.
                }
                catch (Exception exception) when (exception is SocketException or OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
