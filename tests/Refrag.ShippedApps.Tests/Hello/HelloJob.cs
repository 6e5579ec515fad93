using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Refrag.ShippedApps.Hello;

namespace Refrag.ShippedApps.Tests.Hello;

/// <summary>A hello_dist job whose workers are tasks, and strangers that talk to its rank 0.</summary>
internal sealed class HelloJob(int world, string config = "{}", TimeProvider? time = null)
{
    public const string Id = "11111111-2222";

    public int Port { get; } = LocalPort.Free();

    public LineLog Output { get; } = new();

    public LineLog Error { get; } = new();

    public Task<int> StartAsync(int rank, LineLog? output = null, CancellationToken? cancellationToken = null) =>
        new HelloDistApp().RunAsync(
        new AppRun
        {
            Config = AppConfig.Parse(config).Value,
            Worker = new Worker { Rank = rank, WorldSize = world, MainPort = Port, JobId = Id, ListenAddress = IPAddress.Loopback },
            Output = output ?? Output,
            Error = Error,
            Time = time ?? TimeProvider.System,
            WorkingDirectory = ".",
            OutputDirectory = ".",
        },
        cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Rank 0, listening.</summary>
    public async Task<Task<int>> StartMainAsync()
    {
        Task<int> main = StartAsync(0);
        await Output.WaitForAsync("waiting for");
        return main;
    }

    /// <summary>A connection to rank 0 that has said this.</summary>
    public async Task<TcpClient> SayAsync(string text) => await SayAsync(Encoding.UTF8.GetBytes(text));

    public async Task<TcpClient> SayAsync(byte[] bytes)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        try
        {
            await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Rank 0 hung up in the middle of it, as it may.
        }
        return client;
    }

    public static string Greeting(int rank, int world, string job = Id) =>
        $$"""{"job":"{{job}}","rank":{{rank}},"world":{{world}},"host":"elsewhere","message":"""
            + $$"""{{JsonSerializer.Serialize("hi\u001b[2J")}}}""" + "\n";

    /// <summary>All that rank 0 says until it hangs up; "(reset)" where it does so rudely.</summary>
    public static async Task<string> AnswerAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return "(reset)";
        }
    }

    /// <summary>The next line that rank 0 says, with the connection left open.</summary>
    public static async Task<string?> LineAsync(TcpClient client)
    {
        var reader = new StreamReader(client.GetStream(), leaveOpen: true);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon();
    }
}
